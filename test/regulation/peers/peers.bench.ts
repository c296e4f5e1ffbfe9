import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AssessmentRequest, LineAssessment } from '../../../shared/regulation/contract.ts';
import { benchRequest } from '../bench-requests.ts';
import { anyRequest, SEED } from '../random-requests.ts';
import { jsonRulesEngine } from './json-rules-engine.ts';
import { peerFacts } from './peer-facts.ts';
import type { PeerDecision } from './peer-rules.ts';
import { zenByClaim, zenByLine } from './zen-engine.ts';

/*
 * Our law beside two general rule engines, on the same decisions of one route. All is done in the engines' favour: they
 * are handed what we have to work out (peer-facts.ts), and write neither sentences nor the steps of an amount; the claim's
 * own eight rules are ours alone. They must come to our outcomes, rule by rule, and to our amounts.
 */

// Loaded by Node itself: the test runner reaches every import through a getter, which costs more than the law.
const load = createRequire(import.meta.url);
const { assess }: typeof import('../../../shared/regulation/assess.ts') = load('../../../shared/regulation/assess.ts');

const CLAIMS = 10;
const LINES = 100;

function expected({ amountFen, findings, outcome }: LineAssessment): PeerDecision {
  return { findings: Object.fromEntries(findings.map((each) => [each.rule, each.outcome])), outcome, amountFen };
}

function linesOf(requests: readonly AssessmentRequest[]) {
  return requests.map((request) => {
    const ours = assess(request);
    return { facts: peerFacts(request, ours), expected: ours.lines.map(expected) };
  });
}

const byJsonRules = jsonRulesEngine();
const byZen = zenByLine();
const byZenInClaims = zenByClaim();

const requests = Array.from({ length: CLAIMS }, (_, index) =>
  benchRequest('qualification/agency', LINES, index * LINES),
);

test('the peers come to our decisions, on the lines that are timed and on random ones', {
  timeout: 300_000,
}, async () => {
  const ofRoute = anyRequest.filter(({ claim }) => claim.programme === 'qualification' && claim.route === 'agency');
  const random = fc.sample(ofRoute, { seed: SEED, numRuns: 500 });
  for (const claim of linesOf([...requests, ...random])) {
    expect(await byZenInClaims(claim.facts)).toEqual(claim.expected);
    for (const [index, line] of claim.facts.entries()) {
      expect(await byZen(line)).toEqual(claim.expected[index]);
      expect(await byJsonRules(line)).toEqual(claim.expected[index]);
    }
  }
});

test('a claim of 100 lines', { timeout: 600_000 }, async ({ bench }) => {
  const claims = linesOf(requests).map(({ facts }, index) => ({ request: requests[index], facts }));
  let turn = 0;
  const next = () => {
    turn = (turn + 1) % CLAIMS;
    const claim = claims[turn];
    if (claim?.request === undefined) throw new Error('there is no such claim');
    return { request: claim.request, facts: claim.facts };
  };
  // What runs thousands of times in a process is timed once the compiler knows it.
  for (let round = 0; round < 2000; round += 1) assess(next().request);
  const result = await bench.compare(
    bench('assess, with every finding', () => {
      assess(next().request);
    }),
    bench('zen-engine, the claim at once', async () => {
      await byZenInClaims(next().facts);
    }),
    bench('zen-engine, line by line', async () => {
      for (const line of next().facts) await byZen(line);
    }),
    bench('json-rules-engine', async () => {
      for (const line of next().facts) await byJsonRules(line);
    }),
  );
  expect(result).toBeDefined();
});
