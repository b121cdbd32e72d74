import { artifactKey } from '../domain/artifact.ts';
import type { Promised } from '../domain/guardrail.ts';

/** Which of the promised objects S3 has, by their names `<pass>/<name>`. */
export async function promisedObjects(
  jobId: string,
  promises: readonly Promised[],
  hasObject: (key: string) => Promise<boolean>,
): Promise<Set<string>> {
  const there = new Set<string>();
  for (const name of promises.flatMap((promise) => promise.objects)) {
    const [pass = '', ...rest] = name.split('/');
    if (await hasObject(artifactKey(jobId, pass, rest.join('/')))) there.add(name);
  }
  return there;
}
