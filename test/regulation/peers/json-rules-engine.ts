import { createRequire } from 'node:module';
import type { PeerFacts } from './peer-facts.ts';
import { EDITION_FACTS } from './peer-facts.ts';
import type { Condition, PeerDecision, PeerRule } from './peer-rules.ts';
import { PEER_RULES } from './peer-rules.ts';

/** The part of json-rules-engine that is used; its own types come with the package, which may not be installed. */
interface RunResult {
  events: { type: string; params: Verdict }[];
  failureEvents: { type: string; params: Verdict }[];
}
interface JsonRulesEngine {
  addRule(rule: object): void;
  addFact(name: string, value: unknown): void;
  run(facts: PeerFacts): Promise<RunResult>;
}
interface Verdict {
  rule: string;
  article: string;
  outcome: string;
  /** what it means that the conditions do not hold; undefined where another rule says so */
  otherwise?: string;
}

const load = createRequire(import.meta.url);

/** The rules in json-rules-engine: decides one line, as that engine is meant to be used. */
export function jsonRulesEngine(): (line: PeerFacts) => Promise<PeerDecision> {
  const { Engine } = load('json-rules-engine') as { Engine: new () => JsonRulesEngine };
  const engine = new Engine();
  for (const [name, value] of Object.entries(EDITION_FACTS)) engine.addFact(name, value);
  for (const rule of PEER_RULES) for (const each of engineRules(rule)) engine.addRule(each);
  engine.addRule({ conditions: { all: [fact('shortage')] }, event: { type: 'uplift', params: {} } });
  return async (line) => decisionOf(line, await engine.run(line));
}

function fact(name: string): Condition {
  return { fact: name, operator: 'equal', value: true };
}

/** One engine rule where two outcomes are all there is, since the engine also reports what did not hold; else one each. */
function engineRules({ article, concerns, id, pass, refer }: PeerRule): object[] {
  const rule = (conditions: (Condition | object)[], outcome: string, otherwise?: string) => ({
    conditions: { all: conditions },
    event: { type: id, params: { rule: id, article, outcome, ...(otherwise === undefined ? {} : { otherwise }) } },
  });
  if (concerns === undefined && refer === undefined) return [rule([pass], 'pass', 'fail')];
  const concerned = concerns === undefined ? [] : [concerns];
  const rules = [rule([...concerned, pass], 'pass')];
  if (refer !== undefined) rules.push(rule([...concerned, { not: pass }, refer], 'refer'));
  rules.push(rule([...concerned, { not: pass }, ...(refer === undefined ? [] : [{ not: refer }])], 'fail'));
  return rules;
}

function decisionOf(line: PeerFacts, { events, failureEvents }: RunResult): PeerDecision {
  const findings: PeerDecision['findings'] = {};
  let outcome = 'eligible';
  let factor = 1;
  const enter = (rule: string, verdict: string) => {
    findings[rule] = verdict;
    if (verdict === 'fail') outcome = 'ineligible';
    else if (verdict === 'refer' && outcome === 'eligible') outcome = 'referred';
  };
  for (const { params, type } of events) {
    if (type === 'uplift') factor = Number(EDITION_FACTS['shortageFactor']);
    else enter(params.rule, params.outcome);
  }
  for (const { params } of failureEvents) if (params.otherwise !== undefined) enter(params.rule, params.otherwise);
  return { findings, outcome, amountFen: outcome === 'ineligible' ? 0 : Number(line['annexFen']) * factor };
}
