import { nameOf, type Operation } from './operations.ts';
import type { Targets } from './targets.ts';

/** Values of the parameters in an operation's path. */
type Values = Readonly<Record<string, string | readonly string[]>>;

/** What an answer must be. What a request must be for an answer to succeed is not checked: ids are mostly of nobody. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'allow_header_conformance',
  'ignored_auth',
];
const onlyThese = ['[checks]', 'enabled = false', ...checks.map((check) => `${check}.enabled = true`), ''];

/**
 * An event stream may stay open: of one that does, a few seconds are read. Schemathesis wants its events described as
 * OpenAPI 3.2 does; `test/api/contract.test.ts` holds them to the document.
 */
const ofStreams = [
  'request-timeout = 3',
  'max-stream-events = 5',
  'checks = { response_schema_conformance = { enabled = false } }',
];

/**
 * Schemathesis' configuration (TOML).
 * @param targets what each operation is asked about; generated ids unless told
 */
export function configurationFor(operations: readonly Operation[], targets?: Targets): string {
  const dictionaries: string[] = [];
  const tables = operations.map((operation) => {
    const parameters = Object.entries(targets ? valuesFor(operation, targets) : {}).map(([name, value]) => {
      if (typeof value === 'string') return `"path.${name}" = ${JSON.stringify(value)}`;
      const dictionary = `d${dictionaries.length}`;
      dictionaries.push(`[dictionaries.${dictionary}]\nvalues = ${JSON.stringify(value)}\n`);
      return `"path.${name}" = { dictionary = "${dictionary}", probability = 1.0 }`;
    });
    const lines = [
      ...(parameters.length > 0 ? [`parameters = { ${parameters.join(', ')} }`] : []),
      ...(operation.streams ? ofStreams : []),
    ];
    const heading = `[[operations]]\ninclude-name = ${JSON.stringify(nameOf(operation))}`;
    return lines.length > 0 ? [heading, ...lines, ''].join('\n') : '';
  });
  return [onlyThese.join('\n'), ...dictionaries, ...tables.filter(Boolean)].join('\n');
}

/**
 * What takes something away, or ends it, has something of its own to do it to; everything else may ask about any job, and a
 * kind's own operation about one of the kind.
 */
export function valuesFor({ method, path, tags }: Omit<Operation, 'streams'>, targets: Targets): Values {
  const isDelete = method === 'DELETE';
  const { done } = targets;
  const ofKind = tags.flatMap((tag) => done[tag] ?? []);
  const jobs = ofKind.length > 0 ? ofKind : Object.values(done);
  switch (path) {
    case '/api/sessions/{id}':
      return { id: isDelete ? targets.sessionToDelete : targets.session };
    case '/api/uploads/{id}':
      return { id: isDelete ? targets.uploadToDelete : targets.upload };
    case '/api/deletions/{id}':
      return { id: targets.deletion };
    case '/api/events/{event_id}':
      return { event_id: isDelete ? targets.eventToDelete : targets.event };
    case '/api/events/{event_id}/image':
    case '/api/events/{event_id}/clip':
      return { event_id: targets.event };
    case '/api/cameras/{camera_id}':
      return { camera_id: isDelete ? targets.cameraToDelete : targets.camera };
    case '/api/jobs/{id}':
      return { id: isDelete ? targets.toDelete : jobs };
    case '/api/jobs/{id}/cancel':
      return { id: targets.toCancel };
    case '/api/jobs/{id}/retry':
      return { id: targets.toRetry };
    case '/api/jobs/{id}/assist':
      return { id: targets.asks };
    case '/api/jobs/{id}/artifacts/{pass}/{name}':
      return targets.artifact;
    default:
      return Object.fromEntries(parametersIn(path).map((name) => [name, jobs]));
  }
}

function parametersIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
}
