import { isIP } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { DoubletakeError } from './domain/errors.ts';
import type { Kinds } from './domain/kind-registry.ts';
import { isWebhookSecret } from './domain/webhook.ts';

/** The environment is not what the program needs; every bad variable is named, with what was expected. */
export class InvalidConfiguration extends DoubletakeError {
  readonly type = 'InvalidConfiguration';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The configuration is not usable. Correct these environment variables:\n  ${problems.join('\n  ')}`,
    );
    this.problems = problems;
  }
}

/**
 * The most of each number is what the program can still use: a timestamp of PostgreSQL, a duration of Temporal, the
 * parts of an object in S3, a picture of a decoder.
 */
const whole = (least: number, most: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .default(otherwise)
    .describe(`a whole number from ${least} to ${most}`);

const aYearOfHours = 8_760;
/** The largest picture that libvips opens unless told otherwise, 16383 × 16383; FFmpeg ends a little above it. */
const mostPixels = 268_402_689;
/** A form is written in parts of 16 MiB (`storage/put-stream.ts`), and S3 takes 10,000 of them. */
const mostUploadBytes = 16 * 1024 ** 2 * 10_000;
/** A hundred years. */
const mostDays = 36_500;

/** An IPv4 or IPv6 address, or a host's name (RFC 1123), whose last part is no number. */
function isHost(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const labels = text.replace(/\.$/, '').split('.');
  return (
    text.length <= 253 &&
    labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label)) &&
    !/^\d+$/.test(labels.at(-1) as string)
  );
}

/** The host and port of `host:port`, `[::1]:port` or `host`; undefined where it is neither. */
function hostAndPort(text: string): { host: string; port: number | undefined } | undefined {
  const [, six, other = '', digits] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = six ?? other;
  const port = digits === undefined ? undefined : Number(digits);
  const isGood = six === undefined ? isHost(host) : isIP(host) === 6;
  return isGood && (port ?? 0) <= 65_535 ? { host, port } : undefined;
}

/** Temporal's SDK looks no name up for its page. */
function isSocketAddress(text: string): boolean {
  const found = hostAndPort(text);
  return found?.port !== undefined && isIP(found.host) !== 0;
}

/** PostgreSQL's address may leave the host out, or have the folder of a socket in its place, percent-encoded. */
function hasRealHost({ hostname }: URL): boolean {
  return hostname === '' || /^%2f/i.test(hostname) || isHost(hostname.replace(/^\[|\]$/g, ''));
}

const url = (protocols: readonly string[]) =>
  z
    .string()
    .refine((text) => {
      if (!URL.canParse(text)) return false;
      const address = new URL(text);
      return protocols.includes(address.protocol) && hasRealHost(address);
    })
    .describe(`an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);

const name = z.string().regex(/^\S+$/).describe('a word without spaces');

/** `technique=365,measurement=30`: how long an ended job of a kind is kept. Once set, a kind that is not listed is kept for ever. */
const daysByKind = ({ all, names }: Kinds) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.string().regex(/^\w+=[1-9]\d{0,9}$/)))
    .transform((parts) => Object.fromEntries(parts.map((part) => part.split('='))))
    .pipe(z.partialRecord(z.enum(names), z.coerce.number().max(mostDays)))
    .default(Object.fromEntries(all.map(({ kind, retentionDays }) => [kind, retentionDays])))
    .describe(
      `pairs like ${names[0]}=365 with commas between them, of 1 to ${mostDays} days; kinds are ${names.join(', ')}`,
    );

/** `scan,camera`: some of the kinds, by their words. */
const someKinds = ({ names }: Kinds) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.enum(names)))
    .default([...names])
    .describe(`some of ${names.join(', ')} with commas between them`);

/** Which queues a worker serves; `vision` is what `compute` was called before. */
const queues = ['all', 'main', 'compute', 'live', 'vision'] as const;

const maxIssuer = 160;

const variables = z.object({
  DATABASE_URL: url(['postgres:', 'postgresql:']),
  DATABASE_POOL_MAX: whole(1, 1000, 10),
  DOUBLETAKE_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{2,62}$/)
    .default('doubletake')
    .describe('an S3 bucket name: 3 to 63 lower-case letters, digits, dots or dashes'),
  DOUBLETAKE_S3_FORCE_PATH_STYLE: z.enum(['true', 'false']).default('true').describe('true or false'),
  DOUBLETAKE_S3_PUBLIC_ENDPOINT: url(['http:', 'https:']).optional(),
  AWS_ENDPOINT_URL_S3: url(['http:', 'https:']).optional(),
  DOUBLETAKE_HOST: z
    .string()
    .refine(isHost)
    .default('127.0.0.1')
    .describe('an IP address or the name of a host'),
  DOUBLETAKE_PORT: whole(0, 65_535, 3000).describe('a port, 0 to 65535'),
  DOUBLETAKE_AUTH: z.enum(['on', 'off']).default('on').describe('on or off'),
  /** Part of its users' ids, which have 255 characters at most and `#` before the subject. */
  OIDC_ISSUER: url(['http:', 'https:'])
    .pipe(
      z
        .string()
        .max(maxIssuer)
        .regex(/^[^#]*$/),
    )
    .optional()
    .describe(
      `an address that starts with https:// or http://, without "#", of ${maxIssuer} characters at most`,
    ),
  OIDC_AUDIENCE: z.string().min(1).optional().describe('the audience the tokens are issued for'),
  OIDC_JWKS_URL: url(['http:', 'https:']).optional(),
  OIDC_ROLE_CLAIM: name.default('roles'),
  DOUBLETAKE_TASK_QUEUE: name.default('doubletake'),
  DOUBLETAKE_QUEUES: z.enum(queues).default('all').describe('all, main, compute or live'),
  DOUBLETAKE_COMPUTE_CONCURRENCY: whole(1, 1024, availableParallelism()),
  DOUBLETAKE_LIVE_SLOTS: whole(1, 1024, 8),
  DOUBLETAKE_SCRATCH: z.string().min(1).default(join(tmpdir(), 'doubletake')).describe('a folder'),
  DOUBLETAKE_CACHE_BYTES: whole(1, 1024 ** 5, 32 * 1024 ** 3),
  DOUBLETAKE_MODELS: z
    .string()
    .min(1)
    .default(join(import.meta.dirname, '..', 'models'))
    .describe('a folder'),
  /** Why not fewer: `workflows/technique/history-limit.ts`. */
  DOUBLETAKE_SEGMENT_FRAMES: whole(60, 100_000, 600),
  DOUBLETAKE_MAX_UPLOAD_BYTES: whole(1, mostUploadBytes, 4 * 1024 ** 3),
  DOUBLETAKE_MAX_CONNECTIONS: whole(10, 100_000, 2000),
  DOUBLETAKE_MIN_UPLOAD_RATE: whole(1, 1024 ** 2, 4096),
  DOUBLETAKE_MAX_DURATION_S: whole(1, 86_400, 3600),
  /** One 8K frame has 33,177,600. */
  DOUBLETAKE_MAX_PIXELS: whole(1, mostPixels, 35_389_440),
  /** Of a photograph; the largest cameras in use have some 108 million. */
  DOUBLETAKE_MAX_IMAGE_PIXELS: whole(1, mostPixels, 108_000_000),
  DOUBLETAKE_RECONCILE_SECONDS: whole(1, 86_400, 20),
  DOUBLETAKE_ORPHAN_GRACE_HOURS: whole(1, 10 * aYearOfHours, 24),
  DOUBLETAKE_WORKER_METRICS: z
    .string()
    .refine((text) => text === 'off' || isSocketAddress(text))
    .default('127.0.0.1:9464')
    .describe('an IP address and a port such as 127.0.0.1:9464, or off'),
  DOUBLETAKE_WORKFLOW_BUNDLE: z
    .string()
    .min(1)
    .default(join(import.meta.dirname, 'workflow-bundle.json'))
    .describe('a file'),
  DOUBLETAKE_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('trace, debug, info, warn, error, fatal or silent'),
  DOUBLETAKE_WEBHOOK_SECRET: z
    .string()
    .refine(isWebhookSecret)
    .optional()
    .describe('whsec_ and 24 to 64 random bytes in Base64'),
  DOUBLETAKE_WEBHOOK_PRIVATE: z.enum(['deny', 'allow']).default('deny').describe('deny or allow'),
  DOUBLETAKE_TEMPORAL_UI_URL: url(['http:', 'https:']).optional(),
  DOUBLETAKE_SECRETS_FILE: z.string().min(1).optional().describe('a file of lines NAME=value'),
});

/** All variables: those above, those about kinds, and the kinds' own. */
export function variablesWith(kinds: Kinds) {
  const ofKinds = Object.assign({}, ...kinds.all.map(({ settings }) => settings?.shape));
  return variables.extend({
    DOUBLETAKE_KINDS: someKinds(kinds),
    DOUBLETAKE_RETENTION_DAYS: daysByKind(kinds),
    ...(ofKinds as Record<never, never>),
  });
}

/** Nothing but the kinds' own: what else a process reads, addresses with passwords among it, is no kind's business. */
function settingsOfKinds(kinds: Kinds, data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = kinds.all.flatMap(({ settings }) => Object.keys(settings?.shape ?? {}));
  return Object.fromEntries(names.map((name) => [name, data[name]]));
}

/** Former names of variables, which are still read where the new one is not set. */
const formerNames: Readonly<Record<string, string>> = {
  DOUBLETAKE_COMPUTE_CONCURRENCY: 'DOUBLETAKE_VISION_CONCURRENCY',
};

/** Every variable read here; `docs/settings.md` tells of each. */
export function settingNames(kinds: Kinds): string[] {
  return Object.keys(variablesWith(kinds).shape);
}

type Environment = Readonly<Record<string, string | undefined>>;

export type Config = ReturnType<typeof loadConfig>;

/**
 * Reads and checks the environment; a variable that is empty counts as not set. S3's address and credentials are
 * not here: the AWS SDK reads its own standard variables (`AWS_ENDPOINT_URL_S3`, `AWS_REGION`, …).
 *
 * @param kinds whose own settings are read, too
 * @throws InvalidConfiguration naming every bad variable
 */
export function loadConfig(env: Environment, kinds: Kinds) {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  for (const [name, former] of Object.entries(formerNames)) given[name] ??= given[former];
  const schema = variablesWith(kinds);
  const read = schema.safeParse(given);
  const problems = read.success ? [] : explain(schema, read.error, given);
  if (!read.success) throw new InvalidConfiguration(problems);
  const { data } = read;
  const auth = authentication(data, problems);
  if (auth.required) refusePlaceholders(given as Record<string, string>, problems);
  const temporal = temporalFrom(given as Record<string, string>, problems);
  if (problems.length > 0) throw new InvalidConfiguration(problems);

  return {
    database: { url: data.DATABASE_URL, poolMax: data.DATABASE_POOL_MAX },
    temporal: { ...temporal, uiUrl: data.DOUBLETAKE_TEMPORAL_UI_URL },
    s3: {
      bucket: data.DOUBLETAKE_BUCKET,
      forcePathStyle: data.DOUBLETAKE_S3_FORCE_PATH_STYLE === 'true',
      publicEndpoint: data.DOUBLETAKE_S3_PUBLIC_ENDPOINT,
    },
    http: { host: data.DOUBLETAKE_HOST, port: data.DOUBLETAKE_PORT },
    auth,
    queues: {
      main: data.DOUBLETAKE_TASK_QUEUE,
      serve: data.DOUBLETAKE_QUEUES === 'vision' ? ('compute' as const) : data.DOUBLETAKE_QUEUES,
      /** Live sources that a worker reads at once. */
      liveSlots: data.DOUBLETAKE_LIVE_SLOTS,
    },
    /** The kinds of which jobs are accepted and worked on. */
    kinds: data.DOUBLETAKE_KINDS as readonly string[],
    /** The kinds' own settings, by variable. */
    ofKinds: settingsOfKinds(kinds, data),
    compute: {
      concurrency: data.DOUBLETAKE_COMPUTE_CONCURRENCY,
      scratch: data.DOUBLETAKE_SCRATCH,
      /** Local copies of originals together, at most. */
      cacheBytes: data.DOUBLETAKE_CACHE_BYTES,
      models: data.DOUBLETAKE_MODELS,
      segmentFrames: data.DOUBLETAKE_SEGMENT_FRAMES,
    },
    limits: {
      uploadBytes: data.DOUBLETAKE_MAX_UPLOAD_BYTES,
      connections: data.DOUBLETAKE_MAX_CONNECTIONS,
      bytesPerSecond: data.DOUBLETAKE_MIN_UPLOAD_RATE,
      durationSeconds: data.DOUBLETAKE_MAX_DURATION_S,
      pixels: data.DOUBLETAKE_MAX_PIXELS,
      imagePixels: data.DOUBLETAKE_MAX_IMAGE_PIXELS,
    },
    retentionDays: data.DOUBLETAKE_RETENTION_DAYS as Readonly<Record<string, number>>,
    reconcileSeconds: data.DOUBLETAKE_RECONCILE_SECONDS,
    orphanGraceHours: data.DOUBLETAKE_ORPHAN_GRACE_HOURS,
    /** `host:port` of the SDK's Prometheus page, or undefined when it is off. */
    workerMetrics: data.DOUBLETAKE_WORKER_METRICS === 'off' ? undefined : data.DOUBLETAKE_WORKER_METRICS,
    workflowBundle: data.DOUBLETAKE_WORKFLOW_BUNDLE,
    webhook: {
      /** Signs where a job brings no secret of its own. */
      secret: data.DOUBLETAKE_WEBHOOK_SECRET,
      /** Whether loopback and private networks may be told too. */
      allowPrivate: data.DOUBLETAKE_WEBHOOK_PRIVATE === 'allow',
    },
    /** Where the values of `{secret:NAME}` in options come from. */
    secretsFile: data.DOUBLETAKE_SECRETS_FILE,
    logLevel: data.DOUBLETAKE_LOG_LEVEL,
  };
}

function explain({ shape }: z.ZodObject, error: z.ZodError, given: Environment): string[] {
  const bad = [...new Set(error.issues.map((issue) => String(issue.path[0])))];
  return bad.map((variable) => {
    const expected = expectationOf(shape[variable] as z.ZodType);
    const value = given[variable];
    // The value of an address may hold a password.
    const shown =
      value === undefined
        ? 'is not set'
        : /URL|SECRET|KEY|TOKEN|PASSWORD/.test(variable)
          ? 'is wrong'
          : `is "${value}"`;
    return `${variable} ${shown}; expected ${expected}`;
  });
}

/** An optional or defaulted variable expects what the one inside it does. */
function expectationOf(schema: z.ZodType): string {
  if (schema.description) return schema.description;
  const wraps = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  return wraps ? expectationOf(schema.unwrap() as z.ZodType) : 'another value';
}

type Variables = z.infer<typeof variables>;

function authentication(data: Variables, problems: string[]) {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_JWKS_URL: jwksUrl } = data;
  const required = data.DOUBLETAKE_AUTH === 'on';
  if (!required && !/^(127(\.\d{1,3}){3}|::1|localhost)$/.test(data.DOUBLETAKE_HOST))
    problems.push(
      `DOUBLETAKE_AUTH is "off" while DOUBLETAKE_HOST is "${data.DOUBLETAKE_HOST}"; expected on, or a loopback host such as 127.0.0.1`,
    );
  if ((audience || jwksUrl) && !issuer)
    problems.push(
      'OIDC_ISSUER is not set while another OIDC variable is; expected the address of the issuer',
    );
  if (issuer && !audience)
    problems.push(
      'OIDC_AUDIENCE is not set while OIDC_ISSUER is; expected the audience the tokens are issued for',
    );
  const oidc =
    issuer && audience ? { issuer, audience, jwksUrl, roleClaim: data.OIDC_ROLE_CLAIM } : undefined;
  return { required, oidc };
}

/**
 * What everybody can read in an example is no secret. Without authentication, so on loopback, it harms nobody but who set
 * it.
 */
function refusePlaceholders(env: Record<string, string>, problems: string[]): void {
  const remedy = 'expected one of your own, such as the output of "openssl rand -hex 24"';
  const isPlaceholder = (text: string | undefined) => /^change[-_ ]?me/i.test(text ?? '');
  if (isPlaceholder(new URL(env.DATABASE_URL ?? '').password))
    problems.push(
      `DATABASE_URL has the password of an example; ${remedy} (POSTGRES_PASSWORD in the .env of docker-compose.yml)`,
    );
  if (isPlaceholder(env.AWS_SECRET_ACCESS_KEY))
    problems.push(
      `AWS_SECRET_ACCESS_KEY is that of an example; ${remedy} (S3_SECRET_ACCESS_KEY in the .env of docker-compose.yml)`,
    );
}

/**
 * Temporal's own standard variables (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`,
 * `TEMPORAL_TLS_…`). Its configuration file counts only when a variable asks for it: a developer's private
 * default profile must not send a service somewhere else.
 */
function temporalFrom(env: Record<string, string>, problems: string[]) {
  const disableFile = !env.TEMPORAL_CONFIG_FILE && !env.TEMPORAL_PROFILE;
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: env, disableFile });
    const address = connectionOptions.address ?? '127.0.0.1:7233';
    if (!hostAndPort(address)) problems.push(`TEMPORAL_ADDRESS is "${address}"; expected host:port`);
    return {
      address,
      namespace: namespace ?? 'default',
      /** For `Connection.connect` and `NativeConnection.connect`: address, TLS and API key. */
      connection: { ...connectionOptions, address },
    };
  } catch (error) {
    problems.push(
      `TEMPORAL_…: ${error instanceof Error ? error.message : error}; expected what Temporal's documentation of its environment variables says`,
    );
    return { address: '', namespace: '', connection: { address: '' } };
  }
}
