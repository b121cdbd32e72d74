import { askAgain, type Prompt } from '../../kinds/mri/language/prompts.ts';
import type { ChatImage, LanguageClient } from '../../language/client.ts';
import { askEndpoint } from '../ask-endpoint.ts';
import type { FailureCount } from '../failure-count.ts';

/** How a text came to be, as it is stored with the job. */
export interface TextRun {
  /** Whose text it is: a model's, or our own. */
  path: 'model' | 'own';
  /** The model that was asked; null where none is configured. */
  model: string | null;
  /** How often its endpoint failed, by type, over all tries. */
  failures: FailureCount;
  /** What was wrong with each of its texts that could not be used. */
  rejected: string[][];
  /** Why the text is our own although a model was asked. */
  instead: string | null;
}

/** What went to an endpoint, written down with the job. */
export interface Sent {
  /** The endpoint's host. */
  to: string;
  model: string;
  /** All text of the last request. */
  text: string;
  images: { name: string; sha256: string; bytes: number }[];
}

export interface CheckedText {
  /** Null: write it yourself. */
  text: string | null;
  run: TextRun;
  /** The last text that was sent; null where nobody was asked. */
  sent: string | null;
}

/** A text is asked for, and once more with what was wrong with it. */
const mostDrafts = 2;

/**
 * A model's text that passed its checks, or why there is none. Every way ends in a state that can be stored; only an
 * endpoint that may do better makes Temporal try again.
 * @param problemsOf what is wrong with a text; none when it may be used
 */
export async function checkedText(
  client: LanguageClient | undefined,
  prompt: readonly Prompt[],
  problemsOf: (text: string) => string[],
  { signal, images }: { signal: AbortSignal; images?: readonly ChatImage[] },
): Promise<CheckedText> {
  const nobody: TextRun = { path: 'own', model: null, failures: {}, rejected: [], instead: null };
  if (!client) return { text: null, run: nobody, sent: null };
  const rejected: string[][] = [];
  let messages = prompt;
  const { answer, failures, last } = await askEndpoint(async () => {
    for (let draft = 1; draft <= mostDrafts; draft++) {
      const text = await client.chat(withImages(messages, images), signal);
      const problems = problemsOf(text);
      if (problems.length === 0) return { text };
      rejected.push(problems);
      if (draft < mostDrafts) messages = askAgain(messages, text, problems);
    }
    return { text: null };
  });
  const run = { model: client.model, failures, rejected };
  const sent = messages.map(({ role, text }) => `${role}: ${text}`).join('\n\n');
  if (answer?.text) return { text: answer.text, run: { ...run, path: 'model', instead: null }, sent };
  const times = Object.values(failures).reduce((sum, each) => sum + each, 0);
  const instead =
    answer === null
      ? `after ${times} ${times === 1 ? 'try' : 'tries'} it was given up: ${last}`
      : `its text was refused by the checks, ${rejected.length} times`;
  return { text: null, run: { ...run, path: 'own', instead }, sent };
}

function withImages(messages: readonly Prompt[], images: readonly ChatImage[] = []) {
  const first = messages.findIndex(({ role }) => role === 'user');
  return messages.map((message, at) => (at === first ? { ...message, images } : message));
}
