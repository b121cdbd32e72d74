import type { findUpload } from '../../database/uploads/find-upload.ts';

/** An upload as the database knows it. */
export type Upload = NonNullable<Awaited<ReturnType<typeof findUpload>>>;
