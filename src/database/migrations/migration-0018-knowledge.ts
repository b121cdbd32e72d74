import { Migration } from '@mikro-orm/migrations';

/**
 * The knowledge base that reports of the kind `mri` cite. A passage is never changed, so that `k12` in an old report says
 * what it said: another content is another row, and the former one is retired with the version that no longer has it.
 * Going down drops the passages and the extension for similar words.
 */
export class Migration0018Knowledge extends Migration {
  override up(): void {
    this.addSql('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    this.addSql(`
      CREATE TABLE knowledge_versions (
        version integer PRIMARY KEY CHECK (version > 0),
        content_sha256 text NOT NULL CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
        passages integer NOT NULL CHECK (passages >= 0),
        file_sha256 text NOT NULL CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
        added_by text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    this.addSql(`
      CREATE TABLE knowledge_passages (
        n integer PRIMARY KEY CHECK (n > 0),
        id text NOT NULL,
        content_sha256 text NOT NULL CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
        title text NOT NULL,
        text text NOT NULL,
        gist text,
        source text NOT NULL,
        url text,
        licence text NOT NULL,
        verified boolean NOT NULL,
        norm jsonb,
        added_by text NOT NULL,
        added_at timestamptz NOT NULL DEFAULT now(),
        since_version integer NOT NULL REFERENCES knowledge_versions (version),
        retired_version integer REFERENCES knowledge_versions (version) CHECK (retired_version > since_version),
        search tsvector NOT NULL
      )`);
    this.addSql(
      'CREATE UNIQUE INDEX knowledge_passages_current_id ON knowledge_passages (id) WHERE retired_version IS NULL',
    );
    this.addSql(
      'CREATE UNIQUE INDEX knowledge_passages_current_content ON knowledge_passages (content_sha256) WHERE retired_version IS NULL',
    );
    this.addSql('CREATE INDEX knowledge_passages_search ON knowledge_passages USING gin (search)');
    this.addSql(`
      CREATE TABLE knowledge_synonyms (
        words text[] PRIMARY KEY CHECK (cardinality(words) > 1)
      )`);
    this.addSql(`
      CREATE TABLE knowledge_embeddings (
        n integer NOT NULL REFERENCES knowledge_passages (n) ON DELETE CASCADE,
        model text NOT NULL,
        embedding real[] NOT NULL CHECK (cardinality(embedding) > 0),
        PRIMARY KEY (n, model)
      )`);
  }

  override down(): void {
    this.addSql('DROP TABLE knowledge_embeddings');
    this.addSql('DROP TABLE knowledge_synonyms');
    this.addSql('DROP TABLE knowledge_passages');
    this.addSql('DROP TABLE knowledge_versions');
    this.addSql('DROP EXTENSION pg_trgm');
  }
}
