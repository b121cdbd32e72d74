// `npm test [-- jest's arguments]`: sets up what is missing, then runs every test on real servers.
import { runJest, withPackages } from './tests/run-jest.mjs';

await withPackages((node) => runJest(node, process.argv.slice(2)));
