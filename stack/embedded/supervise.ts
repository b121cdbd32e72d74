import { setTimeout as wait } from 'node:timers/promises';
import { ProcessFailed } from '../processes/server-process.ts';
import type { Server } from '../servers/server.ts';
import type { EmbeddedStack } from './stack.ts';

/** A service that ran for so long was sound; its next end counts as the first again. */
const soundMs = 60_000;

/**
 * Keeps the stack up until `stopping`: an API or worker that ends is started again, with a pause that grows. A
 * server that ends takes the stack with it.
 *
 * @throws ProcessFailed naming the server that ended, with the end of its log
 */
export async function supervise(stack: EmbeddedStack, stopping: AbortSignal): Promise<void> {
  const stopped = new Promise<void>((settle) => {
    if (stopping.aborted) settle();
    stopping.addEventListener('abort', () => settle(), { once: true });
  });
  const lost = stack.servers.map(async (server) => {
    const how = await server.process.exited;
    if (stopping.aborted) return;
    const words = `${how}; the stack can't go on without it`;
    throw new ProcessFailed(server.name, words, server.process.output(), stack.log(server.name));
  });
  const kept = stack.services.map((service) => keepUp(service, stack, stopping));
  await Promise.race([stopped, Promise.all([...lost, ...kept])]);
}

async function keepUp(service: Server, stack: EmbeddedStack, stopping: AbortSignal): Promise<void> {
  for (let pause = 500; !stopping.aborted; ) {
    const began = Date.now();
    const how = await service.process.exited;
    if (stopping.aborted) return;
    if (Date.now() - began > soundMs) pause = 500;
    console.error(`The ${service.name} ${how}; starting it again. Its log: ${stack.log(service.name)}`);
    await wait(pause, undefined, { signal: stopping }).catch(() => {});
    if (stopping.aborted) return;
    pause = Math.min(pause * 2, 30_000);
    const error = await service.start().then(
      () => undefined,
      (reason: Error) => reason,
    );
    if (error) console.error(error.message);
    else stack.announce();
  }
}
