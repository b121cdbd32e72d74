import { Migration } from '@mikro-orm/migrations';

/**
 * What kind `measurement` stores: version 1 is the machine's, each answer of a person makes the next one. What is true of
 * the whole photograph, and one row per object measured in it. Going down drops the rows; the images stay in S3.
 */
export class Migration0005Measurement extends Migration {
  override up(): void {
    this.addSql(`
      CREATE TABLE measurement_versions (
        job_id uuid NOT NULL REFERENCES analysis_jobs (job_id) ON DELETE CASCADE,
        version smallint NOT NULL CHECK (version >= 1),
        source varchar(16) NOT NULL CHECK (source IN ('machine', 'person')),
        image jsonb NOT NULL,
        reference jsonb,
        scale jsonb,
        confidence double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
        reasons jsonb NOT NULL,
        provenance jsonb NOT NULL,
        annotated_image_key varchar(500),
        rectified_image_key varchar(500),
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (job_id, version)
      )`);
    this.addSql(`
      CREATE TABLE measurements (
        job_id uuid NOT NULL,
        version smallint NOT NULL,
        n smallint NOT NULL CHECK (n >= 1),
        source varchar(16) NOT NULL CHECK (source IN ('machine', 'person')),
        label varchar(255),
        quantities jsonb NOT NULL,
        outline jsonb NOT NULL,
        corners jsonb NOT NULL,
        confidence double precision NOT NULL CHECK (confidence BETWEEN 0 AND 1),
        terms jsonb NOT NULL,
        PRIMARY KEY (job_id, version, n),
        FOREIGN KEY (job_id, version) REFERENCES measurement_versions (job_id, version) ON DELETE CASCADE
      )`);
    this.addSql(`CREATE TRIGGER measurement_versions_added AFTER INSERT ON measurement_versions
      FOR EACH ROW EXECUTE FUNCTION notify_job_changed()`);
  }

  override down(): void {
    this.addSql('DROP TABLE measurements');
    this.addSql('DROP TABLE measurement_versions');
  }
}
