import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { type ApiClient, openApiClient } from '../src/cli/api-client.ts';
import { startWholeService } from '../test/support/whole-service.ts';
import type { BenchRun } from './bench-run.ts';

export interface Service {
  api: ApiClient;
  temporalAddress: string;
  /** As the API and the worker have it; S3's address and keys are in it. */
  environment: Readonly<Record<string, string>>;
  /** Undefined when started without one. */
  workerPid: number | undefined;
}

/** The service's bucket, for what the bench does there itself. The client is the caller's to destroy. */
export function bucketOf({ environment }: Service): { client: S3Client; name: string } {
  const client = new S3Client({
    endpoint: environment.AWS_ENDPOINT_URL_S3 as string,
    region: environment.AWS_REGION as string,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID as string,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY as string,
    },
  });
  return { client, name: environment.DOUBLETAKE_BUCKET as string };
}

/**
 * Doubletake as `npm start` runs it (same servers, same settings, data on disk and flushed), on free ports and
 * with data of its own, for as long as `use` takes.
 */
export async function withService<T>(
  { scratch }: BenchRun,
  { worker }: { worker: boolean },
  use: (service: Service) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(scratch, 'service-'));
  const service = await startWholeService(folder, {
    workers: worker ? 1 : 0,
    environment: { DOUBLETAKE_AUTH: 'off', DOUBLETAKE_LOG_LEVEL: 'warn' },
    servers: { flushed: true },
  });
  const { environment, workers } = service;
  try {
    const address = { url: service.apiUrl(), origin: 'the bench' };
    return await use({
      api: openApiClient(() => address, undefined),
      temporalAddress: environment.TEMPORAL_ADDRESS as string,
      environment,
      workerPid: workers[0]?.process.pid,
    });
  } finally {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
