import type { Database } from '../../../../database/database.ts';
import { knowledgeFile } from '../../language/passage.ts';
import shipped from '../../language/shipped-knowledge.json' with { type: 'json' };
import { addKnowledge } from './add-knowledge.ts';

export const shippedKnowledge = knowledgeFile.parse(shipped);

/**
 * Adds what this version of the program ships, unless it was added to this database before. Processes of an older version
 * beside newer ones therefore bring nothing back.
 */
export async function addShippedKnowledge(database: Database): Promise<void> {
  await addKnowledge(database, shippedKnowledge, { by: 'doubletake', onlyOnce: true });
}
