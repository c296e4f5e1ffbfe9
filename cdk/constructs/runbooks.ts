/**
 * Every alarm there is: its name is that of its runbook in docs/runbooks, its id the one that people quote. Several
 * things may ring the same alarm (each queue, each function); what to do is the same.
 */
export const runbookIds = {
  'dead-letters-waiting': 'RB-01',
  'oldest-message-late': 'RB-02',
  'queue-backlog': 'RB-02b',
  'stream-behind': 'RB-02c',
  'api-server-errors': 'RB-03',
  'api-slow': 'RB-04',
  'function-errors': 'RB-05',
  'function-throttled': 'RB-05b',
  'function-near-timeout': 'RB-05c',
  'sweep-silent': 'RB-06',
  'check-silent': 'RB-06b',
  'table-throttled': 'RB-07',
  'table-system-errors': 'RB-07b',
  'notices-silent': 'RB-08',
  'claims-left-out-of-notices': 'RB-08b',
  'claims-overdue': 'RB-09',
  'claims-waiting-for-funds': 'RB-10',
  'books-differ': 'RB-11',
  'audit-chain-broken': 'RB-12',
  'personal-data-downloads': 'RB-13',
  'unmasked-identity-published': 'RB-14',
  'access-denied-burst': 'RB-15',
} as const;

export type RunbookName = keyof typeof runbookIds;
