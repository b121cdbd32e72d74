import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosInput } from '../../chaos/input.ts';
import { chaosInputs } from '../../chaos/inputs/index.ts';

/** What the requests of one run are about. What an operation takes away, or ends, is about nothing else. */
export interface Targets {
  /** Ended, by the kind's word: succeeded, where the kind has an input that does. */
  done: Readonly<Record<string, string>>;
  /** An artifact of the first of them. */
  artifact: Readonly<Record<'id' | 'pass' | 'name', string>>;
  /** Waits for a person. */
  asks: string;
  toCancel: string;
  /** Failed, as those of the sessions did. */
  toRetry: string;
  toDelete: string;
  session: string;
  sessionToDelete: string;
  /** Begun, and not finished. */
  upload: string;
  uploadToDelete: string;
  deletion: string;
  /** Of a camera's recording, with a picture and a clip. */
  event: string;
  eventToDelete: string;
  /** Without the event: masks that are drawn on it hide nothing of that. */
  camera: string;
  cameraToDelete: string;
}

interface Job {
  id: string;
  kind: string;
  session_id: string;
  phase: string;
}

/** Makes them all, under the key whose requests are to find them. */
export async function makeTargets(url: string, key: string): Promise<Targets> {
  const ask = askerWith(url, key);
  const kinds = await Promise.all(
    Object.entries(chaosInputs).map(async ([kind, inputs]) =>
      (await inputs()).map((input) => ({ ...input, kind })),
    ),
  );
  const oneOf = (which: (input: ChaosInput) => boolean) => {
    const found = kinds.flat().find(which);
    if (!found) throw new Error('chaos/inputs has no input of this sort');
    return found;
  };
  const failing = oneOf(({ ends }) => ends === 'failed');
  const asking = oneOf(({ answer }) => answer !== undefined);
  const succeeding = kinds.flatMap((inputs) =>
    (inputs.some(({ ends }) => ends === 'succeeded')
      ? inputs.filter(({ ends }) => ends === 'succeeded')
      : inputs
    )
      .filter(({ answer }) => !answer)
      .slice(0, 1),
  );
  const jobOf = (input: ChaosInput & { kind: string }) => settledJob(ask, input);
  const [done, asks, failed] = await Promise.all([
    Promise.all(succeeding.map(jobOf)),
    Promise.all([asking, asking].map(jobOf)),
    Promise.all([failing, failing, failing, failing].map(jobOf)),
  ]);
  const [first] = done as [Job];
  const [toAnswer, toCancel] = asks as [Job, Job];
  const [toRetry, toDelete, ofSession, deleted] = failed as [Job, Job, Job, Job];
  const { items } = await ask<{ items: { pass: string; name: string }[] }>(
    'GET',
    `/api/jobs/${first.id}/artifacts`,
  );
  const { pass, name } = items[0] as { pass: string; name: string };
  const deletion = await ask<{ id: string }>('DELETE', `/api/jobs/${deleted.id}`);
  return {
    done: Object.fromEntries(done.map(({ kind, id }) => [kind, id])),
    artifact: { id: first.id, pass, name },
    asks: toAnswer.id,
    toCancel: toCancel.id,
    toRetry: toRetry.id,
    toDelete: toDelete.id,
    session: first.session_id,
    sessionToDelete: ofSession.session_id,
    upload: await beginUpload(url, key),
    uploadToDelete: await beginUpload(url, key),
    deletion: deletion.id,
    ...(await cameraTargets(ask)),
  };
}

async function cameraTargets(
  ask: Asker,
): Promise<Pick<Targets, 'event' | 'eventToDelete' | 'camera' | 'cameraToDelete'>> {
  const { items } = await ask<{ items: { event_id: string; image_path: string | null }[] }>(
    'GET',
    '/api/events?ended=true',
  );
  // Without one, no request would get to pictures and clips, but for an id that is no id.
  const event = items.find(({ image_path }) => image_path !== null);
  if (!event) throw new Error('No camera job of chaos/inputs that comes first has an event with a picture.');
  const started_at = '2026-10-01T00:00:00Z';
  await ask('POST', '/api/events', {
    event_id: 'fuzz-event-to-delete',
    camera_id: 'fuzz-events',
    started_at,
  });
  for (const camera_id of ['fuzz-camera', 'fuzz-camera-to-delete'])
    await ask('POST', '/api/cameras', { camera_id });
  return {
    event: event.event_id,
    eventToDelete: 'fuzz-event-to-delete',
    camera: 'fuzz-camera',
    cameraToDelete: 'fuzz-camera-to-delete',
  };
}

type Asker = <T>(method: string, path: string, body?: FormData | object) => Promise<T>;

function askerWith(url: string, key: string): Asker {
  return async (method, path, body) => {
    const isForm = body instanceof FormData;
    const headers = {
      authorization: `Bearer ${key}`,
      ...(body && !isForm && { 'content-type': 'application/json' }),
    };
    const sent = body && { body: isForm ? body : JSON.stringify(body) };
    const answer = await fetch(url + path, { method, headers, ...sent });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json() as never;
  };
}

/** A job that has ended, or waits for a person. */
async function settledJob(
  ask: Asker,
  { kind, file, options = {} }: ChaosInput & { kind: string },
): Promise<Job> {
  const body = new FormData();
  body.set('kind', kind);
  body.set('options', JSON.stringify(options));
  body.set('file', new File([new Uint8Array(file.bytes)], file.name));
  let job = await ask<Job>('POST', '/api/jobs', body);
  while (['queued', 'running'].includes(job.phase)) {
    await sleep(200);
    job = await ask<Job>('GET', `/api/jobs/${job.id}`);
  }
  return job;
}

/** The id of an upload by the tus protocol whose bytes have still to come. */
async function beginUpload(url: string, key: string): Promise<string> {
  const answer = await fetch(`${url}/api/uploads`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'tus-resumable': '1.0.0',
      'upload-length': '1000',
      'upload-metadata': `filename ${Buffer.from('a.mp4').toString('base64')}`,
    },
  });
  const place = answer.headers.get('location');
  if (!place) throw new Error(`POST /api/uploads: ${answer.status} ${await answer.text()}`);
  return place.split('/').at(-1) as string;
}
