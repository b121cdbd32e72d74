import type { Engine } from './engine.ts';

const named = ['image_path', 'json_log_path', 'clip_key'];

/**
 * Those that a row names, of boxes' rows only what lies under their camera's prefix, and those under a camera's prefix that bear the id of an event which is open: its row does not
 * name yet what is being written.
 */
export async function whichKeysAreClaimed(
  engine: Engine,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const list = engine.list(keys);
  const claims = named.map(
    (column) =>
      `SELECT e.${column} AS key FROM events AS e
         JOIN cameras AS c ON c.owner = e.owner AND c.camera_id = e.camera_id
        WHERE e.${column} IN (${engine.bound})
          AND (e.job_id IS NOT NULL OR e.${column} LIKE 'cameras/' || c.key || '/%')`,
  );
  const rows = await engine.rows(claims.join(' UNION '), [list, list, list]);
  const claimed = new Set(rows.map(({ key }) => key as string));
  const folders = [...new Set(keys.flatMap((key) => /^cameras\/[^/]+\//.exec(key) ?? []))];
  const open = await engine.rows(
    `SELECT c.key, e.event_id FROM cameras AS c
       JOIN events AS e ON e.owner = c.owner AND e.camera_id = c.camera_id AND e.ended_at IS NULL
      WHERE e.job_id IS NOT NULL AND 'cameras/' || c.key || '/' IN (${engine.bound})`,
    [engine.list(folders)],
  );
  for (const { key: camera, event_id } of open)
    for (const key of keys)
      if (key.startsWith(`cameras/${camera}/`) && parts(key).includes(event_id as string)) claimed.add(key);
  return claimed;
}

/** `a/b.c/d.jpg` → a, b.c, d.jpg, and each without its extension. */
const parts = (key: string) => key.split('/').flatMap((part) => [part, part.replace(/\.[a-z0-9]+$/i, '')]);
