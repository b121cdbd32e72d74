import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { artifactKey } from '../src/domain/artifact.ts';
import type { LookResult } from '../src/kinds/technique/child/look-task.ts';
import { bucketOf, type Service } from './service.ts';

export interface Inferences {
  pose: number;
  detector: number;
}

/** How often each model ran in the deep pass of a job, as the checkpoints of its segments say. */
export async function inferencesOf(service: Service, jobId: string): Promise<Inferences> {
  const { client, name: Bucket } = bucketOf(service);
  try {
    const Prefix = artifactKey(jobId, 'deep', 'segment-');
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix }));
    const looks = await Promise.all(
      Contents.map(async ({ Key }) => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        const { look }: { look: LookResult } = JSON.parse((await Body?.transformToString()) ?? '');
        return look;
      }),
    );
    const sum = (count: (look: LookResult) => number) =>
      looks.reduce((total, look) => total + count(look), 0);
    return { pose: sum((look) => look.pose_runs), detector: sum((look) => look.detector_runs) };
  } finally {
    client.destroy();
  }
}
