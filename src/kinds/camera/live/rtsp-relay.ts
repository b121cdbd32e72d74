import { once } from 'node:events';
import { type AddressInfo, createServer, isIP, connect as netConnect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { faultOf } from '../../../domain/our-words.ts';
import { NoPublicAddress, publicLookup } from '../../../outside/public-lookup.ts';
import { refuseWrittenPrivate } from '../../../outside/request-outside.ts';
import { type LiveAddress, nowherePublic } from './address.ts';
import { RtspFilter, RtspRefused } from './rtsp-filter.ts';
import { SourceAway } from './source-away.ts';

/** A connection to a camera, for a reader on this machine. */
export interface RtspRelay extends AsyncDisposable {
  /** On 127.0.0.1, for one connection. */
  port: number;
  /** Ends both connections; the reader sees the end of its stream. @param why a clause for the camera's owner */
  end(why: string): void;
  /** Why the stream ended or could not be opened, where that is known. */
  why(): string | undefined;
  /** Nothing more comes from the camera. */
  ended(): boolean;
}

/**
 * Connects to a camera and lets one reader of this machine speak to it. FFmpeg would look names up itself and follow
 * redirects: so what is connected to is what was checked, and what is passed on is filtered. TLS ends here.
 * @throws SourceAway
 */
export async function openRtspRelay(
  address: LiveAddress,
  { allowPrivate, patience_s, signal }: { allowPrivate: boolean; patience_s: number; signal: AbortSignal },
): Promise<RtspRelay> {
  const camera = await connectTo(address, { allowPrivate, patience_s, signal });
  const server = createServer();
  const filter = new RtspFilter();
  let reader: Socket | undefined;
  let reason: string | undefined;
  const end = (why?: string) => {
    reason ??= why;
    camera.destroy();
    reader?.destroy();
    server.close();
  };
  const stop = () => end();
  signal.addEventListener('abort', stop, { once: true });
  camera.on('error', (error) => end(faultOf(error) ?? 'the connection broke off'));
  // What came before the end is still passed on.
  camera.on('close', () => (reader ? reader.end() : end()));
  camera.on('data', (chunk) => {
    try {
      const passed = filter.push(chunk);
      if (passed.length > 0 && reader?.write(passed) === false) camera.pause();
    } catch (error) {
      end(error instanceof RtspRefused ? error.message : 'it answers with something else than RTSP');
    }
  });
  camera.pause();
  server.once('connection', (socket) => {
    reader = socket;
    server.close();
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      if (!camera.write(chunk)) socket.pause();
    });
    camera.on('drain', () => socket.resume());
    socket.on('drain', () => camera.resume());
    socket.on('error', () => end());
    socket.on('close', () => end());
    camera.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    end,
    why: () => reason ?? wordsOf(filter.lastStatus),
    ended: () => camera.destroyed,
    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', stop);
      end();
    },
  };
}

function wordsOf(status: number): string | undefined {
  if (status === 401 || status === 403) return 'it refused the login';
  if (status === 404 || status === 454) return 'it has no such stream';
  return status >= 400 ? `it answered ${status}` : undefined;
}

async function connectTo(
  { host, port, secure }: LiveAddress,
  { allowPrivate, patience_s, signal }: { allowPrivate: boolean; patience_s: number; signal: AbortSignal },
): Promise<Socket> {
  const late = AbortSignal.any([signal, AbortSignal.timeout(patience_s * 1000)]);
  try {
    if (!allowPrivate) refuseWrittenPrivate(host);
    const where = { host, port, ...(!allowPrivate && { lookup: publicLookup }) };
    // Where private addresses are allowed cameras vouch for themselves; nobody else could.
    const socket = secure
      ? tlsConnect({
          ...where,
          rejectUnauthorized: !allowPrivate,
          ...(isIP(host) ? {} : { servername: host }),
        })
      : netConnect(where);
    const giveUp = () => socket.destroy(late.reason);
    late.addEventListener('abort', giveUp, { once: true });
    try {
      await once(socket, secure ? 'secureConnect' : 'connect', { signal: late });
    } catch (error) {
      socket.on('error', () => {}).destroy();
      throw error;
    } finally {
      late.removeEventListener('abort', giveUp);
    }
    return socket.setKeepAlive(true, 10_000).setNoDelay(true);
  } catch (error) {
    if (error instanceof NoPublicAddress) throw new SourceAway(nowherePublic);
    if (late.aborted) throw new SourceAway('there was no answer in time');
    throw new SourceAway(faultOf(error) ?? 'nobody answered');
  }
}
