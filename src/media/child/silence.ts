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
  /** Seconds that the child was at work on a core meanwhile, and that it waited for one, where the system tells. */
  processor?: { used: number; waited?: number };
}

export interface Silence {
  /** The child told something. */
  heard(): void;
  /** Whether it was silent for too long; to be asked a few times a second. */
  lost(): LostInSilence | undefined;
}

/** Of the time since the last look so much counts at most: who could not look could not listen either. */
const mostBetweenMs = 1000;

/** A child that neither works nor waits for a core may be at a slow disk; so many times the limit is no disk's doing. */
const blockedStalls = 3;

/** Of its silence a child must have been kept waiting for this share, or the machine was not what kept it. */
const starvedShare = 0.5;

/**
 * Watches how long a child has told nothing. A child in an endless loop uses up its processor time, and one that waits
 * for a lock that nobody opens neither uses nor wants any: both are stalled. One that was given no core on a busy
 * machine, or was stopped, is starved, and its file is not to blame.
 * @param read the child's processor time so far; undefined where the system does not tell it, so that the clock alone
 *   has to decide
 */
export function watchSilence(limits: SilenceLimits, read: () => ProcessorTime | undefined): Silence {
  const { stallSeconds, silentSeconds } = limits;
  let before = read();
  let silent = 0;
  let stopped = 0;
  let looked = performance.now();
  let spoke = false;
  return {
    heard() {
      spoke = true;
    },
    lost() {
      const now = performance.now();
      const passed = Math.min(now - looked, mostBetweenMs) / 1000;
      looked = now;
      const time = read();
      if (spoke) {
        spoke = false;
        [silent, stopped, before] = [0, 0, time];
        return undefined;
      }
      silent += passed;
      if (time?.stopped) stopped += passed;
      if (silent < Math.min(stallSeconds, silentSeconds)) return undefined;
      const processor = difference(time, before);
      if (!processor) return silent < silentSeconds ? undefined : { how: 'stalled', detail: silentSeconds };
      const { used, waited = 0 } = processor;
      // Several threads use up more than a second in a second.
      if (used >= stallSeconds && silent >= stallSeconds)
        return { how: 'stalled', detail: stallSeconds, processor };
      const blockedLimit = blockedStalls * stallSeconds;
      if (processor.waited !== undefined && silent - used - waited - stopped >= blockedLimit)
        return { how: 'stalled', detail: blockedLimit, processor };
      if (silent < silentSeconds) return undefined;
      const how = waited + stopped >= starvedShare * silent ? 'starved' : 'stalled';
      return { how, detail: silentSeconds, processor };
    },
  };
}

/** A thread that ended took its account of waiting with it. */
function difference(
  now: ProcessorTime | undefined,
  before: ProcessorTime | undefined,
): LostInSilence['processor'] {
  if (!now || !before) return undefined;
  const used = now.used - before.used;
  if (now.waited === undefined || before.waited === undefined) return { used };
  return { used, waited: Math.max(0, now.waited - before.waited) };
}
