import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { DoubletakeError, InvalidRequest } from '../../domain/errors.ts';
import type { AnyKind } from '../../domain/kind.ts';
import type { Kinds } from '../../domain/kind-registry.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { HttpProblem } from '../http-problem.ts';
import type { NewWebhook } from '../schemas/webhook.ts';
import { kindOf, optionsFromText, optionsOf } from './kind-and-options.ts';
import { discardOriginal, type StoredOriginal, storeOriginal } from './store-original.ts';
import { webhookFromText } from './webhook.ts';

export interface ReceivedForm {
  kind: AnyKind;
  options: Record<string, unknown>;
  file: StoredOriginal;
  webhook: NewWebhook | undefined;
}

export interface FormSettings {
  kinds: Kinds;
  /** The name by which the kind keeps a file, where it has one of its own. */
  nameFor(kind: AnyKind, sessionId: string, fileName: string): string;
  webhooks: ApiDependencies['webhooks'];
  store: ArtifactStore;
  userId: string;
  maxBytes: number;
}

/** `kind`, `options` and `webhook` are small; a field this long is a mistake. */
const fieldBytes = 64 * 1024;

function textOf(part: MultipartValue): string {
  if (part.valueTruncated)
    throw new InvalidRequest(`${part.fieldname}: longer than ${fieldBytes} bytes`, part.fieldname);
  return typeof part.value === 'string' ? part.value : JSON.stringify(part.value);
}

const namelessPart =
  'A part of the form has no name. Name each one in its Content-Disposition: "kind", "options", "webhook" or "file".';

/** A body that ends too early or is no form is the sender's mistake, whatever the parser calls it. */
function unreadableForm(cause: unknown): HttpProblem {
  const detail = `The form cannot be read: ${cause instanceof Error ? cause.message : cause}. Send it again, whole.`;
  return new HttpProblem(400, 'bad-request', 'The request cannot be read', detail, { cause });
}

async function* partsOf(request: FastifyRequest) {
  const limits = {
    fieldSize: fieldBytes,
    fields: 8,
    files: 2,
    parts: 10,
    fileSize: Number.POSITIVE_INFINITY,
  };
  try {
    yield* request.parts({ limits });
  } catch (error) {
    throw unreadableForm(error);
  }
}

/**
 * Reads a `multipart/form-data` request with `kind`, `options`, `webhook` and `file`, the file straight into storage.
 * Works in any order; what is known before the file is checked before the file is read. After any refusal
 * nothing is left in storage.
 * @throws InvalidRequest, UnsupportedMedia, TooLarge, StorageUnavailable; HttpProblem 401 or 403 when the credential is
 *   no longer good
 */
export async function receiveForm(request: FastifyRequest, settings: FormSettings): Promise<ReceivedForm> {
  const abort = new AbortController();
  const refused = request.untilRefused();
  // Also emitted after a complete body, when what was received is still being stored: not a reason to stop.
  request.raw.once('close', () => request.raw.complete || abort.abort(new Error('The client went away.')));

  let kind: AnyKind | undefined;
  let optionsText: string | undefined;
  let webhook: NewWebhook | undefined;
  let file: StoredOriginal | undefined;
  /** Whether the kind came first and has given the file its name. */
  let isNamed = false;

  async function takeFile(part: MultipartFile): Promise<StoredOriginal> {
    if (part.fieldname !== 'file')
      throw new InvalidRequest(`The file belongs in the field "file".`, part.fieldname);
    if (file) throw new InvalidRequest('One file a job; this request has two.', 'file');
    if (kind && optionsText !== undefined) optionsOf(kind, optionsFromText(optionsText));
    const kinds = kind ? [kind] : settings.kinds.all;
    const named = kind;
    isNamed = named !== undefined;
    let broken: Error | undefined;
    part.file.once('error', (error: Error) => {
      broken = error;
    });
    const stored = storeOriginal(part.file, {
      store: settings.store,
      userId: settings.userId,
      maxBytes: settings.maxBytes,
      sentName: part.filename,
      ...(named && {
        nameFor: (id: string, name: string) => settings.nameFor(named, id, name),
      }),
      kinds,
      allKinds: settings.kinds.all,
      signal: AbortSignal.any([abort.signal, refused]),
      log: request.log,
    });
    return stored.catch((error) => {
      throw broken && !(error instanceof DoubletakeError) ? unreadableForm(broken) : error;
    });
  }

  try {
    for await (const part of partsOf(request)) {
      if (!part.fieldname) throw new InvalidRequest(namelessPart);
      if (part.type === 'file') file = await takeFile(part);
      else if (part.fieldname === 'kind') kind = kindOf(settings.kinds, textOf(part));
      else if (part.fieldname === 'options') optionsText = textOf(part);
      else if (part.fieldname === 'webhook') webhook = webhookFromText(textOf(part), settings.webhooks);
      else if (part.fieldname === 'file')
        throw new InvalidRequest('file: send it as a file, with a name.', 'file');
      else throw new InvalidRequest(`There is no field "${part.fieldname}".`, part.fieldname);
    }
    refused.throwIfAborted();
    if (!kind) throw new InvalidRequest('The field "kind" is missing.', 'kind');
    const options = optionsOf(kind, optionsFromText(optionsText));
    if (!file) throw new InvalidRequest('The field "file" is missing.', 'file');
    file.refuseFor([kind]);
    if (!isNamed) file.file_name = settings.nameFor(kind, file.session_id, file.file_name);
    return { kind, options, file, webhook };
  } catch (error) {
    if (file) await discardOriginal(settings.store, file, request.log);
    throw refused.reason ?? error;
  }
}
