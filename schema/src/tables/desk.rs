//! The desk: customers, reports, promises, questions, prices.

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
        barcode -> Nullable<Text>,
        destroys_data -> Bool,
        setup -> Bool,
    }
}

diesel::table! {
    templates (id, version) {
        id -> Text,
        version -> Integer,
        name_zh -> Text,
        name_en -> Text,
        steps -> Integer,
        body -> Text,
        sha256 -> Binary,
        published_by -> Binary,
        published_at -> BigInt,
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
        destroys_data -> Bool,
    }
}
