export * from '../../../src/workflows/index.ts';
export { proof } from './workflow.ts';
