/** The file or URL cannot be opened for ranged reading; the message says why, fit for a terminal. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
}
