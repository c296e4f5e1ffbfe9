import { describe, expect, test } from 'vitest';
import { catalogueOf, catalogueOn, entryKey } from '../../shared/regulation/catalogue.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';

const { abilityLists, occupationClasses } = wenzhou202058;
const printed = { abilityLists, occupationClasses, withdrawn: [], changedBy: new Map<string, string>() };

describe('an entry of the annexes', () => {
  test('has one name, however it is spelt', () => {
    expect(entryKey({ annex: 1, occupation: '3D 打印' })).toBe(entryKey({ annex: 1, occupation: ' 3D打印' }));
    expect(entryKey({ annex: 2, occupation: '3D 打印', level: 'junior' })).toBe(
      entryKey({ annex: 2, occupation: '3D打印', level: 'junior' }),
    );
  });

  test('of annex 2 is another at each level, and none of annex 1', () => {
    const keys = [
      entryKey({ annex: 1, occupation: '插花' }),
      entryKey({ annex: 1, occupation: '茶艺' }),
      entryKey({ annex: 2, occupation: '插花', level: 'junior' }),
      entryKey({ annex: 2, occupation: '插花', level: 'senior' }),
      entryKey({ annex: 2, occupation: '茶艺', level: 'senior' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('is changed by the paper that names it, not by one that names its namesake in the other annex', () => {
    const ofOccupation = new Map([[entryKey({ annex: 1, occupation: '插花' }), '第1号']]);
    const ofAbility = new Map([[entryKey({ annex: 2, occupation: '插花', level: 'junior' }), '第2号']]);
    const documents = (changedBy: ReadonlyMap<string, string>) => {
      const catalogue = catalogueOf({ ...printed, changedBy });
      return [
        catalogue.documentOf('插 花'),
        catalogue.documentOf('插花', 'junior'),
        catalogue.documentOf('插花', 'senior'),
      ];
    };
    expect(documents(ofOccupation)).toEqual(['第1号', undefined, undefined]);
    expect(documents(ofAbility)).toEqual([undefined, '第2号', undefined]);
  });
});

test('an occupation of no class is of the one that takes the others, unless it was taken out', () => {
  const catalogue = catalogueOf({ ...printed, withdrawn: ['插 花'] });
  expect([catalogue.classOf('车 工')?.name, catalogue.classOf('新职业')?.name, catalogue.classOf('插花')]).toEqual([
    'A',
    'C',
    undefined,
  ]);
});

test('the levels of annex 2 stand in its order, each with its own list, the first where there are several', () => {
  const further = { level: 'junior', standard: 1, occupations: ['直播'] } as const;
  const catalogue = catalogueOf({ ...printed, abilityLists: [...abilityLists, further] });
  expect(catalogue.abilityLevels).toEqual(['junior', 'senior']);
  expect(catalogue.abilityListOf('junior')).toBe(abilityLists[0]);
  expect(catalogue.abilityListOf('technician')).toBeUndefined();
  expect(catalogue.abilityOf('junior', '直 播')).toBe(further);
  expect(catalogue.abilityOf('senior', '直播')).toBeUndefined();
});

test('a catalogue holds from its first day until the next one does', () => {
  const [first, second, third] = [1, 2, 3].map(() => catalogueOf(printed));
  if (first === undefined || second === undefined || third === undefined) throw new Error('three were made');
  const on = (date: string) =>
    catalogueOn(
      [
        { from: undefined, catalogue: first },
        { from: '2021-02-01', catalogue: second },
        { from: '2021-03-01', catalogue: third },
      ],
      date,
    );
  expect(on('2020-05-01')).toBe(first);
  expect(on('2021-01-31')).toBe(first);
  expect(on('2021-02-01')).toBe(second);
  expect(on('2021-02-28')).toBe(second);
  expect(on('2021-03-01')).toBe(third);
  expect(on('2021-12-31')).toBe(third);
});
