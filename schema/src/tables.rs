//! The tables, one list for both engines; a test holds it against each. Portable columns only: times `BigInt` microseconds,
//! ids 16-byte `Binary`, enums and JSON `Text`, money `BigInt` minor units.

mod accounts;
mod desk;
mod photo;
mod record;
mod upkeep;
mod work;

pub use accounts::*;
pub use desk::*;
pub use photo::*;
pub use record::*;
pub use upkeep::*;
pub use work::*;

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
    escalation_takers,
    escalations,
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
    photo_refusals,
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
    templates,
    throttles,
    upload_pieces,
    uploads,
);
