import { Migration } from '@mikro-orm/migrations';

/** What kind `mri` stores for each look. Going down drops the rows; the objects stay in S3. */
export class Migration0019Mri extends Migration {
  override up(): void {
    this.addSql(`
      CREATE TABLE analysis_results (
        result_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        job_id uuid NOT NULL REFERENCES analysis_jobs (job_id) ON DELETE CASCADE,
        look text NOT NULL CHECK (look IN ('quick', 'deep')),
        segmentation_result_key varchar(500),
        image_description text,
        enhanced_report text,
        confidence_scores jsonb,
        processing_metrics jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (job_id, look)
      )`);
    this.addSql('CREATE INDEX analysis_results_by_created ON analysis_results (created_at)');
    this.addSql(`CREATE TRIGGER analysis_results_changed AFTER INSERT OR UPDATE ON analysis_results
      FOR EACH ROW EXECUTE FUNCTION notify_job_changed()`);
  }

  override down(): void {
    this.addSql('DROP TABLE analysis_results');
  }
}
