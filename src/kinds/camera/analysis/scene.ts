import type { Box } from '../events/event.ts';
import { CellCounts } from './active-cells.ts';
import { Background } from './background.ts';
import { BitMask } from './bit-mask.ts';
import { comparePixels } from './compare-pixels.ts';
import { type Light, LightMeter } from './light.ts';
import { pixelsWithin } from './masked-pixels.ts';
import type { GreyFrame, WatchSettings } from './watch.ts';

/** Share of the picture over which activity is motion. */
const LEAST_ACTIVE = 0.0015;
/** Pixels of a cell from which it belongs to the place that moves. */
const LEAST_IN_CELL = 6;
/** Levels from which a pixel has changed since the frame before. */
const LEAST_CHANGE = 7;
/** Share of the picture that is foreground from which it is another scene. */
const ANOTHER_SCENE = 0.6;
/** Seconds after which another scene is learnt, though it still changes. */
const SETTLES_IN_S = 1.5;
/** Share of the picture that may still change when a scene has settled. */
const SETTLED = 0.1;
/** Levels by which the light may differ before the background is put in the new light. */
const LIGHT_STEP = 4;
/** Levels of the median pixel that count as a switched light. */
const SWITCHED = 15;
/** One pixel in so many, across and down, is looked at for the light. */
const SAMPLED = 4;
/** Rows are learnt a quarter at a time. */
const TURNS = 4;

/** What is seen in one frame. */
export interface Sight {
  /** Pixels that are foreground and have changed, where they are enough to be motion; else 0. */
  active: number;
  /** Where, in fractions of the picture. */
  box: Box | null;
  /** The light was switched, or the picture is another: the first frame of it. */
  sceneChange: boolean;
  /** The background was taken anew: what had been foreground is so no longer. */
  rebased: boolean;
}

const nothing: Sight = { active: 0, box: null, sceneChange: false, rebased: false };

/** What is there, and what moves before it: everything about pixels. */
export class Scene {
  readonly width: number;
  readonly height: number;
  readonly #background: Background;
  readonly #meter: LightMeter;
  readonly #masked: BitMask;
  /** Pixels outside the masks. */
  readonly #visible: number;
  readonly #previous: Uint8Array;
  readonly #foreground: BitMask;
  readonly #spread: BitMask;
  readonly #changed: BitMask;
  readonly #active: BitMask;
  readonly #scratch: BitMask;
  readonly #cells: CellCounts;
  #state = {
    /** When each quarter of the rows was learnt. */
    learnt_s: [0, 0, 0, 0] as number[],
    turn: 0,
    /** Since when it is another scene that has not been learnt yet. */
    another_since_s: null as number | null,
  };

  constructor({ width, height, data }: GreyFrame, time_s: number, settings: WatchSettings) {
    this.width = width;
    this.height = height;
    const mask = () => new BitMask(width, height);
    this.#background = new Background(width, height);
    this.#masked = pixelsWithin(settings.motionMasks, width, height);
    this.#visible = Math.max(1, width * height - this.#masked.count());
    this.#meter = new LightMeter(sampleOf(this.#masked));
    this.#previous = new Uint8Array(data);
    [this.#foreground, this.#spread, this.#changed] = [mask(), mask(), mask()];
    [this.#active, this.#scratch] = [mask(), mask()];
    this.#cells = new CellCounts(this.#active);
    this.#background.takeWhole(data);
    this.#state.learnt_s.fill(time_s);
  }

  /** @param frozen whether what stands before the background must not become part of it */
  look({ data }: GreyFrame, time_s: number, frozen: boolean): Sight {
    const since = this.#meter.compare(data, this.#previous, 0);
    const light = this.#meter.compare(data, this.#background.mean, 8);
    const switched = this.#adopt(light);
    this.#compare(data, switched === null ? light.offset : 0, since);
    this.#previous.set(data);
    const share = this.#foreground.count() / this.#visible;
    const active = this.#cells.count(this.#active);
    if (share > ANOTHER_SCENE) return this.#anotherScene(data, time_s, this.#changed.count() / this.#visible);
    this.#state.another_since_s = null;
    this.#learn(data, time_s, frozen);
    const sceneChange = switched !== null && switched > SWITCHED;
    if (active < LEAST_ACTIVE * this.#visible) return { ...nothing, sceneChange };
    return {
      active,
      box: this.#cells.boxOf(LEAST_IN_CELL, this.width, this.height),
      sceneChange,
      rebased: false,
    };
  }

  /** Takes what stands there now for background. */
  absorb(): void {
    this.#background.take(this.#previous, this.#spread);
  }

  /** Share of a box that is foreground. */
  foregroundIn({ x, y, width, height }: Box): number {
    const [left, top] = [Math.floor(x * this.width), Math.floor(y * this.height)];
    const right = Math.min(this.width, Math.ceil((x + width) * this.width));
    const bottom = Math.min(this.height, Math.ceil((y + height) * this.height));
    let set = 0;
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) if (this.#spread.has(column, row)) set++;
    }
    return set / Math.max(1, (right - left) * (bottom - top));
  }

  /** @returns levels by which the median pixel became brighter or darker; null where the light is much as before */
  #adopt({ gain, offset, explains, ...light }: Light): number | null {
    const step = Math.abs(offset + (gain - 1) * 128);
    if (explains < 0.5 || (step < LIGHT_STEP && Math.abs(gain - 1) < 0.05)) return null;
    this.#background.adopt({ gain, offset, explains, ...light });
    return step;
  }

  #compare(data: Uint8Array, light: number, since: Light): void {
    const [foreground, spread, changed, scratch] = [
      this.#foreground,
      this.#spread,
      this.#changed,
      this.#scratch,
    ];
    const active = this.#active;
    const least = Math.max(LEAST_CHANGE, Math.ceil(4.5 * since.spread));
    comparePixels(data, this.#background, light, this.#previous, since.offset, least, foreground, changed);
    for (const mask of [foreground, changed]) {
      mask.without(this.#masked);
      active.erodedOf(mask, scratch);
      mask.dilatedOf(active, scratch);
    }
    active.dilatedOf(foreground, scratch);
    spread.dilatedOf(active, scratch);
    active.bothOf(spread, changed);
  }

  #anotherScene(data: Uint8Array, time_s: number, changing: number): Sight {
    const state = this.#state;
    const sceneChange = state.another_since_s === null;
    state.another_since_s ??= time_s;
    const isSettled = changing < SETTLED || time_s - state.another_since_s >= SETTLES_IN_S;
    if (isSettled) this.#background.takeWhole(data);
    return { ...nothing, sceneChange, rebased: isSettled };
  }

  #learn(data: Uint8Array, time_s: number, frozen: boolean): void {
    const { learnt_s } = this.#state;
    const turn = this.#background.turn;
    const seconds = Math.min(1, Math.max(0, time_s - (learnt_s[turn] as number)));
    this.#background.learn(data, seconds, this.#spread, frozen);
    learnt_s[turn] = time_s;
  }

  /** Numbers and pixels that another needs to go on from here. */
  save(): { numbers: object; arrays: Uint8Array[] } {
    this.#state.turn = this.#background.turn;
    return {
      numbers: { ...this.#state, width: this.width, height: this.height },
      arrays: this.#arrays(),
    };
  }

  static restore(
    { width, height, ...state }: { width: number; height: number },
    arrays: Uint8Array[],
    settings: WatchSettings,
  ): Scene {
    const scene = new Scene({ width, height, data: new Uint8Array(width * height) }, 0, settings);
    Object.assign(scene.#state, state);
    scene.#background.turn = scene.#state.turn % TURNS;
    for (const [n, array] of scene.#arrays().entries()) array.set(arrays[n] as Uint8Array);
    return scene;
  }

  #arrays(): Uint8Array[] {
    const { mean, deviation, low, high } = this.#background;
    return [mean, deviation, low, high, this.#previous, this.#spread.words].map(bytesOf);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Pixels outside the mask, in a grid whose rows are shifted against each other. */
function sampleOf(masked: BitMask): Int32Array {
  const chosen: number[] = [];
  for (let y = 1; y < masked.height; y += SAMPLED) {
    for (let x = ((y >> 2) * 3) % SAMPLED; x < masked.width; x += SAMPLED) {
      if (!masked.has(x, y)) chosen.push(y * masked.width + x);
    }
  }
  return Int32Array.from(chosen);
}
