import { Migration } from '@mikro-orm/migrations';

/** Where a job's waits and its end are told, what was told, and each try at telling it. Going down forgets all three. */
export class Migration0004Webhooks extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE analysis_jobs ADD COLUMN webhook_url varchar(2048)');
    this.addSql('ALTER TABLE analysis_jobs ADD COLUMN webhook_secret varchar(255)');
    this.addSql(`
      CREATE TABLE webhook_events (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        job_id uuid NOT NULL REFERENCES analysis_jobs (job_id) ON DELETE CASCADE,
        type varchar(64) NOT NULL,
        payload jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        dispatched_at timestamptz,
        delivered_at timestamptz,
        gave_up_at timestamptz
      )`);
    this.addSql('CREATE INDEX webhook_events_job ON webhook_events (job_id, created_at)');
    this.addSql(
      'CREATE INDEX webhook_events_undispatched ON webhook_events (created_at) WHERE dispatched_at IS NULL',
    );
    this.addSql(`
      CREATE TABLE webhook_deliveries (
        event_id uuid NOT NULL REFERENCES webhook_events (id) ON DELETE CASCADE,
        attempt integer NOT NULL CHECK (attempt >= 1),
        url varchar(2048) NOT NULL,
        status_code integer,
        error text,
        duration_ms integer NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (event_id, attempt)
      )`);
    // A reminder changes no job, and the relay should hear of it all the same.
    this.addSql(`CREATE TRIGGER webhook_events_added AFTER INSERT ON webhook_events
      FOR EACH ROW EXECUTE FUNCTION notify_job_changed()`);
  }

  override down(): void {
    this.addSql('DROP TABLE webhook_deliveries');
    this.addSql('DROP TABLE webhook_events');
    this.addSql('ALTER TABLE analysis_jobs DROP COLUMN webhook_secret');
    this.addSql('ALTER TABLE analysis_jobs DROP COLUMN webhook_url');
  }
}
