import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { openChildPool } from '../../../media/child-pool.ts';
import type { ArtifactStore } from '../../../storage/artifact-store.ts';
import { removeLeftovers, scratchPrefix } from '../../../system/scratch-folder.ts';
import { clipModule } from '../child/clip-module.ts';
import type { ClipTasks } from '../child/clip-tasks.ts';
import type { ClipSource } from '../events/event.ts';

/** Of the folders in which a clip is made. */
const folderName = 'doubletake-clip';

/** Before an event and after it, seconds. */
const around = 3;

export interface CutClip {
  bytes: number;
  /** Once it is closed, read or not, nothing of the clip is left. */
  content: Readable;
}

export interface Clips {
  /**
   * Cuts what lies around an event out of its video, one at a time: each holds a copy of the video meanwhile.
   * @throws UnreadableMedia, TooLarge, ChildLost, ObjectMissing, and the signal's reason
   */
  cut(source: ClipSource, fileName: string, signal: AbortSignal): Promise<CutClip>;
  close(): Promise<void>;
}

/** Copies a video's packets in a child process, which is started with the first clip: strangers made the video. */
export function openClips(store: Pick<ArtifactStore, 'download'>): Clips {
  const pool = openChildPool<ClipTasks>({
    modules: [clipModule],
    size: 1,
    starts: 'with the first task',
    heapMb: 128,
    limits: { memoryMb: 1024, seconds: 300 },
  });
  // Of a process that was killed while it cut a clip. What stays is in nobody's way.
  let before: Promise<unknown> = removeLeftovers(tmpdir(), folderName);

  async function cutNow(
    { key, from_s, to_s }: ClipSource,
    fileName: string,
    signal: AbortSignal,
  ): Promise<CutClip> {
    signal.throwIfAborted();
    const folder = await mkdtemp(join(tmpdir(), scratchPrefix(folderName, process.pid)));
    const remove = () => rm(folder, { recursive: true, force: true });
    try {
      const [path, out] = [join(folder, 'video'), join(folder, 'clip.mp4')];
      await store.download(key, path, { signal });
      const task = {
        task: 'clip',
        path,
        out,
        fileName,
        from_s: from_s - around,
        to_s: to_s + around,
      } as const;
      await pool.run(task, { signal });
      await rm(path);
      const { size } = await stat(out);
      const content = createReadStream(out);
      content.once('close', () => void remove());
      return { bytes: size, content };
    } catch (error) {
      await remove();
      throw error;
    }
  }

  return {
    cut(source, fileName, signal) {
      const cut = before.then(() => cutNow(source, fileName, signal));
      before = cut.catch(() => {});
      return cut;
    },
    close: () => pool.close(),
  };
}
