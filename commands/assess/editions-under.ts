import { withParameters } from '../../shared/regulation/edition.ts';
import type { EditionRegistry } from '../../shared/regulation/editions/registry.ts';
import { EDITIONS, editionRegistry } from '../../shared/regulation/editions/registry.ts';
import { setParameter } from '../../shared/regulation/parameters.ts';

/** Every edition under the choices that `name=value` texts set, or in Chinese what is wrong with one of the texts. */
export function editionsUnder(texts: readonly string[]): EditionRegistry | string {
  const editions = [];
  for (const edition of EDITIONS.editions) {
    let { parameters } = edition;
    for (const text of texts) {
      const setting = setParameter(parameters, text);
      if (!setting.ok) return setting.message;
      parameters = setting.parameters;
    }
    editions.push(texts.length === 0 ? edition : withParameters(edition, parameters));
  }
  return editionRegistry(editions);
}
