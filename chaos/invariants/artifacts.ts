import { createHash } from 'node:crypto';
import type { RecordsOf } from '../../src/activities/kind-records.ts';
import type { Database } from '../../src/database/database.ts';
import { ObjectMissing } from '../../src/domain/errors.ts';
import { promisesOf } from '../../src/domain/kind.ts';
import type { ArtifactStore } from '../../src/storage/artifact-store.ts';
import type { Asked } from './rows.ts';

interface Rooms {
  database: Database;
  store: Pick<ArtifactStore, 'get'>;
}

/**
 * What is done has a result, a report that opens, what its kind's passes keep and its input leaves, and every object that
 * its rows claim, byte for byte.
 */
export async function incomplete(
  asked: readonly Asked[],
  { database, store, recordsOf, apiUrl }: Rooms & { recordsOf: RecordsOf; apiUrl: string },
): Promise<string[]> {
  const broken: string[] = [];
  for (const { job, request } of asked) {
    const { job_id, kind, phase, options, result } = job;
    if (phase !== 'succeeded') continue;
    const missing: string[] = [];
    if (!result) missing.push('its result');
    const report = await fetch(`${apiUrl}/reports/${job_id}`);
    if (!report.ok) missing.push(`its report (${report.status})`);
    await report.arrayBuffer();
    const promises = promisesOf(database.kinds.named(kind), options);
    const fields = await recordsOf(kind).fieldsOf(job_id);
    for (const field of promises.flatMap(({ fields }) => fields))
      if (!fields.has(field)) missing.push(`the field ${field}`);
    const claimed = await claimedBy(database, job_id);
    const names = new Set(claimed.map(({ pass, name }) => plain(`${pass}/${name}`, job_id)));
    for (const name of [...promises.flatMap(({ objects }) => objects), ...(request?.input.leaves ?? [])])
      if (!names.has(name)) missing.push(`${name}, which no row claims`);
    for (const { key, bytes, sha256 } of claimed) {
      const found = await read(store, key);
      if (!found || found.length !== bytes || sha256Of(found) !== sha256) missing.push(key);
    }
    if (missing.length > 0) broken.push(`${job_id} (${kind}): ${missing.join(', ')}`);
  }
  return broken;
}

/** Jobs of one input have one answer, whatever was killed under them: their artifacts agree byte for byte. */
export async function otherAnswers(asked: readonly Asked[], rooms: Rooms): Promise<string[]> {
  const first = new Map<string, { job_id: string; answer: Map<string, string> }>();
  const broken: string[] = [];
  for (const { request, job } of asked) {
    if (job.phase !== 'succeeded' || !request) continue;
    const input = `${job.kind}, ${request.input.name}`;
    const answer = await answerOf(job.job_id, rooms);
    const before = first.get(input);
    if (!before) {
      first.set(input, { job_id: job.job_id, answer });
      continue;
    }
    const names = new Set([...answer.keys(), ...before.answer.keys()]);
    const different = [...names].filter((name) => answer.get(name) !== before.answer.get(name));
    if (different.length > 0)
      broken.push(`${job.job_id} and ${before.job_id} (${input}): ${different.join(', ')}`);
  }
  return broken;
}

interface ArtifactRow {
  key: string;
  pass: string;
  name: string;
  bytes: number;
  sha256: string;
}

/** What a job's rows claim. */
async function claimedBy(database: Database, jobId: string): Promise<ArtifactRow[]> {
  return database
    .em()
    .execute<ArtifactRow[]>(
      'SELECT key, pass, name, bytes::int, sha256 FROM artifacts WHERE job_id = ? ORDER BY key',
      [jobId],
    );
}

/** A hash of each artifact of a job. */
async function answerOf(jobId: string, { database, store }: Rooms): Promise<Map<string, string>> {
  const answer = new Map<string, string>();
  for (const { key, pass, name } of await claimedBy(database, jobId)) {
    const bytes = (await read(store, key)) ?? Buffer.alloc(0);
    const text = plain(bytes.toString('latin1'), jobId);
    answer.set(plain(`${pass}/${name}`, jobId), sha256Of(Buffer.from(text, 'latin1')));
  }
  return answer;
}

/** Without the job's id and the mark of a retried attempt (`.a2`). */
function plain(text: string, jobId: string): string {
  // How long something took is no part of an answer.
  return text
    .replaceAll(jobId, '')
    .replaceAll(/\.a\d+(?=\.[a-z]+)/g, '')
    .replaceAll(/"elapsed_ms":[\d.]+/g, '');
}

async function read(store: Rooms['store'], key: string): Promise<Buffer | undefined> {
  try {
    return await store.get(key);
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
