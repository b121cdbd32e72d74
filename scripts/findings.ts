/** `npm run findings`: writes `docs/findings.md` anew. */
import { writeFileSync } from 'node:fs';
import { findingsPage } from '../src/kinds/scan/answers/findings-page.ts';
import { catalogue } from '../src/kinds/scan/stages/catalogue.ts';

writeFileSync(new URL('../docs/findings.md', import.meta.url), findingsPage(catalogue));
