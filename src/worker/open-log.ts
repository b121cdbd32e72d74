import { type DestinationStream, type Logger, pino } from 'pino';
import { scrub } from '../domain/scrub-secrets.ts';

/** JSON lines on standard output. */
export function openLog(level: string, to?: DestinationStream): Logger {
  return pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: { process: 'worker', pid: process.pid },
      hooks: { streamWrite: scrub },
    },
    to ?? pino.destination(1),
  );
}
