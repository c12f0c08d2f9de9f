//! Questions passed upward.

use crate::db::order::{falling, rising};
use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::id::{OutletId, PersonId, QuestionId, ReportId};
use schema::rows::questions::QuestionRow;
use schema::tables::questions;
use schema::time::Timestamp;

pub fn find_question(conn: &mut Conn, id: QuestionId) -> Result<Option<QuestionRow>> {
    Ok(questions::table.find(id).select(QuestionRow::as_select()).first(conn).optional()?)
}

/// What narrows a list of questions.
#[derive(Debug, Clone, Copy, Default)]
pub struct QuestionFilter {
    pub outlet: Option<OutletId>,
    pub report: Option<ReportId>,
    /// The customer still waits.
    pub is_open: Option<bool>,
    pub is_answered: Option<bool>,
}

/// A page that begins after this row: where only open ones are asked for the first due first, where only others the last told first, else in
/// the order in which they were asked.
pub fn list_questions(
    conn: &mut Conn,
    filter: QuestionFilter,
    after: Option<&QuestionRow>,
    limit: i64,
) -> Result<Vec<QuestionRow>> {
    let mut query = questions::table.limit(limit).select(QuestionRow::as_select()).into_boxed();
    if let Some(outlet) = filter.outlet {
        query = query.filter(questions::outlet_id.eq(outlet));
    }
    if let Some(report) = filter.report {
        query = query.filter(questions::report_id.eq(report));
    }
    match filter.is_answered {
        Some(true) => query = query.filter(questions::answered_at.is_not_null()),
        Some(false) => query = query.filter(questions::answered_at.is_null()),
        None => {}
    }
    let (told_at, id) = (questions::told_at, questions::id);
    Ok(match filter.is_open {
        Some(true) => {
            let (query, after) = (query.filter(told_at.is_null()), after.map(|row| (row.due_at, row.id)));
            rising!(query, (questions::due_at, id), after).load(conn)?
        }
        Some(false) => {
            let (query, after) = (query.filter(told_at.is_not_null()), after.and_then(ended));
            falling!(query, (told_at.assume_not_null(), id), after).load(conn)?
        }
        None => {
            if let Some(after) = after {
                query = query.filter(id.gt(after.id));
            }
            query.order(id).load(conn)?
        }
    })
}

/// Its place among those whose customer was told; others would come before them all.
fn ended(row: &QuestionRow) -> Option<(Timestamp, QuestionId)> {
    row.told_at.zip(Some(row.id))
}

pub fn insert_question(conn: &mut Conn, row: &QuestionRow) -> Result<()> {
    diesel::insert_into(questions::table).values(row).execute(conn)?;
    Ok(())
}

/// Writes the answer, if there is none yet. False where there is.
pub fn update_answer(conn: &mut Conn, id: QuestionId, text: &str, by: PersonId, at: Timestamp) -> Result<bool> {
    let target = questions::table.filter(questions::id.eq(id).and(questions::answered_at.is_null()));
    let answer =
        (questions::answer.eq(Some(text)), questions::answered_by.eq(Some(by)), questions::answered_at.eq(Some(at)));
    Ok(diesel::update(target).set(answer).execute(conn)? == 1)
}

/// The customer was told; the first telling stands.
pub fn update_told(conn: &mut Conn, id: QuestionId, by: PersonId, at: Timestamp) -> Result<()> {
    let target = questions::table.filter(questions::id.eq(id).and(questions::told_at.is_null()));
    diesel::update(target).set((questions::told_by.eq(Some(by)), questions::told_at.eq(Some(at)))).execute(conn)?;
    Ok(())
}

/// The same for all that a report's customer still waits for.
pub fn update_told_of(conn: &mut Conn, report: ReportId, by: PersonId, at: Timestamp) -> Result<()> {
    let target = questions::table.filter(questions::report_id.eq(report).and(questions::told_at.is_null()));
    diesel::update(target).set((questions::told_by.eq(Some(by)), questions::told_at.eq(Some(at)))).execute(conn)?;
    Ok(())
}
