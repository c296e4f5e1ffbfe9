import { createHash } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { ChainFault } from './audit-chain.ts';
import { type AuditTrails, type AuditVerdict, verifyAudit } from './audit-export.ts';

/** A trail by the names of its chain and of the partition whose entities carry the chain's heads. */
export interface TrailName {
  chain: string;
  partition: string;
}

/** Knows which trails have lately grown, or still will. */
export interface RecentTrails {
  /** Of claims that wait for anybody or whose money moved since, of what belongs to them, and of the accounts. */
  recent(since: Date): Promise<TrailName[]>;
}

export interface ChainDependencies {
  recent: RecentTrails;
  trails: AuditTrails;
  clock: Clock;
}

export interface ChainReport {
  verified: number;
  broken: AuditVerdict[];
  /** Not reached in the time there was; each day begins elsewhere. */
  left: number;
}

/** As far back as point-in-time recovery can show what a record was before it was changed. */
const lookBackDays = 35;

// A transition between the two reads of a trail looks like a fault; a real one is there again.
const readings = 3;

/** One reading of a trail; what cannot be read is as bad as a broken one, and must not hide the others. */
async function reading({ trails }: ChainDependencies, { chain, partition }: TrailName): Promise<AuditVerdict> {
  try {
    return verifyAudit(await trails.read(chain, partition));
  } catch {
    const faults: ChainFault[] = [{ entity: partition, version: 0, fault: 'unreadable' }];
    return { chain, holds: false, entities: 0, records: 0, faults };
  }
}

async function verdictOn(deps: ChainDependencies, name: TrailName): Promise<AuditVerdict> {
  let verdict = await reading(deps, name);
  for (let again = 1; again < readings && !verdict.holds; again += 1) verdict = await reading(deps, name);
  return verdict;
}

/** Another order each day, the same for all who ask on one day. */
function shuffled(names: readonly TrailName[], now: Date): TrailName[] {
  const day = now.toISOString().slice(0, 10);
  const place = ({ chain }: TrailName) => createHash('sha256').update(`${day} ${chain}`).digest('hex');
  return names
    .map((name) => ({ name, at: place(name) }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ name }) => name);
}

/**
 * Verifies the audit chains (台账, 三(二)) of everything that is being worked on or was paid in the last 35 days, for
 * `mostMs` at most. Older trails are verified on demand: `npm run -s verify-audit`.
 */
export async function verifyRecentChains(deps: ChainDependencies, mostMs: number): Promise<ChainReport> {
  const now = deps.clock.now();
  const names = shuffled(await deps.recent.recent(new Date(now.getTime() - lookBackDays * 86_400_000)), now);
  const broken: AuditVerdict[] = [];
  let verified = 0;
  for (const name of names) {
    if (deps.clock.now().getTime() - now.getTime() >= mostMs) break;
    const verdict = await verdictOn(deps, name);
    verified += 1;
    if (!verdict.holds) broken.push(verdict);
  }
  return { verified, broken, left: names.length - verified };
}
