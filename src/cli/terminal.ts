import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a command writes: answers on stdout, everything else on stderr. */
export interface Terminal {
  /** One JSON document on stdout instead of text. */
  readonly json: boolean;
  /** Whether progress may be drawn over itself. */
  readonly interactive: boolean;
  /** A line of the answer; silent with `--json`. */
  answer(line?: string): void;
  /** The answer of `--json`; silent without. */
  document(value: unknown): void;
  /** With `--json`, one of many documents, each a line; silent without. */
  record(value: unknown): void;
  /** A line about what is going on. */
  note(line: string): void;
  /** Coloured when stdout is a terminal and NO_COLOR is not set. */
  paint(style: Style, text: string): string;
}

export function openTerminal(json: boolean, stdout = process.stdout, stderr = process.stderr): Terminal {
  // A reader that has seen enough (`| head`) is no failure.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
  return {
    json,
    interactive: stderr.isTTY === true,
    answer(line = '') {
      if (!json) stdout.write(`${line}\n`);
    },
    document(value) {
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    record(value) {
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
    },
    note(line) {
      stderr.write(`${line}\n`);
    },
    paint: (style, text) => styleText(style, text, { stream: stdout }),
  };
}
