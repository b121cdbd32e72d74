import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Converts a folder of DICOM files to one NIfTI file, as the command dcm2niix would: node dcm2niix.mjs FOLDER FILE
const [, , folder, file] = /** @type {string[]} */ (process.argv);
const manifest = /** @type {string} */ (findPackageJSON('@niivue/dcm2niix', import.meta.url));
const { default: create } = await import(
  pathToFileURL(join(dirname(manifest), 'dist', 'dcm2niix.jpeg.js')).href
);
const { FS, callMain } = await create({ noInitialRun: true, print() {}, printErr() {} });
FS.mkdir('/in');
FS.mkdir('/out');
for (const name of readdirSync(/** @type {string} */ (folder))) {
  FS.writeFile(`/in/${name}`, readFileSync(join(/** @type {string} */ (folder), name)));
}
callMain(['-f', 'volume', '-z', 'n', '-b', 'n', '-o', '/out', '/in']);
writeFileSync(/** @type {string} */ (file), FS.readFile('/out/volume.nii'));
