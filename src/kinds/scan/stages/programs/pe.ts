import { entropyOf, type Fields, packerHints } from './fields.ts';

const machines: Readonly<Record<number, string>> = {
  332: 'x86',
  34404: 'x86-64',
  448: 'ARM',
  452: 'ARM Thumb-2',
  43620: 'ARM64',
  512: 'Itanium',
  3772: 'EFI byte code',
  20580: 'RISC-V 64',
};
const subsystems: Readonly<Record<number, string>> = {
  1: 'native',
  2: 'windows',
  3: 'console',
  9: 'Windows CE',
  10: 'EFI application',
  11: 'EFI boot driver',
  12: 'EFI runtime driver',
};
/** Functions that say what a program is able to do to others. */
const notable =
  /^(?:VirtualAllocEx|VirtualProtect(?:Ex)?|WriteProcessMemory|ReadProcessMemory|CreateRemoteThread(?:Ex)?|NtUnmapViewOfSection|QueueUserAPC|SetWindowsHookEx[AW]|GetAsyncKeyState|URLDownloadToFile[AW]|Internet(?:Open|ReadFile|OpenUrl)\w*|WinHttp\w+|WinExec|ShellExecute(?:Ex)?[AW]|CreateProcess\w*|CreateService[AW]|RegSetValueEx[AW]|AdjustTokenPrivileges|CryptEncrypt|CryptUnprotectData|IsDebuggerPresent|CheckRemoteDebuggerPresent|MiniDumpWriteDump|LoadLibrary\w*|GetProcAddress|WSAStartup|connect)$/;

const MAX_SECTIONS = 96;
const MAX_LIBRARIES = 200;
const MAX_FUNCTIONS = 10_000;
const EXECUTABLE = 0x20000000;
const WRITABLE = 0x80000000;

interface Section {
  name: string;
  address: number;
  virtual_size: number;
  offset: number;
  size: number;
  entropy: number | null;
  executable: boolean;
  writable: boolean;
}

/** What the headers of a program for Windows say, or that it is one for DOS. */
export function peFacts(fields: Fields): Record<string, unknown> {
  const start = fields.u32(60);
  if (fields.name(start, 4) !== 'PE') return { format: fields.name(start, 2) === 'NE' ? 'NE' : 'DOS' };
  const machine = fields.u16(start + 4);
  const optional = start + 24;
  const wide = fields.u16(optional) === 0x20b;
  const characteristics = fields.u16(start + 22);
  const directories = optional + (wide ? 112 : 96);
  const directory = (index: number) =>
    index < fields.u32(directories - 4)
      ? { at: fields.u32(directories + 8 * index), size: fields.u32(directories + 8 * index + 4) }
      : { at: 0, size: 0 };
  const all = sections(fields, optional + fields.u16(start + 20), fields.u16(start + 6));
  const signature = directory(4);
  const end = all.reduce((last, { offset, size }) => Math.max(last, offset + size), 0);
  const overlay = overlayOf(fields, end, signature);
  return {
    format: wide ? 'PE32+' : 'PE32',
    machine: machines[machine] ?? `0x${machine.toString(16)}`,
    subsystem: subsystems[fields.u16(optional + 68)] ?? null,
    is_library: (characteristics & 0x2000) !== 0,
    is_dotnet: directory(14).at !== 0,
    compiled: new Date(fields.u32(start + 8) * 1000).toISOString(),
    entry_point: fields.u32(optional + 16),
    entry_section: sectionAt(all, fields.u32(optional + 16))?.name ?? null,
    sections: all.map(({ address: _, ...section }) => section),
    imports: imports(fields, all, directory(1).at, wide),
    // The signature is not checked here: only that there is one.
    signed: signature.at !== 0 && signature.size > 0,
    overlay,
    truncated: end > fields.size,
    packer_hints: packerHints(all),
  };
}

function sections(fields: Fields, from: number, count: number): Section[] {
  return Array.from({ length: Math.min(count, MAX_SECTIONS) }, (_, index) => {
    const at = from + 40 * index;
    const [size, offset, flags] = [fields.u32(at + 16), fields.u32(at + 20), fields.u32(at + 36)];
    return {
      name: fields.name(at, 8),
      address: fields.u32(at + 12),
      virtual_size: fields.u32(at + 8),
      offset,
      size,
      entropy: entropyOf(fields, offset, size),
      executable: (flags & EXECUTABLE) !== 0,
      writable: (flags & WRITABLE) !== 0,
    };
  });
}

function sectionAt(all: readonly Section[], address: number): Section | undefined {
  return all.find(
    (one) => address >= one.address && address < one.address + Math.max(one.virtual_size, one.size),
  );
}

function imports(fields: Fields, all: readonly Section[], table: number, wide: boolean) {
  const offsetOf = (address: number) => {
    const section = sectionAt(all, address);
    return section ? section.offset + address - section.address : -1;
  };
  const libraries: string[] = [];
  const found = new Set<string>();
  let functions = 0;
  const from = offsetOf(table);
  for (let index = 0; table !== 0 && from >= 0 && index < MAX_LIBRARIES; index++) {
    const at = from + 20 * index;
    const name = fields.u32(at + 12);
    if (name === 0) break;
    libraries.push(fields.name(offsetOf(name)));
    const names = offsetOf(fields.u32(at) || fields.u32(at + 16));
    const step = wide ? 8 : 4;
    for (let entry = names; names >= 0 && functions < MAX_FUNCTIONS; entry += step) {
      const value = fields.u32(entry);
      const byNumber = fields.u32(entry + step - 4) >= 0x80000000;
      if (value === 0 && !byNumber) break;
      functions++;
      const called = byNumber ? '' : fields.name(offsetOf(value) + 2, 64);
      if (notable.test(called) && found.size < 50) found.add(called);
    }
  }
  return { libraries, functions, notable: [...found] };
}

/** What follows the last section, but for the signature. */
function overlayOf(fields: Fields, end: number, signature: { at: number; size: number }) {
  if (end === 0 || end >= fields.size) return null;
  const size = fields.size - end - (signature.at >= end ? Math.min(signature.size, fields.size - end) : 0);
  return size > 0 ? { offset: end, size, entropy: entropyOf(fields, end, size) } : null;
}
