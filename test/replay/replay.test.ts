import { readdirSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { workflowBundle as bundleOfToday } from '../support/workflow-bundle.ts';
import { historiesFolder, readHistory } from './history-file.ts';
import { scenarios } from './scenarios.ts';

/** Histories of workflows that ran: a change to a workflow that these can't follow breaks those now at work. */
const names = readdirSync(historiesFolder).map((file) => file.replace('.json', ''));

// One history below is wrong on purpose; the SDK need not warn of it.
const logger = new DefaultLogger('ERROR');
Runtime.install({ logger, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });

let workflowBundle: { code: string };
beforeAll(async () => {
  workflowBundle = await bundleOfToday();
}, 120_000);

test('every scenario has a history', () => {
  expect(names).toEqual(expect.arrayContaining(Object.keys(scenarios)));
});

test.each(names)('%s: today’s workflow goes the way that was recorded', async (name) => {
  await Worker.runReplayHistory({ workflowBundle }, readHistory(name));
});

test('histories hold keys and summaries: no payload is over 16 KiB', () => {
  // Base64 of so many bytes.
  const longest = /"[A-Za-z0-9+/=]{21848,}"/;
  for (const name of names)
    readHistory(name, (text) => {
      expect([name, longest.test(text)]).toEqual([name, false]);
      return text;
    });
});

test('an answer that was accepted stays so, also where today’s rules would refuse it', async () => {
  const accepted = readHistory('measurement-answered');
  const update = accepted.events?.find((event) => event.workflowExecutionUpdateAcceptedEventAttributes);
  const [given] =
    update?.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.args?.payloads ?? [];
  const { by } = JSON.parse(Buffer.from(given?.data ?? []).toString());
  const refused = { reference_corners: 'as they were told in those days' };
  Object.assign(given ?? {}, { data: Buffer.from(JSON.stringify({ answer: refused, by })) });
  await Worker.runReplayHistory({ workflowBundle }, accepted);
});

test('a history that goes another way is noticed', async () => {
  const other = readHistory('technique-quick', (text) => text.replaceAll('takeQuickLook', 'takeLongLook'));
  await expect(Worker.runReplayHistory({ workflowBundle }, other)).rejects.toThrow(/determinis/i);
});
