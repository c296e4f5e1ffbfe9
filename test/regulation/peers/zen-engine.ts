import { createRequire } from 'node:module';
import type { PeerFacts } from './peer-facts.ts';
import { EDITION_FACTS } from './peer-facts.ts';
import type { Condition, PeerDecision, PeerRule } from './peer-rules.ts';
import { PEER_RULES } from './peer-rules.ts';

/** The part of zen-engine that is used; its own types come with the package, which may not be installed. */
interface ZenDecision {
  evaluate(context: object): Promise<{ result: Record<string, unknown> }>;
}
interface ZenEngine {
  createDecision(content: object): ZenDecision;
  getDecision(key: string): Promise<ZenDecision>;
}
interface ZenPackage {
  ZenEngine: new (options?: { loader: (key: string) => Promise<unknown> }) => ZenEngine;
  ZenDecisionContent: new (content: object) => unknown;
}

const load = createRequire(import.meta.url);

/** The rules in zen-engine, line by line: an expression for each rule in one node, which is its fastest form. */
export function zenByLine(): (line: PeerFacts) => Promise<PeerDecision> {
  const { ZenEngine } = load('@gorules/zen-engine') as ZenPackage;
  const decision = new ZenEngine().createDecision(graph(lineNode()));
  return async (line) => decisionOf((await decision.evaluate({ ...EDITION_FACTS, ...line })).result);
}

/** As `zenByLine`, but a whole claim crosses into the engine at once, which loops over its lines. */
export function zenByClaim(): (lines: readonly PeerFacts[]) => Promise<PeerDecision[]> {
  const { ZenEngine } = load('@gorules/zen-engine') as ZenPackage;
  const node = lineNode();
  const looped = {
    ...node,
    content: { ...node.content, executionMode: 'loop', inputField: 'lines', outputPath: 'lines' },
  };
  const decision = new ZenEngine().createDecision(graph(looped));
  return async (lines) => {
    const { result } = await decision.evaluate({ lines: lines.map((line) => ({ ...EDITION_FACTS, ...line })) });
    return (result['lines'] as Record<string, unknown>[]).map(decisionOf);
  };
}

function graph(node: { id: string }): object {
  const edge = (sourceId: string, targetId: string) => ({
    id: `${sourceId}-${targetId}`,
    type: 'edge',
    sourceId,
    targetId,
  });
  return {
    contentType: 'application/vnd.gorules.decision',
    nodes: [{ id: 'in', name: 'in', type: 'inputNode' }, node, { id: 'out', name: 'out', type: 'outputNode' }],
    edges: [edge('in', node.id), edge(node.id, 'out')],
  };
}

function lineNode() {
  const rules = PEER_RULES.map((rule) => ({ id: rule.id, key: keyOf(rule), value: expressionOf(rule) }));
  const some = (outcome: string) => PEER_RULES.map((rule) => `$.${keyOf(rule)} == '${outcome}'`).join(' or ');
  const outcome = `(${some('fail')}) ? 'ineligible' : (${some('refer')}) ? 'referred' : 'eligible'`;
  const amount = `$.outcome == 'ineligible' ? 0 : shortage ? annexFen * shortageFactor : annexFen`;
  return {
    id: 'line',
    name: 'line',
    type: 'expressionNode',
    content: {
      expressions: [
        ...rules,
        { id: 'outcome', key: 'outcome', value: outcome },
        { id: 'amountFen', key: 'amountFen', value: amount },
      ],
    },
  };
}

/** A dot in a key would nest the output. */
function keyOf({ id }: PeerRule): string {
  return id.replaceAll(/[.-]/g, '_');
}

function expressionOf({ concerns, pass, refer }: PeerRule): string {
  const refused = refer === undefined ? `'fail'` : `(${textOf(refer)}) ? 'refer' : 'fail'`;
  const judged = `(${textOf(pass)}) ? 'pass' : ${refused}`;
  return concerns === undefined ? judged : `(${textOf(concerns)}) ? (${judged}) : null`;
}

const OPERATORS = { equal: '==', notEqual: '!=', lessThan: '<', lessThanInclusive: '<=' } as const;

function textOf(condition: Condition): string {
  if ('all' in condition) return condition.all.map((each) => `(${textOf(each)})`).join(' and ');
  if ('any' in condition) return condition.any.map((each) => `(${textOf(each)})`).join(' or ');
  const { fact, operator, value } = condition;
  const right = typeof value === 'object' ? value.fact : typeof value === 'string' ? `'${value}'` : String(value);
  return `${fact} ${OPERATORS[operator]} ${right}`;
}

function decisionOf(result: Record<string, unknown>): PeerDecision {
  const findings: PeerDecision['findings'] = {};
  for (const rule of PEER_RULES) {
    const outcome = result[keyOf(rule)];
    if (typeof outcome === 'string') findings[rule.id] = outcome;
  }
  return { findings, outcome: String(result['outcome']), amountFen: Number(result['amountFen']) };
}
