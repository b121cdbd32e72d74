import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { ApiClient } from '../../../cli/api-client.ts';
import type { Actions, CommandContext, Outcome } from '../../../cli/command-context.ts';
import { UsageFailure } from '../../../cli/failures.ts';
import type { Page } from '../../../cli/job-view.ts';
import { table } from '../../../cli/show/table.ts';
import type { Camera } from '../events/camera.ts';

interface ChangeOptions {
  name?: string;
  timeZone?: string;
  retentionDays?: number | 'default';
  zones?: string;
  masks?: string;
}

export function camerasCommand({ run }: Actions): Command {
  const cameras = new Command('cameras').description('list, create, change and delete cameras');
  cameras
    .command('list', { isDefault: true })
    .description('your cameras')
    .option('--owner <user>', 'another user’s, for operators')
    .action(run(list));
  cameras
    .command('show')
    .description('a camera with its zones and masks')
    .argument('<id>', 'the camera')
    .option('--owner <user>', 'another user’s, for operators')
    .action(run(show));
  withChanges(cameras.command('create').description('add a camera').argument('<id>', 'its id')).action(
    run(create),
  );
  withChanges(
    cameras
      .command('change')
      .description('change a camera; what is not named stays')
      .argument('<id>', 'the camera'),
  ).action(run(change));
  cameras
    .command('delete')
    .description('remove a camera with its events, pictures, logs and clips, for good')
    .argument('<id>', 'the camera')
    .action(run(remove));
  return cameras;
}

function withChanges(command: Command): Command {
  return command
    .option('--name <text>', 'what people call it')
    .option('--time-zone <name>', 'of IANA, such as Europe/Berlin')
    .option('--retention-days <n>', 'how long its events are kept; "default": as the operator set', days)
    .option('--zones <file>', 'JSON: [{"name": "gate", "polygon": [[0.1, 0.5], [0.4, 0.5], [0.4, 1]]}]')
    .option('--masks <file>', 'JSON: [{"purpose": "motion", "polygon": […]}]; or with "privacy"');
}

const pathOf = (id: string) => `/api/cameras/${encodeURIComponent(id)}`;
const ofOwner = (owner: string | undefined) =>
  owner === undefined ? '' : `?${new URLSearchParams({ owner })}`;

async function list({ api, terminal, signal }: CommandContext, { owner }: { owner?: string }): Outcome {
  const { items } = await api().get<Page<Camera>>(`/api/cameras${ofOwner(owner)}`, signal);
  terminal.document({ items });
  if (items.length === 0) {
    terminal.answer('No cameras.');
    return undefined;
  }
  const rows = items.map((camera) => [
    camera.camera_id,
    camera.name ?? '',
    camera.time_zone,
    String(camera.zones.length),
    String(camera.masks.length),
    camera.retention_days === null ? 'as set' : `${camera.retention_days} days`,
    camera.offline_since ?? '',
  ]);
  const head = ['CAMERA', 'NAME', 'TIME ZONE', 'ZONES', 'MASKS', 'KEPT', 'OFFLINE SINCE'];
  for (const line of table(head, rows)) terminal.answer(line);
  return undefined;
}

async function show(
  { api, terminal, signal }: CommandContext,
  id: string,
  { owner }: { owner?: string },
): Outcome {
  const camera = await api().get<Camera>(`${pathOf(id)}${ofOwner(owner)}`, signal);
  terminal.document({ camera });
  terminal.answer(JSON.stringify(camera, null, 2));
  return undefined;
}

async function create(context: CommandContext, id: string, options: ChangeOptions): Outcome {
  const { api, terminal } = context;
  const changes = await changesOf(options);
  const camera = await api().post<Camera>('/api/cameras', { camera_id: id, ...changes });
  terminal.document({ camera });
  terminal.answer(`Camera ${id} is added.`);
  return undefined;
}

async function change(context: CommandContext, id: string, options: ChangeOptions): Outcome {
  const { api, terminal } = context;
  const changes = await changesOf(options);
  if (Object.keys(changes).length === 0)
    throw new UsageFailure('Nothing is to be changed: name what, for instance --time-zone Europe/Berlin.');
  const camera = await api().patch<Camera>(pathOf(id), changes);
  terminal.document({ camera });
  terminal.answer(`Camera ${id} is changed.`);
  return undefined;
}

async function remove({ api, terminal, signal }: CommandContext, id: string): Outcome {
  let events = 0;
  for (let gone = false; !gone; ) {
    signal.throwIfAborted();
    const answer = await deleteSome(api(), id);
    events += answer.events;
    gone = answer.gone;
    if (!gone) terminal.note(`${events} events removed so far …`);
  }
  terminal.document({ camera_id: id, events });
  terminal.answer(`Camera ${id} is gone, and ${events} events of it.`);
  return undefined;
}

/** As much as one request removes. */
function deleteSome(api: ApiClient, id: string): Promise<{ events: number; gone: boolean }> {
  return api.delete(pathOf(id));
}

async function changesOf({ name, timeZone, retentionDays, zones, masks }: ChangeOptions) {
  return {
    ...(name !== undefined && { name }),
    ...(timeZone !== undefined && { time_zone: timeZone }),
    ...(retentionDays !== undefined && {
      retention_days: retentionDays === 'default' ? null : retentionDays,
    }),
    ...(zones !== undefined && { zones: await listIn('--zones', zones) }),
    ...(masks !== undefined && { masks: await listIn('--masks', masks) }),
  };
}

async function listIn(flag: string, path: string): Promise<unknown[]> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new UsageFailure(`${flag} ${path} cannot be read: ${cause.message}.`, { cause });
  });
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch (cause) {
    throw new UsageFailure(`${flag} ${path} is not JSON: ${(cause as Error).message}.`, { cause });
  }
  throw new UsageFailure(`${flag} ${path} holds no list in JSON; [] takes all away.`);
}

function days(text: string): number | 'default' {
  if (text === 'default') return text;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= 36_500) return value;
  throw new InvalidArgumentError('Expected a whole number of days from 1 to 36500, or "default".');
}
