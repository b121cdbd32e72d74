import { artifactKey } from '../domain/artifact.ts';
import type { Promised } from '../domain/guardrail.ts';

/** Requests to S3 at once. */
const atOnce = 16;

/**
 * Which of the promised objects S3 has, by the names under which they are promised: `<pass>/<name>` for what lies with the
 * job, the whole key for what lies under one of the kind's lasting prefixes.
 */
export async function promisedObjects(
  jobId: string,
  promises: readonly Promised[],
  hasObject: (key: string) => Promise<boolean>,
  lastingPrefixes: readonly string[] = [],
): Promise<Set<string>> {
  const names = promises.flatMap(({ objects }) => objects);
  const there = new Set<string>();
  for (let first = 0; first < names.length; first += atOnce) {
    await Promise.all(
      names.slice(first, first + atOnce).map(async (name) => {
        if (await hasObject(keyOf(name))) there.add(name);
      }),
    );
  }
  return there;

  function keyOf(name: string): string {
    if (lastingPrefixes.some((prefix) => name.startsWith(prefix))) return name;
    const [pass = '', ...rest] = name.split('/');
    return artifactKey(jobId, pass, rest.join('/'));
  }
}
