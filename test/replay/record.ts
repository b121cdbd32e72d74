/**
 * `node test/replay/record.ts [name…]`: plays the scenarios on servers of its own with a real worker and writes their
 * histories, which `replay.test.ts` replays. To be run when a workflow changes in a way that old histories need not
 * survive; where running ones must, use `patched`, and record under new names beside the old histories.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOwnServers } from '../support/servers.ts';
import { startSystem } from '../workflows/support/system.ts';
import { historiesFolder, writeHistory } from './history-file.ts';
import { scenarios } from './scenarios.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in scenarios));
if (unknown.length > 0) {
  throw new Error(`No scenario ${unknown.join(', ')}; there are ${Object.keys(scenarios).join(', ')}.`);
}

mkdirSync(historiesFolder, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'doubletake-record-'));
const servers = await startOwnServers();
Object.assign(process.env, servers.environment);
const system = await startSystem('record');
// Several segments of a short clip. No schedule may play into a scenario.
const recording = {
  DOUBLETAKE_SEGMENT_FRAMES: '60',
  DOUBLETAKE_RECONCILE_SECONDS: '3600',
  DOUBLETAKE_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 'a recording').toString('base64')}`,
  DOUBLETAKE_WEBHOOK_PRIVATE: 'allow',
};
try {
  let worker = await system.startWorker(recording);
  const withoutWorker = async <T>(work: () => Promise<T>): Promise<T> => {
    await worker.stop();
    try {
      return await work();
    } finally {
      worker = await system.startWorker(recording);
    }
  };
  for (const [name, play] of Object.entries(scenarios)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const { workflowId, runId } = await play({ system, folder, withoutWorker });
    const history = await system.client.workflow.getHandle(workflowId, runId).fetchHistory();
    writeHistory(name, history);
    console.log(`${name}: ${history.events?.length} events`);
  }
} finally {
  await system.close();
  await servers.stop();
  rmSync(folder, { recursive: true, force: true });
}
