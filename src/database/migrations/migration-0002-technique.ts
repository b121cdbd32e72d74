import { Migration } from '@mikro-orm/migrations';

/** What kind `technique` stores per pass. Going down drops the rows; the full results stay in S3. */
export class Migration0002Technique extends Migration {
  override up(): void {
    this.addSql(`
      CREATE TABLE technique_passes (
        job_id uuid NOT NULL REFERENCES analysis_jobs (job_id) ON DELETE CASCADE,
        pass varchar(16) NOT NULL CHECK (pass IN ('quick', 'deep')),
        results jsonb,
        results_s3_key varchar(500),
        findings jsonb,
        report jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (job_id, pass)
      )`);
    this.addSql(`CREATE TRIGGER technique_passes_updated_at BEFORE UPDATE ON technique_passes
      FOR EACH ROW EXECUTE FUNCTION set_updated_at()`);
    this.addSql(`CREATE TRIGGER technique_passes_changed AFTER INSERT OR UPDATE ON technique_passes
      FOR EACH ROW EXECUTE FUNCTION notify_job_changed()`);
  }

  override down(): void {
    this.addSql('DROP TABLE technique_passes');
  }
}
