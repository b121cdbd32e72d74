import { kindNamed } from '../domain/kinds/index.ts';
import { optionNames } from '../domain/kinds/words.ts';
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
 * Checks the options before anything is uploaded; the server checks them again.
 * @returns the options as given, so that defaults stay the server's
 * @throws UsageFailure naming each option that is wrong
 */
export function jobOptions(
  kind: string,
  given: Record<string, unknown>,
  sourceJobId: string | undefined,
): Record<string, unknown> {
  const options = sourceJobId === undefined ? given : { ...given, source_job_id: sourceJobId };
  const checked = kindNamed(kind).options.safeParse(options);
  if (checked.success) return options;
  const wrong = checked.error.issues.map((issue) => {
    const { path, message } = issue;
    if (path.length === 0 && issue.code === 'unrecognized_keys')
      return `${message}; there are ${optionNames(kindNamed(kind)).join(', ')}`;
    return path.length === 0
      ? message
      : `${path[0] === 'source_job_id' ? '--from' : path.join('.')}: ${message}`;
  });
  throw new UsageFailure(`Wrong option for ${kind}. ${wrong.join('; ')}.`);
}
