import { labelledSet } from '../../test/kinds/scan/support/labelled.ts';
import type { BenchRun } from '../bench-run.ts';
import { median, spread } from '../statistics.ts';
import { withScanPeers } from './peers.ts';
import { withWarmChild } from './warm-child.ts';

/** The labelled set in one warm child, and in the peers, in turn. */
export async function labelledRows(run: BenchRun): Promise<string[][]> {
  const set = labelledSet();
  const { files } = set;
  const perSecond = (count: number) => (seconds: number) => count / seconds;
  try {
    return await withScanPeers(run, (peers) =>
      withWarmChild(run.scratch, async (child) => {
        const ours: number[] = [];
        const theirs = peers.map((peer) => ({
          ...{ peer, files: files.filter(peer.isFor), seconds: [] as number[] },
        }));
        for (let round = 0; round <= run.rounds; round++) {
          run.say(`the labelled set, round ${round} of ${run.rounds}`);
          const began = performance.now();
          for (const { path, name } of files) await child.scan(path, name);
          const seconds = (performance.now() - began) / 1000;
          // The first compiles what later ones find compiled, in the peers as here.
          if (round > 0) ours.push(seconds);
          for (const one of theirs) {
            const needed = await one.peer.seconds(one.files);
            if (round > 0) one.seconds.push(needed);
          }
        }
        const together = theirs.reduce((sum, { seconds }) => sum + median(seconds), 0);
        const names = peers.map(({ name }) => name).join(', ');
        return [
          [
            `the labelled set, one warm child, files/s`,
            spread(ours.map(perSecond(files.length)), 0),
            `${(files.length / together).toFixed(0)} (${names}, one after the other)`,
            (together / median(ours)).toFixed(2),
            '≥ 0.5',
          ],
          ...theirs.map((one) => [
            `of these, ${one.peer.name}: ${one.files.length} files, files/s`,
            '',
            spread(one.seconds.map(perSecond(one.files.length)), 0),
            '',
            '',
          ]),
        ];
      }),
    );
  } finally {
    set.remove();
  }
}
