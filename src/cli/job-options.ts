import type { AnyKind } from '../domain/kind.ts';
import { optionNames } from '../domain/kind-words.ts';
import { UsageFailure } from './failures.ts';

/** `key=json`, where a bare word may stand for itself: `front_side=left` as well as `front_side="left"`. */
export function collectOption(text: string, before: Record<string, unknown> = {}): Record<string, unknown> {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageFailure(`--option ${text}: expected key=value, for instance cutoff_hz=8.`);
  const key = text.slice(0, at);
  const value = text.slice(at + 1);
  try {
    return { ...before, [key]: JSON.parse(value) };
  } catch {
    if (/^[\w.+-]+$/.test(value)) return { ...before, [key]: value };
    throw new UsageFailure(
      `--option ${key}: ${value} is no JSON. Quote it for the shell: --option '${key}={"x": 1}'.`,
    );
  }
}

/**
 * Checks the options before anything is uploaded; the server checks them again, and fills in the defaults.
 * @param flags by which flag an option was given, where it was not by `--option`
 * @throws UsageFailure naming each option that is wrong
 */
export function checkJobOptions(
  kind: AnyKind,
  options: Record<string, unknown>,
  flags: Readonly<Record<string, string>> = {},
): void {
  const checked = kind.options.safeParse(options);
  if (checked.success) return;
  const wrong = checked.error.issues.map((issue) => {
    const { path, message } = issue;
    if (path.length === 0 && issue.code === 'unrecognized_keys')
      return `${message}; there are ${optionNames(kind).join(', ')}`;
    return path.length === 0 ? message : `${flags[String(path[0])] ?? path.join('.')}: ${message}`;
  });
  throw new UsageFailure(`Wrong option for ${kind.kind}. ${wrong.join('; ')}.`);
}
