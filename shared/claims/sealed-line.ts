import type { PersonalData } from '../access/personal-data.ts';
import { asRead } from '../access/written-text.ts';
import type { SharedRecord } from '../people/shared-record.ts';
import { canonicalIdentityNumber, maskIdentityNumber } from '../regulation/identity-number.ts';
import type { LineRecord, RosterLine } from './line-record.ts';
import type { NumberedLine } from './roster.ts';

/** A line of a stored roster: what was typed, with the person's numbers sealed, hashed and masked. */
export type RosterEntry = Pick<
  LineRecord,
  'lineNo' | 'lineId' | 'name' | 'personHash' | 'idMasked' | 'cardMasked' | 'declared' | 'sealed'
> & { claimedFen?: number };

/** Where the sealed numbers of a line belong: they open for this claim and line only. */
export interface SealedPlace {
  tenant: string;
  claimId: string;
}

function contextOf({ tenant, claimId }: SealedPlace, lineNo: number, field: string) {
  return { tenant, record: claimId, field: `LINE#${String(lineNo).padStart(4, '0')}.${field}` };
}

/** A number of a card or certificate fit to be read by others: its ends only, and of a short one nothing. */
export function maskNumber(number: string): string {
  if (number.length < 8) return '*'.repeat(number.length);
  return `${number.slice(0, 2)}${'*'.repeat(number.length - 4)}${number.slice(-2)}`;
}

/** White space out, the rest as it is read: what people paste is not always what is printed on the card. */
function canonicalNumber(number: string): string {
  return asRead(number).replace(/\s/gu, '');
}

/** Puts a line into the form in which it is stored. The identity number is made canonical first, so that it hashes alike. */
export async function sealLine(
  personal: PersonalData,
  place: SealedPlace,
  { lineNo, line }: NumberedLine,
): Promise<RosterEntry> {
  const { idNumber, card, certificates, claimedFen, ...rest } = line;
  const canonical = canonicalIdentityNumber(idNumber);
  const seal = async (field: string, value: string) => personal.seal(value, contextOf(place, lineNo, field));
  const cardNumber = card === undefined ? undefined : canonicalNumber(card.number);
  return {
    lineNo,
    lineId: line.id,
    name: line.name,
    personHash: await personal.hash(canonical),
    idMasked: maskIdentityNumber(canonical),
    declared: {
      ...rest,
      statusVerified: false,
      ...(card === undefined ? {} : { cardActivated: card.activated }),
      certificates: certificates.map(({ number, ...certificate }) => ({
        ...certificate,
        numberMasked: maskNumber(canonicalNumber(number)),
      })),
    },
    sealed: {
      idNumber: await seal('idNumber', canonical),
      certificates: await Promise.all(certificates.map(({ number }, at) => seal(`certificates[${at}]`, number))),
      ...(cardNumber === undefined ? {} : { card: await seal('card', cardNumber) }),
    },
    ...(cardNumber === undefined ? {} : { cardMasked: maskNumber(cardNumber) }),
    ...(claimedFen === undefined ? {} : { claimedFen }),
  };
}

/** The line in the clear, as the assessment reads it. Stays in memory. */
export async function openLine(personal: PersonalData, place: SealedPlace, entry: RosterEntry): Promise<RosterLine> {
  const { lineNo, declared, sealed } = entry;
  const open = async (field: string, value: string) => personal.open(value, contextOf(place, lineNo, field));
  const { cardActivated, certificates, statusVerified: _, ...rest } = declared;
  const numbers = await Promise.all(sealed.certificates.map((value, at) => open(`certificates[${at}]`, value)));
  return {
    ...rest,
    idNumber: await open('idNumber', sealed.idNumber),
    certificates: certificates.map(({ numberMasked: _masked, ...certificate }, at) => ({
      ...certificate,
      number: numbers[at] ?? '',
    })),
    ...(sealed.card === undefined || cardActivated === undefined
      ? {}
      : { card: { number: await open('card', sealed.card), activated: cardActivated } }),
  };
}

/**
 * What shared records say of a line's person as it was judged, sealed for the line: `{status, verifiedOn, source}`. An
 * appeal years later is judged by it, whatever was imported since. Undefined where they say nothing.
 */
export async function sealStatus(
  personal: PersonalData,
  place: SealedPlace,
  lineNo: number,
  record: SharedRecord | undefined,
): Promise<string | undefined> {
  if (record === undefined) return undefined;
  const { status, verifiedOn, source } = record;
  return personal.seal(JSON.stringify({ status, verifiedOn, source }), contextOf(place, lineNo, 'status'));
}

/** The number of the card to which a line is paid; undefined when the roster has none. For the bank file alone. */
export async function openCard(
  personal: PersonalData,
  place: SealedPlace,
  line: Pick<LineRecord, 'lineNo' | 'sealed'>,
): Promise<string | undefined> {
  const { card } = line.sealed;
  return card === undefined ? undefined : personal.open(card, contextOf(place, line.lineNo, 'card'));
}

/** A card number that takes the place of the roster's, in the form in which it is stored. */
export async function sealCard(
  personal: PersonalData,
  place: SealedPlace,
  lineNo: number,
  number: string,
): Promise<{ sealed: string; masked: string }> {
  const canonical = canonicalNumber(number);
  return {
    sealed: await personal.seal(canonical, contextOf(place, lineNo, 'card')),
    masked: maskNumber(canonical),
  };
}
