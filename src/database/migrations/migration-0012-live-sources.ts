import { Migration } from '@mikro-orm/migrations';

/** A version that knows no live sources takes such a session for an upload of no bytes, under a key where nothing lies. */
const standIn = `'originals/live/' || id || '/none'`;

/** The session of a live source has no original: nothing was uploaded, so it has no key, no type and no size. */
export class Migration0012LiveSources extends Migration {
  override up(): void {
    this.addSql(`
      ALTER TABLE sessions ALTER COLUMN original_key DROP NOT NULL, ALTER COLUMN media_type DROP NOT NULL,
        ALTER COLUMN bytes DROP NOT NULL`);
    this.addSql('ALTER TABLE analysis_jobs ALTER COLUMN original_key DROP NOT NULL');
    this.addSql(`
      UPDATE sessions SET original_key = NULL, media_type = NULL, bytes = NULL WHERE original_key = ${standIn}`);
    this.addSql(`
      UPDATE analysis_jobs SET original_key = NULL FROM sessions
      WHERE sessions.id = session_id AND sessions.original_key IS NULL`);
    this.addSql(`
      ALTER TABLE sessions ADD CONSTRAINT original_is_whole_or_absent
        CHECK (num_nulls(original_key, media_type, bytes) IN (0, 3))`);
  }

  override down(): void {
    this.addSql('ALTER TABLE sessions DROP CONSTRAINT original_is_whole_or_absent');
    this.addSql(`
      UPDATE sessions SET original_key = ${standIn}, media_type = 'application/octet-stream', bytes = 0
      WHERE original_key IS NULL`);
    this.addSql(`
      UPDATE analysis_jobs SET original_key = sessions.original_key FROM sessions
      WHERE sessions.id = session_id AND analysis_jobs.original_key IS NULL`);
    this.addSql('ALTER TABLE analysis_jobs ALTER COLUMN original_key SET NOT NULL');
    this.addSql(`
      ALTER TABLE sessions ALTER COLUMN original_key SET NOT NULL, ALTER COLUMN media_type SET NOT NULL,
        ALTER COLUMN bytes SET NOT NULL`);
  }
}
