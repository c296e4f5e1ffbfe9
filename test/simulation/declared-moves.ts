/*
 * Every step that an entity may take, by the action that its audit record names, as `from>to`; nothing before the `>`
 * stands for its beginning. Written down a second time on purpose, from the states of the design and not from the
 * product's tables: a state that slipped into those by mistake shows here.
 */

type Steps = Readonly<Record<string, string>>;

const claim: Steps = {
  'claim-opened': '>draft',
  'roster-replaced': 'draft>draft returned>returned',
  'claim-submitted': 'draft>submitted returned>submitted',
  'claim-assessed': 'submitted>assessed',
  'claim-found-ineligible': 'submitted>refused endorsed>refused',
  'claim-refused': 'endorsed>refused',
  'claim-returned': 'submitted>returned assessed>returned endorsed>returned',
  'claim-endorsed': 'assessed>endorsed',
  'claim-sent-back': 'endorsed>assessed',
  'claim-approved': 'endorsed>approved',
  'claim-left-waiting-for-funds': 'endorsed>waiting-for-funds',
  'claim-funded': 'waiting-for-funds>approved',
  'claim-row-worded': 'approved>approved',
  'claim-publicised': 'approved>publicised',
  'claim-republicised': 'publicised>publicised',
  'claim-cleared': 'publicised>cleared',
  'claim-cancelled': 'publicised>refused',
  'claim-payment-started': 'cleared>paying',
  'claim-paid': 'paying>paid',
  'claim-payment-reopened': 'paying>cleared paid>cleared',
  'claim-withdrawn':
    'draft>withdrawn returned>withdrawn submitted>withdrawn assessed>withdrawn endorsed>withdrawn waiting-for-funds>withdrawn',
};

const line: Steps = {
  'line-entered': '>pending',
  'line-reserved': 'pending>reserved referred>reserved refused>reserved',
  'line-referred': 'pending>referred',
  'line-refused': 'pending>refused referred>refused reserved>refused',
  'line-reopened': 'pending>pending reserved>pending referred>pending refused>pending released>pending',
  'line-publicised': 'reserved>publicised',
  'line-held': 'publicised>held',
  'line-hold-lifted': 'held>publicised',
  'line-cleared': 'publicised>cleared held>cleared',
  'line-released':
    'pending>released reserved>released referred>released refused>released publicised>released held>released cleared>released',
  'line-payment-started': 'cleared>paying',
  'line-paid': 'paying>paid',
  'line-bounced': 'paying>bounced paid>bounced',
  'line-reapplied': 'bounced>cleared',
  'line-card-given': 'cleared>cleared',
  'line-partly-recovered': 'paid>paid',
  'line-recovered': 'paid>recovered',
};

const evidence: Steps = {
  'upload-requested': '>awaiting-upload',
  'upload-completed': 'awaiting-upload>uploaded',
  'evidence-verified': 'awaiting-upload>verified uploaded>verified',
  'evidence-rejected': 'awaiting-upload>rejected uploaded>rejected',
  'evidence-lock-extended': 'verified>verified',
};

const notice: Steps = {
  'notice-numbered': '>preparing',
  'correction-numbered': '>preparing',
  'notice-published': 'preparing>running',
  'notice-dropped': 'preparing>dropped',
  'notice-closed': 'running>closed',
  'notice-annex-removed': 'closed>closed',
  'notice-rows-withdrawn': 'running>running closed>closed archived>archived',
  'notice-archived': 'closed>archived',
};

const objection: Steps = {
  'objection-lodged': '>open',
  'objection-decided': 'open>deciding',
  'objection-upheld': 'deciding>upheld',
  'objection-dismissed': 'deciding>dismissed',
  'objector-unmasked': 'open>open deciding>deciding upheld>upheld dismissed>dismissed',
};

const filing: Steps = {
  'class-drafted': '>draft',
  'class-changed': 'draft>draft filed>filed refused>filed accepted>filed',
  'class-filed': 'draft>filed',
  'class-accepted': 'filed>accepted',
  'class-refused': 'filed>refused filed>accepted',
};

const batch: Steps = {
  'batch-opened': '>collecting',
  'batch-closed': 'collecting>ready collecting>settled',
  'bank-file-exported': 'ready>ready settled>settled',
  'batch-settled': 'ready>settled',
};

const transfer: Steps = {
  'transfer-prepared': '>prepared',
  'transfer-unknown': 'prepared>unknown',
  'transfer-paid': 'prepared>paid unknown>paid',
  'transfer-bounced': 'prepared>bounced unknown>bounced paid>bounced',
};

/** By the first words of the entity's keys. */
const kinds: readonly { pk: string; sk: string; steps: Steps }[] = [
  { pk: 'CLAIM#', sk: 'META', steps: claim },
  { pk: 'CLAIM#', sk: 'LINE#', steps: line },
  { pk: 'CLAIM#', sk: 'EVIDENCE#', steps: evidence },
  {
    pk: 'CLAIM#',
    sk: 'RECOVERY#',
    steps: {
      'recovery-begun': '>demanding',
      'recovery-demanded': 'demanding>demanded',
      'recovery-received': 'demanded>demanded demanded>settled',
      'recovery-withdrawn': 'demanding>withdrawn demanded>withdrawn',
    },
  },
  { pk: 'CLASS#', sk: 'META', steps: filing },
  { pk: 'CLASS#', sk: 'INSPECTION#', steps: { 'class-inspected': '>recorded' } },
  { pk: 'INSPECTIONPLAN#', sk: 'META', steps: { 'inspections-planned': '>made' } },
  { pk: 'NOTICE#', sk: 'META', steps: notice },
  { pk: 'NOTICE#', sk: 'OBJECTION#', steps: objection },
  { pk: 'BATCH#', sk: 'META', steps: batch },
  { pk: 'BATCH#', sk: 'TRANSFER#', steps: transfer },
  {
    pk: 'FUNDAPPLICATION#',
    sk: 'META',
    steps: { 'funds-applied-for': '>applied', 'funds-advanced': 'applied>funded' },
  },
  {
    pk: 'FUND#',
    sk: 'ALLOTMENT#',
    steps: { 'funds-allotted': '>booked', 'allotment-corrected': '>booked', 'allotment-reduced': 'booked>booked' },
  },
  {
    pk: 'ORGANISATION#',
    sk: 'PROFILE',
    steps: {
      'organisation-registered': '>registered registered>registered',
      'organisation-blocked': 'registered>registered',
      'organisation-unblocked': 'registered>registered',
    },
  },
  {
    pk: 'CERTIFICATENUMBER#',
    sk: 'META',
    steps: { 'certificate-issued': '>issued', 'certificate-cancelled': 'issued>cancelled' },
  },
  { pk: 'DOWNLOADS#', sk: 'DOSSIER', steps: { 'dossier-taken': '>taken taken>taken' } },
  { pk: 'REDRIVE#', sk: 'META', steps: { 'redrive-started': '>running', 'redrive-done': 'running>done' } },
  { pk: 'SETTINGS', sk: 'CERTIFICATE-LETTERS', steps: { 'certificate-letter-set': '>set set>set' } },
  {
    pk: 'CATALOGUE#',
    sk: 'PUBLICATION#',
    steps: { 'shortage-list-published': '>published', 'annex-changes-published': '>published' },
  },
  { pk: 'IMPORTS', sk: 'IMPORT#', steps: { 'import-begun': '>begun', 'import-done': 'begun>done' } },
  {
    pk: 'INSURANCE#',
    sk: 'SUBSIDY',
    steps: { 'insurance-subsidy-counted': '>counted', 'insurance-subsidy-reversed': 'counted>reversed' },
  },
  { pk: 'AUTHORITY#', sk: 'NOTICE-SETTINGS', steps: { 'notice-settings-put': '>in-force in-force>in-force' } },
  { pk: 'DEPARTMENT#', sk: 'PLAN#', steps: { 'department-plan-filed': '>filed filed>filed' } },
];

/** The steps that an entity may take; undefined for an item that is no known entity. */
export function declaredSteps(pk: string, sk: string): Steps | undefined {
  return kinds.find((kind) => pk.startsWith(kind.pk) && sk.startsWith(kind.sk))?.steps;
}
