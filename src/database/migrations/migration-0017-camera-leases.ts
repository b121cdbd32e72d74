import { Migration } from '@mikro-orm/migrations';

/** Who reads a camera's live stream. A row that has expired counts for nothing. */
export class Migration0017CameraLeases extends Migration {
  override up(): void {
    this.addSql(`
      CREATE TABLE camera_leases (
        owner text NOT NULL,
        camera_id text NOT NULL,
        job_id uuid NOT NULL,
        token uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (owner, camera_id)
      )`);
  }

  override down(): void {
    this.addSql('DROP TABLE camera_leases');
  }
}
