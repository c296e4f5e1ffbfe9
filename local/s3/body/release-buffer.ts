/**
 * Gives the memory of a piece of a body back at once, when the piece is done with. Bytes from a socket or a file lie
 * outside the JavaScript heap, where V8 lets some 50 MB of garbage pile up before it looks. A piece that shares its memory
 * with others is left alone.
 */
export function releaseBuffer(piece: Buffer): void {
  const { buffer } = piece;
  const alone = piece.byteOffset === 0 && piece.length === buffer.byteLength;
  if (alone && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
