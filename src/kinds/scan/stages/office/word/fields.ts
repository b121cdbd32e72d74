/** What a Word text is made of, as far as fields go. */
export type FieldPart = 'begin' | 'separate' | 'end' | { text: string };

interface OpenField {
  instruction: string;
  inInstruction: boolean;
}

const LONGEST = 8192;
const DEEPEST = 50;
const MOST = 10_000;

/**
 * The instructions of fields, innermost first. A field may stand in another's instruction and give part of it: `QUOTE`
 * gives text by the numbers of its characters, `SET` and `REF` keep it under a name. Both have been used to hide `DDE`.
 */
export function fieldInstructions(parts: Iterable<FieldPart>): string[] {
  const found: string[] = [];
  const open: OpenField[] = [];
  const kept = new Map<string, string>();
  for (const part of parts) {
    const field = open.at(-1);
    if (part === 'begin') {
      // A field too deep for Word to be one ends the search, so that nothing grows without bound.
      if (open.length >= DEEPEST || found.length >= MOST) break;
      open.push({ instruction: '', inInstruction: true });
    } else if (part === 'separate') {
      if (field) field.inInstruction = false;
    } else if (part === 'end') {
      if (!field) continue;
      open.pop();
      found.push(field.instruction);
      write(open.at(-1), resultOf(field.instruction, kept));
    } else write(field, part.text);
  }
  // What was never ended is read all the same.
  return [...found, ...open.map(({ instruction }) => instruction)];
}

function write(field: OpenField | undefined, text: string): void {
  if (field?.inInstruction && field.instruction.length < LONGEST) field.instruction += text;
}

function resultOf(instruction: string, kept: Map<string, string>): string {
  const [, word = '', rest = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(instruction) ?? [];
  const plain = rest.replaceAll('"', '').trim();
  switch (word.toUpperCase()) {
    case 'QUOTE':
      return /^[\d\s]+$/.test(plain)
        ? plain
            .split(/\s+/)
            .map((code) => String.fromCharCode(Number(code) & 0xffff))
            .join('')
        : plain;
    case 'SET': {
      const [, name = '', value = ''] = /^(\S+)\s*([\s\S]*)$/.exec(plain) ?? [];
      if (kept.size < 1000) kept.set(name.toLowerCase(), value.trim());
      return '';
    }
    case 'REF':
      return kept.get(plain.split(/\s/)[0]?.toLowerCase() ?? '') ?? '';
    default:
      return kept.get(word.toLowerCase()) ?? '';
  }
}

export function isDdeField(instruction: string): boolean {
  return /^[\s"]{0,100}DDE(?:AUTO)?[\s"]+[^\s"]/i.test(instruction);
}

/** Whose contents Word loads into the text from elsewhere. */
export function isRemoteField(instruction: string): boolean {
  return /^\s*(?:INCLUDETEXT|INCLUDE|LINK|IMPORT|INCLUDEPICTURE)\s[^\n]{0,2000}(?:\b(?:https?|ftp):\/\/|\\{2,4}[\w.-]+\\)/i.test(
    instruction,
  );
}
