/** What 7-Zip complained of, as sentences of ours. */
export interface Complaints {
  /** It asks for a password, or the one that it had is wrong. */
  encrypted: boolean;
  notAnArchive: boolean;
  dataAfterEnd: boolean;
  /** One sentence each. */
  incomplete: string[];
}

/** How many damaged entries are named; the others are counted. */
const NAMED = 10;

const DATA_AFTER_END = /data after the end/;

/** What a reader of the result need not know, or is told otherwise: nothing is lost by it. */
const harmless = [
  DATA_AFTER_END,
  /^Cannot create (?:hard|symbolic) link/,
  /^Cannot (?:set|get) (?:file|link) /,
  /^Dangerous link path/,
  /^Cannot delete output/,
];

const known: [RegExp, string][] = [
  [/Unexpected end of (?:archive|data)/, 'The archive is cut off'],
  [/Missing volume/, 'Other volumes of the archive are missing'],
  [/Can(?:'|no)t allocate required memory/i, 'It needs more memory than is allowed'],
  [/Unsupported Method/, 'Its compression method is not supported'],
  [/Headers? Error/, 'Its headers are damaged'],
  [/CRC Failed|Data Error|Checksum error/, 'Its data is damaged'],
  [/Unavailable (?:start|data)/, 'Its beginning is missing, or part of its data'],
  [/Unsupported feature/, 'It uses a feature that is not supported'],
];

/**
 * @param messages of 7-Zip's error output, in order
 * @param lines of its output; errors of the archive as a whole stand there when it is listed
 */
export function readComplaints(messages: readonly string[], lines: readonly string[] = []): Complaints {
  const complaints: Complaints = {
    encrypted: false,
    notAnArchive: false,
    dataAfterEnd: messages.some((message) => DATA_AFTER_END.test(message)),
    incomplete: [],
  };
  const said = new Set<string>();
  let damaged = 0;
  for (const message of [...messages, ...errorsIn(lines)]) {
    const text = message.replace(/^(?:Open )?ERROR: /, '');
    if (/Wrong password|encrypted archive/.test(text)) complaints.encrypted = true;
    else if (/Cannot open the file as|Is not archive/i.test(text)) complaints.notAnArchive = true;
    else if (!harmless.some((pattern) => pattern.test(text))) {
      const sentence = sentenceOf(text, message !== text);
      if (!sentence || said.has(sentence)) continue;
      said.add(sentence);
      if (sentence.includes('"') && ++damaged > NAMED) continue;
      complaints.incomplete.push(sentence);
    }
  }
  if (damaged > NAMED) complaints.incomplete.push(`${damaged - NAMED} more entries could not be read.`);
  return complaints;
}

/** Whether 7-Zip failed at something that it did not name. */
export function failedInSilence(
  code: number | null,
  messages: readonly string[],
  { encrypted, incomplete }: Complaints,
): boolean {
  if (code === null || code === 0 || encrypted || incomplete.length > 0) return false;
  return !messages.some((message) =>
    harmless.some((pattern) => pattern.test(message.replace(/^ERROR: /, ''))),
  );
}

/** Whether a message is of something that was lost. */
export const tellsOfLoss = (message: string) =>
  message.startsWith('ERROR: ') && !harmless.some((pattern) => pattern.test(message.slice(7)));

function sentenceOf(text: string, isError: boolean): string | undefined {
  const reason =
    known.find(([pattern]) => pattern.test(text))?.[1] ?? (isError ? '7-Zip could not read it' : undefined);
  const entry = / : (.+)$/.exec(text)?.[1];
  if (!reason) return undefined;
  return entry && !/^(?:\/in|in~)$/.test(entry) ? `${reason}: "${entry}".` : `${reason}.`;
}

/** The lines below `ERRORS:`, up to one that is a property again. */
function errorsIn(lines: readonly string[]): string[] {
  const start = lines.indexOf('ERRORS:');
  if (start < 0) return [];
  const errors: string[] = [];
  for (const line of lines.slice(start + 1, start + 20)) {
    if (line === '' || line.includes(' = ')) break;
    errors.push(line);
  }
  return errors;
}
