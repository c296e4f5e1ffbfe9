/** Where a sealed value belongs; it opens only in the same place, so a copied ciphertext is worthless. */
export interface SealContext {
  tenant: string;
  /** The record it is part of, such as a claim's id. */
  record: string;
  /** The field, such as `LINE#0001.idNumber`. */
  field: string;
}

/**
 * Protects identity, card and phone numbers (个人信息保护法): a keyed hash to find equal numbers by, sealed values to
 * show to those who must see them. Numbers are canonical before they come here.
 */
export interface PersonalData {
  /** Keyed hash (HMAC-SHA256, hex) of a canonical number; equal numbers give equal hashes. */
  hash(number: string): Promise<string>;
  seal(value: string, context: SealContext): Promise<string>;
  /** @throws Error when the value was sealed for another place or altered. */
  open(sealed: string, context: SealContext): Promise<string>;
}
