import { Migration } from '@mikro-orm/migrations';

/** What a key is limited to, such as `{camera:yard}`; null: it may all that its user may. Going down revokes limited keys. */
export class Migration0016LimitedKeys extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE api_keys ADD COLUMN limited_to text[] CHECK (cardinality(limited_to) > 0)');
  }

  override down(): void {
    // Without the column they would be good for everything.
    this.addSql('UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE limited_to IS NOT NULL');
    this.addSql('ALTER TABLE api_keys DROP COLUMN limited_to');
  }
}
