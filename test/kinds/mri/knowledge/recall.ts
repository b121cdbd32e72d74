import { readFileSync } from 'node:fs';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type QuestionVector, retrieve } from '../../../../src/kinds/mri/tables/knowledge/retrieve.ts';

export interface AskedQuestion {
  question: string;
  /** Where the passage that answers it came; 0 where it is not among the first ten. */
  rank: number;
  /** What it should have found. */
  passages: string[];
}

/** Questions with the passages that answer them, in words that are mostly not the passages' own. */
export const questions: { question: string; passages: string[] }[] = JSON.parse(
  readFileSync(new URL('questions.json', import.meta.url), 'utf8'),
);

/** Asks every question of a base that holds the shipped passages. */
export async function askAll(
  em: EntityManager,
  vectorOf?: (question: string) => Promise<QuestionVector>,
): Promise<AskedQuestion[]> {
  const asked: AskedQuestion[] = [];
  for (const { question, passages } of questions) {
    const vector = await vectorOf?.(question);
    const found = await retrieve(em, question, { limit: 10, ...(vector && { vector }) });
    asked.push({ question, passages, rank: found.findIndex(({ id }) => passages.includes(id)) + 1 });
  }
  return asked;
}

/** The share of questions whose passage is among the first. */
export function recallAt(first: number, asked: readonly AskedQuestion[]): number {
  return asked.filter(({ rank }) => rank > 0 && rank <= first).length / asked.length;
}
