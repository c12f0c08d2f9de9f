//! Where two people wrote without knowing of each other: shown with both names and times, settled by a choice, or ruled on.

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::form::Form;
use crate::domain::jobs::{self, By};
use crate::domain::quotes::prices::Given;
use crate::domain::records::{self, Stored};
use crate::domain::templates::{self, Checklist};
use schema::binary::Hash;
use schema::conflict::{
    ChangeHand, CreateRuling, Hand, JobConflicts, MatterEntry, OpenConflict, OpenMatter, PriceDeviation,
    SettleConflict, SettledConflict, StandingValue,
};
use schema::edit::Edit;
use schema::id::{EntryId, JobId};
use schema::job::JobState;
use schema::limits::RULING_ENTRIES_MAX;
use schema::place;
use schema::problem::{Kind, Problem};
use schema::record::{ConflictValue, JobRecord, Matter, MatterKind, Ruling};
use schema::rows::records::ChangeRow;
use schema::sheet::mask_phone;
use std::collections::{BTreeMap, BTreeSet};

pub fn find(conn: &mut Conn, caller: &Caller, job: JobId) -> Result<JobConflicts, Problem> {
    let stored = jobs::load(conn, caller, job)?;
    let view = stored.view()?;
    let checklist = templates::of_job(conn, &view)?;
    let showing = Showing::load(conn, &stored, Some(checklist))?;
    let mut conflicts = Vec::new();
    for conflict in stored.record.conflicts() {
        let (values, place) =
            (showing.candidates(conn, &conflict.path, conflict.values)?, showing.place(&conflict.path));
        conflicts.push(OpenConflict { path: conflict.path, place, values });
    }
    let mut settled = Vec::new();
    for one in stored.record.settlements() {
        settled.push(SettledConflict {
            values: showing.candidates(conn, &one.path, one.values)?,
            place: showing.place(&one.path),
            words: place::words(&one.path, one.value.map(|value| masked(&one.path, value)).as_ref()),
            path: one.path,
            chosen: one.chosen,
            change: one.change,
            by: showing.hand(conn, one.change)?,
        });
    }
    let mut matters = Vec::new();
    for (matter, deviations) in open_matters(conn, &stored, &view)? {
        let entries = showing.entries(conn, (&stored, &view), &matter)?;
        matters.push(OpenMatter { kind: matter.kind, entries, deviations });
    }
    let rulings = view.rulings.keys().cloned().collect();
    Ok(JobConflicts { conflicts, settled, matters, rulings, heads: stored.heads() })
}

/// What awaits the supervisor: what was made without knowing of each other, and prices that nobody gave.
fn open_matters(
    conn: &mut Conn,
    stored: &Stored,
    view: &JobRecord,
) -> Result<Vec<(Matter, Vec<PriceDeviation>)>, Problem> {
    let apart = stored.record.matters(view).into_iter().map(|matter| (matter, Vec::new()));
    let priced = Given::load(conn, &[view])?.matter(view);
    Ok(apart.chain(priced).collect())
}

/// What changes are shown with.
struct Showing {
    rows: BTreeMap<Hash, ChangeRow>,
    claims: BTreeMap<Hash, schema::time::Timestamp>,
    template: Option<Checklist>,
}

impl Showing {
    fn load(conn: &mut Conn, stored: &Stored, template: Option<Checklist>) -> Result<Self, Problem> {
        let rows = db::records::list_changes(conn, stored.end.job_id, 0, stored.end.length)?;
        let claims = stored.record.infos_since(&[]).into_iter().map(|info| (info.hash, info.at)).collect();
        Ok(Self { rows: rows.into_iter().map(|row| (row.hash, row)).collect(), claims, template })
    }

    fn place(&self, path: &[String]) -> schema::people::Bilingual {
        place::name(path, self.template.as_deref())
    }

    fn hand(&self, conn: &mut Conn, change: Hash) -> Result<Hand, Problem> {
        let row = self.rows.get(&change).ok_or_else(|| Problem::internal("the log lacks what the record holds"))?;
        Ok(Hand {
            person: row.person_id.map(|person| jobs::name_of(conn, person)).transpose()?,
            device: row.device_id,
            claimed_at: self.claims.get(&change).copied().unwrap_or(row.received_at),
            written_at: row.retimed_at,
            error_us: row.error_us,
            received_at: row.received_at,
        })
    }

    fn candidates(
        &self,
        conn: &mut Conn,
        path: &[String],
        values: Vec<ConflictValue>,
    ) -> Result<Vec<StandingValue>, Problem> {
        let candidate = |value: ConflictValue| {
            let shown = masked(path, value.value);
            let words = place::words(path, Some(&shown));
            Ok(StandingValue { value: shown, words, change: value.change, hand: self.hand(conn, value.change)? })
        };
        values.into_iter().map(candidate).collect()
    }

    fn entries(
        &self,
        conn: &mut Conn,
        (stored, view): (&Stored, &JobRecord),
        matter: &Matter,
    ) -> Result<Vec<MatterEntry>, Problem> {
        let mut entries = Vec::new();
        for id in &matter.entries {
            let path = vec![map_of(matter.kind, id, view).to_owned(), id.to_string()];
            let written = stored.record.written_by(&path).zip(stored.record.value_at(&path));
            let Some((change, value)) = written else { continue };
            let words = place::words(&path, Some(&value));
            entries.push(MatterEntry { id: id.clone(), words, value, hand: self.hand(conn, change)? });
        }
        Ok(entries)
    }
}

fn map_of(kind: MatterKind, id: &EntryId, view: &JobRecord) -> &'static str {
    match kind {
        MatterKind::Withdrawal if view.withdrawals.contains_key(id) => "withdrawals",
        MatterKind::Withdrawal => "consents",
        MatterKind::Consent => "consents",
        MatterKind::SignOff => "sign_offs",
        MatterKind::Charge => "charges",
    }
}

/// A customer's number in full is for those who look it up, and each look is logged.
fn masked(path: &[String], value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::String(text) if path == ["report", "phone"] => mask_phone(&text).into(),
        other => other,
    }
}

/// Writes the chosen value over all of them. What there was, what was chosen and by whom follow from the change.
pub fn settle(conn: &mut Conn, by: &By, job: JobId, input: &SettleConflict) -> Result<JobState, Problem> {
    let stored = jobs::load_to_write(conn, &by.caller, job)?;
    let conflict = stored.record.conflicts().into_iter().find(|conflict| conflict.path == input.path);
    let standing: BTreeSet<Hash> =
        conflict.iter().flat_map(|conflict| conflict.values.iter().map(|value| value.change)).collect();
    let seen: BTreeSet<Hash> = input.seen.iter().copied().collect();
    if !seen.contains(&input.chosen) {
        return Err(Problem::field("/chosen", "不在所列的内容之中", "this is none of the values"));
    }
    if standing != seen {
        // Settled by somebody else, or joined by another value: whoever chooses looks again.
        return Err(Problem::new(Kind::Stale));
    }
    let edit = stored.record.settling_edit(&input.path, input.chosen);
    let edit = edit.ok_or_else(|| Problem::field("/path", "此处不能选择", "there is nothing to choose here"))?;
    let heads = records::write_stored(conn, by.office(), stored, None, &[edit])?.heads;
    jobs::state(conn, job, heads, by.now)
}

/// The supervisor says which counts. All of them stay.
pub fn rule(conn: &mut Conn, by: &By, job: JobId, input: &CreateRuling) -> Result<JobState, Problem> {
    let mut form = Form::default();
    let reason = form.note("/reason", &input.reason);
    let of: BTreeSet<&EntryId> = input.of.iter().collect();
    if of.len() > RULING_ENTRIES_MAX || !of.contains(&input.counts) {
        form.wrong("/counts", "须为所列各项之一", "it must be one of those named");
    }
    form.finish()?;
    let stored = jobs::load_to_write(conn, &by.caller, job)?;
    let asked = |matter: &Matter| matter.kind == input.matter && matter.entries.iter().collect::<BTreeSet<_>>() == of;
    if !open_matters(conn, &stored, &stored.view()?)?.iter().any(|(matter, _)| asked(matter)) {
        return Err(Problem::new(Kind::Stale));
    }
    let (matter, counts) = (input.matter, input.counts.clone());
    let of = of.into_iter().cloned().collect();
    let ruling = Ruling { matter, counts, of, reason, by: by.caller.person, at: by.now };
    let edit = Edit::Rule { id: by.entry(), ruling };
    let heads = records::write_stored(conn, by.office(), stored, None, &[edit])?.heads;
    jobs::state(conn, job, heads, by.now)
}

/// Who wrote the values that stand beside each other in these jobs: phones know actors, not people.
pub fn hands(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<ChangeHand>, Problem> {
    let mut hands = Vec::new();
    for job in db::jobs::list_contradicted(conn, jobs)? {
        add_hands(conn, job, &mut hands)?;
    }
    Ok(hands)
}

fn add_hands(conn: &mut Conn, job: JobId, hands: &mut Vec<ChangeHand>) -> Result<(), Problem> {
    let stored = records::load(conn, job)?;
    let showing = Showing::load(conn, &stored, None)?;
    for value in stored.record.conflicts().into_iter().flat_map(|conflict| conflict.values) {
        let hand = showing.hand(conn, value.change)?;
        let (name, at) = (hand.person.map(|person| person.name), hand.written_at.unwrap_or(hand.claimed_at));
        hands.push(ChangeHand { job, change: value.change, name, at });
    }
    Ok(())
}
