import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

test.each(['server', 'worker', 'prepare'])(
  'a wrong setting ends the %s with its name, and no stack',
  (program) => {
    const { status, stderr } = spawnSync(process.execPath, [`src/${program}.ts`], {
      env: { PATH: process.env.PATH, DATABASE_URL: 'postgres://db/doubletake', DOUBLETAKE_PORT: 'many' },
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(status).toBe(2);
    expect(stderr).toContain('DOUBLETAKE_PORT is "many"; expected a port');
    expect(stderr).not.toMatch(/^\s+at /m);
  },
);
