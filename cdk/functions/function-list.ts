import { assessClaim } from './assess-claim.ts';
import { claimsApi } from './claims-api.ts';
import { classesApi } from './classes-api.ts';
import { closeNotices } from './close-notices.ts';
import { deskApi } from './desk-api.ts';
import { evidenceApi } from './evidence-api.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { noticesApi } from './notices-api.ts';
import { operationsApi } from './operations-api.ts';
import { paymentsApi } from './payments-api.ts';
import { publishNotices } from './publish-notices.ts';
import { reconcileBooks } from './reconcile-books.ts';
import { recordsApi } from './records-api.ts';
import { registryApi } from './registry-api.ts';
import { relayEvents } from './relay-events.ts';
import { settlePayments } from './settle-payments.ts';
import { sweepWork } from './sweep-work.ts';
import { verifyChains } from './verify-chains.ts';
import { verifyEvidence } from './verify-evidence.ts';

/** Every Lambda of the suite. A new one is a folder in functions/, its definition beside this file, and a line here. */
export const functionList: readonly FunctionDefinition[] = [
  classesApi,
  claimsApi,
  evidenceApi,
  deskApi,
  registryApi,
  noticesApi,
  paymentsApi,
  recordsApi,
  operationsApi,
  verifyEvidence,
  assessClaim,
  relayEvents,
  sweepWork,
  settlePayments,
  publishNotices,
  closeNotices,
  reconcileBooks,
  verifyChains,
];
