import { parentPort } from 'node:worker_threads';
import { type FrameFile, type Measured, type MeasureRequest, Measuring } from './measure.ts';

/** What `measureInThread` starts: one answer to each question, in their order. */
export type Question =
  /** Once, before all others. */
  | { ask: 'begin'; request: MeasureRequest }
  | { ask: 'take'; piece: Uint8Array }
  | { ask: 'measure' }
  /** From its beginning, whatever was read of a file before. */
  | { ask: 'open'; file: FrameFile }
  /** Answered by null at the end. */
  | { ask: 'next' };

export type Answer = Measured | Uint8Array | null;

let measuring: Measuring;
const encoder = new TextEncoder();
let text: Iterator<string> | undefined;

function answer(question: Question): Answer {
  switch (question.ask) {
    case 'begin':
      measuring = new Measuring(question.request);
      return null;
    case 'take':
      measuring.take(question.piece);
      return null;
    case 'measure':
      return measuring.measure();
    case 'open':
      text = measuring.textOf(question.file);
      return null;
    case 'next': {
      const block = text?.next();
      return block && !block.done ? encoder.encode(block.value) : null;
    }
  }
}

parentPort?.on('message', (question: Question) => {
  const given = answer(question);
  parentPort?.postMessage(given, given instanceof Uint8Array ? [given.buffer as ArrayBuffer] : []);
});
