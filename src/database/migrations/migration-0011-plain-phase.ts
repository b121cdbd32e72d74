import { Migration } from '@mikro-orm/migrations';

/** The phases of the statuses that versions before this one wrote: as 0001 has them, spelled out for the same reason. */
const phase = `CASE status
  WHEN 'queued' THEN 'queued' WHEN 'uploaded' THEN 'queued' WHEN 'needs_assist' THEN 'waiting'
  WHEN 'done' THEN 'succeeded' WHEN 'completed' THEN 'succeeded'
  WHEN 'failed' THEN 'failed' WHEN 'canceled' THEN 'canceled' ELSE 'running' END`;

/** Dropping the column takes along the indexes whose predicate names it. */
const indexes = [
  `CREATE INDEX analysis_jobs_open ON analysis_jobs (created_at) WHERE phase IN ('queued', 'running', 'waiting')`,
  `CREATE INDEX analysis_jobs_undispatched ON analysis_jobs (created_at, job_id) WHERE phase = 'queued' AND dispatched_at IS NULL`,
];

/**
 * The phase becomes a plain column: a kind's definition says which phase each of its statuses has, and a status is
 * written together with its phase. The values stay, and so do the indexes.
 *
 * While workers of the version before hand over what they have, they write statuses without phases. The trigger adds
 * the phase for the two kinds that they know; the column's default does so for the jobs that they accept.
 */
export class Migration0011PlainPhase extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE analysis_jobs DROP CONSTRAINT progress_100_only_when_succeeded');
    this.addSql('ALTER TABLE analysis_jobs ALTER COLUMN phase DROP EXPRESSION');
    this.addSql(`ALTER TABLE analysis_jobs ALTER COLUMN phase SET DEFAULT 'queued'`);
    this.addSql(`
      ALTER TABLE analysis_jobs
        ADD CONSTRAINT phase_is_one CHECK (phase IN ('queued', 'running', 'waiting', 'succeeded', 'failed', 'canceled')),
        ADD CONSTRAINT progress_100_only_when_succeeded CHECK (progress_pct < 100 OR phase = 'succeeded')`);
    this.addSql(`
      CREATE FUNCTION phase_of_status() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN NEW.phase := ${phase.replace('CASE status', 'CASE NEW.status')}; RETURN NEW; END $$`);
    this.addSql(`
      CREATE TRIGGER analysis_jobs_phase BEFORE UPDATE OF status ON analysis_jobs FOR EACH ROW
      WHEN (NEW.kind IN ('technique', 'measurement')
        AND NEW.status IS DISTINCT FROM OLD.status AND NEW.phase = OLD.phase)
      EXECUTE FUNCTION phase_of_status()`);
  }

  override down(): void {
    this.addSql('DROP TRIGGER analysis_jobs_phase ON analysis_jobs');
    this.addSql('DROP FUNCTION phase_of_status()');
    this.addSql(
      'ALTER TABLE analysis_jobs DROP CONSTRAINT progress_100_only_when_succeeded, DROP CONSTRAINT phase_is_one',
    );
    this.addSql('ALTER TABLE analysis_jobs DROP COLUMN phase');
    this.addSql(
      `ALTER TABLE analysis_jobs ADD COLUMN phase varchar(16) NOT NULL GENERATED ALWAYS AS (${phase}) STORED`,
    );
    this.addSql(`
      ALTER TABLE analysis_jobs ADD CONSTRAINT progress_100_only_when_succeeded
        CHECK (progress_pct < 100 OR ${phase.replaceAll('\n', ' ')} = 'succeeded') NOT VALID`);
    for (const index of indexes) this.addSql(index);
  }
}
