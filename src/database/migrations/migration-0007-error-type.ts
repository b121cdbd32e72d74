import { Migration } from '@mikro-orm/migrations';

/** Why a job failed, in a word for programs; null in rows that failed before. */
export class Migration0007ErrorType extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE analysis_jobs ADD COLUMN error_type text');
  }

  override down(): void {
    this.addSql('ALTER TABLE analysis_jobs DROP COLUMN error_type');
  }
}
