import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** An HTTP server of a folder's files, where some paths are answered otherwise. */
export interface FileServer {
  port: number;
  url(path: string, host?: string): string;
  /** By the path; what is not in it is a file. */
  answers: Map<string, Answer>;
  requests: { path: string; authorization: string | undefined }[];
  close(): Promise<void>;
}

export async function openFileServer(folder: string, port = 0): Promise<FileServer> {
  const answers = new Map<string, Answer>();
  const requests: FileServer['requests'] = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    requests.push({ path, authorization: request.headers.authorization });
    const answer = answers.get(path);
    if (answer) return answer(request, response);
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: given } = server.address() as AddressInfo;
  return {
    port: given,
    url: (path, host = '127.0.0.1') => `http://${host}:${given}/${path}`,
    answers,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with a text. */
export function says(text: () => string): Answer {
  return (_request, response) => {
    response.end(text());
  };
}
