import { connect, type Socket } from 'node:net';
import type { ScannedFile, StageReport } from '../analysis/stage.ts';
import { ClamdFailure, readAnswer } from './answer.ts';

/** Where a `clamd` listens: `LocalSocket`, or `TCPSocket` of its configuration. */
export type ClamdAddress = { path: string } | { host: string; port: number };

export interface ClamdLimits {
  /** For connecting, sending and the answer together. */
  milliseconds: number;
  signal?: AbortSignal | undefined;
}

export interface ClamdVersion {
  /** As it says: `ClamAV 1.4.6/27812/Mon Jan  5 08:00:00 2026`. */
  text: string;
  engine: string;
  /** Of its database; an own one has none. */
  database: string | null;
}

const CHUNK = 64 * 1024;
/** An answer is a line. */
const MAX_ANSWER = 4096;

/** @throws ClamdFailure */
export async function clamdVersion(address: ClamdAddress, limits: ClamdLimits): Promise<ClamdVersion> {
  const answer = await ask(address, limits, async (send) => {
    await send(Buffer.from('zVERSION\0'));
  });
  const text = answer.replace(/\0$/, '').trim();
  const [engine = '', database] = text.split('/');
  return { text, engine: engine.replace(/^ClamAV /, ''), database: database ?? null };
}

/**
 * Shows the bytes of a file to `clamd`, which needs no access to where they lie.
 * @throws ClamdFailure when it is not there, goes away, takes too long, or says that it cannot
 */
export async function scanWithClamd(
  address: ClamdAddress,
  file: Pick<ScannedFile, 'size' | 'read'>,
  limits: ClamdLimits,
): Promise<StageReport> {
  const answer = await ask(address, limits, async (send) => {
    await send(Buffer.from('zINSTREAM\0'));
    for (let from = 0; from < file.size; from += CHUNK) {
      const chunk = file.read(from, from + CHUNK);
      await send(lengthOf(chunk.length));
      await send(chunk);
    }
    await send(lengthOf(0));
  });
  return readAnswer(answer);
}

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

type Send = (bytes: Uint8Array) => Promise<void>;

/** One connection for one command. `clamd` may answer before it has everything, and close: the answer counts. */
function ask(
  address: ClamdAddress,
  limits: ClamdLimits,
  speak: (send: Send) => Promise<void>,
): Promise<string> {
  const { milliseconds, signal } = limits;
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    let answer = '';
    let failed: Error | undefined;
    const fail = (error: Error) => {
      failed ??= error;
      socket.destroy();
    };
    const timer = setTimeout(
      () => fail(new ClamdFailure(`ClamAV has not answered within ${milliseconds} ms.`, { timedOut: true })),
      milliseconds,
    );
    const abort = () => fail(signal?.reason instanceof Error ? signal.reason : new Error('It was aborted.'));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    socket.on('data', (bytes) => {
      answer += bytes.toString('utf8');
      if (answer.length > MAX_ANSWER)
        fail(new ClamdFailure('ClamAV answers more than a line: is this clamd?'));
    });
    // A connection that is reset after the answer has said what it had to.
    socket.on('error', (error) => {
      // Without the address: who reads a result is not told where the daemon is.
      const { code } = error as NodeJS.ErrnoException;
      failed ??= new ClamdFailure(`ClamAV cannot be reached${code ? ` (${code})` : ''}.`);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      if (answer.endsWith('\0') && !isOurs(failed, signal)) resolve(answer);
      else reject(failed ?? new ClamdFailure('ClamAV closed the connection before it answered.'));
    });
    socket.once('connect', () => {
      speak((bytes) => sent(socket, bytes)).catch(fail);
    });
  });
}

/** Whether it ended because of us, after which no answer counts. */
function isOurs(failed: Error | undefined, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true || (failed instanceof ClamdFailure && failed.timedOut);
}

/** Waits until the other side takes more. Once it has closed nothing more is sent, and its answer decides. */
function sent(socket: Socket, bytes: Uint8Array): Promise<void> {
  if (!socket.writable || socket.write(bytes)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
