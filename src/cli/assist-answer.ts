import { readFile } from 'node:fs/promises';
import { UsageFailure } from './failures.ts';
import { answerViews, type CliKinds } from './kind-view.ts';

export interface GivenAnswer extends Record<string, unknown> {
  note?: string;
  file?: string;
}

/**
 * The answer that a file, or the options of some kind, give; null where they give none. Whether it is one to what the job
 * asks says the server.
 * @throws UsageFailure naming the option that is wrong
 */
export async function answerGiven(
  kinds: CliKinds,
  { note, file, ...options }: GivenAnswer,
): Promise<object | null> {
  const answers = answerViews(kinds).flatMap(({ answerOf }) => answerOf(options) ?? []);
  if (answers.length > 1) throw new UsageFailure('These options are not of one kind of job.');
  const [answer] = answers;
  if (file !== undefined) {
    if (answer || note !== undefined) {
      throw new UsageFailure('--file has the whole answer. Leave the other options out, or the file.');
    }
    return fromFile(file);
  }
  if (!answer) {
    if (note !== undefined) throw new UsageFailure('--note goes with an answer; there is none.');
    return null;
  }
  return note === undefined ? answer : { ...answer, note };
}

async function fromFile(path: string): Promise<object> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new UsageFailure(`--file ${path} cannot be read: ${cause.message}.`, { cause });
  });
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw new UsageFailure(`--file ${path} is no answer in JSON: ${(cause as Error).message}.`, { cause });
  }
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given;
  throw new UsageFailure(`--file ${path} is no answer: expected an object in JSON.`);
}
