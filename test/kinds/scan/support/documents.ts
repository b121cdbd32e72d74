import { deflateSync } from 'node:zlib';
import { zipOf } from './zip.ts';

const namespace = 'http://schemas.openxmlformats.org';

/** A Word document: what its body holds, and further parts. */
export function docxOf(body = '', parts: Record<string, string | Uint8Array> = {}): Buffer {
  return zipOf([
    { name: '[Content_Types].xml', bytes: '<Types/>' },
    {
      name: 'word/document.xml',
      bytes: `<w:document xmlns:w="${namespace}/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    },
    ...Object.entries(parts).map(([name, bytes]) => ({ name, bytes })),
  ]);
}

export function relationshipsOf(type: string, target: string, quote = '"'): string {
  const attribute = (name: string, value: string) => `${name}=${quote}${value}${quote}`;
  return `<Relationships xmlns="${namespace}/package/2006/relationships"><Relationship ${attribute('Id', 'rId1')} ${attribute('Type', `${namespace}/officeDocument/2006/relationships/${type}`)} ${attribute('Target', target)} ${attribute('TargetMode', 'External')}/></Relationships>`;
}

export type PdfBodies = Record<number, string | Buffer>;

/** A catalog and a page, with what is added to each. */
export function pageOf(catalog = '', more: PdfBodies = {}, page = ''): PdfBodies {
  return {
    1: `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] ${page} >>`,
    ...more,
  };
}

export function streamOf(dict: string, content: string | Buffer, packed = true): Buffer {
  const plain = Buffer.from(content as string, 'latin1');
  const bytes = packed ? deflateSync(plain) : plain;
  const filter = packed ? ' /Filter /FlateDecode' : '';
  return Buffer.concat([
    Buffer.from(`<< ${dict}${filter} /Length ${bytes.length} >>\nstream\n`, 'latin1'),
    bytes,
    Buffer.from('\nendstream', 'latin1'),
  ]);
}

/** A PDF with a table of cross-references. */
export function pdfOf(bodies: PdfBodies, { before = '', trailer = '', shift = 0 } = {}): Buffer {
  const pieces = [Buffer.from(`${before}%PDF-1.7\n`, 'latin1')];
  const places = new Map<number, number>();
  let at = (pieces[0] as Buffer).length - before.length;
  for (const [number, body] of Object.entries(bodies)) {
    const piece = Buffer.concat([
      Buffer.from(`${number} 0 obj\n`, 'latin1'),
      Buffer.from(body as string, 'latin1'),
      Buffer.from('\nendobj\n', 'latin1'),
    ]);
    places.set(Number(number), at);
    pieces.push(piece);
    at += piece.length;
  }
  const size = Math.max(...places.keys()) + 1;
  const lines = Array.from({ length: size }, (_, number) => {
    const place = places.get(number);
    return place === undefined
      ? '0000000000 65535 f \n'
      : `${String(place + shift).padStart(10, '0')} 00000 n \n`;
  });
  pieces.push(
    Buffer.from(
      `xref\n0 ${size}\n${lines.join('')}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${at}\n%%EOF\n`,
      'latin1',
    ),
  );
  return Buffer.concat(pieces);
}

/** The same objects in an object stream, found through a stream of cross-references. */
export function packedPdfOf(bodies: Record<number, string>): Buffer {
  const numbers = Object.keys(bodies).map(Number);
  let text = '';
  const index = numbers.map((number) => {
    const place = `${number} ${text.length}`;
    text += `${bodies[number]} `;
    return place;
  });
  const head = `${index.join(' ')} `;
  const container = Math.max(...numbers) + 1;
  const first = Buffer.from('%PDF-1.7\n', 'latin1');
  const objects = Buffer.concat([
    Buffer.from(`${container} 0 obj\n`, 'latin1'),
    streamOf(`/Type /ObjStm /N ${numbers.length} /First ${head.length}`, head + text),
    Buffer.from('\nendobj\n', 'latin1'),
  ]);
  const at = first.length + objects.length;
  const rows = Array.from({ length: container + 2 }, (_, number) => {
    if (number === container) return [1, first.length >> 8, first.length & 0xff, 0];
    if (number === container + 1) return [1, at >> 8, at & 0xff, 0];
    const within = numbers.indexOf(number);
    return within < 0 ? [0, 0, 0, 0] : [2, container >> 8, container & 0xff, within];
  });
  // With PNG's filter 2 (up), as writers pack such tables.
  const filtered = rows.flatMap((row, line) => [
    2,
    ...row.map((byte, column) => (byte - (rows[line - 1]?.[column] ?? 0)) & 0xff),
  ]);
  const table = Buffer.concat([
    Buffer.from(`${container + 1} 0 obj\n`, 'latin1'),
    streamOf(
      `/Type /XRef /W [1 2 1] /Size ${container + 2} /Root 1 0 R /DecodeParms << /Predictor 12 /Columns 4 >>`,
      Buffer.from(filtered),
    ),
    Buffer.from(`\nendobj\nstartxref\n${at}\n%%EOF\n`, 'latin1'),
  ]);
  return Buffer.concat([first, objects, table]);
}
