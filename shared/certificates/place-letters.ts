import { actorOf } from '../access/actor.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { EditionRegistry } from '../regulation/editions/registry.ts';
import type { CertificateStore, PlaceLetters } from './certificate.ts';

export interface LetterDependencies {
  certificates: Pick<CertificateStore, 'setLetter'>;
  editions: EditionRegistry;
  clock: Clock;
}

/**
 * Sets a place's letter in certificate numbers (附件4). It may be corrected until the first number is issued under it.
 * @throws DomainError `validation-failed` for a place that no edition knows, `already-exists` for a letter that is
 *   another place's, or a place whose letter is in use
 */
export async function setPlaceLetter(
  deps: LetterDependencies,
  principal: Principal,
  district: string,
  letter: string,
): Promise<PlaceLetters> {
  const known = deps.editions.editions.flatMap(({ districts }) => districts);
  if (!known.some(({ code }) => code === district)) {
    const listed = [...new Map(known.map(({ code, name }) => [code, name]))].map(
      ([code, name]) => `${code}（${name}）`,
    );
    throw new DomainError('validation-failed', '没有这个编号的地区。', [
      { path: 'body.district', message: `没有编号为${district}的地区；现有：${listed.join('、')}` },
    ]);
  }
  return deps.certificates.setLetter(district, letter, actorOf(principal), deps.clock.now());
}
