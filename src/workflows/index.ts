/** Every workflow the worker serves; the bundle begins here. */

export { camera } from './camera.ts';
export { cameraObjects, cameraUpkeep } from './camera-upkeep.ts';
export * from './maintenance/index.ts';
export { measurement } from './measurement.ts';
export { mri } from './mri.ts';
export { scan } from './scan.ts';
export { technique } from './technique.ts';
export { webhook } from './webhook.ts';
