import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { PdfDict, PdfName, PdfString, type PdfValue } from './values.ts';

type Method = 'none' | 'rc4' | 'aes128' | 'aes256';

const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');

/** Takes the encryption of ISO 32000, 7.6 away. */
export class PdfCrypt {
  readonly #key: Buffer;
  readonly #strings: Method;
  readonly #streams: Method;
  readonly metadataToo: boolean;

  private constructor(key: Buffer, strings: Method, streams: Method, metadataToo: boolean) {
    this.#key = key;
    this.#strings = strings;
    this.#streams = streams;
    this.metadataToo = metadataToo;
  }

  /**
   * @param dict with its references resolved
   * @returns null where it needs another password, a certificate or a service
   */
  static open(dict: PdfDict, id: Buffer, password: string): PdfCrypt | null {
    const filter = dict.get('Filter');
    if (filter instanceof PdfName && filter.name !== 'Standard') return null;
    const metadataToo = dict.get('EncryptMetadata') !== false;
    const key =
      Number(dict.get('R')) >= 5 ? longKey(dict, password) : shortKey(dict, id, metadataToo, password);
    if (!key) return null;
    return new PdfCrypt(key, methodOf(dict, 'StrF'), methodOf(dict, 'StmF'), metadataToo);
  }

  string(bytes: string, number: number, generation: number): string {
    return this.#decrypt(Buffer.from(bytes, 'latin1'), number, generation, this.#strings).toString('latin1');
  }

  stream(bytes: Uint8Array, number: number, generation: number): Uint8Array {
    return this.#decrypt(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      number,
      generation,
      this.#streams,
    );
  }

  #decrypt(bytes: Buffer, number: number, generation: number, method: Method): Buffer {
    if (method === 'none') return bytes;
    if (method === 'aes256') return aesCbc(this.#key, bytes);
    const place = Buffer.from(
      [number, number >> 8, number >> 16, generation, generation >> 8].map((byte) => byte & 0xff),
    );
    const salt = method === 'aes128' ? Buffer.from('sAlT') : Buffer.alloc(0);
    const key = md5(this.#key, place, salt).subarray(0, Math.min(16, this.#key.length + 5));
    return method === 'aes128' ? aesCbc(key, bytes) : rc4(key, bytes);
  }
}

function methodOf(dict: PdfDict, which: 'StrF' | 'StmF'): Method {
  if (Number(dict.get('V')) < 4) return 'rc4';
  const name = dict.get(which);
  const filters = dict.get('CF');
  const filter = filters instanceof PdfDict && name instanceof PdfName ? filters.get(name.name) : null;
  const method = filter instanceof PdfDict ? filter.get('CFM') : null;
  const word = method instanceof PdfName ? method.name : 'None';
  const known: Record<string, Method> = { V2: 'rc4', AESV2: 'aes128', AESV3: 'aes256' };
  return known[word] ?? 'none';
}

function bytesOf(value: PdfValue): Buffer {
  return Buffer.from(value instanceof PdfString ? value.bytes : '', 'latin1');
}

/** Revisions 2 to 4: MD5, and RC4 even where the contents are by AES. */
function shortKey(dict: PdfDict, id: Buffer, metadataToo: boolean, password: string): Buffer | null {
  const revision = Number(dict.get('R'));
  const stated = Number(dict.get('Length')) || 40;
  const version = Number(dict.get('V'));
  const length =
    version === 1 || revision === 2 ? 5 : version === 4 ? 16 : Math.min(16, Math.max(5, stated >> 3));
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(Number(dict.get('P')) | 0);
  const padded = Buffer.concat([Buffer.from(password, 'latin1'), padding]).subarray(0, 32);
  const owner = bytesOf(dict.get('O')).subarray(0, 32);
  const extra = revision >= 4 && !metadataToo ? Buffer.alloc(4, 0xff) : Buffer.alloc(0);
  let key = md5(padded, owner, permissions, id, extra).subarray(0, length);
  if (revision >= 3) for (let round = 0; round < 50; round++) key = md5(key).subarray(0, length);
  const user = bytesOf(dict.get('U'));
  let expected: Buffer = padding;
  if (revision >= 3) expected = md5(padding, id);
  for (let round = 0; round < (revision >= 3 ? 20 : 1); round++)
    expected = rc4(
      key.map((byte) => byte ^ round),
      expected,
    );
  return expected.length > 0 && user.subarray(0, expected.length).equals(expected) ? key : null;
}

/** Revisions 5 and 6: SHA-2, and the key itself encrypted with what comes of the password. */
function longKey(dict: PdfDict, password: string): Buffer | null {
  const user = bytesOf(dict.get('U'));
  const secret = Buffer.from(password, 'utf8').subarray(0, 127);
  const hash = Number(dict.get('R')) >= 6 ? hardHash : (salted: Buffer) => sha(256, salted);
  if (user.length < 48) return null;
  if (!hash(Buffer.concat([secret, user.subarray(32, 40)]), secret).equals(user.subarray(0, 32))) return null;
  const between = hash(Buffer.concat([secret, user.subarray(40, 48)]), secret);
  const wrapped = bytesOf(dict.get('UE')).subarray(0, 32);
  if (wrapped.length < 32) return null;
  const decipher = createDecipheriv('aes-256-cbc', between, Buffer.alloc(16)).setAutoPadding(false);
  return Buffer.concat([decipher.update(wrapped), decipher.final()]);
}

/** Algorithm 2.B of ISO 32000-2: at least 64 rounds, and on until the last byte allows to end. */
function hardHash(salted: Buffer, secret: Buffer): Buffer {
  let key = sha(256, salted);
  for (let round = 0, last = 0; round < 64 || last > round - 32; round++) {
    const once = Buffer.concat([secret, key]);
    const repeated = Buffer.concat(Array.from({ length: 64 }, () => once));
    const cipher = createCipheriv('aes-128-cbc', key.subarray(0, 16), key.subarray(16, 32)).setAutoPadding(
      false,
    );
    const encrypted = cipher.update(repeated);
    const rest = encrypted.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3;
    key = sha(([256, 384, 512] as const)[rest] as 256, encrypted);
    last = encrypted.at(-1) as number;
  }
  return key.subarray(0, 32);
}

function sha(bits: 256 | 384 | 512, bytes: Buffer): Buffer {
  return createHash(`sha${bits}`).update(bytes).digest();
}

function md5(...parts: Buffer[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest();
}

/** The first block is where it begins; what doesn't end as it should is given as it is. */
function aesCbc(key: Buffer, bytes: Buffer): Buffer {
  const whole = bytes.subarray(16, 16 + ((bytes.length - 16) & ~15));
  if (bytes.length < 32) return Buffer.alloc(0);
  const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, bytes.subarray(0, 16)).setAutoPadding(
    false,
  );
  const plain = Buffer.concat([decipher.update(whole), decipher.final()]);
  const padded = plain.at(-1) as number;
  return padded >= 1 && padded <= 16 ? plain.subarray(0, plain.length - padded) : plain;
}

/** OpenSSL 3 no longer has it. */
function rc4(key: Uint8Array, bytes: Uint8Array): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const swap = (a: number, b: number) => {
    const kept = state[a] as number;
    state[a] = state[b] as number;
    state[b] = kept;
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + (state[i] as number) + (key[i % key.length] as number)) & 0xff;
    swap(i, j);
  }
  const out = Buffer.alloc(bytes.length);
  for (let at = 0, i = 0, j = 0; at < bytes.length; at++) {
    i = (i + 1) & 0xff;
    j = (j + (state[i] as number)) & 0xff;
    swap(i, j);
    out[at] = (bytes[at] as number) ^ (state[((state[i] as number) + (state[j] as number)) & 0xff] as number);
  }
  return out;
}
