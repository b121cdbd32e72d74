/** What every kind's question has, whatever else it asks. */
export interface Asked {
  reasons: { code: string; message: string }[];
  /** ISO 8601: until when an answer is hoped for. */
  due_at: string;
  /** Answers that left something open, oldest first: what they are about was asked again. */
  earlier?: { answer: unknown; by: string; at: string }[];
}

/** The workflow's update that takes an answer. */
export const assistUpdateName = 'assist';

export interface AssistUpdate {
  /** As the kind wants it. */
  answer: object;
  /** Who answers. */
  by: string;
  /** To which question of which attempt; whatever is asked now, unless told. */
  attempt?: number;
  question?: number;
}

export interface AcceptedAnswer {
  by: string;
  /** ISO 8601. */
  at: string;
}

/** Whose failure types tell the API what to answer. */
export const assistRefusals = {
  /** Nobody is asked now, or no longer. */
  notWaiting: 'NotWaiting',
  /** Somebody answered first. */
  answered: 'AlreadyAnswered',
  /** It cannot be so. */
  impossible: 'ImpossibleAnswer',
} as const;
