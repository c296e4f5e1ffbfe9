import * as z from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorityName } from './authority-name.ts';
import { periodRuleSchema } from './notice-period.ts';

const line = (max: number) => z.string().trim().min(1).max(max);

/** Where objections are received by letter, phone and visit (受理单位). */
export const contactSchema = z.strictObject({
  office: line(100).describe('受理单位（科室）'),
  address: line(200).describe('地址'),
  postcode: z.string().regex(/^\d{6}$/, '邮政编码应为6位数字'),
  phone: line(60).describe('电话'),
  hours: line(100).describe('受理时间'),
});

/** What an authority decides of its own notices. */
export const noticeSettingsSchema = z.strictObject({
  /** As the notice is signed. */
  authorityName: line(100),
  contact: contactSchema,
  /** 监督电话: of the discipline inspection body or the finance department (纪检/财政). */
  supervisionPhone: line(60).optional(),
  period: periodRuleSchema,
  /** For claims of individuals: P1 masked names and numbers, P2 full names and no numbers. Units are always P0. */
  personProfile: z.enum(['P1', 'P2']),
  /** How many days after the notice has ended its personal annex stays up. */
  annexVisibleDays: z.int().min(0).max(365),
});
export type NoticeSettings = z.infer<typeof noticeSettingsSchema>;

/** Keeps the settings of authorities; an authority that has set none has none. */
export interface NoticeSettingsStore {
  find(authorityId: string): Promise<NoticeSettings | undefined>;
  put(authorityId: string, settings: NoticeSettings, act: { by: Actor; at: Date }): Promise<void>;
}

/**
 * The settings of an authority that has set none: the edition's working days with the first day not counted, the
 * strictest personal profile, and the public service line of the field (12333) with the city's postcode. It keeps a
 * notice lawful and reachable; an office's own address and phone should be set before the first real notice.
 */
export function defaultNoticeSettings(authorityId: string, workingDays: number): NoticeSettings {
  const name = authorityName(authorityId);
  return {
    authorityName: name,
    contact: {
      office: name,
      address: `${name}（具体地址以本单位官方网站公布的为准）`,
      postcode: '325000',
      phone: '0577-12333',
      hours: '工作日 8:30—12:00、14:00—17:30',
    },
    period: { days: workingDays, unit: 'working', firstDayCounts: false },
    personProfile: 'P1',
    annexVisibleDays: 30,
  };
}
