import { randomUUID } from 'node:crypto';
import { openAssist } from '../../../src/database/assist/open-assist.ts';
import type { Database } from '../../../src/database/database.ts';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { markDispatched } from '../../../src/database/jobs/mark-dispatched.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import type { Job } from '../../../src/domain/job.ts';
import type { MeasuredObject, Quantity } from '../../../src/kinds/measurement/outcome.ts';
import {
  type MeasurementVersion,
  persistMeasurement,
} from '../../../src/kinds/measurement/tables/persist-measurement.ts';
import { request, step } from '../jobs.ts';

export const webhook = { url: 'https://example.org/told', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
export const dueAt = new Date('2030-01-01T00:00:00Z');
export const ask = { needs_reference: true, reasons: [{ code: 'no_reference', message: 'no marker' }] };

export async function measuringJob(database: Database): Promise<Job> {
  const { job: plain, ...rest } = request();
  const job = { ...plain, job_id: randomUUID(), kind: 'measurement', options: {}, webhook };
  const accepted = await acceptJob(database, { ...rest, job });
  await markDispatched(database, accepted.job.job_id, 1);
  return transitionJob(database, {
    ...step(accepted.job),
    to: 'processing',
    stage: 'MEASURING',
    why: 'Work began',
  });
}

/** A job that waits for a person, as its workflow would leave it: the machine's version, the question, the status. */
export async function waitingJob(database: Database): Promise<Job> {
  return askAbout(database, await measuringJob(database));
}

export async function askAbout(database: Database, job: Job): Promise<Job> {
  const why = 'no reference was found';
  const move = { ...step(job), to: 'needs_assist', stage: 'ASSIST', why };
  return transitionJob(database, move, async (tx) => {
    await persistMeasurement(tx, { ...version(job, 1), artifacts: [] });
    await openAssist(tx, { ...step(job), ask, due_at: dueAt });
  });
}

export function version({ job_id }: Job, number: number, objects: MeasuredObject[] = []): MeasurementVersion {
  return {
    ...{ job_id, version: number, source: number === 1 ? 'machine' : 'person', objects },
    image: { width: 4000, height: 3000 },
    reference: null,
    scale: null,
    confidence: 0,
    reasons: [{ code: 'no_reference', message: 'no marker' }],
    provenance: {
      software: { name: 'doubletake', version: '0' },
      models: [],
      parameters: {},
      source_sha256: 'a'.repeat(64),
    },
    annotated_image_key: null,
    rectified_image_key: null,
    preview: null,
  };
}

export function measured(n: number, width: number): MeasuredObject {
  const of = (value: number, unit: Quantity['unit']): Quantity => ({
    ...{ value, unit, pixel: value * 10, confidence: 0.9, method: 'by homography' },
  });
  return {
    n,
    width: of(width, 'mm'),
    height: of(width * 2, 'mm'),
    area: of(width ** 2 * 2, 'mm²'),
    perimeter: of(width * 6, 'mm'),
    solidity: of(0.98, '1'),
    orientation: of(90, 'deg'),
    outline: [
      [0, 0],
      [10.25, 0],
      [10, 20],
    ],
    corners: [
      [0, 0],
      [10, 0],
      [10, 20],
      [0, 20],
    ],
    confidence: 0.87,
    terms: [{ name: 'resolution', value: 4, score: 0.87, why: '4 px per mm' }],
    source: 'machine',
  };
}
