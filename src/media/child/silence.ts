import type { ProcessorTime } from './processor-time.ts';

export interface SilenceLimits {
  /** Processor time that a child may use without telling that it is at work, seconds. */
  stallSeconds: number;
  /** How long a child may tell nothing by the clock, whether or not it had a core to work on, seconds. */
  silentSeconds: number;
}

export interface LostInSilence {
  how: 'stalled' | 'starved';
  /** The limit that it ran into, seconds. */
  detail: number;
  /** What the child had of the machine meanwhile, where the system tells. */
  processor?: ProcessorTime;
}

export interface Silence {
  /** The child told something. */
  heard(): void;
  /** Whether it was silent for too long; to be asked a few times a second. */
  lost(): LostInSilence | undefined;
}

/** Of the time since the last look so much counts at most: who could not look could not listen either. */
const mostBetweenMs = 1000;

/**
 * Watches how long a child has told nothing. A child in an endless loop uses up its processor time; one that was given
 * no core on a busy machine, or was stopped, does not, and its file is not to blame.
 * @param read the child's processor time so far; undefined where the system does not tell it, so that the clock alone
 *   has to decide
 */
export function watchSilence(limits: SilenceLimits, read: () => ProcessorTime | undefined): Silence {
  let before = read();
  let silentMs = 0;
  let looked = performance.now();
  let spoke = false;
  return {
    heard() {
      spoke = true;
    },
    lost() {
      const now = performance.now();
      silentMs += Math.min(now - looked, mostBetweenMs);
      looked = now;
      if (spoke) {
        spoke = false;
        silentMs = 0;
        before = read();
        return undefined;
      }
      const { stallSeconds, silentSeconds } = limits;
      if (silentMs < Math.min(stallSeconds, silentSeconds) * 1000) return undefined;
      const processor = difference(read(), before);
      // Several threads use up more than a second in a second.
      if (processor && processor.used >= stallSeconds && silentMs >= stallSeconds * 1000)
        return { how: 'stalled', detail: stallSeconds, processor };
      if (silentMs < silentSeconds * 1000) return undefined;
      return processor
        ? { how: 'starved', detail: silentSeconds, processor }
        : { how: 'stalled', detail: silentSeconds };
    },
  };
}

function difference(
  now: ProcessorTime | undefined,
  before: ProcessorTime | undefined,
): ProcessorTime | undefined {
  return now && before && { used: now.used - before.used, waited: now.waited - before.waited };
}
