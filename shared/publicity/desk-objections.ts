import { actorOf } from '../access/actor.ts';
import type { PersonalData } from '../access/personal-data.ts';
import { demand, may } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { notFound } from '../errors/domain-error.ts';
import { type Objection, type Objector, objectorSchema } from './objection.ts';
import type { ObjectionStore } from './objection-store.ts';

export interface DeskObjectionDependencies {
  objections: Pick<ObjectionStore, 'find' | 'list' | 'recordUnmasking'>;
  personal: PersonalData;
  clock: Clock;
}

function placeOf(objection: Objection) {
  return { tenant: objection.authority, record: objection.id };
}

/**
 * The objections of an authority, oldest deadline first within a state. An officer sees those of the own authority; an
 * auditor names the authority.
 */
export async function listObjections(
  deps: DeskObjectionDependencies,
  principal: Principal,
  query: { authority?: string | undefined; st?: Objection['st'] | undefined; cursor?: string | undefined },
): Promise<{ objections: Objection[]; next?: string }> {
  const authority = query.authority ?? principal.tenant;
  if (!may(principal, 'objection.read', { authority })) throw notFound();
  return deps.objections.list(authority, query.st, query.cursor);
}

/** One objection with its text. Who lodged it stays sealed. */
export async function readObjection(
  deps: DeskObjectionDependencies,
  principal: Principal,
  objectionId: string,
): Promise<{ objection: Objection; reason: string }> {
  const objection = demand(principal, 'objection.read', await deps.objections.find(objectionId));
  const reason = await deps.personal.open(objection.sealedReason, { ...placeOf(objection), field: 'reason' });
  return { objection, reason };
}

/** Who lodged it, for an officer who says why; the look itself is recorded in the audit chain. */
export async function unmaskObjector(
  deps: DeskObjectionDependencies,
  principal: Principal,
  objectionId: string,
  reason: string,
): Promise<Objector> {
  const objection = demand(principal, 'objection.unmask', await deps.objections.find(objectionId));
  // First the record, then the sight: nobody looks without leaving a trace.
  await deps.objections.recordUnmasking(objection, reason, {
    by: actorOf(principal),
    at: deps.clock.now(),
  });
  const sealed = await deps.personal.open(objection.sealedObjector, { ...placeOf(objection), field: 'objector' });
  return objectorSchema.parse(JSON.parse(sealed));
}
