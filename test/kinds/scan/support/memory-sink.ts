import { type Budget, Meter } from '../../../../src/kinds/scan/analysis/limits.ts';
import {
  type ChildDetails,
  type ChildSink,
  type LimitName,
  LimitReached,
} from '../../../../src/kinds/scan/unpack/unpacker.ts';

export interface Child extends ChildDetails {
  name: string;
  bytes: Buffer;
  size: number;
  ended: boolean;
}

/** Keeps the children of one container, or only counts their bytes. */
export class MemorySink implements ChildSink {
  readonly children: Child[] = [];
  readonly meter: Meter;
  readonly keeps: boolean;
  reached: LimitName | undefined;

  constructor(budget: Partial<Budget> = {}, { containerBytes = Number.MAX_SAFE_INTEGER, keeps = true } = {}) {
    const whole = { children: 500, expanded_bytes: 1024 ** 3, ratio: 200, ...budget };
    this.keeps = keeps;
    this.meter = new Meter(whole, containerBytes, (limit) => {
      this.reached = limit;
      throw new LimitReached(limit, whole[limit as keyof Budget]);
    });
  }

  open(name: string, more: ChildDetails = {}) {
    this.meter.child();
    const child: Child = { name, ...more, bytes: Buffer.alloc(0), size: 0, ended: false };
    this.children.push(child);
    const pieces: Buffer[] = [];
    return {
      write: (bytes: Uint8Array) => {
        this.meter.written(bytes.length);
        child.size += bytes.length;
        if (this.keeps) pieces.push(Buffer.from(bytes));
        child.bytes = Buffer.concat(pieces);
      },
      end: () => {
        child.ended = true;
      },
    };
  }

  get names(): string[] {
    return this.children.map(({ name }) => name);
  }

  text(name: string): string | undefined {
    return this.children.find((child) => child.name === name)?.bytes.toString('latin1');
  }
}
