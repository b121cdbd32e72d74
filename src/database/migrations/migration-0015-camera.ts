import { Migration } from '@mikro-orm/migrations';

/**
 * What kind `camera` stores: cameras, their events, and when recordings without a clock began. Going down drops the rows;
 * the objects stay in S3. Ids are compared byte by byte (`"C"`), as cursors are and as SQLite does.
 */
export class Migration0015Camera extends Migration {
  override up(): void {
    this.addSql(`
      CREATE TABLE cameras (
        owner text NOT NULL,
        camera_id text COLLATE "C" NOT NULL CHECK (camera_id ~ '^[A-Za-z0-9._:-]{1,128}$'),
        key uuid NOT NULL UNIQUE,
        name text,
        time_zone text NOT NULL,
        zones jsonb NOT NULL CHECK (jsonb_typeof(zones) = 'array'),
        masks jsonb NOT NULL CHECK (jsonb_typeof(masks) = 'array'),
        version integer NOT NULL CHECK (version > 0),
        retention_days integer CHECK (retention_days > 0),
        offline_since timestamptz(3),
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        PRIMARY KEY (owner, camera_id)
      )`);
    this.addSql(`
      CREATE TABLE camera_recordings (
        owner text NOT NULL,
        camera_id text COLLATE "C" NOT NULL,
        source_sha256 text NOT NULL CHECK (source_sha256 ~ '^[0-9a-f]{64}$'),
        started_at timestamptz(3) NOT NULL,
        time_source text NOT NULL,
        PRIMARY KEY (owner, camera_id, source_sha256),
        FOREIGN KEY (owner, camera_id) REFERENCES cameras ON DELETE CASCADE
      )`);
    // What lists filter by comes first: PostgreSQL goes through a row's columns in their order.
    // `words` are those of `q`, told apart by the service: PostgreSQL's parser would depend on the server's locale.
    // `removing_at` hides an event whose objects are going.
    // `insertion` tells an insert whose answer was lost from one that was before it.
    // `changed_in` orders changes for streams: what a snapshot does not see yet comes after it, whenever it is committed.
    this.addSql(`
      CREATE TABLE events (
        owner text NOT NULL,
        event_id text COLLATE "C" NOT NULL CHECK (event_id ~ '^[A-Za-z0-9._:-]{1,128}$'),
        camera_id text COLLATE "C" NOT NULL,
        started_at timestamptz(3) NOT NULL,
        ended_at timestamptz(3) CHECK (ended_at >= started_at),
        motion_confidence double precision CHECK (motion_confidence BETWEEN 0 AND 1),
        duration_ms double precision
          GENERATED ALWAYS AS ((extract(epoch FROM ended_at - started_at) * 1000)::double precision) STORED,
        labels text[] NOT NULL,
        zones text[] NOT NULL,
        search tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED,
        reviewed_at timestamptz(3),
        removing_at timestamptz(3),
        last_seen_at timestamptz(3),
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        changed_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
        insertion uuid NOT NULL,
        keep boolean NOT NULL,
        false_positive boolean NOT NULL,
        time_source text NOT NULL
          CHECK (time_source IN ('recorded_at', 'creation_time', 'upload', 'stream', 'arrival', 'box')),
        end_reason text,
        continues text,
        job_id text,
        reviewed_by text,
        image_path text,
        json_log_path text,
        clip_key text,
        clip_from_s double precision,
        clip_to_s double precision,
        described_by text CHECK (described_by IN ('machine', 'model', 'person')),
        llm_description text,
        detected_objects jsonb NOT NULL CHECK (jsonb_typeof(detected_objects) = 'array'),
        words text NOT NULL,
        PRIMARY KEY (owner, event_id),
        FOREIGN KEY (owner, camera_id) REFERENCES cameras ON DELETE CASCADE,
        CHECK ((clip_key IS NULL) = (clip_from_s IS NULL) AND (clip_key IS NULL) = (clip_to_s IS NULL))
      )`);
    for (const index of [
      'events_by_camera ON events (owner, camera_id, started_at DESC, event_id DESC)',
      'events_by_time ON events (owner, started_at DESC, event_id DESC)',
      'events_reviewed ON events (owner, started_at DESC, event_id DESC) WHERE reviewed_at IS NOT NULL',
      'events_unreviewed ON events (owner, started_at DESC, event_id DESC) WHERE reviewed_at IS NULL',
      'events_open ON events (owner, started_at DESC, event_id DESC) WHERE ended_at IS NULL',
      'events_open_of_job ON events (owner, job_id) WHERE ended_at IS NULL AND job_id IS NOT NULL',
      'events_by_job ON events (owner, job_id, started_at, event_id) WHERE job_id IS NOT NULL',
      'events_by_confidence ON events (owner, motion_confidence)',
      'events_by_duration ON events (owner, duration_ms)',
      'events_by_change ON events (owner, changed_in, event_id)',
      'events_by_age ON events (owner, camera_id, created_at) WHERE NOT keep AND removing_at IS NULL',
      'events_removing ON events (removing_at) WHERE removing_at IS NOT NULL',
      'events_by_image ON events (image_path) WHERE image_path IS NOT NULL',
      'events_by_log ON events (json_log_path) WHERE json_log_path IS NOT NULL',
      'events_by_clip ON events (clip_key) WHERE clip_key IS NOT NULL',
      // One for all three: where several are asked for at once, they meet in the index. Without a list of what is pending:
      // whoever fills it waits until all of it is sorted in, and every search reads it.
      'events_by_term ON events USING gin (labels, zones, search) WITH (fastupdate = off)',
    ])
      this.addSql(`CREATE INDEX ${index}`);
    // Few events last long or are sure: with bars of one in a hundred, the planner takes the last bar for ten times as many.
    for (const column of ['motion_confidence', 'duration_ms'])
      this.addSql(`ALTER TABLE events ALTER COLUMN ${column} SET STATISTICS 500`);
    // Without it the planner guesses from nothing until the first autovacuum.
    this.addSql('ANALYZE cameras, camera_recordings, events');
  }

  override down(): void {
    this.addSql('DROP TABLE events');
    this.addSql('DROP TABLE camera_recordings');
    this.addSql('DROP TABLE cameras');
  }
}
