import type { Database } from '../../database/database.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { HeadMeasurements } from '../../kinds/mri/analysis/measured.ts';
import type { KnowledgeVersion, StoredPassage } from '../../kinds/mri/language/passage.ts';
import { topicsOf } from '../../kinds/mri/language/topics.ts';
import { keepKnowledgeStill, latestVersion } from '../../kinds/mri/tables/knowledge/add-knowledge.ts';
import { keepEmbeddings, withoutEmbedding } from '../../kinds/mri/tables/knowledge/embeddings.ts';
import { normsFor } from '../../kinds/mri/tables/knowledge/read-knowledge.ts';
import { type QuestionVector, retrieve } from '../../kinds/mri/tables/knowledge/retrieve.ts';
import { addShippedKnowledge } from '../../kinds/mri/tables/knowledge/shipped.ts';
import type { LanguageClient } from '../../language/client.ts';
import type { ActivityLog } from '../activity-log.ts';
import { isOfEndpoint } from '../ask-endpoint.ts';

/** What the knowledge base has for one head. */
export interface KnowledgeForHead {
  version: KnowledgeVersion;
  /** Best first. */
  passages: StoredPassage[];
  /** Those with a range for its age and sex. */
  norms: StoredPassage[];
  /** Whether vectors took part: `failed` where their endpoint did. */
  vectors: 'used' | 'none' | 'failed';
}

export type AskKnowledge = (measured: HeadMeasurements, signal: AbortSignal) => Promise<KnowledgeForHead>;

/** Of each topic, and of all together. */
const mostOfTopic = 3;
const mostPassages = 16;
/** Texts that are sent for their vectors at once. */
const batch = 64;

/** @param embeddings the configured model for vectors; absent: words alone */
export function openKnowledge(needs: {
  database: Database;
  embeddings?: LanguageClient;
  log: ActivityLog;
}): AskKnowledge {
  const { database, embeddings, log } = needs;

  async function vectorsOf(topics: readonly string[], signal: AbortSignal): Promise<QuestionVector[] | null> {
    if (!embeddings) return [];
    const { model } = embeddings;
    try {
      for (;;) {
        const lacking = await withoutEmbedding(database, model, batch);
        if (lacking.length === 0) break;
        const vectors = await embeddings.embed(
          lacking.map(({ text }) => text),
          signal,
        );
        const numbered = lacking.map(({ n }, at) => ({ n, vector: vectors[at] as number[] }));
        await keepEmbeddings(database, model, numbered);
      }
      return (await embeddings.embed(topics, signal)).map((vector) => ({ model, vector }));
    } catch (error) {
      // The other rankings are enough to go on with.
      if (!isOfEndpoint(error)) throw error;
      log.warn({ err: error }, 'No vectors for the knowledge base; its words are searched alone');
      return null;
    }
  }

  return async function askKnowledge(measured, signal) {
    await addShippedKnowledge(database);
    const topics = topicsOf(measured);
    const vectors = await vectorsOf(topics, signal);
    const { age_years: age, sex } = measured.facts;
    return inTransaction(database, 'the question', async (tx) => {
      await keepKnowledgeStill(tx);
      const found: StoredPassage[][] = [];
      for (const [at, topic] of topics.entries()) {
        const vector = vectors?.[at];
        found.push(await retrieve(tx, topic, { limit: mostOfTopic, ...(vector && { vector }) }));
      }
      return {
        version: await latestVersion(tx),
        passages: inTurn(found)
          // Ranges are shown to whom they are for, in a table of their own.
          .filter(({ norm }) => norm === null)
          .slice(0, mostPassages),
        norms: age === null || sex === null ? [] : await normsFor(tx, { age, sex }),
        vectors: vectors === null ? 'failed' : embeddings ? 'used' : 'none',
      };
    });
  };
}

/** The best of each topic, then the second of each, without repetition. */
function inTurn(found: readonly (readonly StoredPassage[])[]): StoredPassage[] {
  const all = [...Array(mostOfTopic).keys()].flatMap((rank) => found.flatMap((topic) => topic[rank] ?? []));
  return [...new Map(all.map((passage) => [passage.cite, passage])).values()];
}
