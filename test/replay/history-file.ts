import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import proto, { type temporal } from '@temporalio/proto';

// Node does not see the named exports of this CommonJS module.
const { History } = proto.temporal.api.history.v1;
export type History = temporal.api.history.v1.IHistory;

export const historiesFolder = join(import.meta.dirname, 'histories');
const fileOf = (name: string) => join(historiesFolder, `${name}.json`);

/**
 * As JSON by protobuf.js's own rules, not by `historyToJSON` of the SDK: that one fails ("type must be a Type") where npm has
 * installed protobuf.js more than once, which it does here.
 */
export function writeHistory(name: string, history: History): void {
  const plain = History.toObject(History.fromObject(history), {
    longs: String,
    enums: String,
    bytes: String,
  });
  // Without the name of the machine that recorded it, and without where its checkout was.
  const text = JSON.stringify(plain, null, 1)
    .replaceAll(/"(\d+)@[^"]*"/g, '"$1@recorder"')
    .replaceAll(new URL('../..', import.meta.url).pathname, '/checkout/');
  writeFileSync(fileOf(name), `${text}\n`);
}

export function readHistory(name: string, change: (text: string) => string = (text) => text): History {
  return History.fromObject(JSON.parse(change(readFileSync(fileOf(name), 'utf8'))));
}
