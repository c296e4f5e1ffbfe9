import type { LineRecord } from '../claims/line-record.ts';
import { DomainError } from '../errors/domain-error.ts';
import { isPublicLine } from '../publicity/notice-row.ts';
import type { Act, NoticeClaims } from '../publicity/notice-store.ts';
import { readClaimItem } from './claim-items.ts';
import { readClaim } from './claim-table.ts';
import { type ClaimChange, moveClaim } from './claim-writes.ts';
import { moveLine, publiciseLine, readLines, releaseLines, stepLines } from './line-writes.ts';
import { sequenceKey } from './notice-items.ts';
import { query, readMany } from './read.ts';
import type { Table } from './table.ts';
import { type WriteItem, writeAll, writeAllOrThrow } from './transition.ts';

const readAtOnce = 100;

/** The claims as notices see and move them. Lines always go before their claim, so that a claim never runs ahead of what it pays. */
export function createNoticeClaims(table: Table): NoticeClaims {
  /** Moves the claim unless somebody has brought it there already; a claim that moved elsewhere is read again by the caller. */
  const moveUnlessThere = async (
    claimId: string,
    isThere: (st: string, noticeId: string | undefined) => boolean,
    move: Parameters<typeof moveClaim>[2],
    change: ClaimChange,
    proof: readonly WriteItem[] = [],
  ): Promise<void> => {
    const claim = await readClaim(table, claimId);
    if (claim === undefined || isThere(claim.st, claim.noticeId)) return;
    const writes = [...moveClaim(table, claim, move, change), ...proof];
    if ((await writeAll(table, writes)).kind === 'done') return;
    const now = await readClaim(table, claimId);
    if (now !== undefined && isThere(now.st, now.noticeId)) return;
    throw new DomainError('changed-meanwhile', '该申请刚刚已被他人更新，请刷新后按最新内容办理。');
  };

  const audit = ({ by, at }: Act) => ({ by, at: at.toISOString() });

  return {
    async *awaitingNotice() {
      const index = {
        IndexName: 'worklist',
        KeyConditionExpression: 'wpk = :w',
        ExpressionAttributeValues: { ':w': 'W#claim#approved#0' },
      };
      const approved = async function* (claimIds: readonly string[]) {
        for (const item of await readMany(
          table,
          claimIds.map((pk) => ({ pk, sk: 'META' })),
        )) {
          const claim = readClaimItem(item);
          if (claim.st === 'approved') yield claim;
        }
      };
      let some: string[] = [];
      for await (const key of query(table, index)) {
        some.push(String(key['pk']));
        if (some.length < readAtOnce) continue;
        yield* approved(some);
        some = [];
      }
      yield* approved(some);
    },
    async find(claimId) {
      return readClaim(table, claimId);
    },
    async lines(claimId) {
      return readLines(table, claimId);
    },
    async word(claim, { unitName, subject, remark }, reason, act) {
      const rowWording = {
        ...(unitName === undefined ? {} : { unitName }),
        ...(subject === undefined ? {} : { subject }),
        ...(remark === undefined ? {} : { remark }),
      };
      const change = {
        audit: { ...audit(act), reason, facts: { rowWording } },
        set: { rowWording },
        // It waits for its notice as before.
        attentionAt: act.at.toISOString(),
      };
      await writeAllOrThrow(table, moveClaim(table, claim, 'claim-row-worded', change));
      const worded = await readClaim(table, claim.id);
      if (worded === undefined) throw new Error('claim vanished after it was written');
      return worded;
    },
    async publicise(claim, noticeId, dueAt, act) {
      await stepLines(table, claim.id, (line) =>
        line.st === 'reserved'
          ? publiciseLine(table, claim, line, { audit: { ...audit(act), facts: { noticeId } } })
          : [],
      );
      const isThere = (st: string, within: string | undefined) => st === 'publicised' && within === noticeId;
      const change = {
        audit: { ...audit(act), facts: { noticeId } },
        set: { noticeId },
        ...(dueAt === undefined ? {} : { dueAt: dueAt.toISOString() }),
      };
      // A notice that went up without the claim, because its row failed, takes it no more. Asked of its series, which names
      // it until then: the notice itself has all its members, and a check is paid for by the size of the item.
      const isPrepared: WriteItem = {
        ConditionCheck: {
          TableName: table.name,
          Key: sequenceKey(claim.authority, claim.programme),
          ConditionExpression: 'preparing = :notice',
          ExpressionAttributeValues: { ':notice': noticeId },
        },
      };
      await moveUnlessThere(claim.id, isThere, 'claim-publicised', change, [isPrepared]);
    },
    async hold(claimId, act) {
      await stepLines(table, claimId, (line) =>
        line.st === 'publicised' ? moveLine(table, line, 'line-held', { audit: audit(act) }) : [],
      );
    },
    async clear(claimId, act) {
      const claim = await readClaim(table, claimId);
      if (claim === undefined || claim.st !== 'publicised') return;
      if (claim.openObjections > 0) throw new DomainError('state-not-permitted', '该申请有未复核的异议，不能拨付。');
      await stepLines(table, claimId, (line) =>
        line.st === 'publicised' || line.st === 'held'
          ? moveLine(table, line, 'line-cleared', { audit: audit(act) })
          : [],
      );
      // Two officers may each have released a part, neither seeing that together it was all.
      const isLeft = (await readLines(table, claimId)).some(({ st }) => st === 'cleared');
      if (!isLeft) {
        await moveUnlessThere(claimId, (st) => st !== 'publicised', 'claim-cancelled', {
          audit: { ...audit(act), reason: '异议成立，取消补贴资格' },
          condition: { expression: 'openObjections = :none', values: { ':none': 0 } },
        });
        return;
      }
      await moveUnlessThere(claimId, (st) => st !== 'publicised', 'claim-cleared', {
        audit: audit(act),
        condition: { expression: 'openObjections = :none', values: { ':none': 0 } },
        // From here on it waits for its payment.
        attentionAt: act.at.toISOString(),
      });
    },
    async release(claim, lineNos, reason, act) {
      const wanted = lineNos === undefined ? undefined : new Set(lineNos);
      const isWanted = (line: LineRecord) =>
        isPublicLine(line) && line.st !== 'reserved' && (wanted === undefined || wanted.has(line.lineNo));
      await releaseLines(table, claim, isWanted, { audit: { ...audit(act), reason } });
    },
  };
}
