//! What follows from the records, and what the desk does beside them.

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
        latitude_e6 -> Nullable<BigInt>,
        longitude_e6 -> Nullable<BigInt>,
        delay_arrives_at -> Nullable<BigInt>,
        delay_at -> Nullable<BigInt>,
        delay_word -> Nullable<Text>,
        escalates_at -> Nullable<BigInt>,
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
    escalations (id) {
        id -> Binary,
        outlet_id -> Binary,
        job_id -> Binary,
        rule -> Text,
        run -> BigInt,
        level -> BigInt,
        round -> BigInt,
        to_role -> Text,
        counted_from -> Text,
        reached_at -> BigInt,
        due_at -> BigInt,
        raised_at -> BigInt,
        state -> Text,
        holder_id -> Nullable<Binary>,
        stopped_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    escalation_takers (escalation_id, turn) {
        escalation_id -> Binary,
        turn -> BigInt,
        person_id -> Binary,
        taken_at -> BigInt,
        remark -> Text,
    }
}

diesel::table! {
    job_notes (id) {
        id -> Binary,
        job_id -> Binary,
        text -> Text,
        written_by -> Binary,
        written_at -> BigInt,
        corrects -> Nullable<Binary>,
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
        with_job -> Bool,
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
