import { makePostOutside } from '../../../src/activities/webhook/post-outside.ts';

/** Run as a process of its own, as a worker is: `NODE_EXTRA_CA_CERTS` is read when one starts. Prints the answer. */
const [url = '', body = ''] = process.argv.slice(2);
const answered = await makePostOutside({ allowPrivate: true })(url, body, { 'webhook-id': 'x' });
process.stdout.write(JSON.stringify(answered));
