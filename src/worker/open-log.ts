import { type DestinationStream, type Logger, pino } from 'pino';

/** A password in an address, a key in a message: never in a line. */
const secrets: readonly [RegExp, string][] = [
  [/(:\/\/[^:/?#\s"]+):[^@/?#\s"]+@/g, '$1:[redacted]@'],
  [/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"\\]+/gi, '$1[redacted]'],
  [/\bwhsec_[A-Za-z0-9+/=]+/g, 'whsec_[redacted]'],
  [/\bBearer\s+[A-Za-z0-9._~+/=-]{16,}/gi, 'Bearer [redacted]'],
];

function scrub(line: string): string {
  return secrets.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}

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
