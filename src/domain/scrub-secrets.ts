/** Secrets inside free text: keys and tokens in a message, a password in a URL, a presigned link's signature. */
const secretPatterns: readonly [RegExp, string][] = [
  [/\bdt_[A-Za-z0-9_-]{16,}/g, 'dt_[redacted]'],
  [/\bwhsec_[A-Za-z0-9+/=]+/g, 'whsec_[redacted]'],
  [/\bBearer\s+[A-Za-z0-9._~+/=-]{16,}/gi, 'Bearer [redacted]'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, '[redacted token]'],
  [/(:\/\/[^:/?#\s"]+):[^@/?#\s"]+@/g, '$1:[redacted]@'],
  [/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"\\]+/gi, '$1[redacted]'],
];

/** The last gate before a log line leaves a process: what no one knew to be a secret is caught by how it looks. */
export function scrub(line: string): string {
  return secretPatterns.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}
