import { Migration } from '@mikro-orm/migrations';

/** The photograph as every browser shows it, for a person to draw on: `{key, width, height}`. Going down leaves it in S3. */
export class Migration0009Preview extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE measurement_versions ADD COLUMN preview jsonb');
  }

  override down(): void {
    this.addSql('ALTER TABLE measurement_versions DROP COLUMN preview');
  }
}
