/**
 * A bit-reflected CRC of up to 64 bits with initial value and final XOR of all ones: the family that S3 uses.
 * The register is kept as two 32-bit halves, because BigInt arithmetic per byte would be a hundred times slower.
 */
export interface CrcParameters {
  /** Register width: 32 or 64. */
  readonly width: 32 | 64;
  /** The reflected generator polynomial. */
  readonly polynomial: bigint;
}

/** Castagnoli. */
export const CRC32C: CrcParameters = { width: 32, polynomial: 0x82f63b78n };
/** The CRC of the NVM Express specification. */
export const CRC64NVME: CrcParameters = { width: 64, polynomial: 0x9a6c9329ac4bc9b5n };
/** ISO-HDLC, as in zip and Ethernet. */
export const CRC32: CrcParameters = { width: 32, polynomial: 0xedb88320n };

interface Table {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

const tables = new Map<CrcParameters, Table>();

function tableOf(parameters: CrcParameters): Table {
  const known = tables.get(parameters);
  if (known !== undefined) return known;
  const table: Table = { high: new Int32Array(256), low: new Int32Array(256) };
  for (let index = 0; index < 256; index += 1) {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit += 1)
      value = (value & 1n) === 1n ? (value >> 1n) ^ parameters.polynomial : value >> 1n;
    table.low[index] = Number(BigInt.asIntN(32, value));
    table.high[index] = Number(BigInt.asIntN(32, value >> 32n));
  }
  tables.set(parameters, table);
  return table;
}

export class ReflectedCrc {
  readonly #parameters: CrcParameters;
  readonly #table: Table;
  #high: number;
  #low = -1;

  constructor(parameters: CrcParameters) {
    this.#parameters = parameters;
    this.#table = tableOf(parameters);
    this.#high = parameters.width === 64 ? -1 : 0;
  }

  update(data: Uint8Array): void {
    const tableLow = this.#table.low;
    let low = this.#low;
    if (this.#parameters.width === 32) {
      for (let index = 0; index < data.length; index += 1) {
        low = (low >>> 8) ^ (tableLow[(low ^ (data[index] as number)) & 0xff] as number);
      }
    } else {
      const tableHigh = this.#table.high;
      let high = this.#high;
      for (let index = 0; index < data.length; index += 1) {
        const entry = (low ^ (data[index] as number)) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (tableLow[entry] as number);
        high = (high >>> 8) ^ (tableHigh[entry] as number);
      }
      this.#high = high;
    }
    this.#low = low;
  }

  /** The checksum, big-endian. */
  digest(): Buffer {
    const bytes = Buffer.alloc(this.#parameters.width / 8);
    bytes.writeInt32BE(~this.#low, bytes.length - 4);
    if (this.#parameters.width === 64) bytes.writeInt32BE(~this.#high, 0);
    return bytes;
  }
}
