/** Longest S3 key the database columns take. */
export const MAX_KEY_LENGTH = 500;

/** One S3 object a pass wrote. */
export interface Artifact {
  pass: string;
  /** Name within the pass; `key` is `jobs/<job id>/<pass>/<name>`. */
  name: string;
  key: string;
  media_type: string;
  bytes: number;
  /** Lower-case hex SHA-256 of the object's bytes. */
  sha256: string;
}

/** Everything a job ever writes lies under this prefix; deleting the job deletes the prefix. */
export function jobPrefix(jobId: string): string {
  return `jobs/${jobId}/`;
}

/** Deterministic, so that a repeated activity overwrites its own object and never leaves a second one. */
export function artifactKey(jobId: string, pass: string, name: string): string {
  const key = `${jobPrefix(jobId)}${pass}/${name}`;
  if (key.length > MAX_KEY_LENGTH) throw new RangeError(`S3 key of ${key.length} characters: ${key}`);
  return key;
}
