import { describe, expect, test } from 'vitest';
import type { Applicant, Certificate } from '../../../shared/regulation/contract.ts';
import type { Edition } from '../../../shared/regulation/edition.ts';
import { defineEdition } from '../../../shared/regulation/edition.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { yuan } from '../../../shared/regulation/money.ts';
import type { Changes, RouteName } from '../sample-requests.ts';
import { SAMPLE_CERTIFICATES, sampleRequest } from '../sample-requests.ts';
import { assessed, reading } from '../verdicts.ts';

function paid(route: RouteName, changes: Changes = {}, edition?: Edition) {
  const line = assessed(sampleRequest(route, changes), edition).lines[0];
  return { yuan: (line?.amountFen ?? 0) / 100, basis: line?.basis, outcome: line?.outcome };
}

describe('一(二)1 project', () => {
  const { cap, perHour } = wenzhou202058.figures.project;
  const full = cap / perHour;

  test.each([
    [1, 25],
    [60, 1500],
    [full - 1, 1975],
    [full, 2000],
    [full + 1, 2000],
    [500, 2000],
  ])('%i class hours are %i yuan', (hours, expected) => {
    expect(paid('project/enterprise', { class: { hours } }).yuan).toBe(expected);
    expect(paid('project/college', { class: { hours } }).yuan).toBe(expected);
  });

  test.each([
    [undefined, 1500],
    [1, 25],
    [59, 1475],
    [60, 1500],
    [61, 1500],
  ])('%s hours attended of 60 are %i yuan', (attendedHours, expected) => {
    expect(paid('project/college', { line: { attendedHours } }).yuan).toBe(expected);
  });

  test('the sentence', () => {
    expect(paid('project/college', { line: { attendedHours: 50 } }).basis).toBe(
      '25元×实际参训50课时：1250元（一(二)1、附件1）',
    );
    const uplifted = { class: { hours: 90 }, applicant: { traits: ['trade-friction' as const] } };
    expect(paid('project/enterprise', { class: { hours: 90 } }).basis).toBe(
      '25元×90课时为2250元，按每人不超过2000元：2000元（一(二)1、附件1）',
    );
    expect(paid('project/enterprise', uplifted).basis).toBe(
      '25元×90课时为2250元，按每人不超过2000元为2000元，上浮30%：2600元（一(二)1、附件1）',
    );
    expect(paid('project/enterprise', uplifted, reading({ projectUplift: 'before-cap' })).basis).toBe(
      '25元×90课时为2250元，上浮30%为2925元，按每人不超过2000元：2000元（一(二)1、附件1）',
    );
  });

  test.each([
    [['above-scale'], 1500],
    [['key-industry'], 1500],
    [['trade-friction'], 1950],
    [['strategic-emerging'], 1950],
    [['above-scale', 'strategic-emerging'], 1950],
    [['trade-friction', 'strategic-emerging'], 1950],
  ] as const)('an enterprise with %o earns %i yuan for 60 hours', (traits, expected) => {
    expect(paid('project/enterprise', { applicant: { traits: [...traits] } }).yuan).toBe(expected);
  });

  test('only the enterprise route is uplifted', () => {
    const applicant = { traits: ['trade-friction' as const] };
    const certificates = [SAMPLE_CERTIFICATES.completion];
    expect(paid('project/college', { applicant }).yuan).toBe(1500);
    expect(paid('project/contractor', { applicant, certificates }).yuan).toBe(1500);
  });

  test.each([
    [full - 1, 2567.5, 2000],
    [full, 2600, 2000],
    [full + 1, 2600, 2000],
    [61, 1982.5, 1982.5],
    [62, 2015, 2000],
  ])('%i hours uplifted: after the cap %f, before the cap %f', (hours, after, before) => {
    const changes = { class: { hours }, applicant: { traits: ['strategic-emerging' as const] } };
    expect(paid('project/enterprise', changes).yuan).toBe(after);
    expect(paid('project/enterprise', changes, reading({ projectUplift: 'before-cap' })).yuan).toBe(before);
  });

  test.each(['special-operation', 'special-equipment'] as const)('%s is 500 new and 100 renewed', (kind) => {
    const certificate = (renewal: boolean | undefined): Certificate[] => [
      { ...SAMPLE_CERTIFICATES.completion, kind, number: 'T1', renewal },
    ];
    const applicant = { traits: ['trade-friction' as const] };
    expect(paid('project/college', { certificates: certificate(undefined) }).yuan).toBe(500);
    expect(paid('project/college', { certificates: certificate(false) }).yuan).toBe(500);
    expect(paid('project/college', { certificates: certificate(true) }).yuan).toBe(100);
    expect(paid('project/enterprise', { applicant, certificates: certificate(false) }).yuan).toBe(500);
    const uplift = reading({ specialOperationUplift: true });
    expect(paid('project/enterprise', { applicant, certificates: certificate(false) }, uplift).yuan).toBe(650);
    expect(paid('project/enterprise', { applicant, certificates: certificate(true) }, uplift).yuan).toBe(130);
    expect(paid('project/enterprise', { certificates: certificate(true) }, uplift).yuan).toBe(100);
    expect(paid('project/college', { applicant, certificates: certificate(true) }, uplift).yuan).toBe(100);
  });

  test('a sum at the cap is not said to be cut', () => {
    const sentence = (hours: number, edition?: Edition, traits: Applicant['traits'] = ['above-scale']) =>
      paid('project/enterprise', { class: { hours }, applicant: { traits } }, edition).basis;
    expect(sentence(full)).toBe('25元×80课时：2000元（一(二)1、附件1）');
    expect(sentence(full + 1)).toBe('25元×81课时为2025元，按每人不超过2000元：2000元（一(二)1、附件1）');
    expect(sentence(full, undefined, ['trade-friction'])).toBe(
      '25元×80课时为2000元，上浮30%：2600元（一(二)1、附件1）',
    );
    expect(sentence(full + 1, undefined, ['trade-friction'])).toBe(
      '25元×81课时为2025元，按每人不超过2000元为2000元，上浮30%：2600元（一(二)1、附件1）',
    );
    const { figures, parameters } = wenzhou202058;
    const edition = defineEdition({
      ...wenzhou202058,
      figures: { ...figures, project: { ...figures.project, cap: yuan(1950) } },
      parameters: { ...parameters, projectUplift: 'before-cap' },
    });
    expect(sentence(60, edition, ['trade-friction'])).toBe('25元×60课时为1500元，上浮30%：1950元（一(二)1、附件1）');
    expect(sentence(61, edition, ['trade-friction'])).toBe(
      '25元×61课时为1525元，上浮30%为1982.50元，按每人不超过1950元：1950元（一(二)1、附件1）',
    );
  });

  test('special certificates: the sentence', () => {
    const uplifted: Changes = {
      applicant: { traits: ['trade-friction'] },
      certificates: [{ ...SAMPLE_CERTIFICATES.completion, kind: 'special-operation', number: 'T1' }],
    };
    expect(paid('project/enterprise', uplifted, reading({ specialOperationUplift: true })).basis).toBe(
      '特种作业操作证书新证为500元，上浮30%：650元（一(二)1、附件1）',
    );
    expect(paid('project/contractor').basis).toBe('特种设备作业人员证书新证：500元（一(二)1、附件1）');
    expect(paid('project/contractor', { certificate: { renewal: true } }).basis).toContain('复审：100元');
  });

  test('renewal of a completion certificate does not change its hours', () => {
    expect(paid('project/college', { certificate: { renewal: true } }).yuan).toBe(1500);
  });
});
