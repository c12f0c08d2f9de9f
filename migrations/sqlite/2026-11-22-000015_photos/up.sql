-- Photos. What records name (a projection), what lies in the store of photos, for which job it was handed in, and what is on its way.

CREATE TABLE job_photos (
    job_id BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    outlet_id BLOB NOT NULL,
    step TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    person_id BLOB NOT NULL,
    -- The phone whose change names it; none where the server wrote the change.
    device_id BLOB,
    taken_at BIGINT NOT NULL,
    named_at BIGINT NOT NULL,
    -- The same as named_at, until the photo is here for this job.
    owed_since BIGINT,
    PRIMARY KEY (job_id, sha256)
);
CREATE INDEX job_photos_sha256 ON job_photos (sha256);
CREATE INDEX job_photos_owed_by ON job_photos (person_id) WHERE owed_since IS NOT NULL;
CREATE INDEX job_photos_owed_to ON job_photos (outlet_id, owed_since, job_id, sha256) WHERE owed_since IS NOT NULL;

CREATE TABLE photos (
    sha256 BLOB PRIMARY KEY NOT NULL,
    bytes BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    -- What the camera wrote into the file, as JSON: for the office, never for customers.
    evidence TEXT NOT NULL,
    stored_at BIGINT NOT NULL,
    -- waiting, made, refused
    copies TEXT NOT NULL
);

-- Who had the bytes handed them in for this job, and so may read them there: knowing a hash gives no right.
CREATE TABLE photo_receipts (
    job_id BLOB NOT NULL,
    sha256 BLOB NOT NULL REFERENCES photos (sha256),
    person_id BLOB NOT NULL REFERENCES people (id),
    device_id BLOB,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (job_id, sha256)
);
CREATE INDEX photo_receipts_sha256 ON photo_receipts (sha256);

CREATE TABLE uploads (
    id BLOB PRIMARY KEY NOT NULL,
    job_id BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    person_id BLOB NOT NULL REFERENCES people (id),
    device_id BLOB,
    bytes BIGINT NOT NULL,
    -- Bytes that are durable.
    received BIGINT NOT NULL,
    done BOOLEAN NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX uploads_person ON uploads (person_id, done);
CREATE INDEX uploads_job ON uploads (job_id, done);
CREATE INDEX uploads_expires ON uploads (expires_at);

-- Where the bytes lie meanwhile.
CREATE TABLE upload_pieces (
    upload_id BLOB NOT NULL REFERENCES uploads (id),
    place BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    object TEXT NOT NULL,
    PRIMARY KEY (upload_id, place)
);
