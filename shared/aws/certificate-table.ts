import * as z from 'zod';
import type { Actor } from '../access/actor.ts';
import type { PersonalData } from '../access/personal-data.ts';
import type {
  CertificateCheck,
  CertificateRecord,
  CertificateStore,
  IssuedCertificate,
} from '../certificates/certificate.ts';
import { certificateNumber, lastSerial } from '../certificates/certificate-number.ts';
import { businessDate } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import { canonicalIdentityNumber, maskIdentityNumber } from '../regulation/identity-number.ts';
import { readItem, readMany, readPartition } from './read.ts';
import type { Item, Key, Table } from './table.ts';
import { creation, transition, type WriteItem, writeAll, writeAllOrThrow } from './transition.ts';

const certificateSchema = z.object({
  number: z.string(),
  classId: z.string(),
  subject: z.string(),
  issuedOn: z.string(),
  name: z.string(),
  idMasked: z.string(),
});

const recordSchema = z.object({
  ...certificateSchema.shape,
  st: z.enum(['issued', 'cancelled']),
  version: z.number(),
  auditHead: z.string(),
  personHash: z.string(),
  cancelledOn: z.string().optional(),
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
/** A class's certificates that hold, by their holder, and those that were cancelled, by their number. */
export const certificatePrefix = 'CERTIFICATE#';
export const cancelledCertificatePrefix = 'CANCELLEDCERTIFICATE#';

export const certificateNumberKey = (number: string): Key => ({ pk: `CERTIFICATENUMBER#${number}`, sk: 'META' });
const holderKey = (classId: string, personHash: string): Key => ({
  pk: `CLASS#${classId}`,
  sk: `${certificatePrefix}${personHash}`,
});

const cancelledKey = (classId: string, number: string): Key => ({
  pk: `CLASS#${classId}`,
  sk: `${cancelledCertificatePrefix}${number}`,
});

// Each certificate takes three writes, the counter one, the first number of a year one more.
const perTransaction = 30;

/** The first year of numbers (附件4). */
const firstYear = 2020;

type Order = Parameters<CertificateStore['issue']>[0];

/** Completion certificates in the table. The counter moves in the transaction that stores the numbers it gives. */
export function createCertificateTable(table: Table, personal: PersonalData): CertificateStore {
  const readLetters = async () => readItem(table, lettersKey, lettersSchema);

  const byNumber = (items: readonly Item[]): IssuedCertificate[] =>
    items.map((item) => certificateSchema.parse(item)).toSorted((a, b) => (a.number < b.number ? -1 : 1));

  const ofClass = async (classId: string): Promise<IssuedCertificate[]> => {
    const items: Item[] = [];
    for await (const item of readPartition(table, `CLASS#${classId}`, certificatePrefix)) items.push(item);
    return byNumber(items);
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

  /** The persons of a list by their hash, each once. */
  const peopleOf = async ({ trainees }: Order) => {
    const people = new Map<string, { name: string; idMasked: string }>();
    for (const { name, idNumber } of trainees) {
      const canonical = canonicalIdentityNumber(idNumber);
      people.set(await personal.hash(canonical), { name, idMasked: maskIdentityNumber(canonical) });
    }
    return people;
  };
  type People = Awaited<ReturnType<typeof peopleOf>>;

  const heldBy = async (classId: string, people: People) =>
    readMany(
      table,
      [...people.keys()].map((hash) => holderKey(classId, hash)),
    );

  /** Persons who have no certificate of this class yet. */
  const newcomers = async ({ class: { id } }: Order, people: People) => {
    const held = new Set((await heldBy(id, people)).map((item) => String(item['sk']).slice(certificatePrefix.length)));
    return [...people].filter(([hash]) => !held.has(hash));
  };

  // Nobody changes the letter of a place whose numbers are counted: only with the first number of a year could it have
  // changed meanwhile.
  const letterStands = ({ class: { district }, letter }: Order): WriteItem => ({
    ConditionCheck: {
      TableName: table.name,
      Key: lettersKey,
      ConditionExpression: 'letters.#district = :letter',
      ExpressionAttributeNames: { '#district': district },
      ExpressionAttributeValues: { ':letter': letter },
    },
  });

  /** One attempt at the next group; refused when the counter or one of the persons has moved. */
  const issueGroup = async (order: Order, waiting: Awaited<ReturnType<typeof newcomers>>, by: Actor, at: Date) => {
    const group = waiting.slice(0, perTransaction);
    const year = order.issuedOn.slice(0, 4);
    const key = counterKey(order.letter, year);
    const counter = await readItem(table, key, z.object({ last: z.number() }));
    const last = counter?.last ?? 0;
    if (last + waiting.length > lastSerial) {
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
      const item = {
        ...certificateNumberKey(number),
        type: 'certificate',
        st: 'issued',
        ...content,
        issuedBy: by,
        personHash,
      };
      return [
        ...creation(table, number, item, audit),
        {
          Put: {
            TableName: table.name,
            Item: { ...holderKey(classId, personHash), type: 'class-certificate', ...content, issuedBy: by },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
      ];
    });
    const first = counter === undefined ? [letterStands(order)] : [];
    return writeAll(table, [...writes, count(key, last + group.length, counter?.last), ...first]);
  };

  const find = async (number: string): Promise<CertificateRecord | undefined> =>
    readItem(table, certificateNumberKey(number), recordSchema);

  const checkOf = ({ number, subject, issuedOn, name, cancelledOn }: CertificateRecord): CertificateCheck => {
    // The first character of a name and its length: enough to compare with the paper in hand.
    const characters = Array.from(name);
    const holder = `${characters[0] ?? ''}${'*'.repeat(Math.max(1, characters.length - 1))}`;
    return { number, subject, issuedOn, holder, ...(cancelledOn === undefined ? {} : { cancelledOn }) };
  };

  /** The letter counts no number in any year, nor will when the year turns while this is written. */
  const isUnused = (letter: string, at: Date): WriteItem[] => {
    const years = Number(businessDate(at).slice(0, 4)) + 2 - firstYear;
    return Array.from({ length: years }, (_, n) => ({
      ConditionCheck: {
        TableName: table.name,
        Key: counterKey(letter, String(firstYear + n)),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    }));
  };

  return {
    letters: async () => (await readLetters())?.letters ?? {},
    async setLetter(district, letter, by, at) {
      const stored = await readLetters();
      const letters = stored?.letters ?? {};
      if (letters[district] === letter) return letters;
      const owner = Object.keys(letters).find((other) => letters[other] === letter);
      if (owner !== undefined)
        throw new DomainError('already-exists', `字母${letter}已属于其他地区（${owner}），请另选字母（附件4）。`);
      const before = letters[district];
      const next = { ...letters, [district]: letter };
      const facts = { district, letter, ...(before === undefined ? {} : { before }) };
      const audit = { action: 'certificate-letter-set', by, at: at.toISOString(), facts };
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
      const unused = before === undefined ? [] : isUnused(before, at);
      const result = await writeAll(table, [...writes, ...unused]);
      if (result.kind === 'done') return next;
      const isMoved = writes.some((_, index) => result.failed.has(index));
      if (isMoved) throw new DomainError('changed-meanwhile', '代码字母刚刚被他人更改，请刷新后重试。');
      throw new DomainError('already-exists', `该地区已用字母${before}核发过证书，不能再更改（附件4）。`);
    },
    async issue(order, by, at) {
      const people = await peopleOf(order);
      for (let tries = 0; tries < 50; tries += 1) {
        const waiting = await newcomers(order, people);
        if (waiting.length === 0) return byNumber(await heldBy(order.class.id, people));
        const result = await issueGroup(order, waiting, by, at);
        if (result.kind === 'done') tries = 0;
      }
      throw new DomainError('changed-meanwhile', '同一地区正有多人同时核发证书，请稍后重试。');
    },
    ofClass,
    find,
    async cancel(certificate, reason, by, at) {
      const { number, classId, subject, issuedOn, name, idMasked, personHash } = certificate;
      const cancelledOn = businessDate(at);
      const audit = { action: 'certificate-cancelled', by, at: at.toISOString(), reason, facts: { number, classId } };
      const entity = { key: certificateNumberKey(number), ...certificate };
      const set = { cancelledOn, cancelledBy: by, reason };
      const content = { number, classId, subject, issuedOn, name, idMasked, cancelledOn, cancelledBy: by, reason };
      await writeAllOrThrow(table, [
        ...transition(table, { chain: number, entity, to: 'cancelled', audit, set }),
        {
          Delete: {
            TableName: table.name,
            Key: holderKey(classId, personHash),
            ConditionExpression: '#number = :number',
            ExpressionAttributeNames: { '#number': 'number' },
            ExpressionAttributeValues: { ':number': number },
          },
        },
        {
          Put: {
            TableName: table.name,
            Item: { ...cancelledKey(classId, number), type: 'cancelled-certificate', ...content },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
      ]);
      return checkOf({ ...certificate, cancelledOn });
    },
    async check(number) {
      const found = await find(number);
      return found === undefined ? undefined : checkOf(found);
    },
  };
}
