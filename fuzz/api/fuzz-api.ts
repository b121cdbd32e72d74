import { spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pythonEnvironment } from '../../scripts/python-environment.ts';
import { openDatabase } from '../../src/database/database.ts';
import { newApiKey } from '../../src/database/keys/api-key.ts';
import { createApiKey } from '../../src/database/keys/create-api-key.ts';
import { startWholeService, type WholeService } from '../../test/support/whole-service.ts';
import { configurationFor } from './configuration.ts';
import { nameOf, operationsOf, reachedIn } from './operations.ts';
import { secretsIn } from './secrets-in.ts';
import { sendSecrets, untoldPlaces } from './send-secrets.ts';
import { makeTargets } from './targets.ts';

export interface ApiFuzzing {
  /** For logs and data; the caller removes it. */
  folder: string;
  seconds: number;
  seed: number;
  say(line: string): void;
}

/**
 * Generated requests to every operation of a real service: as a user and as an operator about what is there, and about
 * anything. Then each of its secrets is sent where people paste them.
 * @returns a line for each thing found
 */
export async function fuzzApi({ folder, seconds, seed, say }: ApiFuzzing): Promise<string[]> {
  const programs = await pythonEnvironment(join(import.meta.dirname, 'requirements.txt'), say);
  const webhookSecret = `whsec_${randomBytes(24).toString('base64')}`;
  const service = await startWholeService(folder, {
    workers: 1,
    environment: {
      DOUBLETAKE_AUTH: 'on',
      DOUBLETAKE_LOG_LEVEL: 'trace',
      DOUBLETAKE_WEBHOOK_SECRET: webhookSecret,
    },
  });
  try {
    const url = service.apiUrl();
    const [user, operator] = await Promise.all([keyOf(service, 'user'), keyOf(service, 'operator')]);
    say('Making jobs, sessions, uploads and deletions for the requests to be about …');
    const ofUser = await makeTargets(url, user);
    // Made while the first run goes on; nothing in it can reach what is somebody else's.
    const ofOperator = makeTargets(url, operator);
    ofOperator.catch(() => {});
    const document = `${url}/api/openapi.json`;
    const operations = operationsOf((await (await fetch(document)).json()) as never);
    const found: string[] = [];
    const reached = new Set<string>();
    const share = Math.ceil(seconds / 3);
    const runs = [
      { name: 'a user, about what is there', key: user, targets: ofUser },
      { name: 'an operator, about what is there', key: operator, targets: ofOperator },
      { name: 'a user, about anything', key: user },
    ];
    for (const { name, key, targets } of runs) {
      say(`── ${name}, ${share} s`);
      const config = join(folder, 'schemathesis.toml');
      const events = join(folder, 'events.ndjson');
      await writeFile(config, configurationFor(operations, await targets));
      const args = [
        ...['--config-file', config, 'run', document],
        ...['--seed', String(seed), '--max-time', String(share)],
        ...['--header', `Authorization: Bearer ${key}`, '--request-timeout', '30', '--continue-on-failure'],
        ...['--report', 'ndjson', '--report-ndjson-path', events, '--no-color', '--warnings', 'off'],
      ];
      const code = await schemathesis(join(programs, 'schemathesis'), args, folder);
      if (code !== 0) found.push(`${name}: schemathesis ended with ${code}; its words are above.`);
      const lines = (await readFile(events, 'utf8')).split('\n').filter(Boolean);
      for (const operation of reachedIn(lines)) reached.add(operation);
    }
    for (const operation of operations.map(nameOf))
      if (!reached.has(operation)) found.push(`${operation}: no request got to it.`);

    const { DATABASE_URL, AWS_SECRET_ACCESS_KEY } = service.environment;
    const secrets = {
      'the API key of the user': user,
      'the API key of the operator': operator,
      "S3's secret key": AWS_SECRET_ACCESS_KEY as string,
      "the database's password": new URL(DATABASE_URL as string).password,
      'the secret of webhooks': webhookSecret,
    };
    const password = Array.from({ length: 20 }, () => String.fromCharCode(randomInt(97, 123))).join('');
    say('── its secrets, wherever people paste them');
    await sendSecrets(url, user, Object.values(secrets));
    await sendSecrets(url, user, [password], untoldPlaces);
    await service.stop();
    const all = { ...secrets, 'a password that looks like a word': password };
    for (const name of ['api', 'worker-0'])
      for (const line of secretsIn(await readFile(service.log(name), 'utf8'), all))
        found.push(`The log of ${name} holds ${line}`);
    return found;
  } finally {
    await service.stop();
  }
}

async function keyOf(service: WholeService, role: 'user' | 'operator'): Promise<string> {
  const database = await openDatabase(service.environment.DATABASE_URL as string);
  try {
    const { key, sha256 } = newApiKey();
    await createApiKey(database, { user_id: `fuzz-${role}`, role, label: '', key_sha256: sha256 });
    return key;
  } finally {
    await database.close();
  }
}

/** @param folder where it writes what it keeps for itself */
async function schemathesis(program: string, args: string[], folder: string): Promise<number> {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'close');
  return code ?? 1;
}
