import { Migration } from '@mikro-orm/migrations';

/** Jobs of other kinds that end before a job begins: which job each is for, and what they came to. */
export class Migration0013PrecedingJobs extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE analysis_jobs ADD COLUMN preceding_for uuid, ADD COLUMN preceded_by jsonb');
  }

  override down(): void {
    this.addSql('ALTER TABLE analysis_jobs DROP COLUMN preceding_for, DROP COLUMN preceded_by');
  }
}
