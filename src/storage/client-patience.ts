import type { S3ClientConfig } from '@aws-sdk/client-s3';

/**
 * How long a client of S3 waits, ours and the tus server's alike.
 * @param idleTimeoutMs a connection on which nothing moves so long is given up
 */
export function clientPatience(
  idleTimeoutMs = 60_000,
): Pick<S3ClientConfig, 'maxAttempts' | 'requestHandler'> {
  return {
    // Few and quick tries here: who asks knows better how long to wait.
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3000, socketTimeout: idleTimeoutMs },
  };
}
