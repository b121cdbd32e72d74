/** Runs after failures too. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.doubletakeTestServers?.stop();
}
