import type { DetectedObject } from '../events/event.ts';

export interface Described {
  detected_objects: readonly DetectedObject[];
  zones: readonly string[];
  /** 0–1. */
  motion_confidence: number;
  /** Seconds; null while it lasts. */
  duration_s: number | null;
  continues: boolean;
}

/** From this confidence on, a thing is named without a word of doubt. */
const sure = 0.5;

/** What happened, in plain words, from what was measured and nothing else. */
export function describe({
  detected_objects,
  zones,
  motion_confidence,
  duration_s,
  continues,
}: Described): string {
  const how = duration_s === null ? 'is in view' : `was in view for ${lasting(duration_s)}`;
  const where = zones.length > 0 ? ` (${listed(zones)})` : '';
  const things = namesOf(detected_objects);
  const first =
    things.length > 0
      ? `${capital(listed(things))} ${things.length > 1 || things[0]?.startsWith('several') ? how.replace(/^was/, 'were').replace(/^is/, 'are') : how}${where}.`
      : `Something ${duration_s === null ? 'moves' : `moved for ${lasting(duration_s)}`}${where}; what it was could not be told.`;
  const doubts = [
    ...(continues ? ['It continues the event before.'] : []),
    ...(motion_confidence < 0.3 ? ['The motion was weak: it may have been the light.'] : []),
  ];
  return [first, ...doubts].join(' ');
}

function namesOf(objects: readonly DetectedObject[]): string[] {
  const best = new Map<string, { confidence: number; count: number }>();
  for (const { label, confidence } of objects) {
    const known = best.get(label) ?? { confidence: 0, count: 0 };
    best.set(label, { confidence: Math.max(known.confidence, confidence), count: known.count + 1 });
  }
  return [...best]
    .sort(([, one], [, other]) => other.confidence - one.confidence)
    .map(([label, { confidence, count }]) => {
      const name = count > 1 ? `several things like ${article(label)}` : article(label);
      return confidence >= sure ? name : `perhaps ${name}`;
    });
}

function article(label: string): string {
  return `${/^[aeiou]/i.test(label) ? 'an' : 'a'} ${label}`;
}

function lasting(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds - minutes * 60);
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
