import { Migration } from '@mikro-orm/migrations';

/** What people are asked, by jobs of any kind, and what they answered. Going down forgets both. */
export class Migration0006Assist extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE analysis_jobs ADD COLUMN assist_due_at timestamptz');
    this.addSql(`
      CREATE TABLE assist_requests (
        job_id uuid NOT NULL REFERENCES analysis_jobs (job_id) ON DELETE CASCADE,
        attempt integer NOT NULL CHECK (attempt >= 1),
        ask jsonb NOT NULL,
        due_at timestamptz NOT NULL,
        reminded_at timestamptz,
        assignee varchar(255),
        created_at timestamptz NOT NULL DEFAULT now(),
        answered_by varchar(255),
        answered_at timestamptz,
        answer jsonb,
        PRIMARY KEY (job_id, attempt),
        CONSTRAINT answered_whole CHECK (
          (answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL))
      )`);
    this.addSql(
      'CREATE INDEX assist_requests_assignee ON assist_requests (assignee) WHERE assignee IS NOT NULL',
    );
    this.addSql(`CREATE TRIGGER assist_requests_changed AFTER INSERT OR UPDATE ON assist_requests
      FOR EACH ROW EXECUTE FUNCTION notify_job_changed()`);
  }

  override down(): void {
    this.addSql('DROP TABLE assist_requests');
    this.addSql('ALTER TABLE analysis_jobs DROP COLUMN assist_due_at');
  }
}
