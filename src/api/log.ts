import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import { type DestinationStream, pino } from 'pino';
import { redactLine } from '../domain/redact-values.ts';
import { scrub } from '../domain/scrub-secrets.ts';
import { addressForLog } from './request-address.ts';

/**
 * JSON lines on standard output (or `to`), without secrets, and without what was written into the queries of requests.
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
        req: (request: FastifyRequest) => ({ method: request.method, url: addressForLog(request) }),
        res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
      },
    },
    to ?? pino.destination(1),
  );
}
