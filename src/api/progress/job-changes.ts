import { EventEmitter } from 'node:events';

/** "Something about this job changed", for everyone in this process who waits for it. */
export interface JobChanges {
  /** Said by the database's listener. */
  changed(jobId: string): void;
  /** Said after a gap in listening: anything may have changed. */
  allChanged(): void;
  onJob(jobId: string, listener: () => void): () => void;
  onAny(listener: () => void): () => void;
}

const anyJob = Symbol('any job');
const everyJob = Symbol('every job');

export function createJobChanges(): JobChanges {
  const emitter = new EventEmitter().setMaxListeners(0);
  const on = (events: (string | symbol)[], listener: () => void) => {
    for (const event of events) emitter.on(event, listener);
    return () => {
      for (const event of events) emitter.off(event, listener);
    };
  };
  return {
    changed(jobId) {
      emitter.emit(`job ${jobId}`);
      emitter.emit(anyJob);
    },
    allChanged() {
      emitter.emit(everyJob);
      emitter.emit(anyJob);
    },
    onJob: (jobId, listener) => on([`job ${jobId}`, everyJob], listener),
    onAny: (listener) => on([anyJob], listener),
  };
}
