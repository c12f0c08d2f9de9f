//! Prices, quotes, the customer's consent, the charge.

use crate::app::{App, entry_of};
use crate::cli;
use crate::failure::Failure;
use crate::texts::Text;
use schema::edit::Edit;
use schema::field::date;
use schema::id::EntryId;
use schema::money::Currency;
use schema::people::Bilingual;
use schema::price::{line_amount, quote_hash};
use schema::record::{
    Charge, Consent, How, ItemKind, JobRecord, Quote, QuoteLine, ReportField, Risk, SetUp, SetUpTerm, Strokes,
    Warranty, WarrantyKind,
};
use schema::reference::PriceList;
use schema::setup::{contradiction, judge};
use schema::time::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Thousandths of a quantity written as `2` or `1.5`.
pub fn quantity_milli(text: &str) -> Result<i64, Failure> {
    decimal(text, 3).filter(|milli| *milli > 0).ok_or_else(|| Failure::said(Text::NumberBad, &[text]))
}

/// A number with at most so many decimals, in units of the last one.
fn decimal(text: &str, digits: u32) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let length = u32::try_from(part.len()).ok()?;
    if whole.is_empty() || !is_number(whole) || !is_number(part) || length > digits {
        return None;
    }
    let part: i64 = if part.is_empty() { 0 } else { part.parse().ok()? };
    let scale = 10i64.checked_pow(digits)?;
    let part = part.checked_mul(10i64.checked_pow(digits - length)?)?;
    whole.parse::<i64>().ok()?.checked_mul(scale)?.checked_add(part)
}

fn list(app: &App) -> Result<&PriceList, Failure> {
    app.replica().price_list().ok_or_else(|| Failure::said(Text::NoPriceList, &[]))
}

pub fn prices(app: &App, search: Option<&str>) -> Result<String, Failure> {
    let list = list(app)?;
    let mut text = app.line(Text::PriceListVersion, &[&list.version.to_string()]);
    let wanted = search.unwrap_or_default().to_lowercase();
    for item in &list.items {
        let name = item.name.get(app.language);
        let known_as = [&item.code, &item.name.zh, &item.name.en];
        if known_as.iter().any(|word| word.to_lowercase().contains(&wanted)) {
            let price = app.money(item.price_minor, list.currency);
            let _ = writeln!(text, "{}  {name}  {price}/{}", item.code, item.unit);
        }
    }
    Ok(text)
}

pub fn quote(app: &mut App, args: &cli::Quote) -> Result<String, Failure> {
    let (job, record) = app.job(&args.job)?;
    let at = app.at();
    let setup = set_up(app, &record, args.installed_on.as_deref(), at)?;
    let mut lines = Vec::new();
    for line in &args.lines {
        lines.push(listed_line(list(app)?, line, (at, &setup))?);
    }
    for line in &args.off_list {
        lines.push(off_list_line(line, record.meta.currency)?);
    }
    for line in &mut lines {
        let charged = line.code.as_ref().is_some_and(|code| args.charged.contains(code));
        if args.warranty != WarrantyKind::None && !charged {
            line.amount_minor = 0;
        }
    }
    let too_large = || Failure::said(Text::TotalTooLarge, &[]);
    let total = lines.iter().try_fold(0i64, |sum, line| sum.checked_add(line.amount_minor)).ok_or_else(too_large)?;
    let numbered = lines.into_iter().enumerate().map(|(place, line)| (format!("{:02}", place + 1), line));
    let quote = Quote {
        lines: numbered.collect(),
        total_minor: total,
        currency: record.meta.currency,
        price_list: app.replica().price_list().map_or(0, |list| list.version),
        warranty: Warranty { kind: args.warranty, reason: args.reason.clone(), decided_by: None },
        option: args.option.clone(),
        of: None,
        by: app.me()?,
        at,
    };
    let id = app.draw_entry_id();
    let shown = quote_text(app, &id, &quote);
    let what = format!("{} {}", record.meta.number, app.money(total, quote.currency));
    Ok(app.write(job, vec![Edit::Quote { id, quote }], &what)? + &shown)
}

/// The name as the customer reads it on the sheet, whatever language the technician reads.
pub fn record_name(name: &Bilingual) -> String {
    let name = if name.zh.is_empty() { &name.en } else { &name.zh };
    name.clone()
}

/// How set-up of software is charged today. An older server said nothing of it at the log-in: then as it usually is.
fn set_up(app: &App, record: &JobRecord, installed_on: Option<&str>, at: Timestamp) -> Result<SetUp, Failure> {
    let today = at.to_utc().with_timezone(&app.zone).date_naive();
    if let Some(text) = installed_on.filter(|text| date(text).is_none_or(|date| date > today)) {
        return Err(Failure::said(Text::InstalledOnBad, &[text]));
    }
    let purchased_on = record.known(ReportField::PurchasedOn);
    if let Some(wrong) = contradiction(installed_on, purchased_on) {
        return Err(Failure::said(Text::InstalledTooEarly, &[wrong.get(app.language)]));
    }
    let terms = app.replica().identity().and_then(|identity| identity.setup).unwrap_or_default();
    Ok(judge(terms, installed_on.or(purchased_on), today))
}

/// `CODE*QTY`, or `CODE` for one.
fn listed_line(list: &PriceList, text: &str, (at, setup): (Timestamp, &SetUp)) -> Result<QuoteLine, Failure> {
    let (code, quantity) = text.rsplit_once('*').unwrap_or((text, "1"));
    let unknown = || Failure::said(Text::CodeUnknown, &[&list.version.to_string(), code]);
    let item = list.item(code, at).ok_or_else(unknown)?;
    let quantity_milli = quantity_milli(quantity)?;
    let setup = item.setup.then(|| setup.clone());
    let is_free = setup.as_ref().is_some_and(|setup| setup.term == SetUpTerm::Free);
    let full = amount(item.price_minor, quantity_milli)?;
    Ok(QuoteLine {
        code: Some(item.code.clone()),
        request: None,
        name: record_name(&item.name),
        unit: item.unit.clone(),
        kind: item.kind,
        quantity_milli,
        unit_minor: item.price_minor,
        amount_minor: if is_free { 0 } else { full },
        risk: item.destroys_data.then_some(Risk::Data),
        setup,
    })
}

/// What stands after the price where the work can destroy data.
pub const RISK_MARK: &str = "data";

/// `REQUEST|NAME|UNIT|PRICE*QTY`, as the supervisor priced it; `PRICE|data` where they said that it can destroy data.
fn off_list_line(text: &str, currency: Currency) -> Result<QuoteLine, Failure> {
    let bad = || Failure::said(Text::PriceBad, &[text]);
    let (item, quantity) = text.rsplit_once('*').unwrap_or((text, "1"));
    let fields: Vec<&str> = item.split('|').collect();
    let (request, name, unit, price, risk) = match fields.as_slice() {
        [request, name, unit, price] => (request, name, unit, price, None),
        [request, name, unit, price, RISK_MARK] => (request, name, unit, price, Some(Risk::Data)),
        _ => return Err(bad()),
    };
    let unit_minor = decimal(price, currency.digits()).ok_or_else(bad)?;
    let quantity_milli = quantity_milli(quantity)?;
    Ok(QuoteLine {
        code: None,
        request: Some(request.parse().map_err(|_| bad())?),
        name: (*name).to_owned(),
        unit: (*unit).to_owned(),
        kind: ItemKind::Labour,
        quantity_milli,
        unit_minor,
        amount_minor: amount(unit_minor, quantity_milli)?,
        risk,
        setup: None,
    })
}

fn amount(unit_minor: i64, quantity_milli: i64) -> Result<i64, Failure> {
    line_amount(unit_minor, quantity_milli).ok_or_else(|| Failure::said(Text::TotalTooLarge, &[]))
}

/// A quote's lines and total.
pub fn quote_text(app: &App, id: &EntryId, quote: &Quote) -> String {
    let option = quote.option.as_deref().unwrap_or_default();
    let mut text = format!("  {id} {} {option}\n", app.time(quote.at));
    for (number, line) in &quote.lines {
        let (unit, sum) = (app.money(line.unit_minor, quote.currency), app.money(line.amount_minor, quote.currency));
        let quantity = milli_text(line.quantity_milli);
        let _ = writeln!(text, "    {number} {} {unit}/{} × {quantity} = {sum}", line.name, line.unit);
        if let Some(setup) = &line.setup {
            let _ = writeln!(text, "       {}", schema::setup::said(setup, app.language));
        }
    }
    let total = app.money(quote.total_minor, quote.currency);
    let _ = writeln!(text, "    {} {total}", app.say(Text::Total, &[]));
    text
}

/// `1.5` for 1500 thousandths.
pub fn milli_text(milli: i64) -> String {
    let text = format!("{}.{:03}", milli / 1000, (milli % 1000).abs());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn latest(quotes: &BTreeMap<EntryId, Quote>) -> Result<EntryId, Failure> {
    let latest = quotes.iter().max_by_key(|(id, quote)| (quote.at, *id));
    latest.map(|(id, _)| id.clone()).ok_or_else(|| Failure::said(Text::NoQuote, &[]))
}

fn quote_of(record: &JobRecord, name: Option<&str>) -> Result<EntryId, Failure> {
    match name {
        None | Some("latest") => latest(&record.quotes),
        Some(name) => entry_of(record.quotes.iter(), name).map_err(|_| Failure::said(Text::QuoteUnknown, &[name])),
    }
}

pub fn consent(app: &mut App, args: &cli::Consent) -> Result<String, Failure> {
    let (job, record) = app.job(&args.job)?;
    let id = quote_of(&record, args.quote.as_deref())?;
    let quote = record.quotes.get(&id).ok_or_else(|| Failure::said(Text::NoQuote, &[]))?;
    let shown = quote_text(app, &id, quote);
    let consent = Consent {
        quote: id,
        quote_hash: quote_hash(quote),
        total_minor: quote.total_minor,
        currency: quote.currency,
        how: How::Phone,
        name: args.name.clone(),
        strokes: Some(strokes(&args.pen)?),
        by: Some(app.me()?),
        link: None,
        shown: Vec::new(),
        at: app.at(),
    };
    let what = format!("{} {} {}", record.meta.number, args.name, app.money(quote.total_minor, quote.currency));
    let id = app.draw_entry_id();
    Ok(shown + &app.write(job, vec![Edit::Consent { id, consent }], &what)?)
}

/// Two strokes that nobody drew.
const DEMO_STROKES: &str = "10,40,0 30,10,60 50,40,120|60,10,300 60,40,380";

pub fn strokes(pen: &cli::Pen) -> Result<Strokes, Failure> {
    match &pen.strokes {
        Some(file) => {
            let text = std::fs::read_to_string(file).map_err(Failure::file(file))?;
            Ok(Strokes(text.trim().to_owned()))
        }
        None if pen.demo_stroke => Ok(Strokes(DEMO_STROKES.to_owned())),
        None => Err(Failure::said(Text::PenMissing, &[])),
    }
}

pub fn charge(app: &mut App, job: &str) -> Result<String, Failure> {
    let (job, record) = app.job(job)?;
    let agreed = record.accepted_quote().zip(record.due_minor());
    let ((quote, accepted), due_minor) = agreed.ok_or_else(|| Failure::said(Text::NoDue, &[]))?;
    let currency = accepted.currency;
    let charge = Charge { quote: quote.clone(), due_minor, currency, by: app.me()?, at: app.at() };
    let what = format!("{} {}", record.meta.number, app.money(due_minor, currency));
    let id = app.draw_entry_id();
    app.write(job, vec![Edit::Charge { id, charge }], &what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_three_decimals_at_most_and_are_more_than_nothing() {
        assert_eq!(quantity_milli("2").unwrap(), 2_000);
        assert_eq!(quantity_milli("1.25").unwrap(), 1_250);
        for bad in ["", "0", "-1", ".5", "1.2345", "1e3", "９", "99999999999999999999"] {
            assert!(quantity_milli(bad).is_err(), "{bad}");
        }
        assert_eq!(milli_text(1_250), "1.25");
        assert_eq!(milli_text(20_000), "20");
    }
}
