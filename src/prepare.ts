import { Connection } from '@temporalio/client';
import { openDatabase } from './database/database.ts';
import { migrateUp } from './database/migrate.ts';
import { kinds } from './domain/kinds/index.ts';
import { searchAttributes } from './domain/search-attributes.ts';
import { openStore } from './storage/open-store.ts';
import { usableConfig } from './usable-config.ts';

/**
 * What servers of one's own need before the API and the workers start: the schema, the bucket, Temporal's search
 * attributes. All of it may run again and at the same time elsewhere. The embedded stack does the same by itself.
 */

/** Temporal's number for the type `Keyword` (`temporal.api.enums.v1.IndexedValueType`). */
const keyword = 2;

const config = usableConfig(kinds);

const database = await openDatabase(config.database.url, {
  applicationName: 'doubletake-prepare',
  // A migration of a filled table may take its time.
  statementTimeoutMs: 0,
});
try {
  const applied = await migrateUp(database);
  console.log(applied.length > 0 ? `Schema: ${applied.join(', ')}` : 'Schema: as it should be');
} finally {
  await database.close();
}

await openStore(config.s3).ensureBucket();
console.log(`Bucket: ${config.s3.bucket}`);

const connection = await Connection.connect(config.temporal.connection);
try {
  const { namespace } = config.temporal;
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(searchAttributes).filter(({ name }) => !customAttributes?.[name]);
  if (missing.length > 0) {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(({ name }) => [name, keyword])),
    });
  }
  console.log(
    `Search attributes: ${Object.values(searchAttributes)
      .map(({ name }) => name)
      .join(', ')}`,
  );
} finally {
  await connection.close();
}
