/** One comparison of a fact with a value, or with another fact. */
interface Comparison {
  fact: string;
  operator: 'equal' | 'notEqual' | 'lessThan' | 'lessThanInclusive';
  value: string | number | boolean | { fact: string };
}

/** A condition as general rule engines nest them. */
export type Condition = { all: Condition[] } | { any: Condition[] } | Comparison;

/** A rule of the agency route (一(一)2(2)): it concerns a line, and passes it, refers it, or fails it. */
export interface PeerRule {
  id: string;
  article: string;
  concerns?: Condition;
  pass: Condition;
  /** of those that do not pass: whom an officer must look at; without it all fail */
  refer?: Condition;
}

export function is(fact: string, value: Comparison['value'] = true): Comparison {
  return { fact, operator: 'equal', value };
}

function isNot(fact: string, value: Comparison['value']): Comparison {
  return { fact, operator: 'notEqual', value };
}

function upTo(fact: string, value: Comparison['value']): Comparison {
  return { fact, operator: 'lessThanInclusive', value };
}

const all = (...conditions: Condition[]): Condition => ({ all: conditions });
const any = (...conditions: Condition[]): Condition => ({ any: conditions });

const certified = isNot('kind', 'none');
const insuredNow = all(is('insuredUrban'), upTo('submittedOn', { fact: 'paidThrough' }));
const everyone: Condition = any(is('statusGiven', true), is('statusGiven', false));

/** The fourteen line rules of personal claims that a training institution files, in the order of the law. */
export const PEER_RULES: readonly PeerRule[] = [
  { id: 'roster.identity', article: '四(二)', pass: is('enrolled') },
  { id: 'roster.duplicate', article: '四(二)', pass: is('doubled', false) },
  { id: 'roster.card', article: '一(一)2(1)', pass: all(is('cardGiven'), is('cardActivated')), refer: everyone },
  {
    id: 'age.working',
    article: '五(一)',
    concerns: is('enrolled'),
    pass: all(
      upTo('lowestAge', { fact: 'age' }),
      any(
        { fact: 'age', operator: 'lessThan', value: { fact: 'upper' } },
        all(is('age', { fact: 'upper' }), is('beforeUpperBirthday')),
      ),
    ),
  },
  {
    id: 'status.verified',
    article: '二(二)',
    concerns: is('statusGiven'),
    pass: is('statusVerified'),
    refer: everyone,
  },
  {
    id: 'recipient.condition',
    article: '一, 二(二)',
    pass: all(
      is('statusVerified'),
      any(
        all(insuredNow, is('enterpriseEmployee')),
        all(
          any(is('publicSectorStaff', false), is('insured')),
          any(is('urbanHukou'), is('urbanPermit'), is('urbanUnemployed')),
        ),
        all(is('graduate'), is('graduateEmployed', false), is('graduateOfWenzhou'), is('leftSchoolInTime')),
        all(is('urbanWorker'), is('obtainedVia', 'training-institution'), is('assessedInWenzhou')),
      ),
    ),
    refer: is('statusVerified', false),
  },
  { id: 'certificate.required', article: '一', pass: certified },
  {
    id: 'certificate.catalogue',
    article: '附件1, 附件2',
    concerns: certified,
    pass: all(
      is('named'),
      any(all(is('kind', 'special-ability'), is('inAnnex2')), all(isNot('kind', 'special-ability'), is('inAnnex1'))),
    ),
  },
  {
    id: 'certificate.issuer',
    article: '五(二)',
    concerns: certified,
    pass: any(
      all(is('kind', 'national-qualification'), any(is('issuer', 'city-hr'), is('issuer', 'province-hr'))),
      all(is('kind', 'skill-level'), is('issuer', 'local-assessor'), is('registered')),
      all(is('kind', 'special-ability'), is('issuer', 'city-hr')),
    ),
  },
  {
    id: 'certificate.window',
    article: '一(一)2(1), 五(四)',
    concerns: certified,
    pass: all(upTo('appliesFrom', { fact: 'issuedOn' }), upTo('issuedOn', { fact: 'appliesTo' })),
  },
  {
    id: 'certificate.deadline',
    article: '一(一)2(1)',
    concerns: certified,
    pass: all(upTo('issuedOn', { fact: 'submittedOn' }), upTo('submittedOn', { fact: 'claimBy' })),
  },
  {
    id: 'certificate.origin',
    article: '一(一)2(1)',
    concerns: certified,
    pass: is('obtainedVia', 'training-institution'),
    refer: all(
      isNot('obtainedVia', 'enterprise-evaluation'),
      isNot('obtainedVia', 'enterprise-pilot'),
      isNot('obtainedVia', 'apprenticeship'),
      isNot('obtainedVia', 'master-apprentice'),
    ),
  },
  {
    id: 'quota.annual',
    article: '四(二)',
    pass: { fact: 'counted', operator: 'lessThan', value: { fact: 'perYear' } },
  },
  { id: 'quota.repeat', article: '四(二)', concerns: is('hasSubject'), pass: is('hadBefore', false) },
];

/** What an engine has to come to for a line: each rule's outcome, the line's, and what it earns in fen. */
export interface PeerDecision {
  findings: Record<string, string>;
  outcome: string;
  amountFen: number;
}
