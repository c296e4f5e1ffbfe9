import type { Programme } from '../regulation/contract.ts';
import type { Edition } from '../regulation/edition.ts';
import { type Fen, roundHalfUp } from '../regulation/money.ts';

function byCertificate({ figures, catalogues }: Edition): Fen {
  const plain = catalogues.flatMap(({ catalogue }) =>
    catalogue.occupationClasses.flatMap(({ standards }) => Object.values(standards)),
  );
  const raised = plain.map((fen) => roundHalfUp(fen * (100 + figures.shortageUpliftPercent), 100));
  const abilities = catalogues.flatMap(({ catalogue }) => catalogue.abilityLists.map(({ standard }) => standard));
  return Math.max(...raised, ...abilities);
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
