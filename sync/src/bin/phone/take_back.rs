//! The take-back receipt and the hand-back: shown first, then signed in exactly those words.

use crate::app::{App, entry_of};
use crate::cli;
use crate::failure::Failure;
use crate::money::strokes;
use crate::sheet::short;
use crate::texts::Text;
use schema::backup::text_hash;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::record::{Erasure, HandBack, JobRecord, Loaner, ReportField, TakeBack, TakenComputer};
use schema::sheet::out_words;
use schema::take_back::{hand_back_text, receipt_text};
use std::fmt::Write as _;

/// Without a name the receipt is shown; with one, it is signed.
pub fn take_back(app: &mut App, args: &cli::TakeBack) -> Result<String, Failure> {
    let (job, record) = app.job(&args.job)?;
    let mut receipt = filled(app, &record, args)?;
    receipt.text = receipt_text(&record.meta.number, &receipt, receipt.language);
    receipt.text_hash = text_hash(&receipt.text);
    let hash = short(receipt.text_hash);
    let shown = format!("{}\n{}", receipt.text, app.line(Text::SheetHash, &[&hash]));
    let Some(name) = &args.name else { return Ok(shown) };
    (receipt.name, receipt.strokes) = (name.clone(), Some(strokes(&args.pen)?));
    let what = format!("{} {}", record.meta.number, app.say(Text::TakeBackSigned, &[name, &hash]));
    let id = app.draw_entry_id();
    Ok(shown + &app.write(job, vec![Edit::TakeBack { id, take_back: Box::new(receipt) }], &what)?)
}

/// What the report says of the product, where nothing else is given.
fn filled(app: &mut App, record: &JobRecord, args: &cli::TakeBack) -> Result<TakeBack, Failure> {
    let known = |field| record.known(field).map(str::to_owned);
    let is_reported = args.product.is_none();
    let or_known = |given: &Option<String>, field| given.clone().or_else(|| known(field).filter(|_| is_reported));
    let computer = args.configuration.clone().map(|configuration| TakenComputer {
        configuration,
        copy: args.copy,
        erasure: if args.may_erase { Erasure::Allowed } else { Erasure::Forbidden },
    });
    let at = app.at();
    Ok(TakeBack {
        product: or_known(&args.product, ReportField::Product).unwrap_or_default(),
        model: or_known(&args.model, ReportField::Model),
        serial: or_known(&args.serial, ReportField::Serial),
        accessories: args.accessories.clone(),
        condition: args.condition.clone(),
        computer,
        loaner: args.loaner.clone().map(|name| Loaner { name, serial: args.loaner_serial.clone() }),
        taken_on: at.to_utc().with_timezone(&app.zone).date_naive().to_string(),
        return_on: args.return_on.clone(),
        text: String::new(),
        text_hash: Hash::ZERO,
        language: args.shown_in.map_or(app.language, cli::Lang::language),
        name: String::new(),
        strokes: None,
        by: app.me()?,
        at,
    })
}

pub fn hand_back(app: &mut App, args: &cli::HandBack) -> Result<String, Failure> {
    let (job, record) = app.job(&args.job)?;
    let none = || Failure::said(Text::NoReceiptOpen, &[]);
    let id = match &args.receipt {
        Some(receipt) => entry_of(record.take_backs.iter(), receipt)?,
        None => record.open_receipts().first().map(|(id, _)| (*id).clone()).ok_or_else(none)?,
    };
    let receipt = record.take_backs.get(&id).ok_or_else(none)?;
    let kind = args.what.or_else(|| record.out(&id).kinds().first().copied()).ok_or_else(none)?;
    let mut end = HandBack {
        receipt: id,
        kind,
        condition: args.condition.clone(),
        text: String::new(),
        text_hash: Hash::ZERO,
        language: args.shown_in.map_or(app.language, cli::Lang::language),
        name: args.name.clone().unwrap_or_default(),
        strokes: None,
        reason: args.unsigned.clone(),
        by: app.me()?,
        at: app.at(),
    };
    end.text = hand_back_text(&record.meta.number, receipt, &end, end.language);
    end.text_hash = text_hash(&end.text);
    let hash = short(end.text_hash);
    let shown = format!("{}\n{}", end.text, app.line(Text::SheetHash, &[&hash]));
    let Some(name) = &args.name else { return Ok(shown) };
    if end.reason.is_none() {
        end.strokes = Some(strokes(&args.pen)?);
    }
    let what = format!("{} {}", record.meta.number, app.say(Text::HandBackWritten, &[name, &hash]));
    let id = app.draw_entry_id();
    Ok(shown + &app.write(job, vec![Edit::HandBack { id, hand_back: end }], &what)?)
}

/// What was taken and lent, where it is, and the receipt that is owed.
pub fn taken(app: &App, record: &JobRecord) -> String {
    let mut text = if record.receipt_owed() { app.line(Text::ReceiptOwed, &[]) } else { String::new() };
    for (id, receipt) in &record.take_backs {
        let out = record.out(id);
        let product = if out.product { Text::ProductOut } else { Text::ProductHome };
        let mut said = vec![
            format!("{} {id} {}", app.say(Text::TakeBacks, &[]), receipt.product),
            app.say(product, &[]),
            app.say(Text::ReturnOn, &[&receipt.return_on]),
        ];
        said.extend(
            receipt
                .loaner
                .as_ref()
                .map(|loaner| app.say(Text::LoanerOf, &[&loaner.name, out_words(out.loaner).get(app.language)])),
        );
        let _ = writeln!(text, "{}", said.join(" · "));
    }
    text
}
