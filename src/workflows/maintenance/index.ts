export { deletion } from './deletion.ts';
export { reconcile } from './reconcile.ts';
export { retention } from './retention.ts';
export { sweep } from './sweep.ts';
