import * as z from 'zod';
import type { PersonalData } from '../access/personal-data.ts';
import type { CertificateStore, IssuedCertificate } from '../certificates/certificate.ts';
import { certificateNumber, lastSerial } from '../certificates/certificate-number.ts';
import { DomainError } from '../errors/domain-error.ts';
import { canonicalIdentityNumber, maskIdentityNumber } from '../regulation/identity-number.ts';
import type { Actor } from '../supervision/audit-chain.ts';
import { readItem, readMany, readPartition } from './read.ts';
import type { Key, Table } from './table.ts';
import { creation, transition, type WriteItem, writeAll } from './transition.ts';

const certificateSchema = z.object({
  number: z.string(),
  classId: z.string(),
  subject: z.string(),
  issuedOn: z.string(),
  name: z.string(),
  idMasked: z.string(),
});

const lettersSchema = z.object({
  version: z.number(),
  auditHead: z.string(),
  st: z.string(),
  letters: z.record(z.string(), z.string()),
});

const lettersKey: Key = { pk: 'SETTINGS', sk: 'CERTIFICATE-LETTERS' };
const counterKey = (letter: string, year: string): Key => ({
  pk: `CERTIFICATECOUNTER#${letter}#${year}`,
  sk: 'COUNTER',
});
const numberKey = (number: string): Key => ({ pk: `CERTIFICATENUMBER#${number}`, sk: 'META' });
const holderKey = (classId: string, personHash: string): Key => ({
  pk: `CLASS#${classId}`,
  sk: `CERTIFICATE#${personHash}`,
});

// Each certificate takes three writes, the counter one.
const perTransaction = 30;

type Order = Parameters<CertificateStore['issue']>[0];

/** Completion certificates in the table. The counter moves in the transaction that stores the numbers it gives. */
export function createCertificateTable(table: Table, personal: PersonalData): CertificateStore {
  const readLetters = async () => readItem(table, lettersKey, lettersSchema);

  const ofClass = async (classId: string): Promise<IssuedCertificate[]> => {
    const issued: IssuedCertificate[] = [];
    for await (const item of readPartition(table, `CLASS#${classId}`, 'CERTIFICATE#')) {
      issued.push(certificateSchema.parse(item));
    }
    return issued.toSorted((a, b) => (a.number < b.number ? -1 : 1));
  };

  const count = (key: Key, next: number, seen: number | undefined): WriteItem => ({
    Update: {
      TableName: table.name,
      Key: key,
      UpdateExpression: 'SET #last = :next, #type = :type',
      ConditionExpression: seen === undefined ? 'attribute_not_exists(pk)' : '#last = :seen',
      ExpressionAttributeNames: { '#last': 'last', '#type': 'type' },
      ExpressionAttributeValues: {
        ':next': next,
        ':type': 'certificate-counter',
        ...(seen === undefined ? {} : { ':seen': seen }),
      },
    },
  });

  /** Persons of the list who have no certificate of this class yet, each once. */
  const newcomers = async (order: Order) => {
    const people = new Map<string, { name: string; idMasked: string }>();
    for (const { name, idNumber } of order.trainees) {
      const canonical = canonicalIdentityNumber(idNumber);
      people.set(await personal.hash(canonical), { name, idMasked: maskIdentityNumber(canonical) });
    }
    const keys = [...people.keys()].map((hash) => holderKey(order.class.id, hash));
    for (const item of await readMany(table, keys)) people.delete(String(item['sk']).slice('CERTIFICATE#'.length));
    return [...people];
  };

  /** One attempt at the next group; refused when the counter or one of the persons has moved. */
  const issueGroup = async (order: Order, group: Awaited<ReturnType<typeof newcomers>>, by: Actor, at: Date) => {
    const year = order.issuedOn.slice(0, 4);
    const key = counterKey(order.letter, year);
    const counter = await readItem(table, key, z.object({ last: z.number() }));
    const last = counter?.last ?? 0;
    if (last + group.length > lastSerial) {
      throw new DomainError(
        'numbers-exhausted',
        `${year}年代码${order.letter}的证书编号只余${lastSerial - last}个，不足本次核发，请联系市人社保局。`,
      );
    }
    const writes = group.flatMap(([personHash, { name, idMasked }], index): WriteItem[] => {
      const number = certificateNumber(order.letter, Number(year), last + index + 1);
      const { id: classId, subject } = order.class;
      const content = { number, classId, subject, issuedOn: order.issuedOn, name, idMasked };
      const audit = { action: 'certificate-issued', by, at: at.toISOString(), facts: { number, classId } };
      const item = { ...numberKey(number), type: 'certificate', st: 'issued', ...content, personHash };
      return [
        ...creation(table, number, item, audit),
        {
          Put: {
            TableName: table.name,
            Item: { ...holderKey(classId, personHash), type: 'class-certificate', ...content },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
      ];
    });
    return writeAll(table, [...writes, count(key, last + group.length, counter?.last)]);
  };

  return {
    letters: async () => (await readLetters())?.letters ?? {},
    async setLetter(district, letter, by, at) {
      const stored = await readLetters();
      const letters = stored?.letters ?? {};
      if (letters[district] === letter) return letters;
      const taken = letters[district] !== undefined || Object.values(letters).includes(letter);
      if (taken)
        throw new DomainError(
          'already-exists',
          '该地区已有代码字母，或该字母已属于其他地区；已启用的字母不能更改（附件4）。',
        );
      const next = { ...letters, [district]: letter };
      const audit = { action: 'certificate-letter-set', by, at: at.toISOString(), facts: { district, letter } };
      const writes =
        stored === undefined
          ? creation(table, 'SETTINGS', { ...lettersKey, type: 'settings', st: 'set', letters: next }, audit)
          : transition(table, {
              chain: 'SETTINGS',
              entity: { key: lettersKey, ...stored },
              to: 'set',
              audit,
              set: { letters: next },
            });
      const result = await writeAll(table, writes);
      if (result.kind === 'refused')
        throw new DomainError('changed-meanwhile', '代码字母刚刚被他人更改，请刷新后重试。');
      return next;
    },
    async issue(order, by, at) {
      for (let tries = 0; tries < 50; tries += 1) {
        const group = (await newcomers(order)).slice(0, perTransaction);
        if (group.length === 0) return ofClass(order.class.id);
        const result = await issueGroup(order, group, by, at);
        if (result.kind === 'done') tries = 0;
      }
      throw new DomainError('changed-meanwhile', '同一地区正有多人同时核发证书，请稍后重试。');
    },
    ofClass,
    async check(number) {
      const found = await readItem(table, numberKey(number), certificateSchema);
      if (found === undefined) return undefined;
      // The first character of a name and its length: enough to compare with the paper in hand.
      const characters = Array.from(found.name);
      const holder = `${characters[0] ?? ''}${'*'.repeat(Math.max(1, characters.length - 1))}`;
      return { number, subject: found.subject, issuedOn: found.issuedOn, holder };
    },
  };
}
