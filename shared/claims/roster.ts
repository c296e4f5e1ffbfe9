import * as z from 'zod';
import { countPersonalNumbers, showsPersonalNumber } from '../access/personal-numbers.ts';
import { writtenText } from '../access/written-text.ts';
import { certificateSchema, MAX_LINES } from '../regulation/contract.ts';
import type { Edition } from '../regulation/edition.ts';
import { canonicalIdentityNumber } from '../regulation/identity-number.ts';
import type { RosterLine } from './line-record.ts';

const longestText = 200;

/** Texts that the contract leaves open still have to fit a stored item. */
function longTexts(value: unknown, path: PropertyKey[]): PropertyKey[][] {
  if (typeof value === 'string') return value.length > longestText ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    longTexts(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A line id stands in addresses and in everybody's lists: whoever numbers lines by persons shows them. */
function isOfPerson(id: string): boolean {
  const { identity, mobile } = countPersonalNumbers(id);
  return identity + mobile > 0;
}

/** A name of a person or occupation: nobody looks for anybody's number there, so nothing masks it. */
function nameText(most: number, tooLong: string): z.ZodString {
  return writtenText(most, tooLong).refine(
    (text) => !showsPersonalNumber(text),
    '此栏请勿填写身份证号、银行卡号或手机号',
  );
}

/**
 * A roster (学员花名册) as people put it in: the trainee lines of the contract without `statusVerified`, which only
 * shared records can make true. Wrong identity numbers and repeated people are no errors here: they become findings.
 */
export function rosterSchema(edition: Edition) {
  const line = z.strictObject({
    ...edition.schemas.traineeLine.omit({ statusVerified: true }).shape,
    id: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,40}$/, '行编号须为1至40位字母、数字、点、横线或下划线')
      .refine((id) => !isOfPerson(id), '行编号不能是身份证号或手机号，请改用序号等不涉及个人信息的编号')
      .describe('line id of the applicant; the same person keeps it through corrections'),
    name: nameText(50, '姓名不超过50字'),
    // Lengths count after what was pasted has become what is stored: one compatibility character may stand for 18.
    idNumber: z.string().overwrite(canonicalIdentityNumber).max(40, '身份证号码过长，请核对'),
    card: z.strictObject({ number: writtenText(40, '卡号过长，请核对'), activated: z.boolean() }).optional(),
    certificates: z
      .array(
        z.strictObject({
          ...certificateSchema.shape,
          number: writtenText(64, '证书编号过长，请核对'),
          occupation: nameText(60, '职业（工种）名称不超过60字').optional(),
        }),
      )
      .max(8, '每名学员最多填报8个证书'),
    claimedFen: z
      .int()
      .min(0)
      .max(100_000_000)
      .optional()
      .describe('subsidy as the roster column states it, in fen; the amount is computed all the same'),
  });
  return z.strictObject({
    lines: z
      .array(line)
      .min(1, '花名册至少应有1名学员')
      .max(MAX_LINES, `花名册最多${MAX_LINES}名学员，请分成几份申请`)
      .superRefine((lines, context) => {
        const first = new Map<string, number>();
        lines.forEach(({ id }, index) => {
          const earlier = first.get(id);
          if (earlier === undefined) first.set(id, index);
          else {
            const message = `行编号 ${id} 与第${earlier + 1}行重复，每名学员须有不同的行编号`;
            context.addIssue({ code: 'custom', path: [index, 'id'], message });
          }
        });
        for (const path of longTexts(lines, [])) {
          context.addIssue({ code: 'custom', path, message: `文字不超过${longestText}字` });
        }
      }),
  });
}

/** A line with its number (序号): its place in the roster for ever, whatever becomes of the lines around it. */
export interface NumberedLine {
  lineNo: number;
  line: RosterLine;
}

export interface NumberedRoster {
  /** in the order of their numbers */
  lines: NumberedLine[];
  /** numbers given to lines that this roster no longer has: a line that comes back gets its own again */
  retired: [lineId: string, lineNo: number][];
  nextLineNo: number;
}

/** The highest number a line can have: its sort key has four digits. */
export const highestLineNo = 9999;

/** Numbers the lines of a new roster: known ids keep theirs, new ones go on counting. */
export function numberLines(
  lines: readonly RosterLine[],
  known: ReadonlyMap<string, number>,
  nextLineNo: number,
): NumberedRoster {
  let next = nextLineNo;
  const numbered = lines.map((line): NumberedLine => {
    const kept = known.get(line.id);
    if (kept !== undefined) return { lineNo: kept, line };
    next += 1;
    return { lineNo: next - 1, line };
  });
  const present = new Set(lines.map(({ id }) => id));
  return {
    lines: numbered.toSorted((a, b) => a.lineNo - b.lineNo),
    retired: [...known].filter(([id]) => !present.has(id)),
    nextLineNo: next,
  };
}
