//! What a phone is told of decisions about what it, or another phone of the same person, had sent.

use crate::db::{self, Conn};
use schema::id::{JobId, PersonId, QuarantineId};
use schema::problem::Problem;
use schema::rows::records::QuarantineDecisionRow;
use schema::wire::{Decided, DecidedPart};

/// Entries of one person that are told of at once; what is older, their phones have long heard of.
const ENTRIES_MAX: i64 = 100;

/// All decisions about a person's entries in these jobs, or in all. A phone knows an entry by its id, so hearing of it again is harmless.
pub fn of_person(conn: &mut Conn, person: PersonId, jobs: Option<&[JobId]>) -> Result<Vec<Decided>, Problem> {
    if jobs.is_some_and(<[JobId]>::is_empty) {
        return Ok(Vec::new());
    }
    let entries = db::quarantine::list_of_person(conn, person, jobs, ENTRIES_MAX)?;
    let ids: Vec<QuarantineId> = entries.iter().map(|(id, ..)| *id).collect();
    let decisions = db::quarantine::list_decisions(conn, &ids)?;
    let mut told = Vec::new();
    for (id, job, change) in entries {
        let parts = parts(conn, decisions.iter().filter(|row| row.quarantine_id == id))?;
        if !parts.is_empty() {
            let number = db::jobs::find_job(conn, job)?.map(|row| row.number);
            told.push(Decided { quarantine: id, job, number, change, parts });
        }
    }
    Ok(told)
}

/// What was decided together, told together.
fn parts<'a>(
    conn: &mut Conn,
    rows: impl Iterator<Item = &'a QuarantineDecisionRow>,
) -> Result<Vec<DecidedPart>, Problem> {
    let mut parts: Vec<DecidedPart> = Vec::new();
    for row in rows {
        let by = db::people::find_name(conn, row.decided_by)?.unwrap_or_default();
        let new = DecidedPart {
            outcome: row.outcome,
            places: vec![row.place.clone()],
            by,
            at: row.decided_at,
            reason: row.reason.clone(),
        };
        let same = |part: &&mut DecidedPart| {
            (part.outcome, &part.by, part.at, &part.reason) == (new.outcome, &new.by, new.at, &new.reason)
        };
        match parts.iter_mut().find(same) {
            Some(part) => part.places.extend(new.places),
            None => parts.push(new),
        }
    }
    Ok(parts)
}
