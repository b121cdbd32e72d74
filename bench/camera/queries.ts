import type { EventFilter } from '../../src/kinds/camera/events/event-store.ts';
import { newest } from './events.ts';

/** What camera owners ask, common and rare, with something to find and without; `n` makes one differ from the other. */
export const queries: Readonly<Record<string, (n: number) => EventFilter>> = {
  everything: () => ({}),
  'a camera': (n) => ({ camera_id: `camera-${n % 20}` }),
  'a day': (n) => ({
    after: new Date(newest - (n + 1) * 86_400_000),
    before: new Date(newest - n * 86_400_000),
  }),
  'a camera, a day': (n) => ({
    camera_id: `camera-${n % 20}`,
    after: new Date(newest - (n + 1) * 86_400_000),
    before: new Date(newest - n * 86_400_000),
  }),
  'a label': (n) => ({ label: `label-${n % 80}` }),
  'a label that is never seen': () => ({ label: 'unicorn' }),
  'a zone': (n) => ({ zone: `zone-${n % 30}` }),
  'a label of a camera': (n) => ({ camera_id: `camera-${n % 20}`, label: `label-${n % 80}` }),
  min_confidence: (n) => ({ min_confidence: 1 - 10 ** -(n % 7) }),
  min_duration: (n) => ({ min_duration: 2 ** (n % 9) }),
  reviewed: () => ({ reviewed: true }),
  'not reviewed': () => ({ reviewed: false }),
  open: () => ({ ended: false }),
  ended: () => ({ ended: true }),
  'q, a common word': (n) => ({ q: `word${n % 10}` }),
  'q, a rare word': (n) => ({ q: `word${1000 + n * 37}` }),
  'q, an absent word': (n) => ({ q: `absent${n}` }),
  'q, two words': (n) => ({ q: `word${n % 40} word${(n * 7) % 300}` }),
  'q of a camera with a label': (n) => ({
    q: `word${n % 100}`,
    camera_id: `camera-${n % 20}`,
    label: `label-${n % 20}`,
  }),
};
