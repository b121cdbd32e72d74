/**
 * The typed search attributes operators filter by in Temporal's Web UI. Each is a `SearchAttributeKey` as the
 * SDK defines it (`name`, `type`), written as plain data so that the domain imports no SDK.
 *
 * A namespace must know them before the first workflow starts:
 * `temporal operator search-attribute create --name Kind --type Keyword`, or for the development server
 * `--search-attribute Kind=Keyword`; `searchAttributeTypes` has the words for both.
 */
export const searchAttributes = {
  /** `technique`, … */
  kind: { name: 'Kind', type: 'KEYWORD' },
  /** The kind's own status word, as in `analysis_jobs.status`. */
  status: { name: 'Status', type: 'KEYWORD' },
  /** The step now running, in capitals. */
  stage: { name: 'Stage', type: 'KEYWORD' },
  userId: { name: 'UserId', type: 'KEYWORD' },
  sessionId: { name: 'SessionId', type: 'KEYWORD' },
} as const;

/** `[name, type]` as Temporal's command line spells them, e.g. `['Kind', 'Keyword']`. */
export const searchAttributeTypes: readonly (readonly [name: string, cliType: string])[] = Object.values(
  searchAttributes,
).map(({ name }) => [name, 'Keyword'] as const);
