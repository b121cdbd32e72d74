import { readFile } from 'node:fs/promises';
import { type AssistAnswer, assistAnswer } from '../domain/assist.ts';
import type { Point } from '../domain/measurement.ts';
import { UsageFailure } from './failures.ts';

export interface AnswerOptions {
  corners?: string;
  sizeMm?: string;
  outline?: string[];
  value?: string[];
  note?: string;
  file?: string;
}

/**
 * The answer that the options give; null where they give none.
 * @throws UsageFailure naming the option that is wrong
 */
export async function answerOf(options: AnswerOptions): Promise<AssistAnswer | null> {
  const { corners, sizeMm, outline, value, note, file } = options;
  const given: AssistAnswer = {
    ...(corners !== undefined && { reference_corners: pointsOf('--corners', corners) }),
    ...(sizeMm !== undefined && { size_mm: numberOf('--size-mm', sizeMm) }),
    ...(outline && { outlines: outline.map(outlineOf) }),
    ...(value && { values: value.map(sizesOf) }),
    ...(note !== undefined && { note }),
  };
  if (file !== undefined) {
    if (Object.keys(given).length > 0) {
      throw new UsageFailure('--file has the whole answer. Leave the other options out, or the file.');
    }
    return fromFile(file);
  }
  if (Object.keys(given).length === 0) return null;
  return checked('the answer', given);
}

async function fromFile(path: string): Promise<AssistAnswer> {
  try {
    return checked(`--file ${path}`, JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof UsageFailure) throw error;
    throw new UsageFailure(`--file ${path} is no answer in JSON: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

function checked(what: string, given: unknown): AssistAnswer {
  const parsed = assistAnswer.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || what}: ${message}`);
  throw new UsageFailure(`${what} is not one. ${wrong.join('; ')}.`);
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new UsageFailure(`${option}: ${text} is no number.`);
  return value;
}

function pointsOf(option: string, text: string): Point[] {
  const numbers = text.split(/[\s,;]+/).map((part) => numberOf(option, part));
  if (numbers.length % 2 === 1) {
    throw new UsageFailure(`${option}: ${numbers.length} numbers; expected x,y,x,y,… in pixels.`);
  }
  return Array.from(
    { length: numbers.length / 2 },
    (_, i): Point => [numbers[2 * i] as number, numbers[2 * i + 1] as number],
  );
}

function numbered(option: string, text: string): { n: number; rest: string } {
  const [, n, rest] = /^(\d+):(.+)$/.exec(text) ?? [];
  if (n === undefined || rest === undefined) {
    throw new UsageFailure(`${option} ${text}: expected the object's number and a colon first, as in 1:…`);
  }
  return { n: Number(n), rest };
}

function outlineOf(text: string) {
  const { n, rest } = numbered('--outline', text);
  return { n, points: pointsOf('--outline', rest) };
}

const sizes = {
  width: 'width_mm',
  height: 'height_mm',
  area: 'area_mm2',
  perimeter: 'perimeter_mm',
} as const;

function sizesOf(text: string) {
  const { n, rest } = numbered('--value', text);
  const given: { n: number; width_mm?: number } & Record<string, number> = { n };
  for (const part of rest.split(',')) {
    const [name = '', value = ''] = part.split('=');
    if (!Object.hasOwn(sizes, name)) {
      throw new UsageFailure(
        `--value ${text}: expected ${Object.keys(sizes).join(', ')}, as in 1:width=85,height=168.`,
      );
    }
    given[sizes[name as keyof typeof sizes]] = numberOf('--value', value);
  }
  return given;
}
