import { readFileSync } from 'node:fs';
import { freePort } from '../ports.ts';
import { writeWhole } from './data-folder.ts';

/** Ports people know; each is moved to a free one when taken. */
export const usualPorts = {
  api: 3000,
  temporal: 7233,
  temporalUi: 8233,
  postgres: 5433,
  s3: 9000,
  metrics: 9464,
};

export type Ports = Record<keyof typeof usualPorts, number>;

/**
 * The ports to ask for: those of the last start, so that links that were saved then still lead here, or the usual ones
 * where another program has them by now.
 */
export async function portsOfLastStart(file: string): Promise<Ports> {
  const ports: Ports = { ...usualPorts };
  for (const [name, port] of Object.entries(readPorts(file)))
    if (name in ports && Number.isInteger(port) && (await freePort(port)) === port)
      ports[name as keyof Ports] = port;
  return ports;
}

export function keepPorts(file: string, ports: Ports): void {
  writeWhole(file, ports);
}

function readPorts(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
