import * as z from 'zod';
import { createClaimApprovalTable } from '../../shared/aws/claim-approval-table.ts';
import { createFundTable } from '../../shared/aws/fund-table.ts';
import { openTable } from '../../shared/aws/table.ts';
import { createWorkQueues } from '../../shared/aws/work-queues.ts';
import { createWorklistTable } from '../../shared/aws/worklist-table.ts';
import { everyFundAccount } from '../../shared/claims/allot-funds.ts';
import { resumeWaitingClaims } from '../../shared/claims/resume-waiting-claims.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { EDITIONS } from '../../shared/regulation/editions/registry.ts';
import { createHandler } from './handler.ts';

const env = readEnvironment({ TABLE_NAME: z.string(), ASSESS_QUEUE_URL: z.string(), VERIFY_QUEUE_URL: z.string() });
const table = openTable(env.TABLE_NAME);
const approvals = createClaimApprovalTable(table);
const accounts = everyFundAccount(EDITIONS);

export const handler = createHandler(
  {
    worklist: createWorklistTable(table),
    queues: createWorkQueues({ assess: env.ASSESS_QUEUE_URL, verify: env.VERIFY_QUEUE_URL }),
    chores: accounts.map((account) => ({
      name: `funds/${account}`,
      run: () => resumeWaitingClaims({ approvals, clock: systemClock }, account),
    })),
    countWaitingForFunds: async () => {
      const waiting = await Promise.all(accounts.map((account) => approvals.waitingFor(account)));
      return waiting.flat().length;
    },
    balances: () => createFundTable(table).balances(accounts),
    clock: systemClock,
  },
  { log: createEventLog(), metrics: createMetricRecorder() },
);
