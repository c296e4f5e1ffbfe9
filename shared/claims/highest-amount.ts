import type { Programme } from '../regulation/contract.ts';
import type { Edition } from '../regulation/edition.ts';
import { type Fen, roundHalfUp } from '../regulation/money.ts';

/** The most that one line of a programme can earn by an edition, in fen: nobody grants more, whatever the proof. */
export function highestAmount({ figures, occupationClasses, abilityLists }: Edition, programme: Programme): Fen {
  switch (programme) {
    case 'qualification':
    case 'master-apprentice': {
      const plain = occupationClasses.flatMap(({ standards }) => Object.values(standards));
      const raised = plain.map((fen) => roundHalfUp(fen * (100 + figures.shortageUpliftPercent), 100));
      return Math.max(...raised, ...abilityLists.map(({ standard }) => standard));
    }
    case 'project':
      return roundHalfUp(figures.project.cap * (100 + figures.project.upliftPercent), 100);
    case 'pre-job':
      return figures.preJob.standard;
    case 'apprenticeship':
      return Math.max(figures.apprenticeship.cap, figures.apprenticeship.studentCap);
    case 'entrepreneurship':
      return Math.max(...Object.values(figures.entrepreneurship.courses).map(({ standard }) => standard));
  }
}
