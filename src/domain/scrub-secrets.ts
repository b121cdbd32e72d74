/** The end of what may stand before the host in an address; a `\` may come with the character that JSON escapes by it. */
const beforeHost = String.raw`(?:[^\s/?#"\\]|\\["\\])`;

/** Secrets inside free text: keys and tokens in a message, a login in an address, a presigned link's signature. */
const secretPatterns: readonly [RegExp, string][] = [
  [/\bdt_[A-Za-z0-9_-]{16,}/g, 'dt_[redacted]'],
  [/\bwhsec_[A-Za-z0-9+/=]+/g, 'whsec_[redacted]'],
  [/\bBearer\s+[A-Za-z0-9._~+/=-]{16,}/gi, 'Bearer [redacted]'],
  [/\bBasic\s+(?=[A-Za-z]*[0-9+/=])[A-Za-z0-9+/]{6,}={0,2}/gi, 'Basic [redacted]'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, '[redacted token]'],
  // `//user:password@host` and `//token@host`, also where the whole address is percent-encoded.
  [new RegExp(`//${beforeHost}+@`, 'g'), '//[redacted]@'],
  [/(%3A%2F%2F)(?:(?!%(?:2F|3F|23))[\w.~!$'()*+,;=:%-])+%40/gi, '$1[redacted]%40'],
  // A password that ends the authority by a character of its own, and one that was cut: no port is there.
  [noPort(String.raw`[^\s"\\]{0,1024}@`), '//[redacted]@'],
  [noPort(`${beforeHost}+`), '//[redacted]'],
  [/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"\\]+/gi, '$1[redacted]'],
  [
    /([?&/;](?:[\w.-]*(?:token|password|passwd|passphrase|pwd|psw|secret|api[_-]?key|signature|credential)|key|auth|sig|pass)=)[^&\s"'\\#]+/gi,
    '$1[redacted]',
  ],
];

/** `//user:` and what follows, unless that is a port. */
function noPort(rest: string): RegExp {
  return new RegExp(String.raw`//[^\s/?#:@"\\[\]]+:(?!\d{0,5}(?![\w@%.~+$!*-]))${rest}`, 'g');
}

/** The last gate before a log line leaves a process: what no one knew to be a secret is caught by how it looks. */
export function scrub(line: string): string {
  return secretPatterns.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
}
