/** Another process on the same file: `hold PATH SECONDS` keeps its write lock, `write PATH` begins a batch and never ends it. */
import Database from 'better-sqlite3';

const [, , what, path, seconds] = process.argv;
const database = new Database(path);
database.exec('BEGIN IMMEDIATE');
if (what === 'write') {
  database.pragma('cache_size = 10');
  const insert = database.prepare(
    "INSERT INTO cameras (owner, camera_id, key, time_zone, zones, masks, version, created_at, updated_at) VALUES ('half', ?, ?, 'UTC', '[]', '[]', 1, 0, 0)",
  );
  for (let n = 0; n < 5000; n++) insert.run(`camera-${n}`, `key-${n}`);
}
process.stdout.write('begun\n');
setTimeout(() => {
  database.exec('COMMIT');
  database.close();
}, Number(seconds) * 1000);
