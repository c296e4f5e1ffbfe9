import { describe, expect, test } from 'vitest';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { maskNumber, openCard, openLine, sealLine } from '../../shared/claims/sealed-line.ts';
import { projectLine } from '../support/claim-world.ts';

const personal = createPersonalData(ephemeralKeyring());
const place = { tenant: 'ent-aoke', claimId: 'C1' };
const line = { ...projectLine(5), card: { number: '6217 0012 3456 7890', activated: false }, claimedFen: 100 };

describe('sealed lines', () => {
  test('what was typed comes out again: the identity number canonical, the rest as it was', async () => {
    const typed = { ...line, idNumber: ` ${line.idNumber.slice(0, 6)} ${line.idNumber.slice(6)}` };
    const entry = await sealLine(personal, place, { lineNo: 5, line: typed });
    const { claimedFen, ...facts } = line;
    expect(await openLine(personal, place, entry)).toEqual({
      ...facts,
      card: { number: '6217001234567890', activated: false },
    });
    expect(entry.claimedFen).toBe(claimedFen);
    expect(await openCard(personal, place, entry)).toBe('6217001234567890');
    expect(JSON.stringify(entry)).not.toMatch(/\d{15}/);
  });

  test('a line without a card has none', async () => {
    const entry = await sealLine(personal, place, { lineNo: 1, line: projectLine(1) });
    expect([entry.cardMasked, await openCard(personal, place, entry)]).toEqual([undefined, undefined]);
  });

  test('numbers open in their own claim and line only', async () => {
    const entry = await sealLine(personal, place, { lineNo: 5, line });
    await expect(openLine(personal, { ...place, claimId: 'C2' }, entry)).rejects.toThrow('unable to authenticate');
    await expect(openLine(personal, { ...place, tenant: 'ent-bohai' }, entry)).rejects.toThrow(
      'unable to authenticate',
    );
    await expect(openLine(personal, place, { ...entry, lineNo: 6 })).rejects.toThrow('unable to authenticate');
    const swapped = { ...entry, sealed: { ...entry.sealed, idNumber: entry.sealed.card ?? '' } };
    await expect(openLine(personal, place, swapped)).rejects.toThrow('unable to authenticate');
  });

  test.each([
    ['', ''],
    ['1234567', '*******'],
    ['12345678', '12****78'],
    ['温AP2100001', '温A******01'],
  ])('%s is shown as %s', (number, shown) => expect(maskNumber(number)).toBe(shown));
});
