//! Internal notes on jobs: no phone carries them.

use crate::id::{JobId, NoteId, PersonId};
use crate::tables::job_notes;
use crate::time::Timestamp;
use diesel::prelude::*;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = job_notes, treat_none_as_default_value = false)]
pub struct JobNoteRow {
    pub id: NoteId,
    pub job_id: JobId,
    pub text: String,
    pub written_by: PersonId,
    pub written_at: Timestamp,
    /// The note that this one stands in the place of.
    pub corrects: Option<NoteId>,
}
