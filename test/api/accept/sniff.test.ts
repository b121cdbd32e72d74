import { open } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { sniff } from '../../../src/api/accept/sniff.ts';
import { UnsupportedMedia } from '../../../src/domain/errors.ts';
import { measurement } from '../../../src/domain/kinds/measurement.ts';
import { technique } from '../../../src/domain/kinds/technique.ts';

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(65536), 0, 65536, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

test('a video is taken whatever its name says', async () => {
  expect(await sniff(await headOf('samples/squats.mp4'), 'holiday.docx', [technique])).toBe('video/mp4');
});

test.each([
  ['a PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n'), 'application/pdf'],
  ['text', Buffer.from('Dear coach, here is my video.\n'), 'no type we know'],
])('%s named .mp4 is refused by what its bytes are', async (_what, head, found) => {
  const refusal = sniff(head, 'squats.mp4', [technique]);
  await expect(refusal).rejects.toThrow(UnsupportedMedia);
  await expect(refusal).rejects.toThrow(found);
  await expect(refusal).rejects.toThrow('"squats.mp4"');
  await expect(refusal).rejects.toThrow(/Export it as an MP4 video.* \(Accepted: .*video\/webm/);
});

test('what another kind takes is refused with its name', async () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
  const all = [technique, measurement];
  await expect(sniff(png, 'squats.mp4', [technique], all)).rejects.toThrow(
    /its bytes are image\/png.*Name the kind that takes it: measurement\./,
  );
  const video = await headOf('samples/squats.mp4');
  await expect(sniff(video, 'phone.jpg', [measurement], all)).rejects.toThrow(/takes it: technique\./);
});

test('a kind may take any file', async () => {
  const anything = { ...technique, kind: 'scan', mediaTypes: ['*/*'] };
  expect(await sniff(Buffer.from('hello'), 'hello.txt', [technique, anything])).toBe(
    'application/octet-stream',
  );
});
