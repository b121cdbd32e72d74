import type { FastifyBaseLogger } from 'fastify';
import { type DestinationStream, pino } from 'pino';
import { redactLine } from '../domain/redact-values.ts';
import { scrub } from '../domain/scrub-secrets.ts';

/**
 * JSON lines on standard output (or `to`), without secrets, and without the values of queries.
 * @param redact takes the secrets out of a text; it has to know those that the process reads
 */
export function openLog(level: string, to?: DestinationStream, redact = scrub): FastifyBaseLogger {
  return pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: { process: 'api' },
      hooks: { streamWrite: (line) => redactLine(line, redact) },
      serializers: {
        req: ({ method, url }: { method: string; url: string }) => ({ method, url }),
        res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
      },
    },
    to ?? pino.destination(1),
  );
}
