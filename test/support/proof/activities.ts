import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ApplicationFailure } from '@temporalio/common';
import type { KindRecords } from '../../../src/activities/kind-records.ts';
import { whileHeartbeating } from '../../../src/activities/while-heartbeating.ts';
import { writerFor } from '../../../src/activities/write-artifact.ts';
import { ArtifactEntity } from '../../../src/database/entities/records.ts';
import { claimArtifacts } from '../../../src/database/jobs/claim-artifacts.ts';
import { inTransaction } from '../../../src/database/transaction.ts';
import type { KindAtWork, SharedParts } from '../../../src/worker/kind-at-work.ts';
import type { ProofOptions } from './definition.ts';

export interface ProofPass {
  job_id: string;
  attempt: number;
  pass: string;
  options: ProofOptions;
}

/** Writes the note that a pass keeps, and claims it. */
export function makeProofActivities({ database, store, log, settings, secrets }: SharedParts) {
  return {
    takePass: ({ job_id, attempt, pass, options }: ProofPass): Promise<void> =>
      whileHeartbeating(async (signal) => {
        if (options.fails_in === pass && attempt === 1)
          throw ApplicationFailure.nonRetryable(`The pass ${pass} was to fail.`, 'UnreadableMedia');
        while (options.holds_in === pass && !(await store.head(`open/${job_id}`)))
          await sleep(50, undefined, { signal });
        const { put } = writerFor({ store, log }, job_id, pass, signal);
        const note = await put('note.txt', String(settings.DOUBLETAKE_PROOF_GREETING), 'text/plain');
        await inTransaction(database, 'the note', (tx) => claimArtifacts(tx, job_id, [note]));
      }),
    /** Fails with what a library would say of an address, the secret in it. */
    openSource: ({ options }: Pick<ProofPass, 'options'>): Promise<void> =>
      whileHeartbeating(async () => {
        if (options.url === undefined) return;
        const address = await secrets.fill(options.url, 'options.url');
        log.info({ address }, `opening ${address}`);
        if (address.includes('refuses'))
          throw ApplicationFailure.nonRetryable(`Connection to ${address} refused`, 'UnreadableMedia');
      }),
  };
}

export type ProofActivities = ReturnType<typeof makeProofActivities>;

function proofRecords({ database }: SharedParts): KindRecords {
  return {
    async fieldsOf(job_id, tx?: EntityManager) {
      const rows = await (tx ?? database.em()).find(ArtifactEntity, { job_id });
      return new Set(rows.map(({ pass }) => pass));
    },
    resultOf: async () => ({ proven: true }),
    onCompleted: async () => {},
    whichKeysAreClaimed: async (keys) => new Set(keys.filter((key) => key.endsWith('/claimed'))),
  };
}

export const proofAtWork: KindAtWork = {
  records: proofRecords,
  precedes: {
    isWanted: ({ settings }) => settings.DOUBLETAKE_PROOF_FIRST === 'on',
    judge: ({ file_name, phase }) =>
      file_name.includes('refused')
        ? { refusal: { type: 'UnsupportedMedia', message: `"${file_name}" did not pass the proof.` } }
        : { note: `the proof ${phase}` },
  },
  main: (parts) => ({ takePass: makeProofActivities(parts).takePass }),
  live: async () => ({
    activities: (parts) => ({ openSource: makeProofActivities(parts).openSource }),
  }),
};
