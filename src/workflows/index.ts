/** Every workflow the worker serves; the bundle begins here. */
export { technique } from './technique.ts';
