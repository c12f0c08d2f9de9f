//! What a customer does by their link: look, accept or refuse a quote, sign, decline to, rate, revoke. There is no log-in, so every way
//! in begins with [`Visit::open`], and whatever is wrong with a link is told in the same words.

mod again;
mod backup;
mod late;

pub use again::report_again;
pub use backup::sign_backup;
pub use late::{reply, see};

use crate::db::{self, Conn};
use crate::domain::clocks;
use crate::domain::form::Form;
use crate::domain::photos;
use crate::domain::quotes::require_shown;
use crate::domain::records::{self, Office, Stored, Written};
use crate::domain::sheets::{self, KeptSheet};
use crate::domain::templates;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::id::EntryId;
use schema::limits::QUOTES_SHOWN_MAX;
use schema::link::{AcceptQuote, DeclineBecause, LinkAct, LinkScope, PublicView, RateJob, SignSheet};
use schema::price::quote_hash;
use schema::problem::{Kind, Problem};
use schema::public::{PublicJob, public_job};
use schema::record::{Consent, How, JobRecord, LaterRating, Rating, Refusal, ReportField, SignOff, SignOffKind};
use schema::rows::links::{LinkOpenRow, LinkRow};
use schema::rows::photos::PhotoRow;
use schema::sheet::{Sheet, sheet, signed_sheet};
use schema::status::{Status, status};
use schema::time::{MINUTE, Timestamp};
use std::collections::BTreeSet;

/// Entries that one link may write: more is no customer.
const ENTRIES_MAX: usize = 20;
const BROWSER_CHARS_MAX: usize = 400;
/// What was done by a link is kept, all of it; of who only looked, this many and no more.
const LOOKS_MAX: i64 = 500;
/// Whoever looks again within this time, from the same place, looks on.
const LOOK_AGAIN_US: i64 = MINUTE;

/// A request that came by a link.
#[derive(Debug, Clone)]
pub struct Visit {
    pub token_hash: Hash,
    pub address: String,
    pub browser: String,
    pub now: Timestamp,
    pub random: [u8; 10],
}

/// A link that holds, and its job.
struct Opened {
    link: LinkRow,
    stored: Stored,
    view: JobRecord,
}

impl Visit {
    /// The link's job; for an unknown, expired or revoked link the same problem.
    fn known(&self, conn: &mut Conn, needs: LinkScope) -> Result<Opened, Problem> {
        let invalid = || Problem::new(Kind::LinkInvalid);
        let link = db::links::find_link_by_token(conn, self.token_hash)?;
        let link = link.filter(|link| link.revoked_at.is_none()).ok_or_else(invalid)?;
        let stored = records::load(conn, link.job_id)?;
        let view = stored.view()?;
        let ends_at = link.ends_at(&view, clocks::warranty_until(conn, &stored, self.now)?);
        if !link.is_valid(ends_at, self.now) {
            return Err(invalid());
        }
        if !link.scopes().contains(&needs) {
            let (zh, en) = ("此链接不能进行该操作，请联系客服", "This link does not allow that; please call us");
            return Err(Problem::because(Kind::Forbidden, zh, en));
        }
        Ok(Opened { link, stored, view })
    }

    /// Holds the link's job until the commit: the office and the customer may write at the same moment.
    fn hold(&self, conn: &mut Conn) -> Result<(), Problem> {
        let link = db::links::find_link_by_token(conn, self.token_hash)?;
        link.map_or(Ok(()), |link| Ok(db::records::lock_record(conn, link.job_id)?))
    }

    /// The same as [`Visit::known`] with the act on record.
    fn open(&self, conn: &mut Conn, act: LinkAct, needs: LinkScope) -> Result<Opened, Problem> {
        if act != LinkAct::View {
            self.hold(conn)?;
        }
        let opened = self.known(conn, needs)?;
        let open = LinkOpenRow {
            link_id: opened.link.id,
            opened_at: self.now,
            act,
            address: self.address.clone(),
            browser: self.browser.chars().filter(|c| !c.is_control()).take(BROWSER_CHARS_MAX).collect(),
        };
        let is_kept = act != LinkAct::View || is_news(conn, &open)?;
        if is_kept {
            db::links::insert_open(conn, &open)?;
        }
        Ok(opened)
    }

    fn office(&self) -> Office {
        Office { person: None, now: self.now }
    }

    fn entry(&self) -> EntryId {
        EntryId::new(self.random)
    }

    /// The same for several entries of one act.
    fn entry_of(&self, number: u8) -> EntryId {
        let mut random = self.random;
        let [.., last] = &mut random;
        *last = last.wrapping_add(number);
        EntryId::new(random)
    }

    /// Writes one edit and shows the job as it stands then.
    fn write(&self, conn: &mut Conn, opened: Opened, base: Option<&[Hash]>, edit: Edit) -> Result<PublicView, Problem> {
        self.write_all(conn, opened, base, &[edit])
    }

    fn write_all(
        &self,
        conn: &mut Conn,
        opened: Opened,
        base: Option<&[Hash]>,
        edits: &[Edit],
    ) -> Result<PublicView, Problem> {
        let link = opened.link;
        require_patience(&opened.view, &link)?;
        let Written { view, stored, .. } = records::write_stored(conn, self.office(), opened.stored, base, edits)?;
        show(conn, self.now, &Opened { link, stored, view })
    }
}

/// Whether somebody who looks is worth a line: not each time that a page is loaded again, and not without end.
fn is_news(conn: &mut Conn, open: &LinkOpenRow) -> Result<bool, Problem> {
    let latest = db::links::list_opens(conn, open.link_id, 10)?;
    let is_same = |known: &LinkOpenRow| {
        known.act == LinkAct::View
            && (&known.address, &known.browser) == (&open.address, &open.browser)
            && open.opened_at.since(known.opened_at) < LOOK_AGAIN_US
    };
    Ok(!latest.iter().any(is_same) && db::links::count_opens(conn, open.link_id)? < LOOKS_MAX)
}

/// A link's holder can't fill the record without end.
fn require_patience(view: &JobRecord, link: &LinkRow) -> Result<(), Problem> {
    let by_link = |id: Option<&schema::id::LinkId>| id == Some(&link.id);
    let consents = view.consents.values().filter(|consent| by_link(consent.link.as_ref())).count();
    let sign_offs = view.sign_offs.values().filter(|sign_off| by_link(sign_off.link.as_ref())).count();
    let refusals = view.refusals.values().filter(|refusal| by_link(Some(&refusal.link))).count();
    let ratings = view.ratings.values().filter(|rating| by_link(Some(&rating.link))).count();
    let replies = view.replies.values().filter(|reply| by_link(reply.link.as_ref())).count();
    let backups = view.backup_consents.values().filter(|backup| by_link(backup.link.as_ref())).count();
    if consents + backups + sign_offs + refusals + ratings + replies < ENTRIES_MAX {
        return Ok(());
    }
    let (zh, en) = ("操作次数过多，请联系客服", "That was too often; please call us");
    Err(Problem::because(Kind::TooManyRequests, zh, en))
}

fn show(conn: &mut Conn, now: Timestamp, opened: &Opened) -> Result<PublicView, Problem> {
    let Opened { link, stored, view } = opened;
    let outlet = db::outlets::find_outlet(conn, view.meta.outlet)?;
    let phone = outlet.map(|outlet| outlet.phone).unwrap_or_default();
    let checklist = templates::of_job(conn, view)?;
    let job = public_job(view, &checklist, &stored.heads(), &phone);
    let warranty = again::warranty(conn, opened, now)?;
    let expires_at = link.ends_at(view, warranty.until);
    Ok(PublicView { job, scope: link.scopes(), expires_at, warranty })
}

/// Writes nothing into the record: programs that show a preview of a link look too, and nobody has seen anything by that.
pub fn look(conn: &mut Conn, visit: &Visit) -> Result<PublicView, Problem> {
    let opened = visit.open(conn, LinkAct::View, LinkScope::View)?;
    show(conn, visit.now, &opened)
}

/// The sheet to keep. Looking at more of what was shown is no act of its own.
pub fn kept_sheet(conn: &mut Conn, visit: &Visit) -> Result<KeptSheet, Problem> {
    let Opened { stored, .. } = visit.known(conn, LinkScope::View)?;
    sheets::keep(conn, &stored, None)
}

/// A photo that the customer's view names.
pub fn photo(conn: &mut Conn, visit: &Visit, sha256: Hash) -> Result<PhotoRow, Problem> {
    let Opened { link, view, .. } = visit.known(conn, LinkScope::View)?;
    let shown = sheet(&view, &*templates::of_job(conn, &view)?);
    if !shown.steps.iter().any(|step| step.photos.contains(&sha256)) {
        return Err(Problem::new(Kind::NotFound));
    }
    photos::held_for(conn, (link.job_id, sha256))
}

/// Whoever chose among alternatives saw those that there are.
fn stood_beside(job: &PublicJob, input: &AcceptQuote) -> bool {
    let Some(beside) = &input.beside else { return true };
    let others = job.alternatives().filter(|(id, _)| **id != input.quote).map(|(id, _)| id);
    others.collect::<BTreeSet<_>>() == beside.iter().collect()
}

/// Accepts exactly the quote that was shown. Accepting it again changes nothing.
pub fn accept(conn: &mut Conn, visit: &Visit, input: &AcceptQuote) -> Result<PublicView, Problem> {
    let opened = visit.open(conn, LinkAct::Accept, LinkScope::Accept)?;
    let view = &opened.view;
    let mut form = Form::default();
    let name = form.field("/name", &input.name);
    form.finish()?;
    crate::domain::jobs::require_open(view)?;
    require_shown(view, &input.quote, |quote| {
        quote_hash(quote) == input.quote_hash && quote.total_minor == input.total_minor
    })?;
    if view.accepted_quote().is_some_and(|(accepted, _)| *accepted == input.quote) {
        return show(conn, visit.now, &opened);
    }
    // A price that we are working on anew, or work that is signed for, waits for nobody's consent.
    let shown = show(conn, visit.now, &opened)?;
    if !shown.job.quotes.get(&input.quote).is_some_and(|quote| quote.open) || !stood_beside(&shown.job, input) {
        return Err(Problem::new(Kind::QuoteChanged));
    }
    let open = shown.job.quotes.iter().filter(|(_, quote)| quote.open);
    let consent = Consent {
        quote: input.quote.clone(),
        quote_hash: input.quote_hash,
        total_minor: input.total_minor,
        currency: view.meta.currency,
        how: How::Link,
        name,
        strokes: input.strokes.clone(),
        by: None,
        link: Some(opened.link.id),
        shown: open.take(QUOTES_SHOWN_MAX).map(|(id, _)| id.clone()).collect(),
        at: visit.now,
    };
    visit.write(conn, opened, None, Edit::Consent { id: visit.entry(), consent })
}

/// Signs for the work as it was shown: what others wrote meanwhile is not covered, and stays visible as such. Where the bill changed
/// since, nobody signs before having seen it.
pub fn sign(conn: &mut Conn, visit: &Visit, input: &SignSheet) -> Result<PublicView, Problem> {
    let opened = visit.open(conn, LinkAct::Sign, LinkScope::Sign)?;
    let mut form = Form::default();
    let name = form.field("/name", &input.name);
    let remarks = form.optional_note("/remarks", input.remarks.as_deref());
    form.finish()?;
    crate::domain::jobs::require_open(&opened.view)?;
    let again = |sign_off: &SignOff| {
        sign_off.link == Some(opened.link.id)
            && sign_off.kind == SignOffKind::Signed
            && sign_off.sheet_hash == input.sheet_hash
            && opened.view.is_current(sign_off.at)
    };
    if opened.view.sign_offs.values().any(again) {
        return show(conn, visit.now, &opened);
    }
    require_same_bill(conn, &opened, &input.covers, input.sheet_hash)?;
    let sign_off = SignOff {
        kind: SignOffKind::Signed,
        how: How::Link,
        name,
        reason: None,
        strokes: input.strokes.clone(),
        rating: input.rating,
        remarks,
        covers: input.covers.clone(),
        sheet_hash: input.sheet_hash,
        by: None,
        link: Some(opened.link.id),
        at: visit.now,
    };
    visit.write(conn, opened, Some(&input.covers), Edit::SignOff { id: visit.entry(), sign_off })
}

/// The heads are ours, their sheet is the one that was shown, and what it costs is what it costs now.
fn require_same_bill(conn: &mut Conn, opened: &Opened, covers: &[Hash], sheet_hash: Hash) -> Result<(), Problem> {
    let changed = || Problem::new(Kind::SheetChanged);
    let template = templates::of_job(conn, &opened.view)?;
    let seen = if covers.is_empty() { None } else { opened.stored.record.read_at(covers).ok() };
    let shown = seen.and_then(|seen| signed_sheet(&seen, &template, sheet_hash)).ok_or_else(changed)?;
    let now = sheet(&opened.view, &template);
    let bill = |sheet: &Sheet| {
        (sheet.accepted.clone(), sheet.due_minor, sheet.charged_minor, sheet.quotes.clone(), sheet.parts.clone())
    };
    if bill(&shown) == bill(&now) { Ok(()) } else { Err(changed()) }
}

/// This link has said so of this quote, and nobody has accepted it since.
fn has_refused(opened: &Opened, quote: &EntryId, reason: &str) -> bool {
    let accepted_since =
        |at: Timestamp| opened.view.consents.values().any(|consent| consent.quote == *quote && consent.at > at);
    opened.view.refusals.values().any(|refusal| {
        (&refusal.quote, refusal.reason.as_str(), refusal.link) == (quote, reason, opened.link.id)
            && !accepted_since(refusal.at)
    })
}

/// Does not accept a quote; or, without one, does not sign for the work. Saying so again changes nothing.
pub fn decline(conn: &mut Conn, visit: &Visit, input: &DeclineBecause) -> Result<PublicView, Problem> {
    let (act, scope) = match input.quote {
        Some(_) => (LinkAct::Refuse, LinkScope::Accept),
        None => (LinkAct::Decline, LinkScope::Sign),
    };
    let opened = visit.open(conn, act, scope)?;
    let mut form = Form::default();
    let reason = form.note("/reason", &input.reason);
    let name = form.optional_field("/name", input.name.as_deref());
    form.finish()?;
    crate::domain::jobs::require_open(&opened.view)?;
    if let Some(quote) = &input.quote {
        let refused: BTreeSet<&EntryId> = std::iter::once(quote).chain(&input.beside).collect();
        let mut edits = Vec::new();
        for (number, quote) in (0..).zip(refused) {
            require_shown(&opened.view, quote, |_| true)?;
            if !has_refused(&opened, quote, &reason) {
                let (quote, reason) = (quote.clone(), reason.clone());
                let refusal = Refusal { quote, reason, link: opened.link.id, at: visit.now };
                edits.push(Edit::Refuse { id: visit.entry_of(number), refusal });
            }
        }
        if edits.is_empty() {
            return show(conn, visit.now, &opened);
        }
        return visit.write_all(conn, opened, None, &edits);
    }
    let begun =
        matches!(status(&opened.view), Status::Working | Status::Tested | Status::Signed | Status::AwaitingProof);
    if !begun {
        return Err(Problem::because(Kind::GateClosed, "维修尚未进行，无需签字", "There is no work to sign for yet"));
    }
    let sheet_hash = sheet(&opened.view, &*templates::of_job(conn, &opened.view)?).hash();
    let again = |sign_off: &SignOff| {
        sign_off.link == Some(opened.link.id)
            && sign_off.kind == SignOffKind::Declined
            && sign_off.reason.as_ref() == Some(&reason)
            && sign_off.sheet_hash == sheet_hash
            && opened.view.is_current(sign_off.at)
    };
    if opened.view.sign_offs.values().any(again) {
        return show(conn, visit.now, &opened);
    }
    let known = opened.view.known(ReportField::Name).map(str::to_owned);
    let sign_off = SignOff {
        kind: SignOffKind::Declined,
        how: How::Link,
        name: name.or(known).unwrap_or_default(),
        reason: Some(reason),
        strokes: None,
        rating: None,
        remarks: None,
        covers: opened.stored.heads(),
        sheet_hash,
        by: None,
        link: Some(opened.link.id),
        at: visit.now,
    };
    visit.write(conn, opened, None, Edit::SignOff { id: visit.entry(), sign_off })
}

/// Marks without a signature, once there is work to judge; also after the job is closed. The same marks again change nothing.
pub fn rate(conn: &mut Conn, visit: &Visit, input: &RateJob) -> Result<PublicView, Problem> {
    let opened = visit.open(conn, LinkAct::Rate, LinkScope::Rate)?;
    let mut form = Form::default();
    let remarks = form.optional_note("/remarks", input.remarks.as_deref());
    form.finish()?;
    let served = matches!(
        status(&opened.view),
        Status::Tested | Status::Signed | Status::Closed | Status::AwaitingProof | Status::SolvedRemotely
    );
    if !served {
        return Err(Problem::because(Kind::GateClosed, "服务完成后再评分", "Please rate once the work is done"));
    }
    let rating = Rating { quality: input.quality, attitude: input.attitude };
    let of_link = opened.view.ratings.values().filter(|known| known.link == opened.link.id);
    let last = of_link.max_by_key(|known| known.at);
    if last.is_some_and(|known| known.rating == rating && known.remarks == remarks) {
        return show(conn, visit.now, &opened);
    }
    let rating = LaterRating { rating, remarks, link: opened.link.id, at: visit.now };
    visit.write(conn, opened, None, Edit::Rate { id: visit.entry(), rating })
}

/// The customer ends the link, as when it went to the wrong person.
pub fn revoke(conn: &mut Conn, visit: &Visit) -> Result<(), Problem> {
    let opened = visit.open(conn, LinkAct::Revoke, LinkScope::View)?;
    Ok(db::links::revoke_link(conn, opened.link.id, None, visit.now)?)
}
