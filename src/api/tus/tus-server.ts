import type { IncomingMessage } from 'node:http';
import { Server } from '@tus/server';
import type { ServerRequest } from 'srvx';
import { createUpload } from '../../database/uploads/create-upload.ts';
import { InvalidRequest } from '../../domain/errors.ts';
import { uploadLifeHours } from '../../domain/upload-life.ts';
import { clientPatience } from '../../storage/client-patience.ts';
import { storageError } from '../../storage/storage-errors.ts';
import { fileNameOf, originalKey } from '../accept/original-key.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { finishUpload } from './finish-upload.ts';
import { S3TusStore } from './s3-tus-store.ts';
import type { Upload } from './upload.ts';

/** What our route knows of a request before the protocol handles it. */
export interface TusCall {
  uploadId: string;
  userId: string;
  /** S3 key; for a new upload it is made from the file's name. */
  key?: string;
  fileName?: string;
  upload?: Upload;
  /** Its last byte came with this request. */
  finished?: boolean;
  /** Why the request was refused, where the reason was ours. */
  refusal?: Error;
}

/**
 * tus 1.0 over S3. Ownership, names and limits are ours, the protocol is `@tus/server`'s. Its id of an upload
 * is the S3 key; ours, which the URL shows, is a UUID that `calls` joins to it, request by request.
 */
export function openTusServer({ database, store, acceptedKinds, s3, limits }: ApiDependencies) {
  const calls = new WeakMap<IncomingMessage, TusCall>();
  const callOf = (request: ServerRequest): TusCall => {
    const call = calls.get(request.runtime?.node?.req as IncomingMessage);
    if (!call) throw new Error('A tus request came past the upload routes.');
    return call;
  };

  const datastore = new S3TusStore({
    partSize: 8 * 1024 * 1024,
    maxConcurrentPartUploads: 8,
    // Tags would need a permission more and are unknown to several S3 servers.
    useTags: false,
    expirationPeriodInMilliseconds: uploadLifeHours * 3_600_000,
    s3ClientConfig: { bucket: s3.bucket, forcePathStyle: s3.forcePathStyle, ...clientPatience() },
  });
  // The size is checked and written down at creation; a length told later would come past that.
  datastore.extensions = datastore.extensions.filter((extension) => extension !== 'creation-defer-length');

  const server = new Server({
    path: '/api/uploads',
    datastore,
    maxSize: limits.uploadBytes,
    // A finished upload may be a session's; the route sees to that.
    disableTerminationForFinishedUploads: true,
    // Our own page is of the same origin; no other is invited.
    allowedOrigins: () => false,
    generateUrl: (request) => `/api/uploads/${callOf(request).uploadId}`,
    getFileIdFromRequest: (request) => callOf(request).key,
    namingFunction(request, metadata) {
      const call = callOf(request);
      call.fileName = fileNameOf(metadata?.filename ?? undefined);
      call.key = originalKey(call.userId, call.uploadId);
      return call.key;
    },
    async onUploadCreate(request, { id: key, size = 0 }) {
      const { uploadId: id, userId: user_id, fileName: file_name = 'unnamed' } = callOf(request);
      if (size === 0)
        throw new InvalidRequest(`"${file_name}" is empty (0 bytes). Choose another file.`, 'file');
      await createUpload(database, { id, user_id, file_name, key, bytes: size });
      callOf(request).upload = { id, user_id, file_name, key, bytes: size } as Upload;
      return {};
    },
    async onUploadFinish(request) {
      const call = callOf(request);
      await finishUpload({ database, store, acceptedKinds }, call.upload as Upload);
      call.finished = true;
      return {};
    },
    onResponseError(request, error) {
      if ('status_code' in error) return undefined;
      const call = callOf(request);
      // What is not ours comes from the protocol's own client of S3, and would pass for the database's outage.
      call.refusal = storageError(error, 'keep the upload', call.key ?? '');
      return undefined;
    },
  });
  return { server, calls };
}
