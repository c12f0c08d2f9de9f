//! The service task sheet (维修服务任务单) as it stands, and as it was signed, at any later time.

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::clocks;
use crate::domain::jobs::{self, detail};
use crate::domain::records::Stored;
use crate::domain::templates;
use schema::id::{EntryId, JobId};
use schema::job::JobSheet;
use schema::people::Language;
use schema::problem::{Kind, Problem};
use schema::record::{JobRecord, SignOff, SignOffKind};
use schema::rows::outlets::OutletRow;
use schema::sheet::{changed_after, sheet, signed_sheet};
use std::fmt::Write as _;

/// Which sheet is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Now,
    /// As it was signed: by this sign-off, else by the last one.
    AsSigned(Option<EntryId>),
}

pub fn find(conn: &mut Conn, caller: &Caller, job: JobId, wanted: &Wanted) -> Result<JobSheet, Problem> {
    let stored = jobs::load(conn, caller, job)?;
    let view = stored.view()?;
    make(conn, &stored, &view, wanted)
}

fn make(conn: &mut Conn, stored: &Stored, view: &JobRecord, wanted: &Wanted) -> Result<JobSheet, Problem> {
    let job = view.meta.job;
    let template = templates::of_job(conn, view)?;
    let now = sheet(view, &template);
    let Wanted::AsSigned(id) = wanted else {
        let sheet_hash = now.hash();
        return Ok(JobSheet {
            sheet: now,
            sheet_hash,
            heads: stored.heads(),
            as_signed: None,
            changed_after: Vec::new(),
        });
    };
    let changes = db::records::list_changes(conn, job, 0, stored.end.length)?;
    let mut facts = detail::sign_off_facts(conn, stored, view, &changes)?;
    let found = match id {
        Some(id) => facts.iter().position(|fact| fact.id == *id),
        None => facts.len().checked_sub(1),
    };
    let unsigned = || Problem::because(Kind::NotFound, "没有这份签字", "There is no such signature");
    let fact = found.map(|place| facts.swap_remove(place)).ok_or_else(unsigned)?;
    let sign_off = view.sign_offs.get(&fact.id).ok_or_else(unsigned)?;
    let signed = stored.record.read_at(&sign_off.covers).map_err(Problem::internal)?;
    // A hash that fits no version shows as not intact; what stood at those heads is shown all the same.
    let as_signed = signed_sheet(&signed, &template, sign_off.sheet_hash).unwrap_or_else(|| sheet(&signed, &template));
    Ok(JobSheet {
        changed_after: changed_after(&as_signed, &now),
        sheet: as_signed,
        sheet_hash: sign_off.sheet_hash,
        heads: sign_off.covers.clone(),
        as_signed: Some(fact),
    })
}

/// The sheet that one keeps: as it was signed, or else as it stands.
pub struct KeptSheet {
    pub sheet: JobSheet,
    /// The signature, or why there is none where the customer said so.
    pub sign_off: Option<SignOff>,
    pub outlet: OutletRow,
    pub zone: chrono_tz::Tz,
}

/// For whoever may see the job's sheet: by this sign-off, else by the last signature.
pub fn find_kept(conn: &mut Conn, caller: &Caller, job: JobId, id: Option<EntryId>) -> Result<KeptSheet, Problem> {
    let stored = jobs::load(conn, caller, job)?;
    keep(conn, &stored, id)
}

/// The caller has made sure that the sheet is theirs to see.
pub fn keep(conn: &mut Conn, stored: &Stored, id: Option<EntryId>) -> Result<KeptSheet, Problem> {
    let view = stored.view()?;
    let last = |kind: SignOffKind| {
        let of_kind = view.sign_offs.iter().filter(move |(_, sign_off)| sign_off.kind == kind);
        of_kind.max_by_key(|(id, sign_off)| (sign_off.at, *id)).map(|(id, _)| id.clone())
    };
    let signed = id.or_else(|| last(SignOffKind::Signed));
    let wanted = signed.clone().map_or(Wanted::Now, |id| Wanted::AsSigned(Some(id)));
    let sheet = make(conn, stored, &view, &wanted)?;
    let shown = signed.or_else(|| last(SignOffKind::Declined));
    let outlet = db::outlets::find_outlet(conn, view.meta.outlet)?;
    Ok(KeptSheet {
        sheet,
        sign_off: shown.and_then(|id| view.sign_offs.get(&id).cloned()),
        zone: clocks::zone(conn, view.meta.outlet)?,
        outlet: outlet.ok_or_else(|| Problem::internal("a job without its outlet"))?,
    })
}

/// For print: the sheet, who signed it, and what was changed since.
pub fn to_text(sheet: &JobSheet, language: Language, zone: chrono_tz::Tz) -> String {
    let pick = |zh: &'static str, en: &'static str| if language == Language::Chinese { zh } else { en };
    let time = |at: schema::time::Timestamp| at.to_utc().with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
    let mut text = sheet.sheet.to_text(language, zone);
    let Some(signed) = &sheet.as_signed else { return text };
    let _ = writeln!(text, "\n【{}】", pick("签字", "Signature"));
    let _ = writeln!(text, "{}  {}", signed.name, time(signed.at));
    if !signed.is_intact {
        let warning = pick("注意：签字与本单内容不符。", "Attention: the signature does not fit this sheet.");
        let _ = writeln!(text, "{warning}");
    }
    let _ = writeln!(text, "\n【{}】", pick("签字后的变更", "Changed after the signature"));
    if sheet.changed_after.is_empty() {
        let _ = writeln!(text, "{}", pick("无", "nothing"));
    }
    for change in &sheet.changed_after {
        let side = |value: &Option<serde_json::Value>| value.as_ref().map_or("—".to_owned(), ToString::to_string);
        let _ = writeln!(text, "{}: {} → {}", change.path, side(&change.before), side(&change.after));
    }
    text
}
