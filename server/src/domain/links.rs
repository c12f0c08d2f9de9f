//! The customer's link, as the office makes, lists and revokes it. The token is shown once; the database holds its hash.

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::clocks;
use crate::domain::form::Form;
use crate::domain::jobs::{self, By};
use crate::domain::records::Stored;
use schema::binary::Hash;
use schema::id::{JobId, LinkId};
use schema::link::{CreateLink, Link, LinkOpen, LinkScope};
use schema::problem::{Kind, Problem};
use schema::rows::links::LinkRow;
use schema::time::{DAY, Timestamp};
use std::collections::BTreeSet;

/// A year: longer than any warranty on a repair.
const DAYS_MAX: i64 = 366;
/// Openings shown with a link.
const OPENS_SHOWN: i64 = 50;

/// What only the caller of the command knows.
pub struct Made {
    pub token_hash: Hash,
    /// At the least, where it goes with its job.
    pub days: i64,
}

pub fn create(conn: &mut Conn, by: &By, job: JobId, input: &CreateLink, made: &Made) -> Result<Link, Problem> {
    let mut form = Form::default();
    if input.scope.is_empty() {
        form.wrong("/scope", "请至少选择一项权限", "choose at least one thing that it allows");
    }
    let days = input.expires_in_days.unwrap_or(made.days);
    if !(1..=DAYS_MAX).contains(&days) {
        let (zh, en) = (format!("有效期为 1 至 {DAYS_MAX} 天"), format!("from 1 to {DAYS_MAX} days"));
        form.wrong("/expires_in_days", zh, en);
    }
    form.finish()?;
    let stored = jobs::load(conn, &by.caller, job)?;
    if schema::status::status(&stored.view()?) == schema::status::Status::Cancelled {
        return Err(Problem::new(Kind::JobClosed));
    }
    let scope: BTreeSet<LinkScope> = input.scope.iter().copied().chain([LinkScope::View]).collect();
    let row = LinkRow {
        id: LinkId::new(by.now, by.random),
        job_id: job,
        token_hash: made.token_hash,
        scope: serde_json::to_string(&scope).map_err(Problem::internal)?,
        created_by: by.caller.person,
        created_at: by.now,
        expires_at: by.now.plus(days.saturating_mul(DAY)),
        revoked_at: None,
        revoked_by: None,
        with_job: input.expires_in_days.is_none(),
    };
    db::links::insert_link(conn, &row)?;
    show(conn, row, &stored, by.now)
}

/// Newest first.
pub fn list(conn: &mut Conn, caller: &Caller, job: JobId, now: Timestamp) -> Result<Vec<Link>, Problem> {
    let stored = jobs::load(conn, caller, job)?;
    let rows = db::links::list_links(conn, job)?;
    rows.into_iter().map(|row| show(conn, row, &stored, now)).collect()
}

pub fn revoke(conn: &mut Conn, by: &By, job: JobId, id: LinkId) -> Result<(), Problem> {
    jobs::load(conn, &by.caller, job)?;
    let row = db::links::find_link(conn, id)?.filter(|row| row.job_id == job);
    let row = row.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok(db::links::revoke_link(conn, row.id, Some(by.caller.person), by.now)?)
}

fn show(conn: &mut Conn, row: LinkRow, stored: &Stored, now: Timestamp) -> Result<Link, Problem> {
    let expires_at = row.ends_at(&stored.view()?, clocks::warranty_until(conn, stored, now)?);
    let opens = db::links::list_opens(conn, row.id, OPENS_SHOWN)?;
    let open = |row: schema::rows::links::LinkOpenRow| LinkOpen {
        at: row.opened_at,
        address: row.address,
        browser: row.browser,
        act: row.act,
    };
    Ok(Link {
        id: row.id,
        scope: row.scopes(),
        created_by: jobs::name_of(conn, row.created_by)?,
        created_at: row.created_at,
        expires_at,
        revoked_at: row.revoked_at,
        is_valid: row.is_valid(expires_at, now),
        opens: opens.into_iter().map(open).collect(),
    })
}
