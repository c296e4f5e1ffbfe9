import * as z from 'zod';
import type { FiledClasses } from './claim-context.ts';
import type { ClaimRecord } from './claim-record.ts';
import type { RosterEntry } from './sealed-line.ts';

/** How a claim's roster stands to the one that its class was accepted with: whoever is claimed for was to be filed (三(一)). */
export const filedRosterView = z.object({
  filed: z.int().describe('people on the accepted roster of the class'),
  claimed: z.int().describe('lines of the claim'),
  notFiled: z.array(z.string()).describe('ids of the lines whose person is not on the accepted roster'),
});
export type FiledRoster = z.infer<typeof filedRosterView>;

/** Compares by person; the spelling of a name is no difference. Undefined for a claim without an accepted class. */
export async function compareWithFiling(
  classes: FiledClasses,
  { classId }: Pick<ClaimRecord, 'classId'>,
  entries: readonly Pick<RosterEntry, 'lineId' | 'personHash'>[],
): Promise<FiledRoster | undefined> {
  const accepted = classId === undefined ? undefined : (await classes.find(classId))?.accepted;
  if (classId === undefined || accepted === undefined) return undefined;
  const filed = await classes.trainees(classId, accepted.rosterId);
  const people = new Set(filed.map(({ personHash }) => personHash));
  return {
    filed: filed.length,
    claimed: entries.length,
    notFiled: entries.filter(({ personHash }) => !people.has(personHash)).map(({ lineId }) => lineId),
  };
}
