import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { finance } from '../people.ts';
import type { Json, SamplePerson } from '../sample-api.ts';
import { expectSame, StepFailure } from '../step.ts';
import { unzip } from '../unzip.ts';
import { approverAt, preparerAt } from './cast.ts';
import { type Carried, storyName } from './route-story.ts';
import type { Stage } from './stage.ts';

const run = promisify(execFile);
const command = join(import.meta.dirname, '../../../commands/verify-audit.ts');
const admin: SamplePerson = { sub: 'ye', tenant: 'admin', role: 'admin', duties: [], name: '叶管理' };

/** Verifies audit trails, one a line, by `npm run -s verify-audit`; gives how many hold. */
async function verified(trails: string): Promise<number> {
  const verifying = run(process.execPath, [command], { maxBuffer: 100_000_000 });
  verifying.child.stdin?.end(trails);
  const { stdout } = await verifying;
  return stdout.trim().split('\n').length;
}

/** The dossier (台账) of a class is what its manifest says, and the audit trails in it hold. */
export async function expectDossier({ api }: Stage, { story, classId, claimId }: Carried): Promise<void> {
  if (classId === undefined) throw new StepFailure(`${storyName(story)} has no class`);
  const officer = preparerAt(story.authority);
  const files = unzip(await api.bytes(officer, `GET /classes/${classId}/dossier`));
  const manifest: Json = JSON.parse(String(files.get('manifest.json')));
  files.delete('manifest.json');
  const found = [...files].map(([name, bytes]) => {
    return { name, sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.length };
  });
  const told = manifest.files.map(({ name, sha256, sizeBytes }: Json) => ({ name, sha256, sizeBytes }));
  expectSame(`the dossier of ${storyName(story)} by its manifest`, found, told);
  const lines = JSON.parse(String(files.get(`claims/${claimId}/lines.json`)));
  expectSame('lines in the dossier', lines.length, story.lines.length);
  const trails = [...files].filter(([name]) => name.endsWith('audit.ndjson')).map(([, bytes]) => String(bytes));
  const ofClaim = await api.good(officer, `GET /claims/${claimId}/audit`);
  expectSame('verdict on the trail of the claim', ofClaim.verdict.holds, true);
  const all = [...trails, JSON.stringify(ofClaim)].map((text) => text.trim()).filter((text) => text !== '');
  expectSame('trails that hold', await verified(`${all.join('\n')}\n`), all.join('\n').split('\n').length);
}

/** What statistics say was paid, by account and programme, is what the stories say (一网统计, 四(一)). */
export async function expectStatistics({ api }: Stage, claims: readonly Carried[]): Promise<void> {
  const byAccount = Map.groupBy(claims, ({ story }) => story.account);
  for (const [account, carried] of byAccount) {
    const said: Record<string, number> = {};
    for (const { story } of carried) {
      const paid = story.lines.filter(({ ends }) => ends !== 'released');
      said[story.programme] = (said[story.programme] ?? 0) + paid.reduce((sum, { fen }) => sum + fen, 0);
    }
    const query = `account=${account}&from=2021-01-01&to=2021-12-31`;
    const { rows } = await api.good(finance, `GET /reports/statistics?${query}`);
    const came: Record<string, number> = {};
    for (const { programme, fen } of rows) came[programme] = (came[programme] ?? 0) + fen;
    const ordered = (sums: Record<string, number>) => Object.entries(sums).toSorted(([a], [b]) => (a < b ? -1 : 1));
    expectSame(`paid from ${account} by programme`, ordered(came), ordered(said));
  }
}

/** A department hands in its plan of the year, and its return (年终情况) says what came of it (四(二)). */
export async function expectYearlyReturn({ api }: Stage, { story }: Carried): Promise<void> {
  const plan = { year: 2021, document: '温住建〔2021〕8号', plannedHeads: 50, plannedFen: 5_000_000 };
  await api.good(approverAt(story.authority), 'POST /department-plans', plan);
  const told = await api.good(approverAt(story.authority), 'GET /department-plans/2021');
  const fen = story.lines.reduce((sum, line) => sum + line.fen, 0);
  expectSame('plan', [told.plan.document, told.plan.plannedFen], [plan.document, plan.plannedFen]);
  const tally = { claims: 1, heads: story.lines.length, fen };
  expectSame('approved and paid by the return', [told.approved, told.paid], [tally, tally]);
}

/** The city bureau publishes a list of shortage occupations (紧缺职业（工种）目录): it stands from its first day on. */
export async function publishShortageList({ api }: Stage): Promise<void> {
  const list = { document: '温人社发〔2021〕31号', effectiveFrom: '2021-05-01', occupations: ['模具工'] };
  const { published, version } = await api.good(admin, 'POST /catalogue/shortage-lists', list);
  expectSame('publication', { published, version }, { published: true, version: 1 });
  const on = async (day: string) => (await api.good(admin, `GET /catalogue/annexes?on=${day}`)).shortage;
  expectSame('shortage list', [await on('2021-04-30'), await on('2021-05-01')], [[], ['模具工']]);
}
