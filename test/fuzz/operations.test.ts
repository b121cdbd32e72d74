import { expect, test } from '@jest/globals';
import { configurationFor, valuesFor } from '../../fuzz/api/configuration.ts';
import { nameOf, operationsOf, reachedIn } from '../../fuzz/api/operations.ts';
import type { Targets } from '../../fuzz/api/targets.ts';

const answers = (...types: string[]) => ({
  responses: { 200: { content: Object.fromEntries(types.map((type) => [type, {}])) } },
});
const json = answers('application/json');
const operations = operationsOf({
  paths: {
    '/api/jobs': { get: json, post: json },
    '/api/jobs/{id}': { get: json, delete: json },
    '/api/jobs/{id}/progress': { get: answers('text/event-stream') },
    '/api/jobs/{id}/cancel': { post: json },
    '/api/jobs/{id}/retry': { post: json },
    '/api/jobs/{id}/assist': { get: json, post: json, patch: json },
    '/api/jobs/{id}/artifacts/{pass}/{name}': { get: json },
    '/api/sessions/{id}': { get: json, delete: json },
    '/api/uploads/{id}': { get: json, patch: json, delete: json, options: { responses: { 204: {} } } },
    '/api/deletions/{id}': { get: json },
    '/api/events/{event_id}': { get: json, patch: json, delete: json },
    '/api/events/{event_id}/image': { get: answers('image/jpeg') },
    '/api/events/{event_id}/clip': { get: answers('video/mp4') },
    '/api/cameras/{camera_id}': { get: json, patch: json, delete: json },
    '/videos/{job_id}': { get: { ...json, tags: ['video'] } },
    '/reports/{job_id}': { get: answers('text/html') },
  },
});
const targets: Targets = {
  done: { video: 'job-1', photograph: 'job-2' },
  artifact: { id: 'job-1', pass: 'quick', name: 'report.json' },
  asks: 'job-3',
  toCancel: 'job-4',
  toRetry: 'job-5',
  toDelete: 'job-6',
  session: 'session-1',
  sessionToDelete: 'session-2',
  upload: 'upload-1',
  uploadToDelete: 'upload-2',
  deletion: 'deletion-1',
  event: 'event-1',
  eventToDelete: 'event-2',
  camera: 'camera-1',
  cameraToDelete: 'camera-2',
};
const idsOf = (values: object): string[] =>
  Object.values(values).flatMap((value) => (typeof value === 'string' ? [value] : idsOf(value)));

test('every operation that is about something is asked about what is there', () => {
  for (const operation of operations) {
    const parameters = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect([nameOf(operation), Object.keys(valuesFor(operation, targets))]).toEqual([
      nameOf(operation),
      parameters,
    ]);
  }
  const about = operations.flatMap((operation) => idsOf(valuesFor(operation, targets)));
  expect(new Set(about)).toEqual(new Set(idsOf(targets)));
});

test('an operation of one kind is asked about a job of that kind', () => {
  const about = (path: string) =>
    operations.filter((one) => one.path === path).map((one) => valuesFor(one, targets));
  expect(about('/videos/{job_id}')).toEqual([{ job_id: ['job-1'] }]);
  expect(about('/reports/{job_id}')).toEqual([{ job_id: ['job-1', 'job-2'] }]);
});

test('what an operation takes away, or ends, no other operation is asked about', () => {
  const ending = ['DELETE ', 'POST /api/jobs/{id}/cancel', 'POST /api/jobs/{id}/retry'];
  const ends = operations.filter((one) => ending.some((name) => nameOf(one).startsWith(name)));
  expect(ends).toHaveLength(7);
  for (const one of ends) {
    const [id] = idsOf(valuesFor(one, targets));
    const others = operations.filter((other) => other !== one);
    expect(others.flatMap((other) => idsOf(valuesFor(other, targets)))).not.toContain(id);
  }
});

test('the configuration names each operation; of a stream that stays open only a beginning is read', () => {
  const some = operations.filter(({ path }) => ['/api/jobs/{id}', '/api/jobs/{id}/progress'].includes(path));
  expect(configurationFor(some, targets)).toMatch(`allow_header_conformance.enabled = true
ignored_auth.enabled = true

[dictionaries.d0]
values = ["job-1","job-2"]

[dictionaries.d1]
values = ["job-1","job-2"]

[[operations]]
include-name = "GET /api/jobs/{id}"
parameters = { "path.id" = { dictionary = "d0", probability = 1.0 } }

[[operations]]
include-name = "DELETE /api/jobs/{id}"
parameters = { "path.id" = "job-6" }

[[operations]]
include-name = "GET /api/jobs/{id}/progress"
parameters = { "path.id" = { dictionary = "d1", probability = 1.0 } }
request-timeout = 3
max-stream-events = 5
checks = { response_schema_conformance = { enabled = false } }
`);
  expect(configurationFor(some)).not.toContain('parameters');
  expect(configurationFor(some).match(/include-name/g)).toHaveLength(1);
});

test('an operation is reached by a request that is not turned away before it', () => {
  const scenario = (...answered: [string, string, number | null][]) =>
    JSON.stringify({
      ScenarioFinished: {
        recorder: {
          cases: Object.fromEntries(answered.map(([method, path], n) => [n, { value: { method, path } }])),
          interactions: Object.fromEntries(
            answered.map(([, , status_code], n) => [n, { response: status_code && { status_code } }]),
          ),
        },
      },
    });
  const reached = reachedIn([
    '{"EngineStarted":{}}',
    '{"ScenarioFinished":{"recorder":{"label":"GET /skipped"}}}',
    scenario(['GET', '/api/jobs', 200], ['POST', '/api/jobs', 422], ['GET', '/api/jobs/{id}', 404]),
    scenario(['DELETE', '/api/jobs/{id}', 401], ['PATCH', '/api/jobs/{id}', 405], ['GET', '/metrics', 403]),
    scenario(['GET', '/lost', null], ['GET', '/broken', 500]),
  ]);
  expect([...reached].sort()).toEqual(['GET /api/jobs', 'GET /broken', 'POST /api/jobs']);
});
