/** Schemes that Windows hands to programs which take arguments from them. */
export function startsHandler(target: string): boolean {
  return /^\s*(?:ms-msdt|ms-officecmd|search-ms|ms-search|javascript|vbscript|shell|ms-cxh|mshta|script)\s*:/i.test(
    target,
  );
}

/** Whether a target lies on another machine: `https:`, `mhtml:`, `\\host\`, `file://host/`; not `file:///C:/`. */
export function isRemote(target: string): boolean {
  const plain = unescaped(target).trim().replaceAll('\\', '/');
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(plain) ?? [];
  if (!scheme) return isRemotePath(plain);
  if (scheme.toLowerCase() !== 'file') return !/^(?:mailto|tel|about|urn|onenote|data)$/i.test(scheme);
  const path = (rest as string).replace(/^\/\/(?:localhost|127\.0\.0\.1)(?=\/)/i, '');
  const slashes = /^\/*/.exec(path)?.[0].length ?? 0;
  if (/^[a-z][:|]/i.test(path.slice(slashes))) return false;
  // `file://host/` names a host, and so does `file:////host/`; with one slash or three it is a path of this machine.
  return slashes === 2 || slashes >= 4;
}

/**
 * Whether a target is a file on a share beyond the own network: its machine has a name with a dot, a number, or a port.
 * Windows sends the user's credentials there.
 */
export function isFarShare(target: string): boolean {
  const path = /^\s*(?:file:)?[\\/]+(?:[?.][\\/]+unc[\\/]+)?([^\\/]*[.@:][^\\/]*)[\\/]/i;
  return isRemote(target) && path.test(unescaped(target));
}

function isRemotePath(path: string): boolean {
  const [, first = '', second = ''] = /^\/\/+([^/]*)\/?([^/]*)/.exec(path) ?? [];
  if (first === '?' || first === '.') return second.toLowerCase() === 'unc';
  return first !== '' && !/^(?:localhost|127\.0\.0\.1)$/i.test(first) && !/^[a-z]:$/i.test(first);
}

function unescaped(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
