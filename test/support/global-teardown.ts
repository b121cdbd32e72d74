/** Runs after failures too. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.doubletakeTestServers?.stop();
  const { doubletakeTmpdirBefore: before } = globalThis;
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
}
