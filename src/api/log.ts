import type { FastifyBaseLogger } from 'fastify';
import { type DestinationStream, pino } from 'pino';

/** Fields that hold secrets wherever they turn up in a logged object. */
const secretPaths = ['authorization', 'password', 'secret', 'token', 'api_key', 'cookie'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
  `*.headers["${name}"]`,
]);

/** Secrets inside free text: keys and tokens in a message, a password in a URL, a presigned link's signature. */
const secretPatterns: readonly [RegExp, string][] = [
  [/\bdt_[A-Za-z0-9_-]{16,}/g, 'dt_[redacted]'],
  [/\bwhsec_[A-Za-z0-9+/=]+/g, 'whsec_[redacted]'],
  [/\bBearer\s+[A-Za-z0-9._~+/=-]{16,}/gi, 'Bearer [redacted]'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, '[redacted token]'],
  [/(:\/\/[^:/?#\s"]+):[^@/?#\s"]+@/g, '$1:[redacted]@'],
  [/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"\\]+/gi, '$1[redacted]'],
];

/** The last gate before a line leaves the process; what the paths above missed is caught here. */
export function scrub(line: string): string {
  return secretPatterns.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}

/** JSON lines on standard output (or `to`), without secrets. */
export function openLog(level: string, to?: DestinationStream): FastifyBaseLogger {
  return pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: { process: 'api' },
      redact: { paths: secretPaths, censor: '[redacted]' },
      hooks: { streamWrite: scrub },
      serializers: {
        req: ({ method, url }: { method: string; url: string }) => ({ method, url }),
        res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
      },
    },
    to ?? pino.destination(1),
  );
}
