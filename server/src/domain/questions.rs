//! Questions that the desk can't answer: passed upward to the desk supervisor, with five minutes until the customer hears. The
//! report stays with whoever has it in hand: they ask, and they tell the customer, unless who answers does.

use crate::auth::Caller;
use crate::db::questions::QuestionFilter;
use crate::db::{self, Conn};
use crate::domain::form::Form;
use crate::domain::{outlets, reports};
use crate::feed::{self, Notice};
use schema::id::{PersonId, QuestionId, ReportId};
use schema::page::{Page, rows};
use schema::people::{Permission, PersonName};
use schema::problem::{Kind, Problem};
use schema::question::{AnswerQuestion, CreateQuestion, Question, QuestionAnswer, Told};
use schema::report::ReportState;
use schema::rows::questions::QuestionRow;
use schema::time::{MINUTE, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What a list of questions is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search {
    pub is_open: Option<bool>,
    pub is_answered: Option<bool>,
    pub after: Option<QuestionId>,
    pub limit: Option<i64>,
}

/// Passes a question upward.
pub fn create(
    conn: &mut Conn,
    caller: &Caller,
    new: (QuestionId, Timestamp),
    report: ReportId,
    input: &CreateQuestion,
) -> Result<Question, Problem> {
    let (id, now) = new;
    let report = reports::load_to_act(conn, caller, report, Permission::AmendJobs)?;
    let mut form = Form::default();
    let text = form.note("/text", &input.text);
    form.finish()?;
    if matches!(report.state, ReportState::Answered | ReportState::Void) {
        return Err(Problem::because(Kind::Conflict, "该报修已办结", "This report is closed"));
    }
    let minutes = outlets::load(conn, report.outlet_id)?.settings.question_minutes;
    let row = QuestionRow {
        id,
        outlet_id: report.outlet_id,
        report_id: report.id,
        text,
        asked_by: caller.person,
        asked_at: now,
        due_at: now.plus(minutes.saturating_mul(MINUTE)),
        answer: None,
        answered_by: None,
        answered_at: None,
        told_by: None,
        told_at: None,
    };
    db::questions::insert_question(conn, &row)?;
    show(conn, row, now)
}

/// Answers a question, once.
pub fn answer(
    conn: &mut Conn,
    caller: &Caller,
    now: Timestamp,
    id: QuestionId,
    input: &AnswerQuestion,
) -> Result<Question, Problem> {
    let row = db::questions::find_question(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    caller.require_outlet(row.outlet_id)?;
    let mut form = Form::default();
    let text = form.note("/text", &input.text);
    form.finish()?;
    let is_first = db::questions::update_answer(conn, id, &text, caller.person, now)?;
    // A repeated answer that says the same is the same answer.
    let is_same = row.answered_by == Some(caller.person) && row.answer.as_deref() == Some(&text);
    if !is_first && !is_same {
        return Err(Problem::because(Kind::Conflict, "已经答复过", "It has been answered already"));
    }
    feed::post(Notice::Desk(row.outlet_id));
    if input.told {
        db::questions::update_told(conn, id, caller.person, now)?;
    }
    find(conn, id, now)
}

/// The customer was told what was answered. Asked again, the first telling stands.
pub fn tell(conn: &mut Conn, caller: &Caller, now: Timestamp, id: QuestionId) -> Result<Question, Problem> {
    let row = db::questions::find_question(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    // Whoever has the report in hand may say so, and the desk.
    reports::load_to_act(conn, caller, row.report_id, Permission::AmendJobs)?;
    if row.answered_at.is_none() && row.told_at.is_none() {
        let en = "Nobody has answered it yet; if you know, answer the report";
        return Err(Problem::because(Kind::Conflict, "主管尚未答复；如已有答案，请直接答复该报修", en));
    }
    db::questions::update_told(conn, id, caller.person, now)?;
    find(conn, id, now)
}

/// Those of the outlet.
pub fn list(conn: &mut Conn, caller: &Caller, now: Timestamp, search: Search) -> Result<Page<Question>, Problem> {
    caller.require(Permission::ReadJobs)?;
    page(conn, now, QuestionFilter { outlet: caller.outlet_filter(), ..filter(search) }, search)
}

/// Those of one report.
pub fn list_of_report(
    conn: &mut Conn,
    caller: &Caller,
    now: Timestamp,
    report: ReportId,
    search: Search,
) -> Result<Page<Question>, Problem> {
    let report = reports::load(conn, caller, report)?.id;
    page(conn, now, QuestionFilter { report: Some(report), ..filter(search) }, search)
}

fn filter(search: Search) -> QuestionFilter {
    QuestionFilter { is_open: search.is_open, is_answered: search.is_answered, ..QuestionFilter::default() }
}

fn page(conn: &mut Conn, now: Timestamp, filter: QuestionFilter, search: Search) -> Result<Page<Question>, Problem> {
    let limit = rows(search.limit);
    let is_theirs = |row: &QuestionRow| {
        filter.outlet.is_none_or(|outlet| outlet == row.outlet_id)
            && filter.report.is_none_or(|report| report == row.report_id)
    };
    let after = match search.after {
        Some(id) => {
            let row = db::questions::find_question(conn, id)?.filter(is_theirs);
            Some(row.ok_or_else(|| Problem::new(Kind::NotFound))?)
        }
        None => None,
    };
    let found = db::questions::list_questions(conn, filter, after.as_ref(), limit.saturating_add(1))?;
    let page = Page::cut(found, limit, |row| row.id.to_string());
    Ok(Page { items: show_all(conn, page.items, now)?, next: page.next })
}

fn find(conn: &mut Conn, id: QuestionId, now: Timestamp) -> Result<Question, Problem> {
    let row = db::questions::find_question(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    show(conn, row, now)
}

fn show(conn: &mut Conn, row: QuestionRow, now: Timestamp) -> Result<Question, Problem> {
    show_all(conn, vec![row], now)?.pop().ok_or_else(|| Problem::internal("a question that is not shown"))
}

/// However many there are, the people and the reports are looked up once.
fn show_all(conn: &mut Conn, rows: Vec<QuestionRow>, now: Timestamp) -> Result<Vec<Question>, Problem> {
    let people: BTreeSet<PersonId> =
        rows.iter().flat_map(|row| [Some(row.asked_by), row.answered_by]).flatten().collect();
    let reports: BTreeSet<ReportId> = rows.iter().map(|row| row.report_id).collect();
    let names = db::people::list_names(conn, &Vec::from_iter(people))?;
    let numbers: BTreeMap<ReportId, String> =
        db::reports::list_numbers(conn, &Vec::from_iter(reports))?.into_iter().collect();
    let named = |id: PersonId| PersonName { id, name: names.get(&id).cloned().unwrap_or_default() };
    let shown = |row: QuestionRow| {
        let answer = row.answer.zip(row.answered_by.zip(row.answered_at));
        Question {
            id: row.id,
            outlet: row.outlet_id,
            report: row.report_id,
            number: numbers.get(&row.report_id).cloned().unwrap_or_default(),
            text: row.text,
            asked_by: named(row.asked_by),
            asked_at: row.asked_at,
            due_at: row.due_at,
            is_late: row.told_at.unwrap_or(now) > row.due_at,
            answer: answer.map(|(text, (by, at))| QuestionAnswer { text, by: named(by), at }),
            told: row.told_by.zip(row.told_at).map(|(by, at)| Told { by, at }),
        }
    };
    Ok(rows.into_iter().map(shown).collect())
}
