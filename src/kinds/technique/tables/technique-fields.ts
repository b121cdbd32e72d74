import type { Database } from '../../../database/database.ts';
import { readTechniquePasses } from './read-technique-passes.ts';

/** The fields that hold something, by the names of the read API: `quick_findings`, `deep_report`, … */
export async function techniqueFields(database: Database, jobId: string): Promise<Set<string>> {
  const passes = Object.entries(await readTechniquePasses(database, jobId));
  return new Set(
    passes.flatMap(([pass, row]) =>
      (['results', 'results_s3_key', 'findings', 'report'] as const)
        .filter((field) => row?.[field] !== null)
        .map((field) => `${pass}_${field}`),
    ),
  );
}
