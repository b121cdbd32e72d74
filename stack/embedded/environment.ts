/** What the embedded servers decide; a person's own settings for other services must not lead ours astray. */
const decidedHere = /^(AWS_|TEMPORAL_|OIDC_|PG[A-Z]+$|DATABASE_URL$)/;
const decidedHereToo = [
  'DOUBLETAKE_AUTH',
  'DOUBLETAKE_BUCKET',
  'DOUBLETAKE_HOST',
  'DOUBLETAKE_PORT',
  'DOUBLETAKE_QUEUES',
  'DOUBLETAKE_S3_FORCE_PATH_STYLE',
  'DOUBLETAKE_S3_PUBLIC_ENDPOINT',
  'DOUBLETAKE_SCRATCH',
  'DOUBLETAKE_TASK_QUEUE',
  'DOUBLETAKE_TEMPORAL_UI_URL',
  'DOUBLETAKE_WORKER_METRICS',
];

/** The environment for API and worker: the person's own without what the stack decides, then what it decides. */
export function environmentFor(
  decided: Readonly<Record<string, string>>,
  own: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(
    ([name]) => !decidedHere.test(name) && !decidedHereToo.includes(name),
  );
  return { ...Object.fromEntries(kept), ...decided };
}

/** Of what was set for Doubletake, what `npm start` decides otherwise. */
export function ignoredSettings(own: NodeJS.ProcessEnv = process.env): string[] {
  return Object.entries(own)
    .filter(([name, value]) => value && (name.startsWith('OIDC_') || decidedHereToo.includes(name)))
    .filter(([name]) => name !== 'DOUBLETAKE_AUTH')
    .map(([name]) => name)
    .sort();
}

/** Whoever asks for sign-in must not get a server without it. @throws where it is asked for */
export function refuseSignIn(own: NodeJS.ProcessEnv = process.env): void {
  if (!own.DOUBLETAKE_AUTH || own.DOUBLETAKE_AUTH === 'off') return;
  throw new Error(
    `DOUBLETAKE_AUTH is "${own.DOUBLETAKE_AUTH}", but the stack of "npm start" has no sign-in: it serves this machine only. Unset it, or run a server with sign-in (docs/deployment.md).`,
  );
}
