/** Bytes that come one after the other; the memory grows with what has come. */
export class ByteSink {
  #bytes = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(byte: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = byte;
  }

  append(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    larger.set(this.bytes);
    this.#bytes = larger;
  }
}

/** Bytes from hexadecimal digits, whatever stands between them. */
export class HexSink extends ByteSink {
  #half: number | null = null;

  digit(code: number): void {
    const value = hexValue(code);
    if (value < 0) return;
    if (this.#half === null) {
      this.#half = value;
      return;
    }
    this.push(this.#half * 16 + value);
    this.#half = null;
  }

  /** A digit without a second one counts as if a zero followed. */
  end(): void {
    if (this.#half !== null) this.push(this.#half * 16);
    this.#half = null;
  }

  override append(bytes: Uint8Array): void {
    this.#half = null;
    super.append(bytes);
  }

  copy(): HexSink {
    const copied = new HexSink();
    copied.append(this.bytes);
    copied.#half = this.#half;
    return copied;
  }
}

/** −1 for what is no hexadecimal digit. */
export function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
