import type { Interval } from '../../../src/kinds/camera/analysis/score-events.ts';
import type { WatchSettings } from '../../../src/kinds/camera/analysis/watch.ts';
import {
  addNoise,
  addRain,
  chance,
  eachPixel,
  fill,
  type Luma,
  mapped,
  type Paint,
  scaleOf,
  shift,
  writeText,
} from './paint.ts';

/** One frame of a rendered scene: a frame of the clip, painted over, and shown at a time of its own. */
export interface Shot {
  time_s: number;
  /** Number of the clip's frame. */
  from: number;
  paint?: Paint;
  /** Without colour. */
  grey?: boolean;
}

export interface Condition {
  name: string;
  shots: Shot[];
  truth: readonly Interval[];
  settings?: Partial<WatchSettings>;
  /** Starts and ends must be those of the clip as it is, to 0.2 s. */
  likeUndisturbed?: true;
  /** When the picture shows nothing: nothing is to be recognized then, either. */
  dark?: (time_s: number) => boolean;
  /** What is shown is not what the clip shows at that place and size. */
  elsewhere?: true;
}

/** The people clip: 10 frames a second, and who is there when. */
export interface Base {
  frames: number;
  truth: readonly Interval[];
}

const RATE = 10;
/** Frames at the beginning in which nobody is there. */
const EMPTY = 55;

export function conditionsOf(base: Base): Condition[] {
  const whole = (paint?: Paint, more: Partial<Shot> = {}): Shot[] =>
    Array.from({ length: base.frames }, (_, n) => ({
      time_s: n / RATE,
      from: n,
      ...(paint && { paint }),
      ...more,
    }));
  const { truth } = base;
  const none: Interval[] = [];
  /** The empty scene, forwards and backwards, so that nothing jumps. */
  const empty = (seconds: number, paint?: Paint, rate = RATE): Shot[] =>
    Array.from({ length: Math.round(seconds * rate) }, (_, n) => ({
      time_s: n / rate,
      from: backAndForth(Math.floor((n * RATE) / rate), EMPTY),
      ...(paint && { paint }),
    }));
  const step =
    (from_s: number, to_s: number, change: (value: number) => number): Paint =>
    (luma, time_s) => {
      if (time_s >= from_s && time_s < to_s) mapped(luma, change);
    };
  const times = (factor: number) => (value: number) => (value - 16) * factor + 16;
  const later = (seconds: number) => truth.map((one) => shifted(one, seconds));

  return [
    { name: 'undisturbed', shots: whole(), truth },
    ...[
      ['nobody there', 48, 72.5],
      ['during passages', 30, 60],
    ].flatMap(([when, from, to]) =>
      (
        [
          ['× 1.4', times(1.4)],
          ['× 0.6', times(0.6)],
          ['+ 40 %', (value) => value + 88],
          ['− 40 %', (value) => value - 88],
        ] as [string, (value: number) => number][]
      ).map(([how, change]) => ({
        name: `brightness ${how} and back, ${when}`,
        shots: whole(step(from as number, to as number, change)),
        truth,
      })),
    ),
    {
      name: 'exposure that follows the light, each 10 s',
      shots: whole((luma, time_s) => mapped(luma, times(1 + 0.25 * Math.sin((2 * Math.PI * time_s) / 10)))),
      truth,
    },
    {
      name: 'infrared switch: grey, other contrast',
      shots: whole().map((shot) =>
        shot.time_s < 30 || shot.time_s > 60
          ? shot
          : { ...shot, grey: true, paint: (luma) => mapped(luma, (value) => 0.55 * (value - 16) + 70) },
      ),
      truth,
    },
    {
      name: 'infrared switch, the picture dark for half a second between',
      shots: whole().map((shot) =>
        shot.time_s < 47 || shot.time_s > 72
          ? shot
          : {
              ...shot,
              grey: true,
              paint: (luma, time_s) =>
                mapped(luma, (value) => (time_s < 47.5 ? 16 : 0.7 * (220 - value) + 20 + 0.5 * value)),
            },
      ),
      truth,
    },
    {
      name: 'light on and off, nobody there',
      shots: empty(60, (luma, time_s) => {
        if (Math.floor(time_s / 15) % 2 === 1) mapped(luma, times(0.2));
      }),
      truth: none,
    },
    {
      name: 'lamp that lights half of the picture',
      shots: empty(60, (luma, time_s) => {
        if (Math.floor(time_s / 15) % 2 === 0) return;
        const { width } = luma;
        eachPixel(
          luma,
          (value, x) => 16 + (value - 16) * (1 + 0.6 / (1 + Math.exp((x / width - 0.45) * 14))),
        );
      }),
      truth: none,
    },
    {
      name: 'somebody comes 1 s after the light',
      shots: whole((luma, time_s) => {
        if (time_s < 5) mapped(luma, times(0.15));
      }),
      truth,
    },
    {
      name: 'somebody comes 1 s after the infrared switch',
      shots: whole((luma, time_s) => {
        if (time_s < 49.2) mapped(luma, (value) => 235 - 0.7 * value);
      }),
      truth,
    },
    { name: 'rain, nobody there, 60 s', shots: empty(60, rain(220)), truth: none },
    { name: 'heavy rain, nobody there, 60 s', shots: empty(60, rain(900)), truth: none },
    { name: 'rain', shots: whole(rain(220)), truth },
    { name: 'noise of 10', shots: whole((luma, _, n) => addNoise(luma, 10, n)), truth },
    {
      name: 'noise of 20, nobody there',
      shots: empty(60, (luma, _, n) => addNoise(luma, 20, n)),
      truth: none,
    },
    {
      name: 'dark and noisy night',
      shots: whole(
        (luma, _, n) => {
          mapped(luma, times(0.3));
          addNoise(luma, 7, n);
        },
        { grey: true },
      ),
      truth,
    },
    { name: 'clock', shots: whole(clock(1, 22)), truth },
    { name: 'clock, nobody there', shots: empty(70, clock(1, 22)), truth: none },
    { name: 'large clock, nobody there', shots: empty(70, clock(1, 48)), truth: none },
    { name: 'clock with tenths, nobody there', shots: empty(70, clock(10, 26)), truth: none },
    { name: 'clock with tenths', shots: whole(clock(10, 26)), truth },
    ...[2, 4].map((pixels) => ({
      name: `shake of ± ${pixels} pixels`,
      shots: whole((luma, _, n) => {
        const by = (axis: number) => Math.round((2 * chance(n, axis) - 1) * pixels * scaleOf(luma) * 2) / 2;
        const [dx, dy] = [by(1), by(2)];
        shift(
          luma,
          () => dx,
          () => dy,
        );
      }),
      truth,
    })),
    {
      name: 'shake, nobody there',
      shots: empty(60, (luma, _, n) => {
        const by = (axis: number) => Math.round((2 * chance(n, axis) - 1) * 2 * scaleOf(luma) * 2) / 2;
        const [dx, dy] = [by(1), by(2)];
        shift(
          luma,
          () => dx,
          () => dy,
        );
      }),
      truth: none,
    },
    {
      name: 'swaying pole, nobody there',
      shots: empty(60, (luma, time_s) => {
        const dx = 3 * scaleOf(luma) * Math.sin(2 * Math.PI * time_s * 0.8);
        shift(
          luma,
          () => dx,
          () => dx / 3,
        );
      }),
      truth: none,
    },
    {
      name: 'dropped frames',
      shots: whole().filter(({ from }) => chance(from, 7) > 0.3),
      truth,
      likeUndisturbed: true,
    },
    {
      name: 'variable rate',
      shots: whole().filter(({ from }) => (Math.floor(from / 40) % 2 === 0 ? true : from % 3 === 0)),
      truth,
      likeUndisturbed: true,
    },
    {
      name: 'frozen for 20 s, frames repeated',
      shots: [
        ...whole().slice(0, 600),
        ...Array.from({ length: 200 }, (_, n) => ({ time_s: 60 + n / RATE, from: 599 })),
        ...whole()
          .slice(600)
          .map((shot) => ({ ...shot, time_s: shot.time_s + 20 })),
      ],
      truth: stretched(truth, 60, 20),
    },
    {
      name: 'frozen for 20 s, nobody there',
      shots: [
        ...whole().slice(0, 480),
        ...Array.from({ length: 200 }, (_, n) => ({ time_s: 48 + n / RATE, from: 479 })),
        ...whole()
          .slice(480)
          .map((shot) => ({ ...shot, time_s: shot.time_s + 20 })),
      ],
      truth: stretched(truth, 48, 20),
    },
    {
      name: 'no frames for 20 s while somebody stands there',
      shots: whole().map((shot) => ({ ...shot, time_s: shot.time_s + (shot.time_s >= 60 ? 20 : 0) })),
      truth: stretched(truth, 60, 20),
    },
    ...[48, 60].map((at) => ({
      name: `black for 5 s, ${at === 60 ? 'during a passage' : 'nobody there'}`,
      shots: whole(step(at, at + 5, () => 16)).map((shot) => ({ ...shot })),
      truth: at === 60 ? truth : truth.map((one) => (one.start_s === 50.2 ? { ...one, start_s: 53 } : one)),
      dark: (time_s: number) => time_s >= at && time_s < at + 5,
    })),
    {
      name: 'half speed',
      shots: whole().map((shot) => ({ ...shot, time_s: shot.time_s * 2 })),
      truth: truth.map(({ start_s, end_s }) => ({ start_s: start_s * 2, end_s: end_s * 2 })),
    },
    {
      name: 'half speed, frames repeated',
      shots: whole().flatMap((shot) => [0, 0.1].map((more) => ({ ...shot, time_s: shot.time_s * 2 + more }))),
      truth: truth.map(({ start_s, end_s }) => ({ start_s: start_s * 2, end_s: end_s * 2 })),
    },
    ...[1, 2, 5].map((rate) => ({
      name: `${rate} frame${rate > 1 ? 's' : ''} a second`,
      shots: whole().filter(({ from }) => from % (RATE / rate) === 0),
      truth,
    })),
    {
      name: '60 frames a second',
      shots: whole().flatMap((shot) =>
        Array.from({ length: 6 }, (_, n) => ({ ...shot, time_s: shot.time_s + n / 60 })),
      ),
      truth,
    },
    {
      name: 'begins 23 h 59 min on',
      shots: whole().map((shot) => ({ ...shot, time_s: shot.time_s + 86_340 })),
      truth: later(86_340),
    },
    { name: 'moving sunlight on a parked car, 10 min', shots: empty(600, sunlight, 4), truth: none },
    { name: 'headlights on a parked car, 10 min', shots: empty(600, headlights, 5), truth: none },
    {
      name: 'clouds, nobody there',
      shots: empty(120, (luma, time_s) => {
        const { width } = luma;
        eachPixel(luma, (value, x, y) => {
          const cloud = Math.sin((2 * Math.PI * (x / width + (0.5 * y) / width)) / 1.3 - time_s * 0.7);
          return 16 + (value - 16) * (1 + 0.35 * cloud);
        });
      }),
      truth: none,
    },
    {
      name: 'a car arrives and parks',
      shots: empty(60, (luma, time_s) => drawCar(luma, arrived(time_s))),
      truth: [{ start_s: 10, end_s: 14 }],
    },
    {
      name: 'a car arrives, parks, and leaves',
      shots: empty(90, (luma, time_s) =>
        drawCar(luma, time_s < 50 ? arrived(time_s) : 1 - (time_s - 50) / 4),
      ),
      truth: [
        { start_s: 10, end_s: 14 },
        { start_s: 50, end_s: 54 },
      ],
    },
    {
      name: 'restart with movement inside a mask',
      shots: whole()
        .slice(80)
        .map((shot) => ({ ...shot, time_s: shot.time_s - 8 })),
      settings: {
        motionMasks: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
          ],
        ],
      },
      truth: none,
    },
    {
      name: 'leaves in the wind, nobody there',
      shots: empty(90, wind(1)),
      truth: none,
    },
    { name: 'leaves in a storm, nobody there', shots: empty(90, wind(2)), truth: none },
    { name: 'leaves in the wind', shots: whole(wind(1)), truth },
    ...[4, 6, 8].map((times) => ({
      name: `far away: a ${['', '', '', '', 'fourth', '', 'sixth', '', 'eighth'][times]} of the size`,
      shots: whole(farAway(times)),
      truth,
      elsewhere: true as const,
    })),
  ];
}

function backAndForth(n: number, length: number): number {
  const turn = n % (2 * length - 2);
  return turn < length ? turn : 2 * length - 2 - turn;
}

function shifted({ start_s, end_s }: Interval, seconds: number): Interval {
  return { start_s: start_s + seconds, end_s: end_s + seconds };
}

function stretched(truth: readonly Interval[], at_s: number, by_s: number): Interval[] {
  const after = (time_s: number) => (time_s > at_s ? time_s + by_s : time_s);
  return truth.map(({ start_s, end_s }) => ({ start_s: after(start_s), end_s: after(end_s) }));
}

function rain(streaks: number): Paint {
  return (luma, _, n) => {
    addRain(luma, streaks, n);
    addNoise(luma, 5, n);
  };
}

function clock(perSecond: number, height: number): Paint {
  return (luma, time_s) => {
    const seconds = Math.floor(time_s + 1e-6);
    const two = (value: number) => `${value}`.padStart(2, '0');
    const tenths = Math.floor((time_s - seconds) * 10 + 1e-6);
    const text = `12:${two(Math.floor(seconds / 60) + 34)}:${two(seconds % 60)}${perSecond > 1 ? `.${tenths}` : ''}`;
    writeText(luma, text, 30, 24, height);
  };
}

const CAR = { x: 0.3, y: 0.45, width: 0.34, height: 0.3 };

/** Body, windows and wheels; texture enough for light to fall on. @param along 0–1, from outside the left edge to where it parks */
function drawCar(luma: Luma, along: number): void {
  if (along <= 0) return;
  const left = -CAR.width + (CAR.x + CAR.width) * along;
  fill(luma, [left, CAR.y + 0.1, CAR.width, 0.16], (u, v) => 150 - 40 * v + (u % 0.25 < 0.01 ? -60 : 0));
  fill(luma, [left + 0.06, CAR.y, CAR.width - 0.12, 0.11], (u) => (u % 0.34 < 0.03 ? 150 : 70 + 25 * u));
  for (const wheel of [0.05, CAR.width - 0.1]) {
    fill(luma, [left + wheel, CAR.y + 0.22, 0.05, 0.08], (u, v) =>
      (u - 0.5) ** 2 + (v - 0.5) ** 2 < 0.06 ? 160 : 35,
    );
  }
}

/** Comes to rest in 4 s, ever slower. */
function arrived(time_s: number): number {
  const share = Math.max(0, Math.min(1, (time_s - 10) / 4));
  return 1 - (1 - share) ** 1.5;
}

/** Patches of sun between leaves wander over the car. */
const sunlight: Paint = (luma, time_s) => {
  drawCar(luma, 1);
  const { width, height } = luma;
  const spots = Array.from({ length: 5 }, (_, n) => ({
    x: (0.35 + 0.25 * Math.sin(time_s / (17 + 5 * n) + n)) * width,
    y: (0.55 + 0.12 * Math.cos(time_s / (13 + 4 * n) + 2 * n)) * height,
    size: (0.05 + 0.015 * n) * width,
  }));
  eachPixel(luma, (value, x, y) => {
    let more = 0;
    for (const spot of spots) {
      const away = ((x - spot.x) ** 2 + (y - spot.y) ** 2) / spot.size ** 2;
      if (away < 4) more += 0.5 * Math.exp(-2 * away);
    }
    return 16 + (value - 16) * (1 + more);
  });
};

/** Each 20 s beams sweep over the scene in 3 s. */
const headlights: Paint = (luma, time_s) => {
  mapped(luma, (value) => 16 + (value - 16) * 0.4);
  drawCar(luma, 1);
  const turn = time_s % 20;
  if (turn > 3) return;
  const { width, height } = luma;
  const beams = [-0.06, 0.06].map((aside) => ({ x: (turn / 3 + aside) * 1.3 - 0.15, y: 0.55 }));
  eachPixel(luma, (value, x, y) => {
    let more = 0;
    for (const beam of beams) {
      const away = ((x / width - beam.x) ** 2 * 1.5 + ((y - beam.y * height) / width) ** 2 * 4) / 0.01;
      if (away < 4) more += Math.exp(-1.5 * away);
    }
    return 16 + (value - 16) * (1 + 1.5 * more) + 20 * more;
  });
};

/** A part of the picture that moves as leaves do: each place around its own. */
function wind(strength: number): Paint {
  return (luma, time_s) => {
    const scale = scaleOf(luma);
    const { width, height } = luma;
    const gust = 0.6 + 0.4 * Math.sin(time_s * 0.5);
    const size = 5 * strength * scale * gust;
    // What the clip shows there is too plain for leaves.
    fill(luma, [0, 0, 0.35, 0.6], (u, v, before) => {
      const [x, y] = [Math.floor((u * 0.35 * 768) / 9), Math.floor((v * 0.6 * 432) / 9)];
      return before * 0.4 + 90 * chance(x, y, 5) + 30;
    });
    const sway = (x: number, y: number, axis: number) => {
      if (x > 0.35 * width || y > 0.6 * height) return 0;
      const [u, v] = [x / scale / 23, y / scale / 23];
      return size * Math.sin(time_s * (2.1 + 0.7 * Math.sin(u * 1.7 + v)) + u * 2.3 + v * 1.9 + axis);
    };
    shift(
      luma,
      (x, y) => sway(x, y, 0),
      (x, y) => sway(x, y, 2) / 2,
    );
  };
}

/** The clip itself, small, in a corner of a larger place that does not change. */
function farAway(times: number): Paint {
  return (luma, _, n) => {
    const { width, height, stride, data } = luma;
    const before = data.slice();
    const [left, top] = [Math.round(width * 0.55), Math.round(height * 0.4)];
    eachPixel(
      luma,
      (_value, x, y) => 90 + 50 * chance(x >> 2, y >> 2, 9) + 20 * Math.sin(x / 17) + 2 * chance(n, x, y),
    );
    const [wide, high] = [Math.floor(width / times), Math.floor(height / times)];
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        let sum = 0;
        for (let j = 0; j < times; j++) {
          for (let i = 0; i < times; i++) sum += before[(y * times + j) * stride + x * times + i] as number;
        }
        data[(top + y) * stride + left + x] = sum / times ** 2;
      }
    }
  };
}
