import fc from 'fast-check';
import type { Principal } from '../../../shared/access/principal.ts';
import { DomainError, errorStatuses } from '../../../shared/errors/domain-error.ts';
import { decideObjection } from '../../../shared/publicity/decide-objection.ts';
import { lodgeObjection } from '../../../shared/publicity/lodge-objection.ts';
import { enterprise, finance, officerLin, officerZhou } from '../../support/people.ts';
import { count, type Raw, text } from '../snapshot.ts';
import { crowd, individuals, type LifeWorld } from './life-world.ts';

const officers: readonly Principal[] = [officerLin, officerZhou, { ...officerLin, subject: 'o-pan' }];
const dayMs = 86_400_000;
const occupations = ['车工', '钳工', '保育员'] as const;

/** What somebody wants done. Each acts on the claim, person or sum that its numbers lead to, sensible or not. */
const names = [
  'go-on',
  'open',
  'submit',
  'assess',
  'return',
  'withdraw',
  'decide-line',
  'endorse',
  'approve',
  'allot',
  'publish',
  'close',
  'object',
  'uphold',
  'dismiss',
  'collect',
  'pay',
  'bounce',
  'forget',
  'finish',
  'reapply',
  'demand-back',
  'bring-back',
] as const;
type Name = (typeof names)[number];

export interface Command {
  do: Name;
  /** Which claim. */
  claim: number;
  /** Which officer. */
  who: number;
  /** Which line, sum or whatever else there is to choose. */
  n: number;
}

/** Commands in any order; most go on with a claim where it stands, or claims would seldom come far. */
export const anyCommand: fc.Arbitrary<Command> = fc.record({
  do: fc.oneof(
    { weight: 12, arbitrary: fc.constant<Name>('go-on') },
    { weight: 9, arbitrary: fc.constantFrom(...names.filter((name) => name !== 'withdraw')) },
    { weight: 4, arbitrary: fc.constantFrom<Name>('pay', 'bounce', 'forget', 'reapply', 'demand-back', 'bring-back') },
    { weight: 1, arbitrary: fc.constant<Name>('withdraw') },
  ),
  claim: fc.nat(3),
  who: fc.nat(2),
  n: fc.nat(11),
});

/** How a command was answered; above 399 it was refused, and must have changed nothing. */
export type Told = number;

const nothingToDo = 404;

/** One line of a roster: five people and three occupations, so that claims often name the same. */
function lineOf(seed: number, isOwn: boolean) {
  const person = seed % 5;
  const occupation = occupations[seed % occupations.length] ?? '车工';
  return {
    id: `L${person}-${seed % occupations.length}`,
    name: `学员${person}`,
    idNumber: crowd[person] ?? '',
    ...(isOwn ? { card: { number: `621785002021000${person}`, activated: true } } : {}),
    certificates: [
      {
        kind: 'skill-level' as const,
        number: `S0000333021${person}${seed % 7}`,
        issuedOn: '2021-03-22',
        issuer: 'local-assessor' as const,
        registered: true,
        occupation,
        level: 'senior' as const,
        obtainedVia: isOwn ? ('self-study' as const) : ('enterprise-evaluation' as const),
        assessedInWenzhou: true,
      },
    ],
  };
}

/** A life of up to four claims of one bureau, moved by commands. */
export class Life {
  readonly world: LifeWorld;
  /** The claims that were opened, by the number by which commands name them. */
  readonly claims: (string | undefined)[] = [undefined, undefined, undefined, undefined];

  #allotments = 0;

  constructor(world: LifeWorld) {
    this.world = world;
  }

  async run(command: Command): Promise<Told> {
    try {
      return await this.#carryOut(command);
    } catch (error) {
      if (error instanceof DomainError) return errorStatuses[error.code];
      throw error;
    }
  }

  #owner(claim: number): Principal {
    return claim < 2 ? enterprise : (individuals[claim - 2] ?? enterprise);
  }

  async #carryOut(command: Command): Promise<Told> {
    const { claim, who, n } = command;
    const { world } = this;
    const claimId = this.claims[claim];
    if (command.do === 'open') return this.#open(claim, n);
    if (command.do === 'allot') {
      // Few references, so that some come twice, and with another sum.
      return (await world.allot('lucheng', 100_000 * (1 + (n % 4)), `温财社〔2021〕${n % 9}号`)).status;
    }
    if (command.do === 'publish') return this.#later(dayMs, async () => world.publish());
    if (command.do === 'close') return this.#later((1 + (n % 8)) * dayMs, async () => world.close());
    if (command.do === 'finish') return this.#later(10 * 60_000, async () => world.finish());
    if (command.do === 'collect') {
      const body = { account: 'lucheng', payee: n % 2 === 0 ? 'applicant' : 'trainee' };
      return (await world.askToPay(finance, 'POST /payment-batches', { body })).status;
    }
    if (claimId === undefined) return nothingToDo;
    const path = { claimId };
    const officer = officers[who] ?? officerLin;
    const owner = this.#owner(claim);
    switch (command.do) {
      case 'go-on':
        return this.#goOn(command, claimId);
      case 'submit':
        return this.#submit(claim, claimId, n);
      case 'assess': {
        const failed = await world.deliver(...Array.from({ length: 1 + (n % 2) }, () => JSON.stringify(path)));
        return failed.length === 0 ? 200 : 500;
      }
      case 'return':
        return (
          await world.atDesk(officer, 'POST /claims/{claimId}/return', {
            path,
            body: await world.asRead(claimId, { reasons: [{ path: '花名册', message: '请核对后重新提交' }] }),
          })
        ).status;
      case 'withdraw':
        return (
          await world.asApplicant(owner, 'POST /claims/{claimId}/withdrawal', {
            path,
            body: { reason: '不再申请补贴' },
          })
        ).status;
      case 'decide-line':
        return this.#decideLine(claimId, officer, n);
      case 'endorse':
        return (
          await world.atDesk(officer, 'POST /claims/{claimId}/endorsement', {
            path,
            body: await world.asRead(claimId, { reason: '同意' }),
          })
        ).status;
      case 'approve':
        return (await world.approve(claimId, officer)).status;
      case 'object':
        return this.#object(claimId, n);
      case 'uphold':
      case 'dismiss':
        return this.#decideObjection(command, claimId, officer);
      case 'pay':
      case 'bounce':
      case 'forget':
        return this.#readReceipts(command, claimId);
      case 'reapply':
        return this.#reapply(claimId, owner, n);
      case 'demand-back':
        return this.#demandBack(claimId, officer, n);
      case 'bring-back':
        return this.#bringBack(claimId, n);
      default:
        throw new RangeError(command.do);
    }
  }

  async #later(ms: number, job: () => Promise<unknown>): Promise<Told> {
    this.world.clock.advance(ms);
    await job();
    return 200;
  }

  async #items(claimId: string, prefix: string): Promise<Raw[]> {
    return this.world.items(`CLAIM#${claimId}`, prefix);
  }

  /** What comes next for a claim where it stands. */
  async #goOn(command: Command, claimId: string): Promise<Told> {
    const { st } = await this.world.find(claimId);
    const referred = (await this.world.lines(claimId)).some((line) => line.st === 'referred');
    const next: Readonly<Record<string, Name>> = {
      draft: 'submit',
      returned: 'submit',
      submitted: 'assess',
      assessed: referred ? 'decide-line' : 'endorse',
      endorsed: 'approve',
      approved: 'publish',
      publicised: command.n < 3 ? 'object' : command.n < 5 ? 'uphold' : command.n < 7 ? 'dismiss' : 'close',
      cleared: 'collect',
      paying: command.n < 2 ? 'bounce' : command.n < 3 ? 'forget' : command.n < 5 ? 'reapply' : 'pay',
      paid: command.n < 5 ? 'demand-back' : command.n < 10 ? 'bring-back' : 'bounce',
    };
    const payee = st === 'cleared' ? { n: command.claim < 2 ? 0 : 1 } : {};
    if (st === 'waiting-for-funds' && command.n === 0) return this.#carryOut({ ...command, do: 'withdraw' });
    if (st === 'waiting-for-funds') {
      this.#allotments += 1;
      return (await this.world.allot('lucheng', 500_000, `温财社追加〔2021〕${this.#allotments}号`)).status;
    }
    const name = next[st];
    return name === undefined ? nothingToDo : this.#carryOut({ ...command, ...payee, do: name });
  }

  async #open(claim: number, n: number): Promise<Told> {
    if (this.claims[claim] !== undefined) return nothingToDo;
    const isOwn = claim >= 2;
    const owner = this.#owner(claim);
    const opened = await this.world.asApplicant(owner, 'POST /claims', {
      body: { programme: 'qualification', route: isOwn ? 'individual' : 'enterprise' },
    });
    if (opened.status !== 201) return opened.status;
    const { id } = opened.body as { id: string };
    this.claims[claim] = id;
    this.world.evidence.set(id, {
      videos: [],
      pending: [],
      materials: isOwn ? ['id-copies', 'certificate-copy'] : ['certificate-list'],
    });
    return this.#putRoster(claim, id, n);
  }

  async #putRoster(claim: number, claimId: string, n: number): Promise<Told> {
    const isOwn = claim >= 2;
    const seeds = isOwn ? [n] : [n, n + 1 + (n % 3), n + 5];
    const lines = new Map(seeds.map((seed) => [lineOf(seed, isOwn).id, lineOf(seed, isOwn)]));
    const path = { claimId };
    return (
      await this.world.asApplicant(this.#owner(claim), 'PUT /claims/{claimId}/roster', {
        path,
        body: { lines: [...lines.values()] },
      })
    ).status;
  }

  async #submit(claim: number, claimId: string, n: number): Promise<Told> {
    const path = { claimId };
    const { st } = await this.world.find(claimId);
    if (st === 'returned' && n % 2 === 0) await this.#putRoster(claim, claimId, n);
    return (await this.world.asApplicant(this.#owner(claim), 'POST /claims/{claimId}/submission', { path })).status;
  }

  async #decideLine(claimId: string, officer: Principal, n: number): Promise<Told> {
    const lines = await this.world.lines(claimId);
    const line = lines.find(({ st }) => st === 'referred') ?? lines[n % Math.max(1, lines.length)];
    if (line === undefined) return nothingToDo;
    const accept = { decision: 'accept', reason: '经核实符合', amountFen: 100_000, expiresOn: '2021-12-31' };
    const body = n % 3 === 0 ? { decision: 'refuse', reason: '经核实不符合' } : accept;
    const path = { claimId, lineId: line.lineId };
    return (await this.world.atDesk(officer, 'POST /claims/{claimId}/lines/{lineId}/decision', { path, body })).status;
  }

  async #object(claimId: string, n: number): Promise<Told> {
    const { noticeId = 'none' } = await this.world.find(claimId);
    const rows = await this.world.publicity.notices.rows({ id: noticeId });
    const rowNo = rows.find((row) => row.claimId === claimId)?.rowNo ?? 1;
    const reason = '据了解有学员并未参加考核，请予核实。';
    const creationId = this.world.publicity.ids.next();
    await lodgeObjection(
      this.world.publicity,
      noticeId,
      { rowNo, by: { kind: 'anonymous' }, reason },
      { creationId, source: `s${n}` },
    );
    return 201;
  }

  async #decideObjection({ do: result, n }: Command, claimId: string, officer: Principal): Promise<Told> {
    const { objections } = await this.world.publicity.objections.list(
      'hr-bureau/lucheng',
      n % 4 === 3 ? undefined : 'open',
      undefined,
    );
    const objection = objections.find((one) => one.claimId === claimId);
    if (objection === undefined) return nothingToDo;
    const [line] = await this.world.lines(claimId);
    const part = n % 2 === 0 && line !== undefined ? { lines: [line.lineId] } : {};
    const body =
      result === 'uphold'
        ? { result: 'upheld' as const, reason: '经核查情况属实', ...part }
        : { result: 'dismissed' as const, reason: '经核查情况不实' };
    await decideObjection(this.world.publicity, officer, objection.id, body);
    return 200;
  }

  /** The bank's word on the transfers of a claim, newest batch first; now and then it says what it said before. */
  async #readReceipts({ do: what, n }: Command, claimId: string): Promise<Told> {
    const { payment } = await this.world.find(claimId);
    if (payment === undefined) return nothingToDo;
    const path = { batchId: payment.batchId };
    const transfers = (await this.world.payments.payments.transfersOf(payment.batchId)).filter(
      (one) => one.claimId === claimId,
    );
    const word = { pay: '成功', bounce: '退回', forget: '未知' }[what as 'pay'];
    const rows = transfers.map(({ reference }) => `${reference},${word},B${n}${reference},户名不符`);
    if (rows.length === 0) return nothingToDo;
    const body = { file: ['转账编号,结果,银行流水号,原因', ...rows].join('\n') };
    return (await this.world.askToPay(finance, 'POST /payment-batches/{batchId}/receipts', { path, body })).status;
  }

  async #reapply(claimId: string, owner: Principal, n: number): Promise<Told> {
    if (owner === enterprise)
      return (await this.world.askToPay(owner, 'POST /claims/{claimId}/payment-reapplication', { path: { claimId } }))
        .status;
    const [line] = await this.world.lines(claimId);
    const path = { claimId, lineId: line?.lineId ?? 'none' };
    const body = { number: `62178500300000${String(n).padStart(2, '0')}` };
    return (await this.world.askToPay(owner, 'PUT /claims/{claimId}/lines/{lineId}/card', { path, body })).status;
  }

  async #demandBack(claimId: string, officer: Principal, n: number): Promise<Told> {
    const lines = await this.world.lines(claimId);
    const line = lines[n % Math.max(1, lines.length)];
    const some =
      n % 3 === 0 || line === undefined
        ? {}
        : { lines: [{ lineId: line.lineId, ...(n % 3 === 1 ? { fen: 60_000 } : {}) }] };
    const body = { document: '温人社监〔2021〕7号', reason: '责令退回补贴', ...some };
    return (await this.world.askToPay(officer, 'POST /claims/{claimId}/recoveries', { path: { claimId }, body }))
      .status;
  }

  /** Money comes back for the first line that owes some: all of it, a part, or more than it owes. */
  async #bringBack(claimId: string, n: number): Promise<Told> {
    const recovery = (await this.#items(claimId, 'RECOVERY#')).find(({ st }) => st === 'demanded');
    if (recovery === undefined) return nothingToDo;
    const asked = await this.#items(claimId, `RECOVERYLINE#${text(recovery, 'id')}#`);
    const line = asked.find((one) => count(one, 'demandedFen') > count(one, 'receivedFen'));
    if (line === undefined) return nothingToDo;
    const owed = count(line, 'demandedFen') - count(line, 'receivedFen');
    const fen = n % 5 === 0 ? owed + 1 : n % 2 === 0 && owed > 30_000 ? 30_000 : owed;
    const path = { claimId, recoveryId: text(recovery, 'id') };
    const lines = [{ lineId: text(line, 'lineId'), fen }];
    const body = { bankSerial: `BACK-${claimId.slice(0, 8)}-${n}`, lines };
    return (
      await this.world.askToPay(finance, 'POST /claims/{claimId}/recoveries/{recoveryId}/receipts', { path, body })
    ).status;
  }
}
