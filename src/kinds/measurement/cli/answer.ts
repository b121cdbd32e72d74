import { Option } from 'commander';
import { UsageFailure } from '../../../cli/failures.ts';
import { type AssistAnswer, assistAnswer } from '../answers/answer.ts';
import type { Point } from '../outcome.ts';

const several = (text: string, before: string[] = []) => [...before, text];

/** By which a measurement is answered, on the command line. */
export const answerOptions: readonly Option[] = [
  new Option(
    '--corners <x,y,…>',
    'the reference’s four corners in pixels of the upright image, in turn; of a coin six points or more on its rim',
  ),
  new Option('--size-mm <mm>', 'the reference’s true size'),
  new Option('--outline <n:x,y,…>', 'an object’s outline, drawn anew; repeatable').argParser(several),
  new Option('--value <n:width=85,height=168>', 'an object’s sizes, in mm (area: mm²); repeatable').argParser(
    several,
  ),
];

interface AnswerOptions {
  corners?: string;
  sizeMm?: string;
  outline?: string[];
  value?: string[];
}

/**
 * The answer that the options give; null where they give none.
 * @throws UsageFailure naming the option that is wrong
 */
export function answerOf(options: Record<string, unknown>): AssistAnswer | null {
  const { corners, sizeMm, outline, value } = options as AnswerOptions;
  const given: AssistAnswer = {
    ...(corners !== undefined && { reference_corners: pointsOf('--corners', corners) }),
    ...(sizeMm !== undefined && { size_mm: numberOf('--size-mm', sizeMm) }),
    ...(outline && { outlines: outline.map(outlineOf) }),
    ...(value && { values: value.map(sizesOf) }),
  };
  if (Object.keys(given).length === 0) return null;
  const parsed = assistAnswer.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`);
  throw new UsageFailure(`That is no answer. ${wrong.join('; ')}.`);
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
