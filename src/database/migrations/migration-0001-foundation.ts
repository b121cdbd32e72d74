import { Migration } from '@mikro-orm/migrations';

/**
 * The phase mapping as it was when this migration was written. It is spelled out, not imported: a migration
 * that has run must not change. Migration 0011 makes the phase a plain column.
 */
const phase = `CASE status
  WHEN 'queued' THEN 'queued' WHEN 'uploaded' THEN 'queued' WHEN 'needs_assist' THEN 'waiting'
  WHEN 'done' THEN 'succeeded' WHEN 'completed' THEN 'succeeded'
  WHEN 'failed' THEN 'failed' WHEN 'canceled' THEN 'canceled' ELSE 'running' END`;

/**
 * Sessions, jobs and what every kind shares. What lists are ordered by (`created_at`) is kept in milliseconds,
 * which is all a JavaScript `Date`, and so a cursor, can carry.
 */
export class Migration0001Foundation extends Migration {
  override up(): void {
    this.addSql(`
      CREATE TABLE sessions (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id varchar(255) NOT NULL,
        original_key varchar(500) NOT NULL UNIQUE,
        file_name varchar(255) NOT NULL,
        media_type varchar(255) NOT NULL,
        bytes bigint NOT NULL CHECK (bytes >= 0),
        sha256 char(64),
        status varchar(32) NOT NULL DEFAULT 'queued',
        deleted_at timestamptz,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    this.addSql('CREATE INDEX sessions_user_created ON sessions (user_id, created_at DESC, id DESC)');
    this.addSql(`
      CREATE TABLE analysis_jobs (
        job_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        session_id uuid NOT NULL REFERENCES sessions (id),
        user_id varchar(255) NOT NULL,
        kind varchar(32) NOT NULL,
        original_key varchar(500) NOT NULL,
        options jsonb NOT NULL DEFAULT '{}',
        status varchar(32) NOT NULL,
        phase varchar(16) NOT NULL GENERATED ALWAYS AS (${phase}) STORED,
        stage varchar(32) NOT NULL,
        progress_pct integer NOT NULL DEFAULT 0 CHECK (progress_pct BETWEEN 0 AND 100),
        result jsonb CONSTRAINT result_at_most_1_mib CHECK (octet_length(result::text) <= 1048576),
        error_message text,
        workflow_id varchar(255) NOT NULL,
        attempt integer NOT NULL DEFAULT 1 CHECK (attempt >= 1),
        dispatched_at timestamptz,
        cancel_requested_at timestamptz,
        cancel_requested_by varchar(255),
        cancel_delivered_at timestamptz,
        idempotency_key varchar(255),
        request_fingerprint varchar(128),
        deleted_at timestamptz,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        completed_at timestamptz,
        CONSTRAINT progress_100_only_when_succeeded CHECK (progress_pct < 100 OR ${phase.replaceAll('\n', ' ')} = 'succeeded'),
        CONSTRAINT one_job_per_idempotency_key UNIQUE (user_id, idempotency_key)
      )`);
    this.addSql('CREATE INDEX analysis_jobs_user ON analysis_jobs (user_id, created_at DESC, job_id DESC)');
    this.addSql('CREATE INDEX analysis_jobs_status ON analysis_jobs (status, created_at DESC, job_id DESC)');
    this.addSql('CREATE INDEX analysis_jobs_created ON analysis_jobs (created_at DESC, job_id DESC)');
    this.addSql('CREATE INDEX analysis_jobs_session ON analysis_jobs (session_id)');
    this.addSql(
      `CREATE INDEX analysis_jobs_open ON analysis_jobs (created_at) WHERE phase IN ('queued', 'running', 'waiting')`,
    );
    this.addSql(
      'CREATE INDEX analysis_jobs_ended ON analysis_jobs (kind, completed_at) WHERE completed_at IS NOT NULL',
    );
    this.addSql(`
      CREATE TABLE job_transitions (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        job_id uuid NOT NULL REFERENCES analysis_jobs (job_id) ON DELETE CASCADE,
        from_status varchar(32),
        to_status varchar(32) NOT NULL,
        stage varchar(32) NOT NULL,
        why text NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
    this.addSql('CREATE INDEX job_transitions_job ON job_transitions (job_id, id)');
    this.addSql(`
      CREATE TABLE artifacts (
        key varchar(500) PRIMARY KEY,
        job_id uuid NOT NULL REFERENCES analysis_jobs (job_id) ON DELETE CASCADE,
        pass varchar(32) NOT NULL,
        name varchar(255) NOT NULL,
        media_type varchar(255) NOT NULL,
        bytes bigint NOT NULL,
        sha256 char(64) NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (job_id, pass, name)
      )`);
    this.addSql(`
      CREATE TABLE uploads (
        id uuid PRIMARY KEY,
        user_id varchar(255) NOT NULL,
        file_name varchar(255) NOT NULL,
        key varchar(500) NOT NULL UNIQUE,
        bytes bigint NOT NULL,
        media_type varchar(255),
        completed_at timestamptz,
        claimed_by_session uuid REFERENCES sessions (id) ON DELETE SET NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    this.addSql('CREATE INDEX uploads_session ON uploads (claimed_by_session)');
    this.addSql('CREATE INDEX uploads_unclaimed ON uploads (created_at) WHERE claimed_by_session IS NULL');
    this.addSql(`
      CREATE TABLE segment_progress (
        job_id uuid NOT NULL REFERENCES analysis_jobs (job_id) ON DELETE CASCADE,
        attempt integer NOT NULL,
        pass varchar(32) NOT NULL,
        segment integer NOT NULL,
        frames_done integer NOT NULL,
        PRIMARY KEY (job_id, attempt, pass, segment)
      )`);
    this.addSql(`
      CREATE TABLE api_keys (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id varchar(255) NOT NULL,
        role varchar(16) NOT NULL CHECK (role IN ('user', 'operator')),
        label varchar(255) NOT NULL DEFAULT '',
        key_sha256 char(64) NOT NULL UNIQUE,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        revoked_at timestamptz
      )`);
    this.addSql(`
      CREATE TABLE deletions (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        target varchar(16) NOT NULL CHECK (target IN ('job', 'session')),
        target_id uuid NOT NULL,
        user_id varchar(255) NOT NULL,
        requested_by varchar(255) NOT NULL,
        state varchar(16) NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'deleting', 'done')),
        created_at timestamptz NOT NULL DEFAULT now(),
        dispatched_at timestamptz,
        completed_at timestamptz,
        UNIQUE (target, target_id)
      )`);
    this.addSql(
      'CREATE INDEX deletions_undispatched ON deletions (created_at) WHERE dispatched_at IS NULL AND completed_at IS NULL',
    );
    this.addSql(`
      CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN NEW.updated_at := clock_timestamp(); RETURN NEW; END $$`);
    for (const table of ['sessions', 'analysis_jobs']) {
      this.addSql(`CREATE TRIGGER ${table}_updated_at BEFORE UPDATE ON ${table}
        FOR EACH ROW EXECUTE FUNCTION set_updated_at()`);
    }
    this.addSql(`
      CREATE FUNCTION notify_job_changed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_notify('job_changed', NEW.job_id::text); RETURN NULL; END $$`);
    this.addSql(`CREATE TRIGGER analysis_jobs_changed AFTER INSERT OR UPDATE ON analysis_jobs
      FOR EACH ROW EXECUTE FUNCTION notify_job_changed()`);
  }

  override down(): void {
    const tables = [
      'deletions',
      'api_keys',
      'segment_progress',
      'uploads',
      'artifacts',
      'job_transitions',
      'analysis_jobs',
      'sessions',
    ];
    for (const table of tables) this.addSql(`DROP TABLE ${table}`);
    this.addSql('DROP FUNCTION notify_job_changed()');
    this.addSql('DROP FUNCTION set_updated_at()');
  }
}
