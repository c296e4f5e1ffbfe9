import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseClasses } from '../../shared/supervision/inspection-plan.ts';
import { type InspectableClass, type InspectionRisk, risksOf } from '../../shared/supervision/inspection-risk.ts';

const session = (more: object = {}) => ({
  date: '2021-04-12',
  startsAt: '08:30',
  endsAt: '11:30',
  hours: 3,
  content: '安全',
  teacher: '李工',
  ...more,
});
const classOf = (classId: string, ...sessions: object[]): InspectableClass => ({
  classId,
  tenant: `body of ${classId}`,
  applicantName: '奥科',
  content: { startsOn: '2021-04-12', endsOn: '2021-04-30', sessions: sessions.map(session), subject: '钳工' },
});
const none = new Map<string, { irregular: number; flagged: number }>();

describe('reasons to look at a class', () => {
  test.each([
    [7, []],
    [8, []],
    [9, ['long-days']],
  ])('%i hours on one day, in two sessions', (hours, risks) => {
    const one = classOf('A', { hours: 4 }, { hours: hours - 4, startsAt: '13:00', endsAt: '18:00' });
    expect(risksOf([one], none).get('A')).toEqual(risks);
  });

  test('nine hours over two days are not a long day', () => {
    expect(risksOf([classOf('A', { hours: 5 }, { hours: 4, date: '2021-04-13' })], none).get('A')).toEqual([]);
  });

  test.each([
    ['at the same time', {}, ['teacher-twice']],
    ['a minute before the other ends', { startsAt: '11:29', endsAt: '12:00' }, ['teacher-twice']],
    ['when the other ends', { startsAt: '11:30', endsAt: '12:00' }, []],
    ['a minute into the other', { startsAt: '08:00', endsAt: '08:31' }, ['teacher-twice']],
    ['until the other begins', { startsAt: '08:00', endsAt: '08:30' }, []],
    ['on another day', { date: '2021-04-13' }, []],
    ['under another name', { teacher: '王工' }, []],
  ])('a teacher in two classes, %s', (_, more, risks) => {
    const found = risksOf([classOf('A', {}), classOf('B', more)], none);
    expect([found.get('A'), found.get('B')]).toEqual([risks, risks]);
  });

  test('two sessions of one class are its own affair', () => {
    expect(risksOf([classOf('A', {}, {})], none).get('A')).toEqual([]);
  });

  test('what the training body did before, each class of it', () => {
    const histories = new Map([
      ['body of A', { irregular: 1, flagged: 0 }],
      ['body of B', { irregular: 0, flagged: 2 }],
      ['body of C', { irregular: 1, flagged: 1 }],
    ]);
    expect([
      ...risksOf(
        ['A', 'B', 'C', 'D'].map((id) => classOf(id)),
        histories,
      ).values(),
    ]).toEqual([['irregular-before'], ['evidence-flagged'], ['irregular-before', 'evidence-flagged'], []]);
  });
});

describe('the choice', () => {
  const classes = Array.from({ length: 12 }, (_, n) => classOf(`C${n}`));
  const risks = new Map<string, InspectionRisk[]>([
    ['C3', ['long-days']],
    ['C5', ['irregular-before', 'long-days', 'teacher-twice']],
    ['C7', ['irregular-before', 'long-days']],
    ['C9', ['evidence-flagged']],
  ]);
  const ids = (byRisk: number, byLot: number, seed: string) =>
    chooseClasses(classes, risks, { byRisk, byLot, seed }).map(({ classId, chosenBy }) => [classId, chosenBy]);

  test('takes those with most reasons first, and the rest by lot', () => {
    expect(ids(2, 0, 's')).toEqual([
      ['C5', 'risk'],
      ['C7', 'risk'],
    ]);
    expect(ids(0, 12, 's')).toHaveLength(12);
    // Only four have a reason: fewer are chosen by risk than were asked for, none is made up.
    expect(ids(9, 0, 's').map(([id]) => id)).toHaveLength(4);
  });

  test('one with reasons that was not taken by risk may still be drawn', () => {
    const drawn = Array.from({ length: 60 }, (_, n) => ids(1, 3, `seed-${n}`)).flat();
    expect(drawn.filter(([, by]) => by === 'lot').map(([id]) => id)).toContain('C7');
  });

  test('whoever knows the seed draws the same, in whatever order the classes come', () => {
    const plans = fc.record({ byRisk: fc.nat(5), byLot: fc.nat(14), seed: fc.string(), order: fc.constant(classes) });
    fc.assert(
      fc.property(plans, fc.infiniteStream(fc.nat()), ({ byRisk, byLot, seed }, keys) => {
        const shuffled = classes
          .map((one) => ({ one, key: keys.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ one }) => one);
        const chosen = chooseClasses(classes, risks, { byRisk, byLot, seed });
        expect(chooseClasses(shuffled, risks, { byRisk, byLot, seed })).toEqual(chosen);
        expect(new Set(chosen.map(({ classId }) => classId)).size).toBe(chosen.length);
        const risky = Math.min(byRisk, 4);
        expect(chosen).toHaveLength(risky + Math.min(byLot, 12 - risky));
      }),
      { seed: 58, numRuns: 300 },
    );
  });

  test('the lot favours nobody: over many seeds each class is drawn about as often', () => {
    const times = new Map<string, number>();
    for (let n = 0; n < 1200; n += 1) {
      for (const { classId } of chooseClasses(classes, new Map(), { byRisk: 0, byLot: 3, seed: `s${n}` }))
        times.set(classId, (times.get(classId) ?? 0) + 1);
    }
    // 300 each on average; six standard deviations are 90.
    for (const { classId } of classes) expect(Math.abs((times.get(classId) ?? 0) - 300)).toBeLessThan(90);
  });
});
