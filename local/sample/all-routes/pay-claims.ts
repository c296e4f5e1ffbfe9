import { finance } from '../people.ts';
import type { Json, SamplePerson } from '../sample-api.ts';
import { expectSame } from '../step.ts';
import { expectBankFile } from './bank-files.ts';
import { applicantOf, approverAt, preparerAt } from './cast.ts';
import { type Carried, storyName } from './route-story.ts';
import { claimIn, readClaim, type Stage } from './stage.ts';
import { hearUnknown } from './unknown-answers.ts';

const columns = '转账编号,结果,银行流水号,原因';

interface BatchOrder {
  account?: string;
  payee?: string;
  applicationId?: string;
}

/** What a claim or a line is owed, fen. */
interface Due {
  claimId: string;
  fen: number;
}

function inOrder(dues: readonly Due[]): string[] {
  return dues.map(({ claimId, fen }) => `${claimId} ${fen}`).toSorted((a, b) => a.localeCompare(b));
}

/** The transfers (转账) of a new batch, which must be those of these dues, neither more nor fewer. */
async function openBatch(stage: Stage, payer: SamplePerson, order: BatchOrder, said: readonly Due[]) {
  const { id } = await stage.api.good(payer, 'POST /payment-batches', order);
  const batch = await stage.api.good(payer, `GET /payment-batches/${id}`);
  expectSame(`problems of the batch ${JSON.stringify(order)}`, batch.problems, []);
  const transfers: Json[] = batch.transfers;
  expectSame(`transfers of the batch ${JSON.stringify(order)}`, inOrder(transfers), inOrder(said));
  expectBankFile(await stage.api.good(payer, `GET /payment-batches/${id}/bank-file`), transfers);
  return { id, transfers };
}

type Bank = (transfer: Json) => 'paid' | 'bounced';

async function readReceiptsBack(
  stage: Stage,
  payer: SamplePerson,
  batch: { id: string; transfers: Json[] },
  bank: Bank,
) {
  const rows = batch.transfers.map((transfer) =>
    bank(transfer) === 'paid'
      ? `${transfer.reference},成功,BANK${transfer.reference},`
      : `${transfer.reference},退回,,账号与户名不符`,
  );
  const file = [columns, ...rows].join('\n');
  const reply = await stage.api.good(payer, `POST /payment-batches/${batch.id}/receipts`, { file });
  expectSame('problems of the receipts', reply.problems, []);
  expectSame('applied receipts', reply.applied, rows.length);
  expectSame('state of the batch', reply.batch.state, 'settled');
}

/** What is owed: to trainees a transfer for each line, to a unit one for its whole claim. */
function payable(claims: readonly Carried[]): Due[] {
  return claims.flatMap(({ story, claimId }) => {
    const owed = story.lines.filter(({ ends }) => ends !== 'released').map(({ fen }) => fen);
    const sums = story.payee === 'trainee' ? owed : [owed.reduce((sum, fen) => sum + fen, 0)];
    return sums.map((fen) => ({ claimId, fen }));
  });
}

/** Finance pays what an account owes to one kind of payee; a card or a unit whose story says so sends its money back. */
export async function payFromAccount(
  stage: Stage,
  account: string,
  payee: string,
  claims: readonly Carried[],
): Promise<void> {
  const batch = await openBatch(stage, finance, { account, payee }, payable(claims));
  const unlucky = claims.find(({ story }) => story.turn === 'bounced' || story.turn === 'unit-bounced');
  // The first line's own transfer, or that of the whole claim.
  const isFirst = (lineNo: number) => lineNo <= 1;
  await readReceiptsBack(stage, finance, batch, ({ claimId, lineNo }) =>
    claimId === unlucky?.claimId && isFirst(lineNo) ? 'bounced' : 'paid',
  );
  for (const carried of claims) if (carried !== unlucky) await claimIn(stage, carried, 'paid');
}

/** The applicant gives another card for the line that bounced; the next batch pays it, and nothing else, once the bank can tell. */
export async function payAgain(stage: Stage, carried: Carried): Promise<void> {
  const { story, claimId } = carried;
  const [first] = story.lines;
  if (first === undefined) throw new RangeError(`${storyName(story)} has no line`);
  const states = (await readClaim(stage, carried)).lines.map(({ state }: Json) => state);
  expectSame('states after the bounce', states, ['bounced', 'paid']);
  const number = '6217850029999999';
  await stage.api.good(applicantOf(story), `PUT /claims/${claimId}/lines/${first.line.id}/card`, { number });
  const { account, payee } = story;
  const batch = await openBatch(stage, finance, { account, payee }, [{ claimId, fen: first.fen }]);
  expectSame('attempt of the transfer', batch.transfers[0].attempt, 2);
  await hearUnknown(stage, finance, batch);
  await readReceiptsBack(stage, finance, batch, () => 'paid');
  await claimIn(stage, carried, 'paid');
}

/** The bureau puts the unit's account right, the unit applies again, and the next batch pays the whole claim once more. */
export async function payUnitAgain(stage: Stage, carried: Carried): Promise<void> {
  const { story, claimId } = carried;
  const { tenant, facts } = story.applicant;
  const states = (await readClaim(stage, carried)).lines.map(({ state }: Json) => state);
  expectSame(
    'states after the bounce of a unit',
    states,
    story.lines.map(() => 'bounced'),
  );
  const reapplication = `POST /claims/${claimId}/payment-reapplication`;
  const bankAccount = { holder: facts.name, bank: '中国工商银行温州鹿城支行', number: '733000120190029999' };
  const registrar = preparerAt('hr-bureau/city');
  const organisation = `/organisations/${tenant}`;
  const { version } = await stage.api.good(registrar, `GET ${organisation}`);
  await stage.api.good(registrar, `PUT ${organisation}`, { ...facts, bankAccount, version });
  expectSame(
    'lines applied for again',
    (await stage.api.good(applicantOf(story), reapplication)).lines,
    story.lines.length,
  );
  await stage.api.refused(applicantOf(story), reapplication, 'state-not-permitted');
  const { account, payee } = story;
  const batch = await openBatch(stage, finance, { account, payee }, payable([carried]));
  expectSame('attempt of the transfer', batch.transfers[0].attempt, 2);
  await readReceiptsBack(stage, finance, batch, () => 'paid');
  await claimIn(stage, carried, 'paid');
}

/** The department applies for the money with its receipt, the bureau transfers to it, and it pays on (二(四)). */
export async function payThroughDepartment(stage: Stage, carried: Carried): Promise<void> {
  const { story } = carried;
  const said = payable([carried]);
  const applicant = preparerAt(story.authority);
  const application = await stage.api.good(applicant, 'POST /fund-applications', { receiptNumber: '浙财收2021-00031' });
  const sum = said.reduce((total, { fen }) => total + fen, 0);
  expectSame('sum of the fund application', application.totalFen, sum);
  const transfer = `POST /fund-applications/${application.id}/transfer`;
  const funded = await stage.api.good(finance, transfer, {
    bankSerial: 'BUREAU-20210401-0001',
    totalFen: sum,
  });
  expectSame('state of the fund application', funded.state, 'funded');
  const payer = approverAt(story.authority);
  const batch = await openBatch(stage, payer, { applicationId: application.id }, said);
  await readReceiptsBack(stage, payer, batch, () => 'paid');
  await claimIn(stage, carried, 'paid');
}
