import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { sqliteEngine } from '../../../../src/kinds/camera/events/sqlite/engine.ts';
import { storeOver } from '../../../../src/kinds/camera/events/store/store.ts';
import { summary } from '../../../../src/kinds/camera/events/store/summary.ts';
import { boxEvent, recorder, seen } from './engines.ts';

test('a summary that is too long is refused before all of it was read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-summary-'));
  const engine = sqliteEngine(join(folder, 'events.db'));
  const store = storeOver(engine, recorder().log);
  let most = 0;
  const counting: typeof engine = {
    ...engine,
    async rows(sql, values) {
      const rows = await engine.rows(sql, values);
      most = Math.max(most, rows.length);
      return rows;
    },
  };
  const labels = (count: number) => Array.from({ length: count }, (_, n) => seen(`label-${n}`));
  try {
    await store.of('anna').insertEvents([boxEvent('many', { detected_objects: labels(300) })]);
    await store.of('berta').insertEvents([boxEvent('few', { detected_objects: labels(10) })]);
    for (const lines of [5, 299])
      await expect(summary(counting, 'anna', {}, undefined, lines)).rejects.toMatchObject({
        field: 'after',
        message: expect.stringContaining(`more than ${lines} lines`),
      });
    expect(await summary(counting, 'anna', {}, undefined, 300)).toHaveLength(300);
    most = 0;
    await expect(summary(counting, 'anna', {}, undefined, 5)).rejects.toThrow();
    expect(most).toBe(21);
    expect(await summary(counting, 'berta', {}, undefined, 10)).toHaveLength(10);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
