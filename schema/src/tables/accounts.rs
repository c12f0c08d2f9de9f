//! Outlets, the people who work there, their phones and sessions.

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
