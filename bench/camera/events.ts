import { randomUUID } from 'node:crypto';

/** Words and labels come as often as in a language: the n-th one n times as seldom as the first. */
function zipf(count: number): () => number {
  const sums: number[] = [];
  for (let n = 1; n <= count; n++) sums.push((sums.at(-1) ?? 0) + 1 / n);
  const total = sums.at(-1) as number;
  return () => {
    const at = Math.random() * total;
    return sums.findIndex((sum) => at <= sum);
  };
}

const cameras = zipf(20);
const labels = zipf(80);
const zones = zipf(30);
const words = zipf(5000);

export const newest = Date.parse('2026-06-01T00:00:00Z');
/** Between two events of all cameras together. */
const apart = 30_000;

/** Event `n` of a year or so of a house with twenty cameras; the higher, the newer. */
export function benchEvent(n: number, of: number): Record<string, unknown> {
  const start = newest - (of - n) * apart + Math.random() * apart;
  const seen = Array.from({ length: Math.floor(Math.random() * 3) }, () => ({
    label: `label-${labels()}`,
    confidence: Math.random(),
    box: { x: 0.1, y: 0.2, width: Math.random() / 2, height: 0.4 },
  }));
  const event_id = randomUUID();
  return {
    event_id,
    camera_id: `camera-${cameras()}`,
    timestamp: new Date(start).toISOString(),
    ended_at: n % 10_000 === 0 ? null : new Date(start + 1 - Math.log(Math.random()) * 10_000).toISOString(),
    motion_confidence: Math.random() ** 2,
    detected_objects: seen,
    llm_description: Array.from({ length: 8 }, () => `word${words()}`).join(' '),
    image_path: `cameras/bench/${event_id}.jpg`,
    json_log_path: `cameras/bench/${event_id}.json`,
    zones: Math.random() < 0.5 ? [] : [`zone-${zones()}`],
    ...(Math.random() < 0.01 && {
      reviewed_by: 'anna',
      reviewed_at: new Date(start).toISOString(),
    }),
  };
}

export const benchEvents = (count: number, from: number, of: number) =>
  Array.from({ length: count }, (_, n) => benchEvent(from + n, of));
