//! What the service keeps of itself: its identity and keys, counters, kept answers, throttles, background jobs, moves.

diesel::table! {
    meta (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    counters (name) {
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        purpose -> Text,
        secret -> Binary,
        public -> Binary,
        created_at -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    throttles (key) {
        key -> Text,
        failures -> BigInt,
        until -> BigInt,
    }
}

diesel::table! {
    idempotency (person_id, key) {
        person_id -> Binary,
        key -> Text,
        request_hash -> Binary,
        status -> Integer,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    moves (xid, subject_id) {
        xid -> BigInt,
        subject_id -> Binary,
        outlet_id -> Binary,
        moved_at -> BigInt,
    }
}

diesel::table! {
    background_jobs (id) {
        id -> Binary,
        kind -> Text,
        payload -> Text,
        enqueued_at -> BigInt,
        run_at -> BigInt,
        attempts -> Integer,
        last_error -> Nullable<Text>,
        parked_at -> Nullable<BigInt>,
    }
}
