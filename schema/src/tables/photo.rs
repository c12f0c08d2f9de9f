//! Photos: what records name, what is here, and uploads under way.

diesel::table! {
    job_photos (job_id, sha256) {
        job_id -> Binary,
        sha256 -> Binary,
        outlet_id -> Binary,
        step -> Text,
        bytes -> BigInt,
        width -> BigInt,
        height -> BigInt,
        person_id -> Binary,
        device_id -> Nullable<Binary>,
        taken_at -> BigInt,
        named_at -> BigInt,
        owed_since -> Nullable<BigInt>,
    }
}

diesel::table! {
    photos (sha256) {
        sha256 -> Binary,
        bytes -> BigInt,
        media_type -> Text,
        evidence -> Text,
        stored_at -> BigInt,
        copies -> Text,
    }
}

diesel::table! {
    photo_receipts (job_id, sha256) {
        job_id -> Binary,
        sha256 -> Binary,
        person_id -> Binary,
        device_id -> Nullable<Binary>,
        received_at -> BigInt,
    }
}

diesel::table! {
    photo_refusals (job_id, sha256) {
        job_id -> Binary,
        sha256 -> Binary,
        why -> Text,
        refused_at -> BigInt,
    }
}

diesel::table! {
    uploads (id) {
        id -> Binary,
        job_id -> Binary,
        sha256 -> Binary,
        person_id -> Binary,
        device_id -> Nullable<Binary>,
        bytes -> BigInt,
        received -> BigInt,
        done -> Bool,
        expires_at -> BigInt,
    }
}

diesel::table! {
    upload_pieces (upload_id, place) {
        upload_id -> Binary,
        place -> BigInt,
        bytes -> BigInt,
        object -> Text,
    }
}
