import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../../database/database.ts';
import { inTransaction } from '../../../../database/transaction.ts';
import { canonicalJson } from '../../../../domain/canonical-json.ts';
import { sha256Of } from '../../../../storage/hashing.ts';
import type { KnowledgeFile, KnowledgeVersion, Passage } from '../../language/passage.ts';

/** What adding a file came to. */
export interface KnowledgeAdded extends KnowledgeVersion {
  /** Passages that were not there. */
  added: number;
  /** Those that took the place of one with the same id. */
  replaced: number;
  /** Those that were there already, perhaps under another id. */
  unchanged: number;
}

/** Everything that can be told of a passage; its id is only a name. */
function contentHash({ id: _, ...content }: Passage): string {
  return sha256Of(canonicalJson({ ...content, text: content.text.replace(/\s+/g, ' ') }));
}

/**
 * Adds the passages and synonyms of a file, in one transaction. The same file again changes nothing; whatever changes
 * the passages makes the next version.
 * @param by who adds it, for its provenance
 * @param onlyOnce leaves all as it is where this very file was ever added before
 */
export async function addKnowledge(
  database: Database,
  file: KnowledgeFile,
  { by, onlyOnce = false }: { by: string; onlyOnce?: boolean },
): Promise<KnowledgeAdded> {
  const fileHash = sha256Of(canonicalJson(file));
  return inTransaction(database, 'the knowledge', async (tx) => {
    await tx.execute(`SELECT pg_advisory_xact_lock(hashtext('doubletake knowledge'))`);
    const latest = await latestVersion(tx);
    const nothing = { ...latest, added: 0, replaced: 0, unchanged: file.passages.length };
    if (onlyOnce && (await wasAdded(tx, fileHash))) return nothing;
    for (const words of file.synonyms)
      await tx.execute('INSERT INTO knowledge_synonyms (words) VALUES (?::text[]) ON CONFLICT DO NOTHING', [
        asArray([...new Set(words.map((word) => word.toLowerCase()))].sort()),
      ]);
    const { fresh, replacing, unchanged } = await sorted(tx, file.passages);
    if (fresh.length === 0 && latest.version > 0) return { ...nothing, unchanged };
    const version = latest.version + 1;
    await tx.execute(
      'INSERT INTO knowledge_versions (version, content_sha256, passages, file_sha256, added_by) VALUES (?, ?, 0, ?, ?)',
      [version, '0'.repeat(64), fileHash, by],
      'run',
    );
    for (const { passage, hash } of fresh) await insert(tx, { passage, hash, version, by });
    const content = await contentOf(tx);
    await tx.execute(
      'UPDATE knowledge_versions SET content_sha256 = ?, passages = ? WHERE version = ?',
      [content.sha256, content.passages, version],
      'run',
    );
    return { version, ...content, added: fresh.length - replacing, replaced: replacing, unchanged };
  });
}

/** Within a transaction: nobody makes another version until it ends, so that all it reads is of one. */
export async function keepKnowledgeStill(tx: EntityManager): Promise<void> {
  await tx.execute(`SELECT pg_advisory_xact_lock_shared(hashtext('doubletake knowledge'))`);
}

/** The newest version; 0 of an empty base. */
export async function latestVersion(em: EntityManager): Promise<KnowledgeVersion> {
  const [row] = await em.execute<KnowledgeVersion[]>(
    'SELECT version, content_sha256 AS sha256, passages FROM knowledge_versions ORDER BY version DESC LIMIT 1',
  );
  return row ?? { version: 0, sha256: sha256Of(''), passages: 0 };
}

async function wasAdded(tx: EntityManager, fileHash: string): Promise<boolean> {
  const rows = await tx.execute('SELECT 1 FROM knowledge_versions WHERE file_sha256 = ? LIMIT 1', [fileHash]);
  return rows.length > 0;
}

interface Hashed {
  passage: Passage;
  hash: string;
}

/** Which of them are not there yet, and how many of those replace another. */
async function sorted(tx: EntityManager, passages: readonly Passage[]) {
  const current = await tx.execute<{ id: string; content_sha256: string }[]>(
    'SELECT id, content_sha256 FROM knowledge_passages WHERE retired_version IS NULL',
  );
  const hashes = new Set(current.map(({ content_sha256 }) => content_sha256));
  const ids = new Set(current.map(({ id }) => id));
  // Of two with one id the last counts; of two with one content, the first.
  const fresh = new Map<string, Hashed>();
  for (const passage of passages) {
    const hash = contentHash(passage);
    if (hashes.has(hash)) continue;
    hashes.add(hash);
    fresh.set(passage.id, { passage, hash });
  }
  return {
    fresh: [...fresh.values()],
    replacing: [...fresh.keys()].filter((id) => ids.has(id)).length,
    unchanged: passages.length - fresh.size,
  };
}

async function insert(
  tx: EntityManager,
  { passage, hash, version, by }: Hashed & { version: number; by: string },
): Promise<void> {
  const { id, title, text, gist, source, url, licence, verified, norm } = passage;
  await tx.execute(
    'UPDATE knowledge_passages SET retired_version = ? WHERE id = ? AND retired_version IS NULL',
    [version, id],
    'run',
  );
  await tx.execute(
    `INSERT INTO knowledge_passages
       (n, id, content_sha256, title, text, gist, source, url, licence, verified, norm, added_by, since_version, search)
     VALUES ((SELECT coalesce(max(n), 0) + 1 FROM knowledge_passages), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?,
       setweight(to_tsvector('english', ?), 'A') || setweight(to_tsvector('english', ?), 'B'))`,
    [
      ...[id, hash, title, text, gist ?? null, source, url ?? null, licence, verified],
      ...[norm ? JSON.stringify(norm) : null, by, version, title, `${text} ${source}`],
    ],
    'run',
  );
}

async function contentOf(tx: EntityManager): Promise<{ sha256: string; passages: number }> {
  const rows = await tx.execute<{ content_sha256: string }[]>(
    'SELECT content_sha256 FROM knowledge_passages WHERE retired_version IS NULL ORDER BY content_sha256',
  );
  return {
    sha256: sha256Of(rows.map(({ content_sha256 }) => content_sha256).join('\n')),
    passages: rows.length,
  };
}

/** As PostgreSQL writes an array of texts. */
export function asArray(words: readonly string[]): string {
  return `{${words.map((word) => `"${word.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
