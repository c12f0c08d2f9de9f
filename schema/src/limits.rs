//! Limits on what is taken from outside. Everything has one; each is a default that a setting may lower.

/// Bytes of one sync request after inflating.
pub const SYNC_BODY_BYTES_MAX: usize = 4 << 20;
/// Bytes of an answer, as sent, after inflating, and of changes that are packed in it. A first sync comes in pages far below it.
pub const ANSWER_BYTES_MAX: usize = 32 << 20;
/// Bytes of any other request body.
pub const JSON_BODY_BYTES_MAX: usize = 256 << 10;
/// Bytes of a price list or another uploaded table.
pub const TABLE_BODY_BYTES_MAX: usize = 4 << 20;
/// Bytes of one change, as sent.
pub const CHANGE_BYTES_MAX: usize = 64 << 10;
/// Bytes of one change's columns after inflating.
pub const CHANGE_INFLATED_BYTES_MAX: usize = 256 << 10;
/// Operations in one change, counted from its run lengths.
pub const CHANGE_OPS_MAX: u64 = 20_000;
/// Hashes that one change may depend on.
pub const CHANGE_DEPS_MAX: usize = 64;
/// Bytes of the message inside a change.
pub const CHANGE_MESSAGE_BYTES_MAX: usize = 256;
/// How far a change's first operation may lie above the document's last.
pub const CHANGE_OP_SLACK: u64 = 100_000;
/// Jobs in one push.
pub const PUSH_JOBS_MAX: usize = 500;
/// Changes of one job in one push.
pub const PUSH_CHANGES_MAX: usize = 2_000;
/// Maps within maps in a record.
pub const RECORD_DEPTH_MAX: usize = 8;
/// Bytes of a saved record; more is refused, so that no job outgrows a phone.
pub const RECORD_BYTES_MAX: usize = 4 << 20;
/// Bytes that a sync answer aims to stay under when the phone names no budget.
pub const ANSWER_BUDGET_BYTES: usize = 512 << 10;
/// Characters of a note, a remark, a reason.
pub const NOTE_CHARS_MAX: usize = 4_000;
/// Characters of a name, an address, a phone number, a model.
pub const FIELD_CHARS_MAX: usize = 400;
/// Characters of what a customer reads before they sign that data may be lost: the lines of a long quote.
pub const BACKUP_CHARS_MAX: usize = 12_000;
/// Characters of what a take-back receipt says of one thing, and of all of it: together with a signature it must fit into one change.
pub const TAKE_BACK_FIELD_CHARS_MAX: usize = 400;
pub const TAKE_BACK_CHARS_MAX: usize = 4_000;
/// Bytes of a signature's strokes as text.
pub const STROKES_BYTES_MAX: usize = 32 << 10;
/// Lines of one quote.
pub const QUOTE_LINES_MAX: usize = 100;
/// Offers among which a customer chooses at once.
pub const QUOTES_SHOWN_MAX: usize = 20;
/// Characters of a barcode: what a scanner reads in one go.
pub const BARCODE_CHARS_MAX: usize = 48;
/// Earlier visits that a phone carries for each of its jobs.
pub const EARLIER_VISITS_MAX: usize = 10;
/// Raw bytes kept of one refused change.
pub const QUARANTINE_BYTES_MAX: usize = 256 << 10;
/// Bytes of one entry of the quarantine; what is more lies in a second one. Above all that one push can bring.
pub const QUARANTINE_ENTRY_BYTES_MAX: usize = 2 * SYNC_BODY_BYTES_MAX;
/// Bytes of one phone's refused changes that nobody has decided about. What comes then is not taken: the phone keeps it.
pub const QUARANTINE_DEVICE_BYTES_MAX: i64 = 64 << 20;
/// Jobs of which a phone tells the heads: far more than one carries.
pub const HEADS_JOBS_MAX: usize = 5_000;
/// Places of one refused change that are adopted at once: more than a checklist has.
pub const ADOPTION_PLACES_MAX: usize = 400;
/// Entries among which one ruling chooses.
pub const RULING_ENTRIES_MAX: usize = 64;
/// Rows of a page when the client names no number, and at the most.
pub const PAGE_ROWS: i64 = 50;
pub const PAGE_ROWS_MAX: i64 = 200;
/// Characters of a log-in name.
pub const LOGIN_CHARS_MAX: usize = 64;
/// Characters of a password: fewer are guessed, more only cost us work.
pub const PASSWORD_CHARS_MIN: usize = 10;
pub const PASSWORD_CHARS_MAX: usize = 200;
/// Skills of one person.
pub const SKILLS_MAX: usize = 50;
/// Characters of a code that people type: an outlet's, a skill's, a staff number.
pub const CODE_CHARS_MAX: usize = 40;
/// Characters of an `Idempotency-Key`.
pub const IDEMPOTENCY_KEY_CHARS_MAX: usize = 100;
/// Items of a price list: each phone carries them all.
pub const PRICE_ITEMS_MAX: usize = 20_000;
/// Minor units of one price: ten million yuan for one item is a slip of the finger.
pub const PRICE_MINOR_MAX: i64 = 1_000_000_000;
/// Bytes of one piece of a photo that is made durable at once; a longer body is several.
pub const UPLOAD_PIECE_BYTES: usize = 1 << 20;
/// Bytes of a body that comes with a checksum: it is held in memory until the checksum fits.
pub const UPLOAD_CHECKED_BYTES_MAX: usize = 4 << 20;
/// Requests by which one person brings bytes of photos at the same time: a phone sends one after the other, and a person has few phones.
pub const UPLOADS_RECEIVED_MAX: usize = 4;
/// Large bodies of syncs that one person brings at the same time; the first gives way to one more.
pub const BODIES_ARRIVING_MAX: usize = 4;
/// Pieces of one upload. Where a link breaks more often than this, they are joined.
pub const UPLOAD_PIECES_MAX: i64 = 1_000;
/// Bytes of an `Upload-Metadata` header.
pub const UPLOAD_METADATA_BYTES_MAX: usize = 4 << 10;
/// Bytes of one photo: what a server takes that is set no other limit.
pub const PHOTO_BYTES_MAX: u64 = 20 << 20;
/// Pixels of a photo, and of one of its sides: far above what phones take. More is made to harm whoever opens it.
pub const PHOTO_PIXELS_MAX: u64 = 250_000_000;
pub const PHOTO_SIDE_MAX: u32 = 30_000;
/// Steps of a checklist, and what one step may hold: far more than anybody ticks at a door.
pub const TEMPLATE_STEPS_MAX: usize = 60;
pub const STEP_PLAYS_MAX: usize = 40;
pub const STEP_EVIDENCE_MAX: usize = 20;
pub const STEP_PHRASES_MAX: usize = 20;
/// Things on the list of what is taken along.
pub const TEMPLATE_KIT_MAX: usize = 100;
/// Months of warranty that a checklist may promise.
pub const WARRANTY_MONTHS_MAX: u32 = 120;
/// Bytes of a published checklist, as it is sent and as it is kept.
pub const TEMPLATE_BYTES_MAX: usize = JSON_BODY_BYTES_MAX;
/// Versions of checklists that a company publishes, all together: one a day for three years.
pub const TEMPLATES_MAX: i64 = 1_000;
/// What is wrong with one uploaded file, and said at once.
pub const FAULTS_TOLD_MAX: usize = 100;
/// Photos that one answer to a sync names as owed; the next names more.
pub const PHOTOS_OWED_MAX: usize = 500;
