import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { keepPorts, portsOfLastStart, usualPorts } from '../../stack/embedded/kept-ports.ts';
import { freePort } from '../../stack/ports.ts';

test('the ports of the last start are asked for again; where one is taken or nonsense, the usual one is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-ports-'));
  const file = join(folder, 'ports.json');
  const other = createServer();
  try {
    expect(await portsOfLastStart(file)).toEqual(usualPorts);
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = (other.address() as AddressInfo).port;
    const api = await freePort();
    keepPorts(file, { ...usualPorts, api, s3: taken });
    expect(await portsOfLastStart(file)).toEqual({ ...usualPorts, api });
    writeFileSync(file, '{"api": "3001", "else": 3002}');
    expect(await portsOfLastStart(file)).toEqual(usualPorts);
    writeFileSync(file, '{"api": 30');
    expect(await portsOfLastStart(file)).toEqual(usualPorts);
  } finally {
    other.close();
    rmSync(folder, { recursive: true });
  }
});
