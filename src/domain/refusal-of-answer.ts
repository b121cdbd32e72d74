export * from './kinds/measurement/refusal.ts';
