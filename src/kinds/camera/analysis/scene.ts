import type { Box } from '../events/event.ts';
import { Background } from './background.ts';
import { BitMask } from './bit-mask.ts';
import { type Cluster, ClusterFinder } from './clusters.ts';
import { comparePixels } from './compare-pixels.ts';
import { type Light, LightMeter } from './light.ts';
import { pixelsWithin } from './masked-pixels.ts';
import { hasNewEdges } from './new-edges.ts';
import type { GreyFrame, WatchSettings } from './watch.ts';

/** Share of the picture from which a cluster that moves is looked at; while the background is new, what moves by itself is not known yet. */
const LEAST_CLUSTER = 0.0006;
const LEAST_AT_FIRST = 0.0015;
const NEW_S = 5;
/** Seconds in which what moves by itself shows how far. */
const SHOWS_IN_S = 1.5;
/** Seconds in which what moves slowly changes enough to be seen, and frames that are remembered for it. */
const CHANGES_IN_S = 0.19;
const REMEMBERED = 3;
/** Levels from which a pixel has changed since the frame before, and times the noise. */
const LEAST_CHANGE = 7;
const OVER_NOISE = 4.5;
/** σ of the noise of one frame, from the median distance between two. */
const SIGMA = 1.4826 / Math.SQRT2;
/** Share of the picture that is foreground from which it is another scene. */
const ANOTHER_SCENE = 0.6;
/** Seconds after which another scene is learnt, though it still changes. */
const SETTLES_IN_S = 1.5;
/** Share of the picture that may still change when a scene has settled. */
const SETTLED = 0.1;
/** Levels by which the light may differ before the background is put in the new light. */
const LIGHT_STEP = 4;
const CONTRAST_STEP = 0.05;
/** Levels of the median pixel that count as a switched light. */
const SWITCHED = 15;
/** Levels between dark and bright below which a picture shows nothing, and times those of the background. */
const PLAIN = 6;
const PLAIN_SHARE = 0.06;
/** Seconds for which a picture that shows nothing is waited for; then it is a scene like any other. */
const BLIND_S = 10;
/** One pixel in so many, across and down, is looked at for the light. */
const SAMPLED = 4;

/** What is seen in one frame. */
export interface Sight {
  /** What is foreground and has changed, the largest first. */
  moving: readonly Cluster[];
  /** The light was switched, or the picture is another: the first frame of it. */
  sceneChange: boolean;
  /** The background was taken anew: what had been foreground is so no longer. */
  rebased: boolean;
  /** The picture shows nothing: black, or the lens is covered. */
  blind: boolean;
}

const nothing: Sight = { moving: [], sceneChange: false, rebased: false, blind: false };

/** What is there, and what moves before it: everything about pixels. */
export class Scene {
  readonly width: number;
  readonly height: number;
  readonly #background: Background;
  readonly #meter: LightMeter;
  readonly #masked: BitMask;
  /** Pixels outside the masks. */
  readonly #visible: number;
  /** The last few frames, one after the other in a circle. */
  readonly #frames: Uint8Array[];
  readonly #foreground: BitMask;
  /** The foreground and what is close to it. */
  readonly #spread: BitMask;
  readonly #changed: BitMask;
  readonly #active: BitMask;
  readonly #scratch: BitMask;
  readonly #clusters: ClusterFinder;
  #state = {
    /** When each quarter of the rows was learnt. */
    learnt_s: [0, 0, 0, 0],
    turn: 0,
    /** Since when it is another scene that has not been learnt yet. */
    another_since_s: null as number | null,
    blind_since_s: null as number | null,
    /** Since when the background is known. */
    known_since_s: 0,
    /** When the remembered frames were; the place of the newest. */
    frames_s: Array.from({ length: REMEMBERED }, () => 0),
    newest: 0,
  };

  constructor({ width, height, data }: GreyFrame, time_s: number, settings: WatchSettings) {
    this.width = width;
    this.height = height;
    const mask = () => new BitMask(width, height);
    this.#background = new Background(width, height);
    this.#masked = pixelsWithin(settings.motionMasks, width, height);
    this.#visible = width * height - this.#masked.count();
    this.#meter = new LightMeter(sampleOf(this.#masked));
    this.#frames = Array.from({ length: REMEMBERED }, () => new Uint8Array(data));
    [this.#foreground, this.#spread, this.#changed] = [mask(), mask(), mask()];
    [this.#active, this.#scratch] = [mask(), mask()];
    this.#clusters = new ClusterFinder(this.#active);
    this.#background.takeWhole(data);
    this.#state.learnt_s.fill(time_s);
    this.#state.known_since_s = time_s;
    this.#state.frames_s.fill(time_s);
  }

  /** @param frozen whether what stands before the background must not become part of it */
  look({ data }: GreyFrame, time_s: number, frozen: boolean): Sight {
    if (this.#visible === 0) return nothing;
    const light = this.#meter.compare(data, this.#background.mean, 8);
    const blind = this.#isBlind(data, light, time_s);
    if (blind) return blind;
    const earlier = this.#earlier(time_s);
    const since = this.#meter.compare(data, earlier, 0);
    const switched = this.#adopt(light);
    this.#compare(data, switched === null ? light.offset : 0, earlier, since);
    this.#remember(data, time_s);
    if (this.#foreground.count() > ANOTHER_SCENE * this.#visible) return this.#anotherScene(data, time_s);
    this.#state.another_since_s = null;
    const moving = this.#moving(data, since.spread * SIGMA, time_s);
    this.#learn(data, time_s, frozen);
    return { ...nothing, moving, sceneChange: switched !== null && switched > SWITCHED };
  }

  /** Takes what stands there now for background. */
  absorb(): void {
    this.#background.take(this.#frames[this.#state.newest] as Uint8Array, this.#spread);
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

  /** The newest frame that is old enough for what moves to have got on; the oldest where none is. */
  #earlier(time_s: number): Uint8Array {
    const { frames_s, newest } = this.#state;
    for (let back = 0; back < REMEMBERED; back++) {
      const at = (newest + REMEMBERED - back) % REMEMBERED;
      if (time_s - (frames_s[at] as number) >= CHANGES_IN_S) return this.#frames[at] as Uint8Array;
    }
    return this.#frames[(newest + 1) % REMEMBERED] as Uint8Array;
  }

  #remember(data: Uint8Array, time_s: number): void {
    const state = this.#state;
    state.newest = (state.newest + 1) % REMEMBERED;
    state.frames_s[state.newest] = time_s;
    (this.#frames[state.newest] as Uint8Array).set(data);
  }

  /** Nothing is learnt from a picture that shows nothing: what was there before is there after it. */
  #isBlind(data: Uint8Array, { explains }: Light, time_s: number): Sight | null {
    const state = this.#state;
    const isPlain = explains < 0.9 && this.#isPlain(data);
    if (!isPlain) {
      state.blind_since_s = null;
      return null;
    }
    const sceneChange = state.blind_since_s === null;
    state.blind_since_s ??= time_s;
    return time_s - state.blind_since_s < BLIND_S ? { ...nothing, sceneChange, blind: true } : null;
  }

  #isPlain(data: Uint8Array): boolean {
    const contrast = this.#meter.contrastOf(this.#background.mean, 8);
    return this.#meter.contrastOf(data, 0) < Math.max(Math.min(PLAIN, contrast / 2), PLAIN_SHARE * contrast);
  }

  /** @returns levels by which the median pixel became brighter or darker; null where the light is much as before */
  #adopt(light: Light): number | null {
    const { gain, offset, explains } = light;
    const step = Math.abs(offset + (gain - 1) * 128);
    if (explains < 0.5 || (step < LIGHT_STEP && Math.abs(gain - 1) < CONTRAST_STEP)) return null;
    this.#background.adopt(light);
    return step;
  }

  #compare(data: Uint8Array, light: number, earlier: Uint8Array, since: Light): void {
    const [foreground, changed, scratch] = [this.#foreground, this.#changed, this.#scratch];
    const [spread, active] = [this.#spread, this.#active];
    const least = Math.max(LEAST_CHANGE, Math.ceil(OVER_NOISE * since.spread));
    comparePixels(data, this.#background, light, earlier, since.offset, least, foreground, changed);
    for (const mask of [foreground, changed]) {
      mask.without(this.#masked);
      active.erodedOf(mask, scratch);
      mask.dilatedOf(active, scratch);
    }
    active.dilatedOf(foreground, scratch);
    spread.dilatedOf(active, scratch);
    active.bothOf(spread, changed);
  }

  #moving(data: Uint8Array, noise: number, time_s: number): Cluster[] {
    const least = time_s - this.#state.known_since_s < NEW_S ? LEAST_AT_FIRST : LEAST_CLUSTER;
    const { width, height, mean } = this.#background;
    return this.#clusters.find(this.#active, least, (left, top) =>
      hasNewEdges(data, mean, width, height, left, top, noise),
    );
  }

  #anotherScene(data: Uint8Array, time_s: number): Sight {
    const state = this.#state;
    const sceneChange = state.another_since_s === null;
    state.another_since_s ??= time_s;
    const isSettled =
      this.#changed.count() < SETTLED * this.#visible || time_s - state.another_since_s >= SETTLES_IN_S;
    if (isSettled) {
      this.#background.takeWhole(data);
      state.known_since_s = time_s;
    }
    return { ...nothing, sceneChange, rebased: isSettled };
  }

  #learn(data: Uint8Array, time_s: number, frozen: boolean): void {
    const { learnt_s } = this.#state;
    const turn = this.#background.turn;
    const seconds = Math.min(1, Math.max(0, time_s - (learnt_s[turn] as number)));
    const isNew = time_s - this.#state.known_since_s < SHOWS_IN_S;
    this.#background.learn(data, seconds, this.#spread, frozen, isNew);
    learnt_s[turn] = time_s;
  }

  /** Numbers and pixels that another needs to go on from here. */
  save(): { numbers: { width: number; height: number }; arrays: Uint8Array[] } {
    this.#state.turn = this.#background.turn;
    return { numbers: { ...this.#state, width: this.width, height: this.height }, arrays: this.#arrays() };
  }

  static restore(
    { width, height, ...state }: { width: number; height: number },
    arrays: Uint8Array[],
    settings: WatchSettings,
  ): Scene {
    const scene = new Scene({ width, height, data: new Uint8Array(width * height) }, 0, settings);
    Object.assign(scene.#state, state);
    scene.#background.turn = scene.#state.turn;
    for (const [n, array] of scene.#arrays().entries()) array.set(arrays[n] as Uint8Array);
    return scene;
  }

  #arrays(): Uint8Array[] {
    const { mean, deviation, low, high } = this.#background;
    return [mean, deviation, low, high, ...this.#frames, this.#spread.words].map(bytesOf);
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
