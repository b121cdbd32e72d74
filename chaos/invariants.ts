import { createHash } from 'node:crypto';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import type { Request } from './users.ts';

/** One promise of the service, and where it was broken. */
export interface Invariant {
  name: string;
  /** A line for each case; none is what we want. */
  broken: string[];
}

interface JobRow {
  job_id: string;
  idempotency_key: string;
  kind: string;
  status: string;
  phase: string;
  result: unknown;
  error_message: string | null;
  workflow_id: string;
  session_status: string;
}

const ended = ['succeeded', 'failed', 'canceled'];
/** A job that has ended, by its phase: how its workflow must have. */
const workflowEnd: Readonly<Record<string, readonly string[]>> = {
  succeeded: ['COMPLETED'],
  failed: ['FAILED', 'COMPLETED'],
  canceled: ['CANCELLED', 'COMPLETED', 'FAILED'],
};

/**
 * Asks the database, S3, Temporal and the API what became of all that was sent. All parts must run, and nothing may be
 * killed meanwhile.
 */
export async function checkInvariants(
  environment: Readonly<Record<string, string>>,
  apiUrl: string,
  requests: readonly Request[],
): Promise<Invariant[]> {
  const database = new pg.Client({ connectionString: environment.DATABASE_URL });
  await database.connect();
  const connection = await Connection.connect({ address: environment.TEMPORAL_ADDRESS });
  const s3 = openS3(environment);
  try {
    const jobs = await readJobs(database);
    const byKey = Map.groupBy(jobs, ({ idempotency_key }) => idempotency_key);
    const asked = requests.flatMap((request) =>
      (byKey.get(request.idempotencyKey) ?? []).map((job) => ({ request, job })),
    );
    const artifacts = new Artifacts(database, s3, environment.DOUBLETAKE_BUCKET as string);
    return [
      { name: 'lost', broken: lost(requests, byKey) },
      { name: 'doubled', broken: [...doubled(byKey), ...(await brokenHistories(database))] },
      { name: 'stuck', broken: await stuck(jobs, new Client({ connection })) },
      { name: 'done without its artifacts', broken: await incomplete(jobs, artifacts, apiUrl) },
      { name: 'ended otherwise than its input does', broken: otherwise(asked) },
      { name: 'another answer to the same input', broken: await otherAnswers(asked, artifacts) },
    ];
  } finally {
    s3.destroy();
    await connection.close();
    await database.end();
  }
}

function openS3(environment: Readonly<Record<string, string>>): S3Client {
  return new S3Client({
    endpoint: environment.AWS_ENDPOINT_URL_S3 as string,
    region: environment.AWS_REGION as string,
    forcePathStyle: true,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID as string,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY as string,
    },
  });
}

/** But for jobs that a kind asked for to come before others: nobody sent them. */
async function readJobs(database: pg.Client): Promise<JobRow[]> {
  const { rows } = await database.query<JobRow>(
    `SELECT job_id, idempotency_key, kind, j.status, phase, result, error_message, workflow_id, s.status AS session_status
       FROM analysis_jobs j JOIN sessions s ON s.id = j.session_id
      WHERE preceding_for IS NULL ORDER BY j.created_at`,
  );
  return rows;
}

/** Every request was accepted in the end, and what was accepted has a row. */
function lost(requests: readonly Request[], byKey: ReadonlyMap<string, JobRow[]>): string[] {
  return requests.flatMap(({ kind, input, idempotencyKey, jobId, refused }) => {
    if (!jobId) return [`${kind}, ${input.name}: ${refused ?? 'never accepted'}`];
    const there = byKey.get(idempotencyKey)?.some(({ job_id }) => job_id === jobId);
    return there ? [] : [`${jobId} (${kind}, ${input.name}): accepted, and no row has it`];
  });
}

function doubled(byKey: ReadonlyMap<string, JobRow[]>): string[] {
  return [...byKey]
    .filter(([, jobs]) => jobs.length > 1)
    .map(([key, jobs]) => `${key}: ${jobs.map(({ job_id }) => job_id).join(', ')}`);
}

/** Each line of a job's history begins where the one before ended; a job that ended twice has one that does not. */
async function brokenHistories(database: pg.Client): Promise<string[]> {
  const { rows } = await database.query<{ job_id: string; before: string; from_status: string; at: string }>(
    `SELECT job_id, before, from_status, at FROM (
       SELECT job_id, from_status, at, lag(to_status) OVER (PARTITION BY job_id ORDER BY id) AS before
         FROM job_transitions) AS lines
      WHERE from_status IS DISTINCT FROM before`,
  );
  return rows.map(
    ({ job_id, before, from_status, at }) =>
      `${job_id}: at ${at} it went on from "${from_status}", though it was "${before}"`,
  );
}

/** Every job has ended, its session says so, and so has its workflow, in the same way. */
async function stuck(jobs: readonly JobRow[], temporal: Client): Promise<string[]> {
  const broken: string[] = [];
  for (const { job_id, kind, status, phase, session_status, workflow_id } of jobs) {
    if (!ended.includes(phase)) {
      broken.push(`${job_id} (${kind}): still "${status}"`);
      continue;
    }
    if (session_status !== phase)
      broken.push(`${job_id} (${kind}): "${status}", its session "${session_status}"`);
    const name = await temporal.workflow
      .getHandle(workflow_id)
      .describe()
      .then(
        (described) => described.status.name as string,
        (error: Error) => error.name,
      );
    if (!workflowEnd[phase]?.includes(name))
      broken.push(`${job_id} (${kind}): "${status}", its workflow ${name}`);
  }
  return broken;
}

/** What is done has a result, a report that opens, and every object that its rows claim, byte for byte. */
async function incomplete(jobs: readonly JobRow[], artifacts: Artifacts, apiUrl: string): Promise<string[]> {
  const broken: string[] = [];
  for (const { job_id, kind, result } of jobs.filter(({ phase }) => phase === 'succeeded')) {
    const missing: string[] = [];
    if (!result) missing.push('its result');
    const report = await fetch(`${apiUrl}/reports/${job_id}`);
    if (!report.ok) missing.push(`its report (${report.status})`);
    await report.arrayBuffer();
    const claimed = await artifacts.of(job_id);
    if (claimed.length === 0) missing.push('all artifacts');
    for (const { key, bytes, sha256 } of claimed) {
      const found = await artifacts.read(key);
      if (!found || found.length !== bytes || sha256Of(found) !== sha256) missing.push(key);
    }
    if (missing.length > 0) broken.push(`${job_id} (${kind}): ${missing.join(', ')}`);
  }
  return broken;
}

interface Asked {
  request: Request;
  job: JobRow;
}

function otherwise(asked: readonly Asked[]): string[] {
  return asked
    .filter(({ request, job }) => ended.includes(job.phase) && job.phase !== request.input.ends)
    .map(
      ({ request, job }) =>
        `${job.job_id} (${job.kind}, ${request.input.name}): ${job.status}, ${job.error_message ?? 'without a message'}`,
    );
}

/** Jobs of one input have one answer, whatever was killed under them: their artifacts agree byte for byte. */
async function otherAnswers(asked: readonly Asked[], artifacts: Artifacts): Promise<string[]> {
  const first = new Map<string, { job_id: string; answer: Map<string, string> }>();
  const broken: string[] = [];
  for (const { request, job } of asked) {
    if (job.phase !== 'succeeded') continue;
    const input = `${job.kind}, ${request.input.name}`;
    const answer = await artifacts.answer(job.job_id);
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

class Artifacts {
  readonly #database: pg.Client;
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(database: pg.Client, s3: S3Client, bucket: string) {
    this.#database = database;
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  /** What a job's rows claim. */
  async of(jobId: string): Promise<ArtifactRow[]> {
    const { rows } = await this.#database.query<ArtifactRow>(
      'SELECT key, pass, name, bytes::int, sha256 FROM artifacts WHERE job_id = $1 ORDER BY key',
      [jobId],
    );
    return rows;
  }

  async read(key: string): Promise<Uint8Array | undefined> {
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  /** A hash of each artifact of a job, with the job's id and the mark of a retried attempt (`.a2`) taken out. */
  async answer(jobId: string): Promise<Map<string, string>> {
    const plain = (text: string) => text.replaceAll(jobId, '').replaceAll(/\.a\d+(?=\.[a-z]+)/g, '');
    const answer = new Map<string, string>();
    for (const { key, pass, name } of await this.of(jobId)) {
      const bytes = (await this.read(key)) ?? new Uint8Array();
      const text = plain(Buffer.from(bytes).toString('latin1'));
      answer.set(plain(`${pass}/${name}`), sha256Of(Buffer.from(text, 'latin1')));
    }
    return answer;
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
