import { bufferOf } from '../../documents/bytes.ts';
import type { DocumentReport } from '../../documents/report.ts';
import { remoteAddressIn } from '../../documents/rtf-objects.ts';

/** Class identifiers as the file has them, in hexadecimal. */
const byClsid: Record<string, { id: string; what: string }> = {
  '02ce020000000000c000000000000046': { id: 'office.equation-object', what: 'Equation 3.0' },
  '0017020000000000c000000000000046': { id: 'office.equation-object', what: 'Equation 2.0' },
  '6edb7cd26daecf1196b8444553540000': { id: 'office.dangerous-object', what: 'Shockwave Flash' },
  '90fd8ac0a1f2d111845500a0c91f3880': { id: 'office.dangerous-object', what: 'ShellBrowserWindow' },
  '20693325f903cf118fd000aa00686f13': { id: 'office.dangerous-object', what: 'HTML document' },
  '61f956880a34d011a96b00c04fd705a2': { id: 'office.dangerous-object', what: 'web browser control' },
  aefd24aec603d1118b760080c744f389: { id: 'office.dangerous-object', what: 'scriptlet' },
};

const byClass: readonly [RegExp, string][] = [
  [/^equation\.[23]$/i, 'office.equation-object'],
  [
    /^(?:shockwaveflash\.|shell\.explorer|htmlfile|scriptletfile|script(?:let)?\b|wordhtml|microsoft\.office\.mshtml)/i,
    'office.dangerous-object',
  ],
];

export function judgeClass(name: string, report: DocumentReport, offset?: number): void {
  const known = byClass.find(([shape]) => shape.test(name.trim()));
  if (known) report.add(known[1], `the class "${name.trim()}"`, offset);
}

export function judgeClsid(clsid: string, where: string, report: DocumentReport, offset?: number): void {
  const known = byClsid[clsid];
  if (known) report.add(known.id, `${where || 'the document'}: ${known.what}`, offset);
}

/** URL moniker, file moniker, composite moniker, and those for scripts. */
const monikers = [
  'e0c9ea79f9bace118c8200aa004ba90b',
  '0303000000000000c000000000000046',
  '0903000000000000c000000000000046',
  'd30b2906aa48d2118432006008c3fbfc',
  'c6afabec197fd211978e0000f8757e2a',
].map((hex) => Buffer.from(hex, 'hex'));

/** The stream `\x01Ole` of a linked object holds the moniker that says where the object is. */
export function judgeMoniker(stream: Uint8Array, report: DocumentReport, offset?: number): void {
  const buffer = bufferOf(stream);
  if (!monikers.some((moniker) => buffer.includes(moniker))) return;
  const address = remoteAddressIn(stream);
  if (address) report.add('office.remote-moniker', address, offset);
}
