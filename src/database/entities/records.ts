import { defineEntity, p } from '@mikro-orm/postgresql';

/** Audit trail: one row for each change of status or stage. */
export const TransitionEntity = defineEntity({
  name: 'Transition',
  tableName: 'job_transitions',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    job_id: p.uuid(),
    from_status: p.string().nullable(),
    to_status: p.string(),
    stage: p.string(),
    why: p.text(),
    at: p.datetime(),
  },
});

export const ArtifactEntity = defineEntity({
  name: 'Artifact',
  tableName: 'artifacts',
  properties: {
    key: p.string().length(500).primary(),
    job_id: p.uuid(),
    pass: p.string(),
    name: p.string(),
    media_type: p.string(),
    bytes: p.bigint('number'),
    sha256: p.string(),
    created_at: p.datetime(),
  },
});

/** A file sent in parts, until a job claims it. */
export const UploadEntity = defineEntity({
  name: 'Upload',
  tableName: 'uploads',
  properties: {
    id: p.uuid().primary(),
    user_id: p.string(),
    file_name: p.string(),
    key: p.string().length(500),
    bytes: p.bigint('number'),
    media_type: p.string().nullable(),
    completed_at: p.datetime().nullable(),
    claimed_by_session: p.uuid().nullable(),
    created_at: p.datetime(),
  },
});

export const ApiKeyEntity = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    id: p.uuid().primary(),
    user_id: p.string(),
    role: p.string().$type<'user' | 'operator'>(),
    label: p.string(),
    key_sha256: p.string(),
    limited_to: p.array().nullable(),
    created_at: p.datetime(),
    expires_at: p.datetime().nullable(),
    revoked_at: p.datetime().nullable(),
  },
});

/** A wish to delete, and afterwards the record that it was done. */
export const DeletionEntity = defineEntity({
  name: 'Deletion',
  tableName: 'deletions',
  properties: {
    id: p.uuid().primary(),
    target: p.string().$type<'job' | 'session'>(),
    target_id: p.uuid(),
    user_id: p.string(),
    requested_by: p.string(),
    state: p.string().$type<'requested' | 'deleting' | 'done'>(),
    created_at: p.datetime(),
    dispatched_at: p.datetime().nullable(),
    completed_at: p.datetime().nullable(),
  },
});
