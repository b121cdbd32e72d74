/** What is used of WebAssembly; TypeScript has its types only together with those of browsers. */
interface WebAssemblyParts {
  compile(bytes: Uint8Array): Promise<CompiledModule>;
  Instance: new (module: CompiledModule, imports: object) => Instance;
  RuntimeError: new () => Error;
}
export type CompiledModule = object;
export interface Instance {
  exports: Record<string, unknown>;
}
export interface Memory {
  buffer: ArrayBuffer;
  grow(pages: number): number;
}

export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyParts }).WebAssembly;
