import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDependencies } from '../dependencies.ts';
import { problem, problemMediaType } from '../schemas/problem.ts';
import { writeCheck } from '../write-check.ts';

/** A dependency that takes longer is as good as down, ms. */
const patienceMs = 2000;

const state = z.object({
  state: z.enum(['up', 'down']),
  elapsed_ms: z.int(),
  reason: z.string().optional(),
});
const readiness = z
  .object({
    state: z.enum(['ready', 'not ready']),
    dependencies: z.object({ database: state, storage: state, temporal: state }),
  })
  .meta({ id: 'Readiness' });

/** Why a dependency is down, in words that may stand on a public page. */
class Down extends Error {}

async function check(ping: () => Promise<unknown>): Promise<z.infer<typeof state>> {
  const start = performance.now();
  const late = new AbortController();
  const timeout = sleep(patienceMs, undefined, { signal: late.signal, ref: false }).then(() => {
    throw new Down(`no answer within ${patienceMs} ms`);
  });
  timeout.catch(() => {});
  const elapsed = () => Math.round(performance.now() - start);
  try {
    await Promise.race([ping(), timeout]);
    return { state: 'up', elapsed_ms: elapsed() };
  } catch (error) {
    // Not its message, which may name hosts and users.
    const reason = error instanceof Down ? error.message : 'unreachable';
    return { state: 'down', elapsed_ms: elapsed(), reason };
  } finally {
    late.abort();
  }
}

export const health: FastifyPluginAsyncZod<ApiDependencies> = async (api, dependencies) => {
  const { database, store, temporal, log } = dependencies;
  const takesWrites = writeCheck(store, log);

  async function checkStorage(): Promise<void> {
    await store.ping();
    await takesWrites().catch((cause) => {
      throw new Down('does not take what is written', { cause });
    });
  }

  api.get(
    '/health/live',
    {
      config: { access: 'public' },
      logLevel: 'warn',
      schema: {
        tags: ['health'],
        summary: 'Whether the process answers',
        response: { 200: z.object({ state: z.literal('live') }) },
      },
    },
    async () => ({ state: 'live' as const }),
  );

  api.get(
    '/health/ready',
    {
      config: { access: 'public' },
      logLevel: 'warn',
      schema: {
        tags: ['health'],
        summary: 'Whether all it depends on answers',
        description:
          'Jobs are accepted while Temporal is down; they start when it is back. Into the storage a byte is written and removed, at most once in half a minute.',
        response: {
          200: readiness,
          503: {
            description: 'At least one dependency is down; as a problem, the server is about to stop.',
            content: {
              'application/json': { schema: readiness },
              [problemMediaType]: { schema: problem },
            },
          },
        },
      },
    },
    async (_request, reply) => {
      const [inDatabase, inStorage, inTemporal] = await Promise.all([
        check(() => database.ping()),
        check(checkStorage),
        check(() => temporal.ping()),
      ]);
      const all = { database: inDatabase, storage: inStorage, temporal: inTemporal };
      const ready = Object.values(all).every(({ state }) => state === 'up');
      reply.header('cache-control', 'no-store');
      return reply.code(ready ? 200 : 503).send({ state: ready ? 'ready' : 'not ready', dependencies: all });
    },
  );
};
