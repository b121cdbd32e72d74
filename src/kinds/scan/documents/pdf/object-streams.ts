import type { PdfDocument } from './document.ts';
import { PdfSyntax } from './syntax.ts';
import { PdfStream, type PdfValue } from './values.ts';

const LARGEST = 32 * 1024 ** 2;
/** What all object streams of a file may give together. */
const MOST_BYTES = 64 * 1024 ** 2;

interface Container {
  bytes: Uint8Array;
  /** Number and place of each object. */
  objects: { number: number; at: number }[];
}

/** Objects that are packed in streams (ISO 32000, 7.5.7); each stream is unpacked once. */
export class ObjectStreams {
  readonly #document: Pick<PdfDocument, 'object' | 'resolve' | 'contentOf' | 'locked'>;
  readonly #tell: (problem: string) => void;
  readonly #containers = new Map<number, Container | null>();
  #left = MOST_BYTES;

  constructor(
    document: Pick<PdfDocument, 'object' | 'resolve' | 'contentOf' | 'locked'>,
    tell: (problem: string) => void,
  ) {
    this.#document = document;
    this.#tell = tell;
  }

  clear(): void {
    this.#containers.clear();
    this.#left = MOST_BYTES;
  }

  objectsOf(container: number): readonly { number: number }[] {
    return this.#container(container)?.objects ?? [];
  }

  /** An object at a place in a stream; readers take the number that the stream itself gives. */
  read(number: number, containerNumber: number, index: number): PdfValue {
    const container = this.#container(containerNumber);
    const place = container?.objects[index];
    const at =
      place?.number === number ? place : container?.objects.find((object) => object.number === number);
    if (!container || !at) return null;
    const syntax = new PdfSyntax(container.bytes, at.at, { owner: `${number}`, inFile: false });
    const value = syntax.value();
    if (syntax.tooMuch) this.#tell(`The object ${number} is nested too deeply, or has too many values.`);
    return value;
  }

  #container(number: number): Container | null {
    const known = this.#containers.get(number);
    if (known !== undefined) return known;
    const stream = this.#document.object(number);
    const found = stream instanceof PdfStream ? this.#unpack(stream) : null;
    // What an encryption hides is said elsewhere, once.
    if (!found && !this.#document.locked) this.#tell(`The object stream ${number} can't be read.`);
    this.#containers.set(number, found);
    return found;
  }

  #unpack(stream: PdfStream): Container | null {
    const bytes = this.#document.contentOf(stream, Math.min(LARGEST, this.#left));
    if (!bytes) return null;
    this.#left -= bytes.length;
    const number = (key: string) => Number(this.#document.resolve(stream.dict.get(key))) || 0;
    const [first, count] = [number('First'), number('N')];
    const syntax = new PdfSyntax(bytes, 0);
    const objects: Container['objects'] = [];
    while (objects.length < count) {
      const [object, at] = [syntax.next(), syntax.next()];
      if (typeof object !== 'number' || typeof at !== 'number') break;
      objects.push({ number: object, at: first + at });
    }
    if (stream.cutOff) this.#tell('An object stream is cut off.');
    return { bytes, objects };
  }
}
