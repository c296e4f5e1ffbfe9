import { assess, assessWith } from '../../shared/regulation/assess.ts';
import type { Assessment, AssessmentRequest, Finding, FindingOutcome } from '../../shared/regulation/contract.ts';
import type { Edition } from '../../shared/regulation/edition.ts';
import { withParameters } from '../../shared/regulation/edition.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import type { Parameters } from '../../shared/regulation/parameters.ts';
import { parseRequest } from '../../shared/regulation/parse-request.ts';

/** The assessment of a request that must be a valid one. */
export function assessed(request: AssessmentRequest, edition?: Edition): Assessment {
  const parsed = parseRequest(request);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return edition === undefined ? assess(parsed.request) : assessWith(edition, parsed.request);
}

/** The finding of a rule: on the claim, or on the line of that position (0 is the first). */
export function findingOn(request: AssessmentRequest, rule: string, line = 0, edition?: Edition): Finding | undefined {
  const assessment = assessed(request, edition);
  const findings = [...assessment.findings, ...(assessment.lines[line]?.findings ?? [])];
  return findings.find((finding) => finding.rule === rule);
}

/** The outcome of a rule, or `not applicable`. */
export function outcomeOn(
  request: AssessmentRequest,
  rule: string,
  line = 0,
  edition?: Edition,
): FindingOutcome | 'not applicable' {
  return findingOn(request, rule, line, edition)?.outcome ?? 'not applicable';
}

/** The edition under another reading of one open choice. */
export function reading(parameters: Partial<Parameters>): Edition {
  return withParameters(wenzhou202058, { ...wenzhou202058.parameters, ...parameters });
}
