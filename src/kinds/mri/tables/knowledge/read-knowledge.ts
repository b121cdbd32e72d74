import type { EntityManager } from '@mikro-orm/postgresql';
import type { Norm, StoredPassage } from '../../language/passage.ts';

export interface ListedPassage extends StoredPassage {
  added_by: string;
  added_at: Date;
  since_version: number;
}

/** MikroORM hands times of queries of one's own over as texts. */
interface Row extends Omit<ListedPassage, 'cite' | 'added_at'> {
  n: number;
  added_at: string;
}

const columns =
  'p.n, p.id, p.title, p.text, p.gist, p.source, p.url, p.licence, p.verified, p.norm, p.added_by, p.added_at, p.since_version';

function asListed({ n, added_at, ...row }: Row): ListedPassage {
  return { cite: `k${n}`, ...row, added_at: new Date(added_at) };
}

/** Passages of the current version, oldest first. @param after the citation that the page before ended with */
export async function listKnowledge(
  em: EntityManager,
  { after = 0, limit }: { after?: number; limit: number },
): Promise<ListedPassage[]> {
  const rows = await em.execute<Row[]>(
    `SELECT ${columns} FROM knowledge_passages p WHERE p.retired_version IS NULL AND p.n > ? ORDER BY p.n LIMIT ?`,
    [after, limit],
  );
  return rows.map(asListed);
}

/** Of the current version, in the order in which they are asked for. */
export async function passagesOf(em: EntityManager, numbers: readonly number[]): Promise<ListedPassage[]> {
  const rows = await em.execute<Row[]>(
    `SELECT ${columns} FROM unnest(?::integer[]) WITH ORDINALITY AS wanted (n, place)
       JOIN knowledge_passages p ON p.n = wanted.n ORDER BY wanted.place`,
    [`{${numbers.join(',')}}`],
  );
  return rows.map(asListed);
}

/** Passages with a range for people of this age and sex. */
export async function normsFor(
  em: EntityManager,
  { age, sex }: { age: number; sex: Norm['sex'] },
): Promise<ListedPassage[]> {
  const rows = await em.execute<Row[]>(
    `SELECT ${columns} FROM knowledge_passages p
      WHERE p.retired_version IS NULL AND p.norm->>'sex' = ?
        AND ? BETWEEN (p.norm->>'age_from')::int AND (p.norm->>'age_to')::int
      ORDER BY p.n`,
    [sex, age],
  );
  return rows.map(asListed);
}
