import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pythonEnvironment } from '../../scripts/python-environment.ts';
import { openDatabase } from '../../src/database/database.ts';
import { newApiKey } from '../../src/database/keys/api-key.ts';
import { createApiKey } from '../../src/database/keys/create-api-key.ts';
import { markerCorners, phone, withoutMarker } from '../../test/support/measurement/phone-photo.ts';
import { startWholeService, type WholeService } from '../../test/support/whole-service.ts';
import { secretsIn } from './secrets-in.ts';

export interface ApiFuzzing {
  /** For logs and data; the caller removes it. */
  folder: string;
  seconds: number;
  seed: number;
  say(line: string): void;
}

/** What an answer must be. What a request must be for an answer to succeed is not checked: ids are mostly of nobody. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'allow_header_conformance',
  'ignored_auth',
];

/** Ends only with the connection, so a request for it would wait for its timeout each time. */
const stream = '/api/jobs/{id}/progress';

/**
 * Generated requests to every operation of a real service, as a user and as an operator, half of them about jobs that
 * exist.
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
    const [user, operator] = await Promise.all([keyOf(service, 'user'), keyOf(service, 'operator')]);
    const ids = await aFewJobs(service, user);
    const found: string[] = [];
    const share = Math.ceil(seconds / 3);
    const runs = [
      { name: 'a user, about what is there', key: user, ids },
      { name: 'an operator, about what is there', key: operator, ids },
      { name: 'a user, about anything', key: user },
    ];
    for (const { name, key, ids } of runs) {
      say(`── ${name}, ${share} s`);
      const config = join(folder, 'schemathesis.toml');
      await writeFile(config, ids ? `[parameters]\n${toml(ids)}` : '');
      const code = await schemathesis(join(programs, 'schemathesis'), [
        ...['--config-file', config, 'run', `${service.apiUrl()}/api/openapi.json`],
        ...['--seed', String(seed), '--max-time', String(share), '--checks', checks.join(',')],
        ...['--header', `Authorization: Bearer ${key}`, '--exclude-path', stream],
        ...['--request-timeout', '30', '--continue-on-failure', '--no-color', '--warnings', 'off'],
      ]);
      if (code !== 0) found.push(`${name}: schemathesis ended with ${code}; its words are above.`);
    }
    await service.stop();
    const { DATABASE_URL, AWS_SECRET_ACCESS_KEY } = service.environment;
    const secrets = {
      'the API key of the user': user,
      'the API key of the operator': operator,
      "S3's secret key": AWS_SECRET_ACCESS_KEY as string,
      "the database's password": new URL(DATABASE_URL as string).password,
      'the secret of webhooks': webhookSecret,
    };
    for (const name of ['api', 'worker-0'])
      for (const line of secretsIn(await readFile(service.log(name), 'utf8'), secrets))
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

/** A job that is done, and one about which a person is asked; requests are about the second, which takes most of them. */
async function aFewJobs(service: WholeService, key: string): Promise<Record<string, string>> {
  const authorization = `Bearer ${key}`;
  const jobs: { id: string; session_id: string }[] = [];
  for (const photo of [phone, await withoutMarker(markerCorners)]) {
    const body = new FormData();
    body.set('kind', 'measurement');
    body.set('file', new File([new Uint8Array(photo.bytes)], photo.name));
    const accepted = await fetch(`${service.apiUrl()}/api/jobs`, {
      method: 'POST',
      body,
      headers: { authorization },
    });
    const job = (await accepted.json()) as { id: string; session_id: string };
    jobs.push(job);
    for (let phase = 'queued'; phase === 'queued' || phase === 'running'; await sleep(200)) {
      const answer = await fetch(`${service.apiUrl()}/api/jobs/${job.id}`, { headers: { authorization } });
      ({ phase } = (await answer.json()) as { phase: string });
    }
  }
  const [done, asks] = jobs as [{ id: string; session_id: string }, { id: string; session_id: string }];
  return { id: asks.id, job_id: done.id, session_id: done.session_id };
}

function toml(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `"path.${name}" = ${JSON.stringify(value)}\n`)
    .join('');
}

async function schemathesis(program: string, args: string[]): Promise<number> {
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'close');
  return code ?? 1;
}
