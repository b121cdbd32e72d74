import { Migration } from '@mikro-orm/migrations';

/** The relay asks every second; jobs that wait for a person, which may be many and for days, are not to be read for it. */
export class Migration0010OutboxIndex extends Migration {
  override up(): void {
    this.addSql(
      `CREATE INDEX analysis_jobs_undispatched ON analysis_jobs (created_at, job_id) WHERE phase = 'queued' AND dispatched_at IS NULL`,
    );
    this.addSql(
      'CREATE INDEX analysis_jobs_cancels ON analysis_jobs (cancel_requested_at) WHERE cancel_requested_at IS NOT NULL AND cancel_delivered_at IS NULL',
    );
  }

  override down(): void {
    this.addSql('DROP INDEX analysis_jobs_cancels');
    this.addSql('DROP INDEX analysis_jobs_undispatched');
  }
}
