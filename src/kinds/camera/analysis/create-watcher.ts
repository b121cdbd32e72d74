import type { DetectedObject } from '../events/event.ts';
import { EventLife, type LifeState } from './event-life.ts';
import { packState, unpackState } from './packed-state.ts';
import { Scene } from './scene.ts';
import type {
  AnswerStep,
  GreyFrame,
  WatchChange,
  WatchedEvent,
  Watcher,
  WatchSettings,
  WatchStep,
} from './watch.ts';

/**
 * Seconds from one frame that is looked at to the next, at least: what moves is told from what does not by how it changes
 * in about a tenth of a second, whatever the camera's rate.
 */
const LEAST_STEP_S = 0.06;

/** One more whenever the same frames may give other events than before. */
export const watchRevision = 1;

interface SavedNumbers {
  life: LifeState;
  sceneChanges: number;
  scene: { width: number; height: number } | null;
  looked_s: number | null;
}

class CameraWatcher implements Watcher {
  readonly #settings: WatchSettings;
  #scene: Scene | null = null;
  #life: EventLife;
  #looked_s: number | null = null;
  sceneChanges = 0;

  constructor(settings: WatchSettings, saved?: Uint8Array) {
    this.#settings = settings;
    this.#life = new EventLife(settings.maxDuration);
    if (!saved) return;
    const { numbers, arrays } = unpackState<SavedNumbers>(saved);
    this.#life = new EventLife(settings.maxDuration, numbers.life);
    this.#looked_s = numbers.looked_s;
    this.sceneChanges = numbers.sceneChanges;
    if (numbers.scene) this.#scene = Scene.restore(numbers.scene, arrays, settings);
  }

  get openEvent(): WatchedEvent | null {
    return this.#life.openEvent;
  }

  push(frame: GreyFrame, time_s: number): WatchStep {
    const before = this.#looked_s;
    if (before !== null && time_s - before < LEAST_STEP_S) {
      return { changes: [], wantsObjects: false, lookAt: null, sceneChange: false };
    }
    this.#looked_s = time_s;
    const scene = this.#scene;
    if (!scene || scene.width !== frame.width || scene.height !== frame.height) {
      // The first frame is never motion: nothing is known yet that it could differ from.
      this.#scene = new Scene(frame, time_s, this.#settings);
      const nothing = { moving: [], sceneChange: false, rebased: true, blind: false };
      return { ...this.#life.step(time_s, nothing), sceneChange: false };
    }
    const wasOpen = this.#life.openEvent !== null;
    const sight = scene.look(frame, time_s, wasOpen);
    if (sight.sceneChange) this.sceneChanges++;
    const step = this.#life.step(time_s, sight);
    if (wasOpen && this.#life.openEvent === null) scene.absorb();
    return { ...step, sceneChange: sight.sceneChange };
  }

  answer(objects: readonly DetectedObject[]): AnswerStep {
    const { ended, ...step } = this.#life.answer(objects, (box) => this.#scene?.foregroundIn(box) ?? 0);
    // What was put down or came to rest belongs to the background from now on.
    if (ended) this.#scene?.absorb();
    return step;
  }

  end(reason: 'end_of_recording' | 'signal_lost' | 'stopped'): WatchChange[] {
    return this.#life.end(reason);
  }

  save(): Uint8Array {
    const scene = this.#scene?.save();
    const numbers = {
      life: this.#life.state,
      sceneChanges: this.sceneChanges,
      scene: scene?.numbers ?? null,
      looked_s: this.#looked_s,
    };
    return packState(numbers, scene?.arrays ?? []);
  }
}

export function createWatcher(settings: WatchSettings): Watcher {
  return new CameraWatcher(settings);
}

/** @param saved what `save` gave; the settings may be others than then */
export function restoreWatcher(saved: Uint8Array, settings: WatchSettings): Watcher {
  return new CameraWatcher(settings, saved);
}
