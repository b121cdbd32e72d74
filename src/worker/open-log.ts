import { type DestinationStream, type Logger, pino } from 'pino';
import { redactLine } from '../domain/redact-values.ts';
import { scrub } from '../domain/scrub-secrets.ts';

/**
 * JSON lines on standard output (or `to`).
 * @param redact takes the secrets out of a line; it has to know those that the process reads
 */
export function openLog(level: string, to?: DestinationStream, redact = scrub): Logger {
  return pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: { process: 'worker', pid: process.pid },
      hooks: { streamWrite: (line) => redactLine(line, redact) },
    },
    to ?? pino.destination(1),
  );
}
