/** Requests of the tus protocol, one by one: what its own client would not send. */
import { expect } from '@jest/globals';
import type { RunningApi, TestUser } from './running-api.ts';

export const tus = { 'tus-resumable': '1.0.0' };
export const piece = { ...tus, 'content-type': 'application/offset+octet-stream' };

export function creation(bytes: number): Record<string, string> {
  const metadata = `filename ${Buffer.from('squats.mp4').toString('base64')}`;
  return { ...tus, 'upload-length': String(bytes), 'upload-metadata': metadata };
}

/** Begins an upload of so many bytes. @returns its path */
export async function beginUpload(api: RunningApi, user: TestUser, bytes: number): Promise<string> {
  const answer = await api.ask(user, 'POST', '/api/uploads', { headers: creation(bytes) });
  expect(answer.status).toBe(201);
  return answer.headers.get('location') as string;
}
