import { isSecretName } from './secrets-in-text.ts';

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
  if (typeof value === 'string') return named && value !== '' ? '[redacted]' : redact(value);
  if (typeof value === 'number') return named ? '[redacted]' : value;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || inside.has(value))
    return value;
  const around = new Set([...inside, value]);
  if (Array.isArray(value)) {
    const items = value.map((item) => redacted(item, redact, { inside: around, named }));
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  let changed = false;
  const entries = Object.entries(value).map(([key, item]) => {
    const place = { inside: around, named: named || isSecretName(key) };
    const entry: [string, unknown] = [redact(key), redacted(item, redact, place)];
    changed ||= entry[0] !== key || entry[1] !== item;
    return entry;
  });
  return changed ? Object.fromEntries(entries) : value;
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
