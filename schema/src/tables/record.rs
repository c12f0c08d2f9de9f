//! The log of each job's record, what of it goes to whom, and what was refused.

diesel::table! {
    records (job_id) {
        job_id -> Binary,
        outlet_id -> Binary,
        length -> BigInt,
        heads -> Binary,
        snapshot -> Binary,
        snapshot_length -> BigInt,
    }
}

diesel::table! {
    pushes (id) {
        id -> Binary,
        device_id -> Binary,
        request_id -> Binary,
        received_at -> BigInt,
        phone_at -> BigInt,
        since_contact_us -> Nullable<BigInt>,
        leaves -> Binary,
        device_signature -> Binary,
        receipt_signature -> Binary,
        receipt_key -> Binary,
    }
}

diesel::table! {
    push_jobs (job_id, push_id) {
        job_id -> Binary,
        push_id -> Binary,
        pushed -> Binary,
    }
}

diesel::table! {
    changes (job_id, pos) {
        job_id -> Binary,
        pos -> BigInt,
        hash -> Binary,
        actor -> Binary,
        seq -> BigInt,
        bytes -> Binary,
        person_id -> Nullable<Binary>,
        device_id -> Nullable<Binary>,
        push_id -> Nullable<Binary>,
        received_at -> BigInt,
        clock -> Nullable<Text>,
        retimed_at -> Nullable<BigInt>,
        error_us -> Nullable<BigInt>,
        time_flags -> Nullable<Text>,
    }
}

diesel::table! {
    actors (job_id, actor) {
        job_id -> Binary,
        actor -> Binary,
        device_id -> Binary,
        leased_at -> BigInt,
    }
}

diesel::table! {
    grants (person_id, job_id) {
        person_id -> Binary,
        job_id -> Binary,
        granted_at -> BigInt,
    }
}

diesel::table! {
    feed (person_id, seq) {
        person_id -> Binary,
        seq -> BigInt,
        kind -> Text,
        job_id -> Binary,
        pos_from -> BigInt,
        pos_to -> BigInt,
        reason -> Nullable<Text>,
        device_id -> Nullable<Binary>,
    }
}

diesel::table! {
    quarantine (id) {
        id -> Binary,
        job_id -> Binary,
        outlet_id -> Nullable<Binary>,
        person_id -> Binary,
        device_id -> Binary,
        actor -> Binary,
        first_hash -> Binary,
        code -> Text,
        content -> Text,
        detail -> Text,
        bytes -> Binary,
        bytes_total -> BigInt,
        salvaged_hash -> Nullable<Binary>,
        received_at -> BigInt,
        clocks -> Nullable<Text>,
        handed_in_by -> Nullable<Binary>,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    quarantine_decisions (quarantine_id, change_hash, place) {
        quarantine_id -> Binary,
        change_hash -> Binary,
        place -> Text,
        outcome -> Text,
        reason -> Nullable<Text>,
        decided_by -> Binary,
        decided_at -> BigInt,
    }
}
