import type { Database } from '../../../../database/database.ts';
import { inTransaction } from '../../../../database/transaction.ts';

/** Passages of the current version that have no vector of this model. */
export async function withoutEmbedding(
  database: Database,
  model: string,
  limit: number,
): Promise<{ n: number; text: string }[]> {
  return database.em().execute(
    `SELECT p.n, p.title || '. ' || p.text AS text FROM knowledge_passages p
      WHERE p.retired_version IS NULL
        AND NOT EXISTS (SELECT FROM knowledge_embeddings e WHERE e.n = p.n AND e.model = ?)
      ORDER BY p.n LIMIT ?`,
    [model, limit],
  );
}

export async function keepEmbeddings(
  database: Database,
  model: string,
  vectors: readonly { n: number; vector: readonly number[] }[],
): Promise<void> {
  await inTransaction(database, 'the vectors of passages', async (tx) => {
    for (const { n, vector } of vectors)
      await tx.execute(
        'INSERT INTO knowledge_embeddings (n, model, embedding) VALUES (?, ?, ?::real[]) ON CONFLICT DO NOTHING',
        [n, model, `{${ofLengthOne(vector).join(',')}}`],
        'run',
      );
  });
}

function ofLengthOne(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
