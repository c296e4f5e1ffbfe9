import { expect, test } from 'vitest';
import { evidenceKey, referenceOf } from '../../shared/evidence/evidence-key.ts';
import { evidenceKinds, rulesOf } from '../../shared/evidence/evidence-kinds.ts';
import { retainUntil } from '../../shared/evidence/retention.ts';
import { MATERIAL_TERMS } from '../../shared/regulation/contract.ts';

test('every material can be brought but the four that the product makes itself', () => {
  const made = ['application-form-unit', 'application-form-individual', 'roster', 'class-filing-form'];
  const brought = Object.keys(MATERIAL_TERMS).filter((kind) => !made.includes(kind));
  expect([...evidenceKinds].toSorted()).toEqual(['teaching-video', ...brought].toSorted());
});

test('every kind has a Chinese name and says what it accepts', () => {
  for (const kind of evidenceKinds) {
    const { name, accepts, mediaTypes, maxBytes } = rulesOf(kind);
    expect(name).toMatch(/\p{Script=Han}/u);
    expect(accepts).toContain(`${maxBytes >= 2 ** 30 ? maxBytes / 2 ** 30 : maxBytes / 2 ** 20} `);
    expect(mediaTypes.length).toBeGreaterThan(2);
    // What one CopyObject can promote.
    expect(maxBytes).toBeLessThanOrEqual(5 * 2 ** 30);
  }
});

test('a key names its upload and back; other keys name none', () => {
  const reference = { claimId: '01ABC', evidenceId: 'E-_9' };
  expect(referenceOf(evidenceKey(reference))).toEqual(reference);
  for (const key of [
    'claims/a',
    'claims/a/b/c',
    'claims//b',
    'claims/a/',
    'x/claims/a/b',
    'claims/a/b ',
    'claims/../b',
    '',
  ]) {
    expect(referenceOf(key)).toBeUndefined();
  }
});

test.each([
  ['2021-03-20T01:00:00.000Z', 5, '2026-03-20T01:00:00.000Z'],
  ['2021-03-20T01:00:00.001Z', 5, '2026-03-20T01:00:01.000Z'],
  ['2024-02-29T01:00:00.000Z', 5, '2029-03-01T01:00:00.000Z'],
  ['2024-02-29T01:00:00.000Z', 8, '2032-02-29T01:00:00.000Z'],
  ['2021-12-31T23:59:59.500Z', 5, '2027-01-01T00:00:00.000Z'],
])('locked at %s for %i years is locked until %s', (from, years, until) => {
  expect(retainUntil(new Date(from), years).toISOString()).toBe(until);
});
