//! Quotes by the office, and consents that a customer gave by phone. The client names items; names, prices and sums are computed here,
//! from the price list or from what the supervisor answered.

pub mod prices;

use crate::db::{self, Conn};
use crate::domain::charges;
use crate::domain::form::Form;
use crate::domain::jobs::{self, By};
use crate::domain::{day, outlets, records};
use schema::bill::{Billed, CreateConsent, CreateQuote, CreateQuoteLine, Quoted, WithdrawQuote};
use schema::edit::Edit;
use schema::field::date;
use schema::id::{EntryId, JobId};
use schema::job::JobState;
use schema::limits::QUOTE_LINES_MAX;
use schema::money::Currency;
use schema::price::{line_amount, quote_hash};
use schema::problem::{Kind, Problem};
use schema::record::{
    Consent, How, ItemKind, JobRecord, Quote, QuoteLine, ReportField, Risk, SetUp, SetUpTerm, Warranty, WarrantyKind,
    Withdrawal,
};
use schema::setup::{contradiction, judge};
use schema::time::Timestamp;
use std::collections::BTreeMap;

/// A thousand units: more is a slip of the finger.
const QUANTITY_MILLI_MAX: i64 = 1_000_000;

/// Writes a quote; it waits for the customer's consent.
pub fn quote(conn: &mut Conn, by: &By, job: JobId, input: &CreateQuote) -> Result<Quoted, Problem> {
    let stored = jobs::load_to_write(conn, &by.caller, job)?;
    let view = stored.view()?;
    charges::require_unsigned(&view)?;
    let quote = computed(conn, by, &view, input)?;
    let id = by.entry();
    let edit = Edit::Quote { id: id.clone(), quote: quote.clone() };
    let written = records::write_stored(conn, by.office(), stored, None, &[edit])?;
    Ok(Quoted { id, quote_hash: quote_hash(&quote), quote, heads: written.heads })
}

/// Takes one offer back: the others stand. Taking it back again changes nothing.
pub fn withdraw(
    conn: &mut Conn,
    by: &By,
    (job, quote): (JobId, &EntryId),
    input: &WithdrawQuote,
) -> Result<JobState, Problem> {
    jobs::command(conn, by, job, |_, view| {
        if !view.quotes.contains_key(quote) {
            return Err(Problem::new(Kind::NotFound));
        }
        charges::require_unsigned(view)?;
        let mut form = Form::default();
        let reason = form.note("/reason", &input.reason);
        form.finish()?;
        if view.withdrawal(quote).is_some() {
            return Ok(Vec::new());
        }
        let withdrawal = Withdrawal { quote: quote.clone(), reason, by: by.caller.person, at: by.now };
        Ok(vec![Edit::Withdraw { id: by.entry(), withdrawal }])
    })
}

fn computed(conn: &mut Conn, by: &By, view: &JobRecord, input: &CreateQuote) -> Result<Quote, Problem> {
    let mut form = Form::default();
    let option = form.optional_field("/option", input.option.as_deref());
    let warranty = warranty(&mut form, by, input);
    let version = list_version(conn, by, view.meta.currency, input.price_list, &mut form)?;
    if input.lines.is_empty() || input.lines.len() > QUOTE_LINES_MAX {
        let zh = format!("报价须有 1 至 {QUOTE_LINES_MAX} 项");
        form.wrong("/lines", zh, format!("a quote has 1 to {QUOTE_LINES_MAX} lines"));
    }
    let setup = set_up(conn, &mut form, (by.now, view), input.installed_on.as_deref())?;
    let asked = Asked { by, view, version: version.unwrap_or_default(), warranty: warranty.kind, setup };
    let (mut lines, mut total) = (BTreeMap::new(), Some(0i64));
    for (place, line) in input.lines.iter().enumerate().take(QUOTE_LINES_MAX) {
        let Some(line) = asked.line(conn, &mut form, place, line)? else { continue };
        total = total.and_then(|total| total.checked_add(line.amount_minor));
        // Two digits: the hundredth line is "99", for they count from "00".
        lines.insert(format!("{place:02}"), line);
    }
    if total.is_none() {
        form.wrong("/lines", "总价太大", "the total is too large");
    }
    form.finish()?;
    Ok(Quote {
        lines,
        total_minor: total.unwrap_or_default(),
        currency: view.meta.currency,
        price_list: asked.version,
        warranty,
        option,
        of: None,
        by: by.caller.person,
        at: by.now,
    })
}

fn warranty(form: &mut Form, by: &By, input: &CreateQuote) -> Warranty {
    let none = Warranty { kind: WarrantyKind::None, reason: None, decided_by: None };
    let Some(given) = &input.warranty else { return none };
    if given.kind == WarrantyKind::None {
        return none;
    }
    let reason = form.note("/warranty/reason", &given.reason);
    Warranty { kind: given.kind, reason: Some(reason), decided_by: Some(by.caller.person) }
}

/// The version named, or the one in force; of the job's currency.
fn list_version(
    conn: &mut Conn,
    by: &By,
    currency: Currency,
    named: Option<i64>,
    form: &mut Form,
) -> Result<Option<i64>, Problem> {
    let list = match named {
        Some(version) => db::price_lists::find_version(conn, version)?,
        None => db::price_lists::find_current(conn, by.now)?,
    };
    let list = list.filter(|list| list.currency == currency.as_str() && list.valid_from <= by.now);
    if list.is_none() && named.is_some() {
        form.wrong("/price_list", "没有这个版本的收费标准，或尚未生效", "there is no such price list, or not yet");
    }
    Ok(list.map(|list| list.version))
}

/// How set-up of software is charged today: by the day of installation, or else of purchase, that is known.
fn set_up(
    conn: &mut Conn,
    form: &mut Form,
    (now, view): (Timestamp, &JobRecord),
    installed_on: Option<&str>,
) -> Result<SetUp, Problem> {
    let installed_on = form.optional_field("/installed_on", installed_on);
    let outlet = outlets::load(conn, view.meta.outlet)?;
    let today = now.to_utc().with_timezone(&day::time_zone(&outlet)).date_naive();
    if installed_on.as_deref().is_some_and(|text| date(text).is_none_or(|date| date > today)) {
        let en = "a date is written as in 2026-03-02, and is not after today";
        form.wrong("/installed_on", "日期应写成 2026-03-02，且不晚于今天", en);
    }
    let purchased_on = view.known(ReportField::PurchasedOn);
    if let Some(wrong) = contradiction(installed_on.as_deref(), purchased_on) {
        form.wrong("/installed_on", wrong.zh, wrong.en);
    }
    let known = installed_on.as_deref().or(purchased_on);
    Ok(judge(outlet.settings.setup(), known, today))
}

/// What the lines of one quote have in common.
struct Asked<'a> {
    by: &'a By,
    view: &'a JobRecord,
    version: i64,
    warranty: WarrantyKind,
    setup: SetUp,
}

/// What one unit is and costs.
struct Item {
    name: String,
    unit: String,
    kind: ItemKind,
    price_minor: i64,
    destroys_data: bool,
    is_setup: bool,
}

impl Asked<'_> {
    fn line(
        &self,
        conn: &mut Conn,
        form: &mut Form,
        place: usize,
        line: &CreateQuoteLine,
    ) -> Result<Option<QuoteLine>, Problem> {
        let at = format!("/lines/{place}");
        if !(1..=QUANTITY_MILLI_MAX).contains(&line.quantity_milli) {
            form.wrong(&format!("{at}/quantity_milli"), "数量须大于 0", "a quantity is more than 0, in thousandths");
            return Ok(None);
        }
        let item = match (&line.code, line.request) {
            (Some(code), None) => self.listed(conn, code)?,
            (None, Some(request)) => self.priced(conn, request)?,
            _ => {
                let zh = "每项填写收费标准代码，或核价单，二者取一";
                form.wrong(&at, zh, "a line names an item of the list or a priced request, one of the two");
                return Ok(None);
            }
        };
        let Some(item) = item else {
            let zh = "收费标准中没有这一项，或核价单尚未批复";
            form.wrong(&at, zh, "it is not on the price list, or its price was not given");
            return Ok(None);
        };
        let Some(full) = line_amount(item.price_minor, line.quantity_milli) else {
            form.wrong(&at, "金额太大", "the amount is too large");
            return Ok(None);
        };
        let covered = match self.warranty {
            WarrantyKind::None => false,
            // Caused by our own work: never charged.
            WarrantyKind::Rework => true,
            WarrantyKind::Product | WarrantyKind::Repair => line.covered.unwrap_or(true),
        };
        let setup = item.is_setup.then(|| self.setup.clone());
        let is_free = covered || setup.as_ref().is_some_and(|setup| setup.term == SetUpTerm::Free);
        Ok(Some(QuoteLine {
            code: line.code.clone(),
            request: line.request,
            name: item.name,
            unit: item.unit,
            kind: item.kind,
            quantity_milli: line.quantity_milli,
            unit_minor: item.price_minor,
            amount_minor: if is_free { 0 } else { full },
            risk: (item.destroys_data || line.destroys_data).then_some(Risk::Data),
            setup,
        }))
    }

    fn listed(&self, conn: &mut Conn, code: &str) -> Result<Option<Item>, Problem> {
        let now = self.by.now;
        let row = db::price_lists::find_item(conn, self.version, &code.replace('\0', ""))?;
        let valid =
            row.filter(|row| row.valid_from.is_none_or(|from| from <= now) && row.valid_to.is_none_or(|to| now < to));
        Ok(valid.map(|row| Item {
            name: row.name_zh,
            unit: row.unit,
            kind: row.kind,
            price_minor: row.price_minor,
            destroys_data: row.destroys_data,
            is_setup: row.setup,
        }))
    }

    fn priced(&self, conn: &mut Conn, request: schema::id::PriceRequestId) -> Result<Option<Item>, Problem> {
        let row = db::price_requests::find_price_request(conn, request)?;
        let row = row.filter(|row| row.job_id == self.view.meta.job && row.feasible == Some(true));
        let currency = self.view.meta.currency;
        Ok(row.and_then(|row| {
            let same = row.currency.as_deref().is_none_or(|given| given == currency.as_str());
            let price_minor = row.price_minor.filter(|_| same)?;
            let (name, unit, destroys_data) = (row.text, row.unit.unwrap_or_default(), row.destroys_data);
            Some(Item { name, unit, kind: ItemKind::Labour, price_minor, destroys_data, is_setup: false })
        }))
    }
}

/// The customer accepted on the phone to the desk: exactly the quote that was read out.
pub fn consent(conn: &mut Conn, by: &By, job: JobId, input: &CreateConsent) -> Result<Billed, Problem> {
    let stored = jobs::load_to_write(conn, &by.caller, job)?;
    let view = stored.view()?;
    charges::require_unsigned(&view)?;
    let mut form = Form::default();
    let name = form.field("/name", &input.name);
    form.finish()?;
    require_shown(&view, &input.quote, |quote| {
        quote_hash(quote) == input.quote_hash && quote.total_minor == input.total_minor
    })?;
    let consent = Consent {
        quote: input.quote.clone(),
        quote_hash: input.quote_hash,
        total_minor: input.total_minor,
        currency: view.meta.currency,
        how: How::DeskCall,
        name,
        strokes: None,
        by: Some(by.caller.person),
        link: None,
        shown: Vec::new(),
        at: by.now,
    };
    let id = by.entry();
    let edit = Edit::Consent { id: id.clone(), consent };
    let written = records::write_stored(conn, by.office(), stored, None, &[edit])?;
    Ok(charges::billed(id, &written))
}

/// The quote is there, is the one that was shown, and no later offer stands in its place. Whether it was taken back, the gate says.
pub fn require_shown(view: &JobRecord, id: &EntryId, fits: impl FnOnce(&Quote) -> bool) -> Result<(), Problem> {
    let changed = || Problem::new(Kind::QuoteChanged);
    let quote = view.quotes.get(id).ok_or_else(changed)?;
    if fits(quote) && !view.is_replaced(quote) { Ok(()) } else { Err(changed()) }
}
