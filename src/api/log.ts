import type { FastifyBaseLogger } from 'fastify';
import { type DestinationStream, pino } from 'pino';
import { redactLine } from '../domain/redact-values.ts';
import { scrub } from '../domain/scrub-secrets.ts';

/** Fields that hold secrets wherever they turn up in a logged object. */
const secretPaths = ['authorization', 'password', 'secret', 'token', 'api_key', 'cookie'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
  `*.headers["${name}"]`,
]);

/** JSON lines on standard output (or `to`), without secrets. */
export function openLog(level: string, to?: DestinationStream): FastifyBaseLogger {
  return pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: { process: 'api' },
      redact: { paths: secretPaths, censor: '[redacted]' },
      hooks: { streamWrite: (line) => redactLine(line, scrub) },
      serializers: {
        req: ({ method, url }: { method: string; url: string }) => ({ method, url }),
        res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
      },
    },
    to ?? pino.destination(1),
  );
}
