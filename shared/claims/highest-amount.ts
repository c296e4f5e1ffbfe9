import type { Programme } from '../regulation/contract.ts';
import type { Edition } from '../regulation/edition.ts';
import { type Fen, roundHalfUp } from '../regulation/money.ts';

function byCertificate({ figures, occupationClasses, abilityLists }: Edition): Fen {
  const plain = occupationClasses.flatMap(({ standards }) => Object.values(standards));
  const raised = plain.map((fen) => roundHalfUp(fen * (100 + figures.shortageUpliftPercent), 100));
  return Math.max(...raised, ...abilityLists.map(({ standard }) => standard));
}

const highest: Readonly<Record<Programme, (edition: Edition) => Fen>> = {
  qualification: byCertificate,
  'master-apprentice': byCertificate,
  project: ({ figures: { project } }) => roundHalfUp(project.cap * (100 + project.upliftPercent), 100),
  'pre-job': ({ figures }) => figures.preJob.standard,
  apprenticeship: ({ figures: { apprenticeship } }) => Math.max(apprenticeship.cap, apprenticeship.studentCap),
  entrepreneurship: ({ figures }) =>
    Math.max(...Object.values(figures.entrepreneurship.courses).map(({ standard }) => standard)),
};

/** The most that one line of a programme can earn by an edition, in fen: nobody grants more, whatever the proof. */
export function highestAmount(edition: Edition, programme: Programme): Fen {
  return highest[programme](edition);
}
