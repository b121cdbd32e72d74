import { isSecretItem, isSecretName, noSecret } from './secret-names.ts';

type Redact = (text: string) => string;

/**
 * What may go to Temporal or a log, with every text in it redacted, and whatever a field holds whose name says that
 * it is secret. Returns the same value where nothing changes.
 */
export function redactValues(value: unknown, redact: Redact): unknown {
  return redacted(value, redact, { inside: new Set(), named: false });
}

interface Place {
  /** The objects around the value. */
  inside: ReadonlySet<object>;
  /** Whether a field around it has the name of a secret. */
  named: boolean;
}

function redacted(value: unknown, redact: Redact, { inside, named }: Place): unknown {
  if (typeof value === 'string') return named && !isNoSecret.test(value) ? '[redacted]' : redact(value);
  if (typeof value === 'number') return named ? '[redacted]' : value;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || inside.has(value))
    return value;
  const around = new Set([...inside, value]);
  if (Array.isArray(value)) {
    const items = value.map((item, at) =>
      redacted(item, redact, { inside: around, named: named || follows(value, at) }),
    );
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  let changed = false;
  const namesAnother = Object.entries(value).some(([key, name]) => isLabel.test(key) && isNameOf(name));
  const entries = Object.entries(value).map(([key, item]) => {
    const isNamed = named || isSecretName(key) || (namesAnother && isContent.test(key));
    const place = { inside: around, named: isNamed };
    const entry: [string, unknown] = [redact(key), redacted(item, redact, place)];
    changed ||= entry[0] !== key || entry[1] !== item;
    return entry;
  });
  return changed ? Object.fromEntries(entries) : value;
}

const isNoSecret = new RegExp(`^(?:${noSecret})?$`, 'i');
/** `{ name: "password", value: "…" }` */
const isLabel = /^(?:name|key|header|field|parameter)$/i;
const isContent = /^(?:values?|val|content)$/i;

function isNameOf(text: unknown): boolean {
  return typeof text === 'string' && isSecretName(text);
}

/** Whether the item before this one names it: in a list of headers, of arguments, or of a name and its value. */
function follows(items: readonly unknown[], at: number): boolean {
  const before = items[at - 1];
  if (typeof before !== 'string') return false;
  return isSecretItem(before) || (items.length === 2 && typeof items[1] === 'string' && isSecretName(before));
}

/**
 * A line of JSON without secrets, and still JSON: its texts are redacted one by one, for a secret may have a quotation
 * mark in it, or be a number such as a PIN.
 */
export function redactLine(line: string, redact: Redact): string {
  let changed = false;
  const withoutDigits = (_key: string, value: unknown) => {
    if (typeof value !== 'number' || redact(String(value)) === String(value)) return value;
    changed = true;
    return '[redacted]';
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(line, withoutDigits);
  } catch {
    return redact(line);
  }
  const clean = redactValues(parsed, redact);
  return changed || clean !== parsed ? `${JSON.stringify(clean)}\n` : line;
}
