import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate that signs itself, for this one host; `path` is its PEM file. */
export function selfSigned(subjectAltName: string) {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-tls-'));
  const [keyFile, path] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const names = ['-subj', '/CN=a receiver', '-addext', `subjectAltName=${subjectAltName}`];
  const files = ['-days', '2', '-keyout', keyFile, '-out', path];
  execFileSync('openssl', [...request, ...names, ...files], { stdio: 'pipe' });
  return {
    path,
    tls: { key: readFileSync(keyFile), cert: readFileSync(path) },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
