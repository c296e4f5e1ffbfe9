import { systemActor } from '../../shared/access/actor.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { readLines } from '../../shared/aws/line-writes.ts';
import { createNoticeClaims } from '../../shared/aws/notice-claims.ts';
import { createNoticeSettingsTable } from '../../shared/aws/notice-settings-table.ts';
import { createNoticeTable } from '../../shared/aws/notice-table.ts';
import { createObjectionAllowance } from '../../shared/aws/objection-allowance-table.ts';
import { createObjectionTable } from '../../shared/aws/objection-table.ts';
import { readPartition } from '../../shared/aws/read.ts';
import { randomIds } from '../../shared/clock/ids.ts';
import { closeNotices } from '../../shared/publicity/close-notices.ts';
import type { NoticeBucket } from '../../shared/publicity/notice-store.ts';
import type { PublicityWatch } from '../../shared/publicity/publicity-watch.ts';
import { publishNotices } from '../../shared/publicity/publish-notices.ts';
import { findEdition } from '../../shared/regulation/editions/registry.ts';
import { verifyChain } from '../../shared/supervision/audit-chain.ts';
import { settableClock } from './http.ts';
import { openTestTable } from './table.ts';

/** The process died here: from now on nothing of it has any effect. */
class Crash extends Error {}

const writes = ['PutItemCommand', 'UpdateItemCommand', 'DeleteItemCommand', 'TransactWriteItemsCommand'];

/**
 * The notice jobs over a real engine and a bucket in memory, with a switch that kills the process at its n-th write:
 * before the write has an effect, or after it and before its answer arrives.
 */
export async function openNoticeWorld(start: string) {
  const engine = await openTestTable();
  const { table } = engine;
  const clock = settableClock(start);
  const files = new Map<string, string>();
  const told = {
    published: [] as string[],
    closed: [] as string[],
    unmasked: 0,
    leftOut: [] as string[],
    failed: [] as unknown[],
  };

  const fault = { countdown: Number.POSITIVE_INFINITY, when: 'after' as 'before' | 'after', dead: false, count: 0 };
  const atWrite = async <T>(effect: () => Promise<T>): Promise<T> => {
    if (fault.dead) throw new Crash('dead');
    fault.count += 1;
    fault.countdown -= 1;
    const isHere = fault.countdown === 0;
    if (isHere && fault.when === 'before') fault.dead = true;
    if (fault.dead) throw new Crash('before the effect');
    const result = await effect();
    if (isHere) {
      fault.dead = true;
      throw new Crash('after the effect');
    }
    return result;
  };
  engine.client.middlewareStack.add(
    (next, context) => async (args) => {
      if (fault.dead) throw new Crash('dead');
      return writes.includes(context.commandName ?? '') ? atWrite(() => next(args)) : next(args);
    },
    { step: 'initialize', name: 'crash' },
  );

  const bucket: NoticeBucket = {
    put: async (noticeId, file, text) =>
      atWrite(async () => {
        files.set(`notices/${noticeId}.${file}`, text);
      }),
    get: async (noticeId, file) => files.get(`notices/${noticeId}.${file}`),
  };
  const watch: PublicityWatch = {
    published: (id) => told.published.push(id),
    closed: (id) => told.closed.push(id),
    unmasked: () => {
      told.unmasked += 1;
    },
    leftOut: (_, { claimId = '' }) => told.leftOut.push(claimId),
    failed: (error) => told.failed.push(error),
  };
  const notices = createNoticeTable(table);
  const claims = createNoticeClaims(table);
  const objections = createObjectionTable(table);
  const settings = createNoticeSettingsTable(table);
  const personal = createPersonalData(ephemeralKeyring());
  const deps = { notices, claims, objections, settings, personal, bucket, clock, watch, findEdition };

  return {
    engine,
    table,
    clock,
    files,
    told,
    fault,
    deps,
    bucket,
    lodging: {
      ...deps,
      allowance: createObjectionAllowance(table),
      ids: randomIds,
    },
    publish: () =>
      publishNotices({
        ...deps,
        by: systemActor('publish-notices'),
      }),
    close: () =>
      closeNotices({
        ...deps,
        by: systemActor('close-notices'),
      }),
    crashAt: async (countdown: number, when: 'before' | 'after', run: () => Promise<unknown>): Promise<boolean> => {
      Object.assign(fault, {
        countdown,
        when,
        dead: false,
      });
      await run().catch((error: unknown) => {
        if (!fault.dead) throw error;
      });
      const died = fault.dead;
      Object.assign(fault, {
        countdown: Number.POSITIVE_INFINITY,
        dead: false,
      });
      told.failed.length = 0;
      return died;
    },
    claimState: async (id: string) => {
      const claim = await claims.find(id);
      if (claim === undefined) throw new Error(`no claim ${id}`);
      return claim;
    },
    lineStates: async (id: string) => (await readLines(table, id)).map(({ st }) => st),
    chainFaults: async (
      chain: string,
      sk: string,
      head: {
        version: number;
        auditHead: string;
      },
    ) => {
      const records = [];
      for await (const item of readPartition(table, `AUDIT#${chain}`, `${sk}#`)) {
        const { pk: _pk, sk: _sk, type: _type, ...record } = item;
        records.push(record);
      }
      return verifyChain(sk, records as never, head);
    },
  };
}
export type NoticeWorld = Awaited<ReturnType<typeof openNoticeWorld>>;
