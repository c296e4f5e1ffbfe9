import * as z from 'zod';
import { DomainError } from '../errors/domain-error.ts';

/** The version that somebody has read and now decides on: every officer's word on a filing or a claim names it. */
export const readVersion = z
  .int('请填写所查看内容的版本号（version）')
  .min(1)
  .describe('the `version` that was read; when it is no longer the current one: 409 changed-meanwhile');

/**
 * Nobody decides on what he has not seen. The write that follows holds only for the same version.
 * @throws DomainError `changed-meanwhile`
 */
export function demandAsRead({ version }: { version: number }, read: number): void {
  if (version === read) return;
  throw new DomainError('changed-meanwhile', '您查看之后，内容已被更新。请刷新并核对最新内容，再作出决定。');
}
