import { makeWatchLive } from '../../../../../src/kinds/camera/child/live/watch-live.ts';
import { standInEyes } from './stand-in-eyes.ts';

/** What children do in tests of live sources. */
export const tasks = { cameraLive: makeWatchLive(standInEyes) };
