import type { EntityManager } from '@mikro-orm/postgresql';
import { expandQuery } from '../../language/expand-query.ts';
import { asArray } from './add-knowledge.ts';
import { type ListedPassage, passagesOf } from './read-knowledge.ts';

/** A question as a vector of the model that the passages' vectors are of. */
export interface QuestionVector {
  model: string;
  vector: readonly number[];
}

/** How much a high rank counts over a lower one when rankings are fused; 60 is the usual constant. */
const K = 60;
/** Of each ranking. */
const candidates = 40;

/**
 * The passages nearest to a question, best first: by its words (any of them, and those that mean the same; all of them
 * counts more), by words that are spelt alike, and by vectors where there are some, fused by reciprocal rank.
 */
export async function retrieve(
  em: EntityManager,
  question: string,
  { limit, vector }: { limit: number; vector?: QuestionVector },
): Promise<ListedPassage[]> {
  const synonyms = await em.execute<{ words: string[] }[]>(
    'SELECT words FROM knowledge_synonyms ORDER BY words',
  );
  const { strict, relaxed, words } = expandQuery(
    question,
    synonyms.map((row) => row.words),
  );
  const rankings = [
    await byWords(em, strict, relaxed),
    await bySpelling(em, words),
    ...(vector ? [await byVector(em, vector)] : []),
  ];
  const scores = new Map<number, number>();
  for (const ranking of rankings)
    for (const [at, n] of ranking.entries()) scores.set(n, (scores.get(n) ?? 0) + 1 / (K + at + 1));
  const best = [...scores].sort(([n, score], [m, other]) => other - score || n - m).slice(0, limit);
  return passagesOf(
    em,
    best.map(([n]) => n),
  );
}

const numbersOf = (rows: { n: number }[]) => rows.map(({ n }) => n);

async function byWords(em: EntityManager, strict: string, relaxed: string): Promise<number[]> {
  return numbersOf(
    await em.execute(
      `SELECT n FROM knowledge_passages,
              websearch_to_tsquery('english', ?) AS every, websearch_to_tsquery('english', ?) AS any_of
        WHERE retired_version IS NULL AND search @@ any_of
        ORDER BY search @@ every DESC, ts_rank(search, any_of, 1) DESC, n LIMIT ?`,
      [strict, relaxed, candidates],
    ),
  );
}

async function bySpelling(em: EntityManager, words: readonly string[]): Promise<number[]> {
  return numbersOf(
    await em.execute(
      `SELECT n FROM (
         SELECT n, sum(greatest(0, strict_word_similarity(word, title || ' ' || text) - 0.4)
                     + greatest(0, strict_word_similarity(word, title) - 0.4)) AS alike
           FROM knowledge_passages, unnest(?::text[]) AS word
          WHERE retired_version IS NULL AND length(word) > 3 GROUP BY n) AS scored
        WHERE alike > 0 ORDER BY alike DESC, n LIMIT ?`,
      [asArray(words), candidates],
    ),
  );
}

/** Stored vectors have the length 1, so that the product is the cosine but for the question's length. */
async function byVector(em: EntityManager, { model, vector }: QuestionVector): Promise<number[]> {
  return numbersOf(
    await em.execute(
      `SELECT e.n FROM knowledge_embeddings e JOIN knowledge_passages p ON p.n = e.n AND p.retired_version IS NULL
        WHERE e.model = ? AND cardinality(e.embedding) = ?
        ORDER BY (SELECT sum(a * b) FROM unnest(e.embedding, ?::real[]) AS pair (a, b)) DESC, e.n LIMIT ?`,
      [model, vector.length, `{${vector.join(',')}}`, candidates],
    ),
  );
}
