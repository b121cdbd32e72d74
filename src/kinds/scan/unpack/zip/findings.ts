import type { FindingCatalogue } from '../../analysis/findings.ts';

export const zipFindings = {
  'zip.concatenated': {
    title: 'Several ZIPs follow one another, and readers see only one of them',
    score: 300,
    why: 'No packer does so; 7-Zip shows the first, WinRAR and Windows the last.',
    attack: 'T1027.015',
  },
  'zip.unlisted-entry': {
    title: 'A file is in the ZIP that its directory does not list',
    score: 300,
    why: 'Readers that go by the directory do not see it, those that read from the beginning do.',
    attack: 'T1027.015',
  },
  'zip.name-mismatch': {
    title: 'A file has another name in the directory than before its data',
    score: 400,
    why: 'A scanner that goes by one name is shown another than the person who unpacks it.',
    attack: 'T1036',
  },
  'zip.method-mismatch': {
    title: 'The two headers of a file disagree on how it is packed, or on whether it is encrypted',
    score: 300,
    why: 'Readers that go by one header cannot read what others can; malicious Android packages are made so.',
    attack: 'T1027.015',
  },
  'zip.zero-size': {
    title: 'The directory says that a file is empty, but it is not',
    score: 300,
    why: 'Readers that believe the directory look at nothing.',
    attack: 'T1027.015',
  },
  'zip.size-mismatch': {
    title: 'The two headers of a file disagree on its size or checksum',
    score: 20,
    why: 'Some writers correct the directory only.',
  },
  'zip.duplicate-name': {
    title: 'Two files in the ZIP have the same name',
    score: 20,
    why: 'Readers take the first or the last; libraries write such ZIPs by mistake. Both are looked at.',
  },
  'zip.data-before': {
    title: 'Something lies before the first file of the ZIP',
    score: 10,
    why: 'A program that unpacks itself, or a launcher; what it is, is another finding.',
  },
} as const satisfies FindingCatalogue;

export type ZipFindingId = keyof typeof zipFindings;
