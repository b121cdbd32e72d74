import type { S3Client } from '@aws-sdk/client-s3';

/**
 * Signs headers, not bodies. The SDK hashes every body once more for its signature, a fifth of an upload's CPU
 * time here; what arrives is checked by the CRC-32 that it sends with each body anyway. Where that one is turned
 * off (`AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_REQUIRED`, for servers that do not know it) bodies stay signed.
 * S3 API reference, "Signature Calculations for the Authorization Header", `UNSIGNED-PAYLOAD`.
 */
export function leaveBodiesUnsigned(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { body, headers } = args.request as { body?: unknown; headers: Record<string, string> };
      if (
        body instanceof Uint8Array &&
        (await client.config.requestChecksumCalculation()) === 'WHEN_SUPPORTED'
      )
        headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      return next(args);
    },
    { step: 'build', name: 'leaveBodiesUnsigned' },
  );
}
