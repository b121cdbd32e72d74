import { Migration } from '@mikro-orm/migrations';

/** By which the reconciler finds the few deletions under way among the records of all that are done. */
export class Migration0003UnfinishedDeletions extends Migration {
  override up(): void {
    this.addSql(
      'CREATE INDEX deletions_unfinished ON deletions (id) WHERE dispatched_at IS NOT NULL AND completed_at IS NULL',
    );
  }

  override down(): void {
    this.addSql('DROP INDEX deletions_unfinished');
  }
}
