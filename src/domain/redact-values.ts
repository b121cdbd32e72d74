type Redact = (text: string) => string;

/** What may go to Temporal or a log, with every text in it redacted. Returns the same value where nothing changes. */
export function redactValues(
  value: unknown,
  redact: Redact,
  inside: ReadonlySet<object> = new Set(),
): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || inside.has(value))
    return value;
  const around = new Set([...inside, value]);
  if (Array.isArray(value)) {
    const redacted = value.map((item) => redactValues(item, redact, around));
    return redacted.every((item, at) => item === value[at]) ? value : redacted;
  }
  let changed = false;
  const entries = Object.entries(value).map(([key, item]) => {
    const redacted: [string, unknown] = [redact(key), redactValues(item, redact, around)];
    changed ||= redacted[0] !== key || redacted[1] !== item;
    return redacted;
  });
  return changed ? Object.fromEntries(entries) : value;
}

/**
 * A line of JSON without secrets, and still JSON: where a secret has a quotation mark in it, or is a number, taking it
 * out of the line as text could take a piece of the notation with it.
 */
export function redactLine(line: string, redact: Redact): string {
  const redacted = redact(line);
  if (redacted === line || isJson(redacted) || !isJson(line)) return redacted;
  const parsed = JSON.parse(line, (_key, value) =>
    typeof value === 'number' ? digits(value, redact) : value,
  );
  return `${JSON.stringify(redactValues(parsed, redact))}\n`;
}

/** A number may be a secret, such as a PIN. */
function digits(value: number, redact: Redact): unknown {
  const text = String(value);
  return redact(text) === text ? value : '[redacted]';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
