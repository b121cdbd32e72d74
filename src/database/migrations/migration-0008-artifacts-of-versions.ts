import { Migration } from '@mikro-orm/migrations';

/** Which objects a version of a measurement is made of, so that what no version names any more is claimed no more. */
export class Migration0008ArtifactsOfVersions extends Migration {
  override up(): void {
    this.addSql(`ALTER TABLE measurement_versions ADD COLUMN artifact_keys text[] NOT NULL DEFAULT '{}'`);
    // By their names, as they were until now: annotated.jpg, annotated-2.jpg.
    this.addSql(`
      UPDATE measurement_versions AS v SET artifact_keys = ARRAY(
        SELECT key FROM artifacts AS a WHERE a.job_id = v.job_id
          AND coalesce(substring(a.name from '-([0-9]+)[.]')::int, 1) = v.version ORDER BY key)`);
  }

  override down(): void {
    this.addSql('ALTER TABLE measurement_versions DROP COLUMN artifact_keys');
  }
}
