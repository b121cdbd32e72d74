import { Migration } from '@mikro-orm/migrations';

/** What kind `scan` stores: its verdict and its stages. Going down drops the rows; the objects stay in S3. */
export class Migration0014Scan extends Migration {
  override up(): void {
    this.addSql(`
      CREATE TABLE scans (
        job_id uuid PRIMARY KEY REFERENCES analysis_jobs (job_id) ON DELETE CASCADE,
        verdict text NOT NULL CHECK (verdict IN ('clean', 'unknown', 'suspicious', 'malicious')),
        score integer NOT NULL CHECK (score BETWEEN 0 AND 1000),
        sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
        cache_key text NOT NULL,
        result_key varchar(500) NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    this.addSql('CREATE INDEX scans_by_cache_key ON scans (cache_key, created_at DESC)');
    this.addSql(`
      CREATE TABLE scan_stages (
        job_id uuid NOT NULL REFERENCES scans (job_id) ON DELETE CASCADE,
        name text NOT NULL,
        category text NOT NULL CHECK (category IN ('harmless', 'suspicious', 'malicious', 'undetected', 'unsupported',
          'timeout', 'failure', 'incomplete')),
        score integer NOT NULL CHECK (score BETWEEN 0 AND 1000),
        findings integer NOT NULL CHECK (findings >= 0),
        elapsed_ms double precision NOT NULL,
        version text NOT NULL,
        PRIMARY KEY (job_id, name)
      )`);
  }

  override down(): void {
    this.addSql('DROP TABLE scan_stages');
    this.addSql('DROP TABLE scans');
  }
}
