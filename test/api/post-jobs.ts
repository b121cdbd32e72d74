import type { RunningApi, TestUser } from './running-api.ts';

/** Asks for a job as a form with the file. */
export function postForm(api: RunningApi, user: TestUser, body: FormData, headers = {}) {
  return api.ask(user, 'POST', '/api/jobs', { body, headers });
}

/** Asks for a job on what is there already. */
export function postJson(api: RunningApi, user: TestUser, body: unknown) {
  return api.ask(user, 'POST', '/api/jobs', {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
}
