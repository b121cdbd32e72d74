import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { MeasurementOptions } from '../../../src/domain/kinds/measurement.ts';
import type { MeasureOutcome } from '../../../src/kinds/measurement/outcome.ts';
import { measureRaster } from './measure-raster.ts';
import { renderScene, type Scene } from './render-scene.ts';
import { type Colour, ellipse, marker, rectangle, type Thing } from './shapes.ts';

const light: Colour = [205, 203, 198];
const dark: Colour = [48, 50, 56];
const black: Colour = [30, 32, 36];
const red: Colour = [176, 42, 38];

function scene(things: Thing[], more: Partial<Scene> = {}, tilt = 18): Scene {
  const camera = { width: 960, height: 720, focal: 1, tilt, turn: 25, distance: 400, over: [0, 0] as const };
  return {
    camera,
    table: light,
    things,
    seed: 1,
    blur: 0.8,
    noise: 2,
    vignetting: 0.15,
    slope: 0.1,
    grain: 0,
    shadow: 0,
    ...more,
  };
}

const markersOf40: Partial<MeasurementOptions> = {
  reference: { kind: 'aruco', dictionary: 'DICT_5X5_50', size_mm: 40 },
};

/** The thing of 100 × 60 mm that all of them hold, if they hold one. */
const plate = (at: [number, number] = [50, 20]) => rectangle(at, 0.4, [100, 60], black);
const card = (at: [number, number]) => rectangle(at, 0.2, [85.6, 53.98], red, 3.18);

const scenes: Readonly<Record<string, [Scene, Partial<MeasurementOptions>?]>> = {
  'two markers': [scene([marker([-80, -30], 0.3, 40, 10), marker([10, 100], 1, 40, 3), plate()])],
  'a marker on another plane': [
    scene([marker([-80, -30], 0.3, 40, 10), { ...marker([10, 90], 1, 40, 3), height: 35 }, plate()]),
  ],
  'a marker on white paper': [
    scene([marker([-80, -30], 0.3, 40, 10, 12), rectangle([50, 20], 0.4, [100, 60], red)], { table: dark }),
  ],
  'a card': [scene([card([-80, -30]), plate()]), { reference: { kind: 'card' } }],
  'paper of the shape of a card': [
    scene([rectangle([-80, -30], 0.2, [102.7, 64.8], red), plate()]),
    { reference: { kind: 'card' } },
  ],
  'two cards': [scene([card([-80, -40]), card([-60, 70]), plate()]), { reference: { kind: 'card' } }],
  'a coin': [
    scene([ellipse([-40, 0], 0, [25.75, 25.75], red), plate([40, 10])], {}, 0),
    { reference: { kind: 'coin', diameter_mm: 25.75 } },
  ],
  'a coin seen aslant': [
    scene([ellipse([-40, 0], 0, [25.75, 25.75], red), plate([40, 10])], {}, 30),
    { reference: { kind: 'coin', diameter_mm: 25.75 } },
  ],
  'a shadow and no object': [
    scene([marker([-80, -30], 0.3, 40, 10), { reach: [60, 20, 60], colourAt: () => null }], { shadow: 0.4 }),
  ],
  'an object with a hard shadow': [
    scene([marker([-80, -30], 0.3, 40, 10), rectangle([60, 28], 0.4, [100, 60], [128, 127, 124]), plate()]),
  ],
  'a pale object with a hard shadow': [
    scene([
      marker([-80, -30], 0.3, 40, 10),
      rectangle([60, 28], 0.4, [100, 60], [128, 127, 124]),
      rectangle([50, 20], 0.4, [100, 60], [150, 90, 80]),
    ]),
  ],
  'an object in its shadow': [scene([marker([-80, -30], 0.3, 40, 10), plate()], { shadow: 0.35 })],
};

/** Every special scene, rendered and measured in a process of its own. */
export async function measureSpecialScenes(): Promise<Record<string, MeasureOutcome>> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', import.meta.filename], {
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout);
}

if (process.argv[1] === import.meta.filename) {
  const outcomes: Record<string, MeasureOutcome> = {};
  for (const [name, [drawn, options]] of Object.entries(scenes)) {
    outcomes[name] = await measureRaster(renderScene(drawn), options ?? markersOf40);
  }
  process.stdout.write(JSON.stringify(outcomes), () => process.exit(0));
}
