import { readFileSync } from 'node:fs';

export const squats = readFileSync(new URL('../../samples/squats.mp4', import.meta.url));

/** A multipart body with its parts in this order; a `Blob` is a file. */
export function form(...parts: [name: string, value: string | Blob, fileName?: string][]): FormData {
  const data = new FormData();
  for (const [name, value, fileName] of parts) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, value, fileName);
  }
  return data;
}

export const video = (bytes: Buffer = squats) => new Blob([new Uint8Array(bytes)], { type: 'video/mp4' });

const part = (name: string) => `--x\r\ncontent-disposition: form-data; name="${name}"`;
const kindField = `${part('kind')}\r\n\r\ntechnique\r\n`;
const fileField = `${kindField}${part('file')}; filename="a.mp4"\r\n\r\n`;
const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
const upTo = (bytes: number) => Buffer.concat([Buffer.from(fileField), squats.subarray(0, bytes)]);

/** What has been sent of a new job's body when nothing more comes: in each phase of reading it. */
export const bodyPhases: readonly {
  phase: string;
  headers: Record<string, string>;
  sent: Buffer | string;
}[] = [
  { phase: 'JSON', headers: { 'content-type': 'application/json' }, sent: '{"kind":' },
  ...[
    { phase: 'a form before its first part', sent: '\r\n' },
    { phase: 'the headers of a part', sent: part('kind') },
    { phase: 'a field', sent: `${part('options')}\r\n\r\n{` },
    { phase: 'the beginning of a file, which is looked at', sent: upTo(1000) },
    { phase: 'a file that goes into the storage', sent: upTo(300_000) },
    {
      phase: 'what follows a file',
      sent: Buffer.concat([upTo(squats.length), Buffer.from('\r\n--x--\r\n')]),
    },
  ].map((one) => ({ ...one, headers: multipart })),
];
