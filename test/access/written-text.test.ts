import { describe, expect, test } from 'vitest';
import { asRead, comparable } from '../../shared/access/written-text.ts';
import { classContentSchema, filedTraineeSchema } from '../../shared/classes/class-filing.ts';
import { canonicalIdentityNumber } from '../../shared/regulation/identity-number.ts';

describe('texts as they are read', () => {
  test.each([
    ['茶\u200b艺\u2060师\u00ad', '茶艺师'],
    ['\uF9FE艺师', '茶艺师'],
    ['茶\uFE00艺\u{E0101}师', '茶艺师'],
    ['ＳＹＢ', 'SYB'],
    [' 数控\t车床\u0000 ', '数控车床'],
    ['\uD842茶', '茶'],
    ['阿卜杜·买买提', '阿卜杜·买买提'],
  ])('%j reads as %j', (text, read) => {
    expect(asRead(text)).toBe(read);
    expect(asRead(read)).toBe(read);
  });

  test('what tells things apart has neither white space nor hyphens of any kind', () => {
    expect(new Set(['s-001', 'S 001', 'Ｓ—001', 's\u200b‐0-0–1'].map(comparable))).toEqual(new Set(['S001']));
  });

  test.each([
    "'330302198503120015",
    '’330302198503120015',
    '330302\u202c198503120015\ufeff',
    '3\uFE0F30302198503120015',
  ])('the identity number %j is taken as it reads', (text) => {
    expect(canonicalIdentityNumber(text)).toBe('330302198503120015');
  });

  test('a class filing takes its subject and its trainees as they read', () => {
    expect(classContentSchema.shape.subject.parse('阀门\u200b装配 ')).toBe('阀门装配');
    const trainee = { name: '张\u200b三', idNumber: "'33030219850312001x" };
    expect(filedTraineeSchema.parse(trainee)).toEqual({ name: '张三', idNumber: '33030219850312001X' });
    expect(filedTraineeSchema.safeParse({ name: '\u200b', idNumber: '\u200b' }).error?.issues).toHaveLength(2);
  });
});
