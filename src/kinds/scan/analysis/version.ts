/** Raised when the same file may get another answer though no stage has changed its version. */
const REVISION = 1;

/** Of the whole kind, for the rescan cache and for reports; stages have versions of their own. */
export function scanVersion(softwareVersion: string): string {
  return `${softwareVersion}+scan.${REVISION}`;
}
