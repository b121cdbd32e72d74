/**
 * The same tables as PostgreSQL's (migration 0015). Times are milliseconds since 1970, lists and objects JSON.
 *
 * What an event is found by, words, labels, zones and its camera, is in `event_terms`, in the order of lists, so that a page
 * is read from where the one before ended. Triggers keep it true to `events.terms`.
 */
export const schemaVersion = 1;

export const schema = `
CREATE TABLE cameras (
  owner TEXT NOT NULL,
  camera_id TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  name TEXT,
  time_zone TEXT NOT NULL,
  zones TEXT NOT NULL,
  masks TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  retention_days INTEGER CHECK (retention_days > 0),
  offline_since INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (owner, camera_id)
) STRICT;

CREATE TABLE camera_recordings (
  owner TEXT NOT NULL,
  camera_id TEXT NOT NULL,
  source_sha256 TEXT NOT NULL CHECK (length(source_sha256) = 64 AND source_sha256 NOT GLOB '*[^0-9a-f]*'),
  started_at INTEGER NOT NULL,
  time_source TEXT NOT NULL,
  PRIMARY KEY (owner, camera_id, source_sha256),
  FOREIGN KEY (owner, camera_id) REFERENCES cameras ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  owner TEXT NOT NULL,
  event_id TEXT NOT NULL CHECK (length(event_id) BETWEEN 1 AND 128 AND event_id NOT GLOB '*[^A-Za-z0-9._:-]*'),
  camera_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER CHECK (ended_at >= started_at),
  last_seen_at INTEGER,
  time_source TEXT NOT NULL
    CHECK (time_source IN ('recorded_at', 'creation_time', 'upload', 'stream', 'arrival', 'box')),
  end_reason TEXT,
  continues TEXT,
  job_id TEXT,
  motion_confidence REAL CHECK (motion_confidence BETWEEN 0 AND 1),
  detected_objects TEXT NOT NULL CHECK (json_type(detected_objects) = 'array'),
  labels TEXT NOT NULL CHECK (json_type(labels) = 'array'),
  zones TEXT NOT NULL CHECK (json_type(zones) = 'array'),
  llm_description TEXT,
  described_by TEXT CHECK (described_by IN ('machine', 'model', 'person')),
  image_path TEXT,
  json_log_path TEXT,
  clip_key TEXT,
  clip_from_s REAL,
  clip_to_s REAL,
  reviewed_by TEXT,
  reviewed_at INTEGER,
  removing_at INTEGER,
  keep INTEGER NOT NULL CHECK (keep IN (0, 1)),
  false_positive INTEGER NOT NULL CHECK (false_positive IN (0, 1)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  terms TEXT NOT NULL CHECK (json_type(terms) = 'array'),
  change INTEGER NOT NULL,
  duration_ms REAL GENERATED ALWAYS AS (coalesce(ended_at - started_at, 9e999)) VIRTUAL,
  PRIMARY KEY (owner, event_id),
  FOREIGN KEY (owner, camera_id) REFERENCES cameras ON DELETE CASCADE,
  CHECK ((clip_key IS NULL) = (clip_from_s IS NULL) AND (clip_key IS NULL) = (clip_to_s IS NULL))
) STRICT;

CREATE INDEX events_by_camera ON events (owner, camera_id, started_at DESC, event_id DESC);
CREATE INDEX events_by_time ON events (owner, started_at DESC, event_id DESC);
CREATE INDEX events_reviewed ON events (owner, started_at DESC, event_id DESC) WHERE reviewed_at IS NOT NULL;
CREATE INDEX events_unreviewed ON events (owner, started_at DESC, event_id DESC) WHERE reviewed_at IS NULL;
CREATE INDEX events_open ON events (owner, started_at DESC, event_id DESC) WHERE ended_at IS NULL;
CREATE INDEX events_open_of_job ON events (owner, job_id) WHERE ended_at IS NULL AND job_id IS NOT NULL;
CREATE INDEX events_by_job ON events (owner, job_id, started_at, event_id) WHERE job_id IS NOT NULL;
CREATE INDEX events_by_confidence ON events (owner, motion_confidence);
CREATE INDEX events_by_duration ON events (owner, duration_ms);
CREATE INDEX events_by_change ON events (owner, change, event_id);
CREATE INDEX events_by_age ON events (owner, camera_id, created_at) WHERE NOT keep AND removing_at IS NULL;
CREATE INDEX events_removing ON events (removing_at) WHERE removing_at IS NOT NULL;
CREATE INDEX events_by_image ON events (image_path) WHERE image_path IS NOT NULL;
CREATE INDEX events_by_log ON events (json_log_path) WHERE json_log_path IS NOT NULL;
CREATE INDEX events_by_clip ON events (clip_key) WHERE clip_key IS NOT NULL;

CREATE TABLE event_terms (
  owner TEXT NOT NULL,
  term TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  PRIMARY KEY (owner, term, started_at DESC, event_id DESC)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER events_terms_added AFTER INSERT ON events BEGIN
  INSERT INTO event_terms SELECT new.owner, value, new.started_at, new.event_id FROM json_each(new.terms);
END;
CREATE TRIGGER events_terms_removed AFTER DELETE ON events BEGIN
  DELETE FROM event_terms WHERE owner = old.owner AND started_at = old.started_at AND event_id = old.event_id
    AND term IN (SELECT value FROM json_each(old.terms));
END;
CREATE TRIGGER events_terms_changed AFTER UPDATE OF terms ON events WHEN old.terms <> new.terms BEGIN
  DELETE FROM event_terms WHERE owner = old.owner AND started_at = old.started_at AND event_id = old.event_id
    AND term IN (SELECT value FROM json_each(old.terms));
  INSERT INTO event_terms SELECT new.owner, value, new.started_at, new.event_id FROM json_each(new.terms);
END;

-- One more with each transaction that writes: the order of changes, since only one writes at a time.
CREATE TABLE change_counter (value INTEGER NOT NULL) STRICT;
INSERT INTO change_counter VALUES (0);

PRAGMA user_version = ${schemaVersion};
`;
