//! The tables, one list for both engines; a test holds it against each. Portable columns only: times `BigInt` microseconds,
//! ids 16-byte `Binary`, enums and JSON `Text`, money `BigInt` minor units.

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
    outlets (id) {
        id -> Binary,
        code -> Text,
        name -> Text,
        time_zone -> Text,
        phone -> Text,
        settings -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    outlet_settings (outlet_id, since) {
        outlet_id -> Binary,
        since -> BigInt,
        time_zone -> Text,
        settings -> Text,
    }
}

diesel::table! {
    people (id) {
        id -> Binary,
        outlet_id -> Binary,
        login -> Text,
        staff_number -> Text,
        name -> Text,
        phone -> Text,
        role -> Text,
        skills -> Text,
        language -> Text,
        password_hash -> Text,
        feed_seq -> BigInt,
        feed_digest -> Binary,
        created_at -> BigInt,
        disabled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    devices (id) {
        id -> Binary,
        person_id -> Binary,
        name -> Text,
        public_key -> Binary,
        enrolled_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        revoked_by -> Nullable<Binary>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Binary,
        person_id -> Binary,
        device_id -> Nullable<Binary>,
        client -> Text,
        created_at -> BigInt,
        used_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        ended_why -> Nullable<Text>,
        refreshed_with -> Nullable<Binary>,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Binary,
        session_id -> Binary,
        issued_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        parent_hash -> Nullable<Binary>,
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
    customers (id) {
        id -> Binary,
        outlet_id -> Binary,
        name -> Text,
        phone -> Text,
        phone_digits -> Text,
        address -> Text,
        address_key -> Text,
        name_key -> Text,
        class -> Text,
        latitude_e6 -> Nullable<BigInt>,
        longitude_e6 -> Nullable<BigInt>,
        refuses_calls -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    reports (id) {
        id -> Binary,
        number -> Text,
        outlet_id -> Binary,
        customer_id -> Nullable<Binary>,
        job_id -> Nullable<Binary>,
        class -> Text,
        channel -> Text,
        state -> Text,
        outcome -> Text,
        urgency -> Nullable<Text>,
        name -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone_digits -> Text,
        address -> Nullable<Text>,
        address_key -> Text,
        fault -> Nullable<Text>,
        fault_class -> Nullable<Text>,
        product -> Nullable<Text>,
        details -> Text,
        repeated_back -> Bool,
        taken_by -> Binary,
        owner_id -> Binary,
        taken_at -> BigInt,
        answer -> Nullable<Text>,
        closed_at -> Nullable<BigInt>,
        repeat_of -> Nullable<Binary>,
        repeat_verdict -> Nullable<Text>,
        repeat_decided_by -> Nullable<Binary>,
    }
}

diesel::table! {
    report_owners (id) {
        id -> Binary,
        report_id -> Binary,
        person_id -> Binary,
        since -> BigInt,
        handed_by -> Binary,
    }
}

diesel::table! {
    phone_looks (subject_id, person_id, looked_at) {
        subject_id -> Binary,
        subject -> Text,
        person_id -> Binary,
        looked_at -> BigInt,
    }
}

diesel::table! {
    promises (id) {
        id -> Binary,
        outlet_id -> Binary,
        report_id -> Nullable<Binary>,
        job_id -> Nullable<Binary>,
        owner_id -> Binary,
        text -> Text,
        due_at -> BigInt,
        made_by -> Binary,
        made_at -> BigInt,
        kept_by -> Nullable<Binary>,
        kept_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    price_lists (version) {
        version -> BigInt,
        name -> Text,
        currency -> Text,
        valid_from -> BigInt,
        sha256 -> Binary,
        imported_by -> Binary,
        imported_at -> BigInt,
    }
}

diesel::table! {
    price_items (version, code) {
        version -> BigInt,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        unit -> Text,
        kind -> Text,
        price_minor -> BigInt,
        valid_from -> Nullable<BigInt>,
        valid_to -> Nullable<BigInt>,
    }
}

diesel::table! {
    questions (id) {
        id -> Binary,
        outlet_id -> Binary,
        report_id -> Binary,
        text -> Text,
        asked_by -> Binary,
        asked_at -> BigInt,
        due_at -> BigInt,
        answer -> Nullable<Text>,
        answered_by -> Nullable<Binary>,
        answered_at -> Nullable<BigInt>,
        told_by -> Nullable<Binary>,
        told_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    price_requests (id) {
        id -> Binary,
        outlet_id -> Binary,
        job_id -> Binary,
        text -> Text,
        asked_by -> Binary,
        asked_at -> BigInt,
        due_at -> BigInt,
        answered_by -> Nullable<Binary>,
        answered_at -> Nullable<BigInt>,
        feasible -> Nullable<Bool>,
        unit -> Nullable<Text>,
        price_minor -> Nullable<BigInt>,
        currency -> Nullable<Text>,
        remark -> Nullable<Text>,
    }
}

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

diesel::table! {
    jobs (id) {
        id -> Binary,
        number -> Text,
        outlet_id -> Binary,
        report_id -> Binary,
        customer_id -> Nullable<Binary>,
        rework_of -> Nullable<Binary>,
        template -> Text,
        template_version -> Integer,
        status -> Text,
        urgency -> Nullable<Text>,
        skill -> Nullable<Text>,
        name -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone_digits -> Text,
        address -> Nullable<Text>,
        fault -> Nullable<Text>,
        product -> Nullable<Text>,
        technician_id -> Nullable<Binary>,
        technician_name -> Nullable<Text>,
        window_from -> Nullable<BigInt>,
        window_to -> Nullable<BigInt>,
        conflicts -> BigInt,
        currency -> Text,
        total_minor -> Nullable<BigInt>,
        due_minor -> Nullable<BigInt>,
        paid_minor -> BigInt,
        signed_at -> Nullable<BigInt>,
        sign_offs -> BigInt,
        alarms -> BigInt,
        reported_at -> BigInt,
        next_due_at -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
        matters -> BigInt,
        time_flags -> BigInt,
    }
}

diesel::table! {
    job_clocks (job_id, rule, run) {
        job_id -> Binary,
        rule -> Text,
        run -> BigInt,
        started_at -> BigInt,
        warn_at -> BigInt,
        due_at -> BigInt,
        stopped_at -> Nullable<BigInt>,
        paused_us -> BigInt,
        is_paused -> Bool,
        not_before -> Bool,
    }
}

diesel::table! {
    job_notes (id) {
        id -> Binary,
        job_id -> Binary,
        text -> Text,
        written_by -> Binary,
        written_at -> BigInt,
    }
}

diesel::table! {
    links (id) {
        id -> Binary,
        job_id -> Binary,
        token_hash -> Binary,
        scope -> Text,
        created_by -> Binary,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        revoked_by -> Nullable<Binary>,
    }
}

diesel::table! {
    link_opens (link_id, opened_at, act) {
        link_id -> Binary,
        opened_at -> BigInt,
        act -> Text,
        address -> Text,
        browser -> Text,
    }
}

diesel::table! {
    follow_ups (id) {
        id -> Binary,
        outlet_id -> Binary,
        job_id -> Binary,
        reason -> Text,
        not_before -> BigInt,
        due_at -> BigInt,
        rank -> BigInt,
        state -> Text,
        closed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    calls (id) {
        id -> Binary,
        follow_up_id -> Binary,
        made_by -> Binary,
        made_at -> BigInt,
        reached -> Bool,
        satisfied -> Nullable<Bool>,
        remarks -> Nullable<Text>,
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

diesel::joinable!(price_items -> price_lists (version));
diesel::joinable!(push_jobs -> pushes (push_id));
diesel::joinable!(sessions -> people (person_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(people -> outlets (outlet_id));
diesel::joinable!(calls -> follow_ups (follow_up_id));

diesel::allow_tables_to_appear_in_same_query!(
    actors,
    background_jobs,
    calls,
    changes,
    counters,
    customers,
    devices,
    feed,
    follow_ups,
    grants,
    idempotency,
    job_clocks,
    job_notes,
    job_photos,
    jobs,
    link_opens,
    links,
    meta,
    outlets,
    people,
    phone_looks,
    photo_receipts,
    photos,
    price_items,
    price_lists,
    price_requests,
    promises,
    push_jobs,
    pushes,
    quarantine,
    questions,
    records,
    refresh_tokens,
    report_owners,
    reports,
    sessions,
    signing_keys,
    throttles,
    upload_pieces,
    uploads,
);
