/**
 * A refusal that only HTTP knows (no token, wrong role, no such page). What the domain can refuse has its own
 * classes in `domain/errors.ts`.
 */
export class HttpProblem extends Error {
  readonly status: number;
  /** Last part of the problem's `type` URI, e.g. `unauthorized`. */
  readonly problem: string;
  readonly title: string;
  /** Members beyond RFC 9457's own. */
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    problem: string,
    title: string,
    detail: string,
    more: {
      extensions?: Record<string, unknown>;
      headers?: Record<string, string>;
      cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: more.cause });
    this.name = 'HttpProblem';
    this.status = status;
    this.problem = problem;
    this.title = title;
    this.extensions = more.extensions ?? {};
    this.headers = more.headers ?? {};
  }
}
