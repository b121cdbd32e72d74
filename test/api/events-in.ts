import { createParser } from 'eventsource-parser';

export interface JobEvent {
  name: string;
  data: unknown;
}

/** The events of a job in what its stream has told, whatever else stands there: comments, and how soon to ask again. */
export function eventsIn(told: string): JobEvent[] {
  const events: JobEvent[] = [];
  const parser = createParser({
    onEvent: ({ event = 'message', data }) => void events.push({ name: event, data: JSON.parse(data) }),
  });
  parser.feed(told);
  return events;
}
