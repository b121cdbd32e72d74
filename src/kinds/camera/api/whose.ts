import type { FastifyRequest } from 'fastify';
import { userOf } from '../../../api/access/user.ts';
import { HttpProblem } from '../../../api/http-problem.ts';
import { notFound } from '../../../api/not-found.ts';
import { givenId } from '../../../domain/kinds/camera.ts';
import type { EventStore, OwnersEvents } from '../events/event-store.ts';

/** Why whoever asks may not read this owner's; null when they may. */
export function refusalOfOwner(request: FastifyRequest, owner: string | undefined): HttpProblem | null {
  const { id, role } = userOf(request);
  if (owner === undefined || owner === id || role === 'operator') return null;
  const detail = 'Only an operator may read what is another user’s. Leave `owner` out for your own.';
  return new HttpProblem(403, 'forbidden', 'Not allowed', detail);
}

/**
 * The events and cameras that a request is about: the asker's own, or, where an operator names an owner, theirs.
 * @throws HttpProblem 403 for a user who names somebody else
 */
export function eventsFor(store: EventStore, request: FastifyRequest, owner?: string): OwnersEvents {
  const refusal = refusalOfOwner(request, owner);
  if (refusal) throw refusal;
  return store.of(owner ?? userOf(request).id);
}

/** @throws NotFound */
export async function eventThere(events: OwnersEvents, id: string) {
  const event = givenId.safeParse(id).success ? await events.findEvent(id) : null;
  if (!event) throw notFound('event', id);
  return event;
}

/** @throws NotFound */
export async function cameraThere(events: OwnersEvents, id: string) {
  const camera = givenId.safeParse(id).success ? await events.findCamera(id) : null;
  if (!camera) throw notFound('camera', id);
  return camera;
}
