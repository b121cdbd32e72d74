import { z } from 'zod';
import type { DocumentedHeaders } from '../plugins/openapi.ts';

/** The headers of tus 1.0, for the API's document; the protocol checks them itself, and answers as it prescribes. */

const version = {
  'tus-resumable': z.literal('1.0.0').describe('The version of tus that the request speaks.'),
};
const offset = (says: string) => z.string().regex(/^\d+$/).describe(says);

const spoken = { 'tus-resumable': 'The version of tus that is spoken here.' };
const expiry = {
  'upload-expires': 'Until when the upload can be continued (an HTTP date); absent once all bytes are there.',
};

export const capabilities: DocumentedHeaders = {
  answers: {
    204: {
      ...spoken,
      'tus-version': 'The versions of tus that are spoken here.',
      'tus-extension': 'The extensions that are offered.',
      'tus-max-size': 'The largest file that is accepted, in bytes.',
    },
  },
};

export const creation: DocumentedHeaders = {
  request: z.object({
    ...version,
    'upload-length': offset('How large the file is, in bytes.'),
    'upload-metadata': z
      .string()
      .optional()
      .describe(
        '`filename` and, after a space, the name of the file in Base64. Other pairs are kept and not used.',
      ),
  }),
  answers: { 201: { ...spoken, location: 'Where to send the bytes.', ...expiry } },
};

export const bytes: DocumentedHeaders = {
  request: z.object({
    ...version,
    'upload-offset': offset('Where these bytes belong: how many are there already.'),
  }),
  answers: {
    204: { ...spoken, 'upload-offset': 'How many bytes are there now.', ...expiry },
  },
};

export const whereToGoOn: DocumentedHeaders = {
  request: z.object(version),
  answers: {
    200: {
      ...spoken,
      'upload-offset': 'How many bytes are there: where to go on.',
      'upload-length': 'How many there will be.',
    },
  },
};

export const termination: DocumentedHeaders = {
  request: z.object(version),
  answers: { 204: spoken },
};
