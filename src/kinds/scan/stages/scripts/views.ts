import type { StageFinding } from '../../analysis/findings.ts';
import { plainText } from '../../text/plain-text.ts';
import type { ReadText } from '../../text/read-text.ts';

/** What a pattern matched, and where, if that is a place in the file itself. */
export interface Match {
  evidence: string;
  offset?: number;
}

const CONTEXT_BEFORE = 16;
const EVIDENCE = 200;

/** A script as it stands in the file, and with what it hides made readable; both are searched. */
export class Views {
  readonly read: ReadText;
  readonly #from: number;
  readonly #found = new Map<RegExp, Match | undefined>();
  #plain: string | undefined;
  /** The part of the file that is looked at, as it stands. */
  readonly text: string;

  /** @param part where the text begins and ends within the file, for a script within a page */
  constructor(read: ReadText, part: { from: number; to: number } = { from: 0, to: read.text.length }) {
    this.read = read;
    this.#from = part.from;
    this.text = read.text.slice(part.from, part.to);
  }

  get plain(): string {
    this.#plain ??= plainText(this.text);
    return this.#plain;
  }

  find(pattern: RegExp): Match | undefined {
    if (!this.#found.has(pattern)) this.#found.set(pattern, this.#search(pattern));
    return this.#found.get(pattern);
  }

  has(...patterns: readonly RegExp[]): boolean {
    return patterns.every((pattern) => this.find(pattern) !== undefined);
  }

  /**
   * The first line with a program and arguments that fit, whatever their order. Lines are looked at once each, however
   * often the program's name is in them.
   * @param program global
   */
  findCommand(program: RegExp, args: readonly RegExp[]): Match | undefined {
    const direct = firstCommand(this.text, program, args);
    if (direct) {
      const from = this.#from + direct.index;
      return {
        evidence: this.read.quote(from, from + Math.min(EVIDENCE, direct.line.length)),
        offset: this.read.offsetOf(from),
      };
    }
    const hidden = firstCommand(this.plain, program, args);
    return hidden && { evidence: `decoded: ${hidden.line.slice(0, EVIDENCE)}` };
  }

  #search(pattern: RegExp): Match | undefined {
    const direct = pattern.exec(this.text);
    if (direct) {
      const from = this.#from + Math.max(0, direct.index - CONTEXT_BEFORE);
      const to = Math.min(this.#from + this.text.length, from + EVIDENCE);
      return { evidence: this.read.quote(from, to), offset: this.read.offsetOf(this.#from + direct.index) };
    }
    const hidden = this.plain === this.text ? null : pattern.exec(this.plain);
    if (!hidden) return undefined;
    const from = Math.max(0, hidden.index - CONTEXT_BEFORE);
    return { evidence: `decoded: ${this.plain.slice(from, from + EVIDENCE)}` };
  }
}

const LINE = 2000;
const MAX_COMMANDS = 5000;

function firstCommand(text: string, program: RegExp, args: readonly RegExp[]) {
  program.lastIndex = 0;
  for (let count = 0; count < MAX_COMMANDS; count++) {
    const match = program.exec(text);
    if (!match) break;
    const line = text.slice(match.index, match.index + LINE).split(/[\r\n]/, 1)[0] as string;
    const end = match.index + line.length;
    if (args.every((pattern) => pattern.test(line))) return { index: match.index, line };
    program.lastIndex = Math.max(end, match.index + 1);
  }
  return undefined;
}

export function finding(id: string, match: Match): StageFinding {
  return { id, evidence: match.evidence, ...(match.offset !== undefined && { offset: match.offset }) };
}
