/** An event of a box with a value in every field that a box may write; one `n` gives one event. */
export function boxEvent(n: number) {
  const started = Date.UTC(2026, 8, 1) + n * 61_001;
  return {
    event_id: `box-${String(n).padStart(6, '0')}`,
    camera_id: `cam-${n % 4}`,
    started_at: new Date(started).toISOString(),
    ended_at: n % 5 === 0 ? null : new Date(started + 1000 + n).toISOString(),
    time_source: 'box',
    motion_confidence: n % 7 === 0 ? null : (n % 100) / 100,
    detected_objects: Array.from({ length: n % 3 }, (_, at) => ({
      label: ['person', 'cat', 'Kröte 🐸'][(n + at) % 3] as string,
      confidence: ((n * 37) % 1000) / 1000,
      box: { x: 0.1, y: 0.25, width: 0.125, height: (n % 7) / 10 },
    })),
    llm_description:
      n % 11 === 0 ? null : `Ein „Ereignis“ №${n}, ${'x'.repeat(n % 50)}'; DROP TABLE events; --`,
    image_path: n % 2 ? `/data/${n}.jpg` : null,
    json_log_path: n % 2 ? `/data/${n}.json` : null,
    zones: n % 2 ? ['gate', 'Einfahrt'] : [],
    continues: n % 13 === 1 ? `box-${String(n - 1).padStart(6, '0')}` : null,
    end_reason: n % 5 === 0 ? null : 'ended',
    reviewed_by: n % 17 === 0 ? 'somebody' : null,
    reviewed_at: n % 17 === 0 ? new Date(started + 5000).toISOString() : null,
    keep: n % 3 === 0,
    false_positive: n % 19 === 0,
  };
}

export function json(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

export function lines(rows: readonly unknown[]): RequestInit {
  const body = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  return { headers: { 'content-type': 'application/x-ndjson' }, body };
}
