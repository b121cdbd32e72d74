import { readFileSync } from 'node:fs';

export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root. The user to run it as then: `postgres` where the system has one, else
 * `nobody`; it must be a user the system knows, initdb looks its name up. Undefined for an ordinary user, who
 * runs it as himself.
 *
 * @throws when root's system has neither
 */
export function postgresUser(
  uid = process.getuid?.(),
  passwd = () => readFileSync('/etc/passwd', 'utf8'),
): SystemUser | undefined {
  if (uid !== 0) return undefined;
  const users = passwd()
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const found = users.find(([name]) => name === wanted);
    if (found && Number(found[2]) > 0) return { name: wanted, uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error(
    'PostgreSQL does not run as root, and this system has no user "postgres" or "nobody" to run it as. Create one (useradd --system postgres), or start as an ordinary user.',
  );
}
