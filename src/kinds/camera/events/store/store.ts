import { checkUser } from '../checks/given-event.ts';
import type { EventStore, OwnersEvents } from '../event-store.ts';
import * as cameras from './cameras.ts';
import * as change from './change-event.ts';
import { changedSince } from './changes.ts';
import { whichKeysAreClaimed } from './claims.ts';
import type { Engine } from './engine.ts';
import { insertEvent, insertEvents, type StoreLog } from './insert-events.ts';
import * as jobs from './jobs.ts';
import { eachEvent, listEvents } from './list-events.ts';
import { eventsWithObjects, forgetObjects } from './missing-objects.ts';
import { recordingStart } from './recordings.ts';
import * as removal from './removal.ts';
import { summary } from './summary.ts';

/** The store over one of the engines. */
export function storeOver(engine: Engine, log: StoreLog): EventStore {
  return {
    of: (owner) => eventsOf(engine, log, checkUser(owner)),
    whichKeysAreClaimed: (keys) => whichKeysAreClaimed(engine, keys),
    eventsOfJob: (owner, jobId) => jobs.eventsOfJob(engine, owner, jobId),
    jobsWithOpenEvents: (limit) => jobs.jobsWithOpenEvents(engine, limit),
    closeEventsOfJob: (owner, jobId, reason) => jobs.closeEventsOfJob(engine, owner, jobId, reason),
    expiredEvents: (usualDays, now, limit, exceptOf = []) =>
      removal.expiredEvents(engine, usualDays, now, limit, exceptOf),
    beginRemovals: (events) => removal.beginRemovals(engine, events),
    removedEvents: (limit) => removal.removedEvents(engine, limit),
    deleteEvents: (events) => removal.deleteEvents(engine, events),
    eventsWithObjects: (unchangedSince, after, limit) =>
      eventsWithObjects(engine, unchangedSince, after, limit),
    forgetObjects: (event, gone) => forgetObjects(engine, event, gone),
    ping: () => engine.ping(),
    close: () => engine.close(),
  };
}

function eventsOf(engine: Engine, log: StoreLog, owner: string): OwnersEvents {
  return {
    insertEvent: (event) => insertEvent(engine, log, owner, event),
    insertEvents: (events) => insertEvents(engine, log, owner, events),
    updateOpenEvent: (id, jobId, changes) => change.updateOpenEvent(engine, owner, id, jobId, changes),
    adoptStoppedEvent: (id, jobId) => change.adoptStoppedEvent(engine, owner, id, jobId),
    findEvent: (id) => change.findEvent(engine, owner, id),
    findEvents: (ids) => change.findEvents(engine, owner, ids),
    listEvents: (filter, page) => listEvents(engine, owner, filter, page),
    eachEvent: (filter) => eachEvent(engine, owner, filter),
    changedSince: (point, limit) => changedSince(engine, owner, point, limit),
    now: () => engine.now(),
    summary: (filter, timeZone) => summary(engine, owner, filter, timeZone),
    patchEvent: (id, changes, by, ifUpdatedAt) =>
      change.patchEvent(engine, owner, id, changes, by, ifUpdatedAt),
    beginRemoval: (id) => removal.beginRemoval(engine, owner, id),
    isBeingRemoved: (id) => removal.isBeingRemoved(engine, owner, id),
    beginRemovalOfCamera: (id, limit) => removal.beginRemovalOfCamera(engine, owner, id, limit),
    ensureCamera: (id) => cameras.ensureCamera(engine, owner, id),
    findCamera: (id) => cameras.findCamera(engine, owner, id),
    listCameras: () => cameras.listCameras(engine, owner),
    createCamera: (id, changes) => cameras.createCamera(engine, owner, id, changes),
    changeCamera: (id, changes, version) => cameras.changeCamera(engine, owner, id, changes, version),
    deleteCamera: (id) => cameras.deleteCamera(engine, owner, id),
    setOffline: (id, since) => cameras.setOffline(engine, owner, id, since),
    recordingStart: (id, sha256, proposed) => recordingStart(engine, owner, id, sha256, proposed),
  };
}
