/** One method of one path of the OpenAPI document. */
export interface Operation {
  method: string;
  /** As the document has it, with parameters in braces. */
  path: string;
  /** Whether it answers with server-sent events. */
  streams: boolean;
  /** What it is about; of a kind's own operation, the kind's word. */
  tags: readonly string[];
}

interface Documented {
  tags?: string[];
  responses: Record<string, { content?: Record<string, unknown> }>;
}

interface Document {
  paths: Record<string, Record<string, Documented>>;
}

export function operationsOf({ paths }: Document): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { tags = [], responses }]) => ({
      method: method.toUpperCase(),
      path,
      tags,
      streams: Object.values(responses).some(({ content = {} }) => 'text/event-stream' in content),
    })),
  );
}

/** As Schemathesis calls it. */
export function nameOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

/** What is turned away before the operation begins: not signed in, not allowed, nothing there, no such method. */
const notReached: readonly unknown[] = [401, 403, 404, 405];

interface Recorder {
  cases: Record<string, { value: Pick<Operation, 'method' | 'path'> }>;
  interactions: Record<string, { response: { status_code: number } | null }>;
}

/**
 * The names of the operations that a request got to, by what Schemathesis has written down.
 * @param events its report in lines of JSON; those of other kinds are passed over
 */
export function reachedIn(events: readonly string[]): Set<string> {
  const reached = new Set<string>();
  for (const line of events) {
    const event = JSON.parse(line) as { ScenarioFinished?: { recorder: Recorder } };
    const { cases = {}, interactions = {} } = event.ScenarioFinished?.recorder ?? {};
    for (const [id, { response }] of Object.entries(interactions)) {
      const asked = cases[id]?.value;
      if (asked && response && !notReached.includes(response.status_code)) reached.add(nameOf(asked));
    }
  }
  return reached;
}
