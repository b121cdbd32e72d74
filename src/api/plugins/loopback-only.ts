import fp from 'fastify-plugin';
import { HttpProblem } from '../http-problem.ts';

/** Whether a host name, as in `Host` or a URL, is this machine's loopback. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : '';
}

/**
 * For a server without authentication. Bound to loopback it is still open to every web page its user visits:
 * by a form or a script that posts to 127.0.0.1 (the browser sends `Origin`), or by a name made to resolve to
 * it (DNS rebinding; `Host` is then that name). Both are turned away.
 */
export const loopbackOnly = fp(async (api) => {
  api.addHook('onRequest', async ({ headers }) => {
    const asked = headers.host === undefined || isLoopback(headers.host);
    const from = headers.origin === undefined || isLoopback(hostOf(headers.origin));
    if (asked && from) return;
    const detail =
      'This server runs without authentication and answers only pages and programs of this machine.';
    throw new HttpProblem(403, 'forbidden', 'Not allowed', detail);
  });
});
