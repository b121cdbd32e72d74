import { ApplicationFailure } from '@temporalio/workflow';

/** Temporal terminates a workflow whose history has more events. */
const eventsAllowed = 51_200;

/**
 * The most a segment can cost: looked at, looked at again and linked, each three events of an activity and three of the
 * workflow task that hears of its end. An hour at 30 frames a second in segments of 60 has 1,800: 32,400 events.
 */
const eventsPerSegment = 18;

/** For what else happens to a job. */
const eventsBeside = 800;

export const segmentsAllowed = Math.floor((eventsAllowed - eventsBeside) / eventsPerSegment);

/** Better said before hours of work than by Temporal's end to it. @throws ApplicationFailure */
export function assertHistoryHolds(segments: number, fileName: string): void {
  if (segments <= segmentsAllowed) return;
  throw ApplicationFailure.nonRetryable(
    `${fileName} was cut into ${segments} segments, and one analysis can follow ${segmentsAllowed}. An operator can set DOUBLETAKE_SEGMENT_FRAMES higher; then retry.`,
    'TooLarge',
  );
}
