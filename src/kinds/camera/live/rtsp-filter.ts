/** What a camera said that its reader must not hear; the message is a clause for the camera's owner. */
export class RtspRefused extends Error {}

/** RFC 2326: a `$`, the channel, and the length of what follows. */
const frameHead = 4;
const dollar = 0x24;
const mostHead = 64 * 1024;
const mostBody = 1024 * 1024;
/** FFmpeg takes what is shorter for no packet, and what is in it for text. */
const leastPacket = 8;

/**
 * Reads what a camera sends before FFmpeg does, which would follow a redirect to any address of any network. Answers are
 * written anew from what was read of them, so that the two cannot understand them differently; what is neither an answer
 * nor a packet ends the connection, as does a redirect.
 */
export class RtspFilter {
  /** Of the last answer; 0 before the first. */
  lastStatus = 0;
  #rest: Buffer = Buffer.alloc(0);

  /**
   * @returns what may be passed on
   * @throws RtspRefused
   */
  push(chunk: Buffer): Buffer {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const passed: Buffer[] = [];
    for (let next = this.#take(); next; next = this.#take()) passed.push(next);
    return Buffer.concat(passed);
  }

  /** The next whole message; undefined where more has to come first. */
  #take(): Buffer | undefined {
    const rest = this.#rest;
    if (rest.length < frameHead) return undefined;
    return rest[0] === dollar ? this.#takePacket(rest) : this.#takeAnswer(rest);
  }

  #takePacket(rest: Buffer): Buffer | undefined {
    const length = rest.readUInt16BE(2);
    if (rest.length < frameHead + length) return undefined;
    this.#rest = rest.subarray(frameHead + length);
    return length < leastPacket ? Buffer.alloc(0) : rest.subarray(0, frameHead + length);
  }

  #takeAnswer(rest: Buffer): Buffer | undefined {
    const head = headOf(rest);
    if (head === undefined) {
      if (rest.length > mostHead) throw new RtspRefused('it answers with something else than RTSP');
      return undefined;
    }
    const { status, reason, headers } = readHead(head.text);
    const length = lengthOf(headers);
    if (rest.length < head.end + length) return undefined;
    this.#rest = rest.subarray(head.end + length);
    // A request to its reader: there is none that would have to be answered.
    if (status === undefined) return Buffer.alloc(0);
    if (status >= 300 && status < 400)
      throw new RtspRefused('it sends its readers to another address; give that address instead');
    this.lastStatus = status;
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.concat([
      Buffer.from(`RTSP/1.0 ${status} ${reason}\r\n${lines.join('')}\r\n`, 'latin1'),
      rest.subarray(head.end, head.end + length),
    ]);
  }
}

/** Up to the empty line. FFmpeg takes a lone line feed for the end of a line, too. */
function headOf(rest: Buffer): { text: string; end: number } | undefined {
  for (let at = rest.indexOf(0x0a); at >= 0; at = rest.indexOf(0x0a, at + 1)) {
    const after = rest[at + 1] === 0x0d ? at + 2 : at + 1;
    if (rest[after] === 0x0a) return { text: rest.toString('latin1', 0, after + 1), end: after + 1 };
    if (at > mostHead) return undefined;
  }
  return undefined;
}

function readHead(text: string) {
  const [first = '', ...lines] = text.split(/\r?\n/);
  const [, code, reason = ''] = /^RTSP\/[12]\.\d ([1-5]\d{2})(?: ([\x20-\x7e]{0,100}))?/.exec(first) ?? [];
  const isRequest = /^[A-Z_]{3,20} \S+ RTSP\/[12]\.\d$/.test(first);
  if (code === undefined && !isRequest) throw new RtspRefused('it answers with something else than RTSP');
  const headers = lines
    .filter((line) => line !== '')
    .map((line) => {
      const [, name, value = ''] = /^([A-Za-z0-9-]{1,100}):[ \t]*([^\r\n\0]*)$/.exec(line) ?? [];
      if (name === undefined) throw new RtspRefused('it answers with something else than RTSP');
      return [name, value] as const;
    });
  return { status: code === undefined ? undefined : Number(code), reason, headers };
}

function lengthOf(headers: readonly (readonly [string, string])[]): number {
  const lengths = headers.filter(([name]) => name.toLowerCase() === 'content-length');
  if (lengths.length === 0) return 0;
  const length =
    lengths.length === 1 && /^\d{1,7}$/.test(lengths[0]?.[1] ?? '') ? Number(lengths[0]?.[1]) : mostBody + 1;
  if (length > mostBody) throw new RtspRefused('it answers with something else than RTSP');
  return length;
}
