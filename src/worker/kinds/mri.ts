import { availableParallelism } from 'node:os';
import { decodingPool } from '../../activities/decoding-pool.ts';
import { textsIn } from '../../activities/mri/keep-texts.ts';
import { openKnowledge } from '../../activities/mri/knowledge.ts';
import { makeMriLanguageActivities } from '../../activities/mri/language-activities.ts';
import { makeMriComputeActivities } from '../../activities/mri/mri-activities.ts';
import { mriRecords } from '../../activities/mri/mri-records.ts';
import { recordProgress } from '../../database/jobs/record-progress.ts';
import { findSession } from '../../database/sessions/find-session.ts';
import { replaceOriginal } from '../../database/sessions/replace-original.ts';
import { NotFound } from '../../domain/errors.ts';
import { type MriModelNames, mriEndpoints } from '../../domain/kinds/mri.ts';
import { namedModel } from '../../domain/language-settings.ts';
import { mriLimits, mriTasks } from '../../kinds/mri/child/task-module.ts';
import { readMriModels } from '../../kinds/mri/mri-models.ts';
import { persistResult } from '../../kinds/mri/tables/persist-result.ts';
import { resultFields } from '../../kinds/mri/tables/read-results.ts';
import { openNamedModel } from '../../language/open-named.ts';
import { removeLeftovers } from '../../system/scratch-folder.ts';
import type { KindAtWork, SharedParts } from '../kind-at-work.ts';

function endpoint(name: keyof typeof mriEndpoints, { settings, secrets }: SharedParts) {
  const named = namedModel(mriEndpoints[name], settings);
  return named ? openNamedModel(`${name} model`, named, secrets) : undefined;
}

export const mri: KindAtWork = {
  records: ({ database, store, log }) =>
    mriRecords({ store, log, fieldsOf: (jobId, tx) => resultFields(tx ?? database.em(), jobId) }),
  main(parts) {
    const { database, store, log } = parts;
    const [vision, language, embeddings] = [
      endpoint('vision', parts),
      endpoint('language', parts),
      endpoint('embeddings', parts),
    ];
    return makeMriLanguageActivities({
      ...textsIn({ store, log, persistResult: (...args) => persistResult(database, ...args) }),
      ...(vision && { vision }),
      ...(language && { language }),
      askKnowledge: openKnowledge({ database, ...(embeddings && { embeddings }), log }),
      store,
      log,
    });
  },
  tasks: mriTasks,
  async compute({ modelsFolder, settings }) {
    const models = await readMriModels(
      modelsFolder,
      settings.DOUBLETAKE_MRI_MODELS as Partial<MriModelNames>,
    );
    return {
      activities(parts) {
        const { database, pools, scratch, log } = parts;
        void removeLeftovers(scratch, 'mri').then((stayed) => {
          if (stayed.length > 0) log.warn({ stayed }, 'Leftovers of earlier heads cannot be removed');
        });
        return makeMriComputeActivities({
          ...parts,
          models,
          pool: decodingPool(pools[mriTasks.sandbox], mriLimits),
          threads: Math.min(2, availableParallelism()),
          async readSession(id) {
            const session = await findSession(database, id);
            if (!session) throw new NotFound(`There is no session ${id}.`);
            return session;
          },
          replaceOriginal: ({ id, original_key }, by) =>
            replaceOriginal(database, id, original_key as string, by),
          recordProgress: (progress) => recordProgress(database, progress),
          persistResult: (...args) => persistResult(database, ...args),
        });
      },
    };
  },
};
