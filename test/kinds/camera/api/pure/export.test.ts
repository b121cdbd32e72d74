import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asCsv, cellOf, columns } from '../../../../../src/kinds/camera/api/export.ts';
import type { CameraEvent } from '../../../../../src/kinds/camera/events/event.ts';
import { boxEvent } from '../box-events.ts';

/** RFC 4180, one character after the other. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let n = 0; n < csv.length; n++) {
    const letter = csv[n] as string;
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (csv[n + 1] === '"') cell += csv[++n];
      else isQuoted = false;
    } else if (letter === '"') isQuoted = true;
    else if (letter === ',' || (letter === '\r' && csv[n + 1] === '\n')) {
      rows.at(-1)?.push(cell);
      cell = '';
      if (letter === '\r') {
        n++;
        rows.push([]);
      }
    } else cell += letter;
  }
  expect(rows.pop()).toEqual([]);
  return rows;
}

async function csvOf(events: readonly CameraEvent[]): Promise<string> {
  let text = '';
  for await (const piece of asCsv(
    (async function* () {
      yield* events;
    })(),
  ))
    text += piece;
  return text;
}

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n+1', '＝1', '\t', ' =1', '=cmd|" /C calc"!A0'])(
  'a cell that a spreadsheet would calculate, %j, is text',
  (text) => {
    const [[cell] = []] = rowsOf(`${cellOf(text)}\r\n`);
    expect(cell).toBe(`'${text}`);
  },
);

test('whatever is in an event, its row has its cells, and none begins as a formula does', async () => {
  const letters = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', "'", 'a', 'é', '🐸', ' ');
  const text = fc.array(letters, { maxLength: 8 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 5 }), text, async (zones, words) => {
      const event = {
        ...boxEvent(1),
        zones,
        llm_description: words,
        end_reason: words,
      } as unknown as CameraEvent;
      const [head, cells, ...more] = rowsOf(await csvOf([event]));
      expect([head, more]).toEqual([[...columns], []]);
      expect(cells).toHaveLength(columns.length);
      for (const cell of cells as string[]) expect(cell).not.toMatch(/^[\s]*[=+\-@]/);
      const at = (name: (typeof columns)[number]) => (cells as string[])[columns.indexOf(name)] as string;
      expect([words, `'${words}`]).toContain(at('llm_description'));
      expect(JSON.parse(at('zones'))).toEqual(zones);
      expect(at('keep')).toBe('false');
    }),
  );
});

test('no more is read of the store than is sent, and a client that leaves lets go of it', async () => {
  let read = 0;
  let isOpen = true;
  async function* all() {
    try {
      for (;;) yield boxEvent(read++) as unknown as CameraEvent;
    } finally {
      isOpen = false;
    }
  }
  const text = asCsv(all());
  const { value } = await text.next();
  const lines = (value as string).split('\r\n').length;
  expect(read).toBeLessThanOrEqual(lines);
  await text.return(undefined);
  expect(isOpen).toBe(false);
});
