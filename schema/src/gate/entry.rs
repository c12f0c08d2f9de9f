//! What an entry must be, whatever came before it.

use super::{Broken, Rule, TOOLS_IN, TOOLS_OUT, unless};
use crate::field;
use crate::id::EntryId;
use crate::limits::{CHANGE_DEPS_MAX, QUOTE_LINES_MAX};
use crate::money::{Currency, Money};
use crate::price;
use crate::record::{
    BackupConsent, Charge, Consent, Correction, How, JobRecord, LaterRating, Payment, Play, Quote, Rating, Reading,
    Refusal, SetUp, SetUpTerm, SignOff, SignOffKind, Strokes, Waiver, WarrantyKind, Withdrawal,
};
use crate::template::{Evidence, EvidenceKind, Template, WHOLE_VISIT};

pub fn step(template: &Template, step: &str) -> Vec<Broken> {
    unless(template.step(step).is_some(), || {
        let zh = format!("本工单的流程没有“{step}”这一步。");
        Broken::new(Rule::StepUnknown, zh, format!("This job's checklist has no step \"{step}\"."))
    })
}

/// A note or a photo may also stand for the visit as a whole: a phone that has no checklist yet knows no step.
pub fn note_place(template: &Template, place: &str) -> Vec<Broken> {
    if place == WHOLE_VISIT { Vec::new() } else { step(template, place) }
}

pub fn play(template: &Template, play: &Play) -> Vec<Broken> {
    let Some(found) = template.step(&play.step) else { return step(template, &play.step) };
    unless(found.plays.iter().any(|known| known.id == play.play), || {
        let zh = format!("“{}”这一步没有这种情况，请从列表中选择。", found.name.zh);
        let en = format!("\"{}\" has no such case; choose one from its list.", found.name.en);
        Broken::new(Rule::StepUnknown, zh, en).at_step(&play.step)
    })
}

/// What the checklist counts is a whole number. Every other reading is as its instrument shows it, and a name that no step asks for is the
/// technician's own: a measure more than was asked is welcome, and there is nothing to hold it against.
pub fn reading(template: &Template, reading: &Reading) -> Vec<Broken> {
    let mut broken = step(template, &reading.step);
    let is_count = |asked: &Evidence| asked.kind == EvidenceKind::Count && asked.name == reading.name;
    let is_counted = [TOOLS_OUT, TOOLS_IN].contains(&reading.name.as_str())
        || template.steps.iter().flat_map(|step| &step.evidence).any(is_count);
    broken.extend(unless(!is_counted || field::count(&reading.value).is_some_and(|count| count >= 0), || {
        let zh = "数量请填整数。";
        Broken::new(Rule::ValueUnfit, zh, "A count is a whole number.").at_step(&reading.step)
    }));
    broken
}

pub fn correction(correction: &Correction) -> Vec<Broken> {
    let unfit = field::unfit(correction.field, &correction.value);
    unfit.map(|said| Broken::new(Rule::ValueUnfit, said.zh, said.en)).into_iter().collect()
}

pub fn reason(text: &str) -> Vec<Broken> {
    unless(is_filled(Some(text)), || Broken::new(Rule::ReasonMissing, "请填写原因。", "Say why; this needs a reason."))
}

pub fn quote(record: &JobRecord, quote: &Quote) -> Vec<Broken> {
    let mut broken = currency(record, quote.currency);
    if let Err(bad) = price::check(quote) {
        broken.push(bad_arithmetic(bad));
    }
    broken.extend(unless(quote.lines.len() <= QUOTE_LINES_MAX, || {
        let zh = format!("一张报价最多{QUOTE_LINES_MAX}项，请分开报价。");
        Broken::new(Rule::QuoteArithmetic, zh, format!("A quote has {QUOTE_LINES_MAX} lines at most; split it."))
    }));
    let is_dated = |setup: &SetUp| {
        let known = |text: &Option<String>| text.as_deref().and_then(field::date);
        let days = known(&setup.installed_on).zip(known(&setup.charged_from));
        setup.term == SetUpTerm::Unknown || days.is_some_and(|(installed, charged)| installed < charged)
    };
    broken.extend(unless(quote.lines.values().filter_map(|line| line.setup.as_ref()).all(is_dated), || {
        let zh = "软件调试免费或收费，须写明安装日期和起收日期。";
        let en =
            "Set-up of software is free or charged by dates: say when it was installed, and from when it is charged.";
        Broken::new(Rule::ValueUnfit, zh, en)
    }));
    broken.extend(quote.of.iter().flat_map(|of| picked(record, quote, of)));
    if quote.warranty.kind == WarrantyKind::Rework {
        broken.extend(unless(quote.total_minor == 0, || {
            let zh = "因我方维修质量返修不得收费，总价应为0。";
            let en = "Rework caused by our own repair is never charged; the total must be 0.";
            Broken::new(Rule::QuoteArithmetic, zh, en)
        }));
    }
    // What was picked has the terms of what was shown, which were judged when that was offered.
    if quote.warranty.kind != WarrantyKind::None && quote.of.is_none() {
        broken.extend(reason(quote.warranty.reason.as_deref().unwrap_or_default()));
    }
    broken
}

/// What the customer picked from an offer holds its lines as they were shown, under the same terms.
fn picked(record: &JobRecord, quote: &Quote, of: &EntryId) -> Vec<Broken> {
    let Some(shown) = record.quotes.get(of) else { return vec![unknown_quote()] };
    if record.withdrawal(of).is_some() {
        return vec![taken_back()];
    }
    let same_terms = (quote.currency, quote.price_list) == (shown.currency, shown.price_list)
        && (&quote.warranty, &quote.option) == (&shown.warranty, &shown.option);
    let as_shown = quote.lines.iter().all(|(number, line)| shown.lines.get(number) == Some(line));
    unless(same_terms && as_shown, || {
        let zh = "客户所选的项目与出示的报价不一致，请按出示的报价重新选择。";
        let en = "What was picked is not as it was shown; choose again from the lines of the quote.";
        Broken::new(Rule::QuoteChanged, zh, en)
    })
}

fn bad_arithmetic(bad: price::BadQuote) -> Broken {
    let (zh, en) = match bad {
        price::BadQuote::Empty => ("报价至少要有一项。", "A quote needs at least one line."),
        price::BadQuote::Line => (
            "报价中有一项的金额不等于单价乘数量，请重新计算。",
            "A line's amount is not unit price times quantity; work it out again.",
        ),
        price::BadQuote::Total => {
            ("总价不等于各项之和，请重新计算。", "The total is not the sum of the lines; add it up again.")
        }
    };
    Broken::new(Rule::QuoteArithmetic, zh, en)
}

fn taken_back() -> Broken {
    let zh = "此报价已撤回，不能再请客户认可；请重新报价。";
    Broken::new(Rule::QuoteWithdrawn, zh, "This quote was withdrawn; nobody can accept it. Make a new one.")
}

/// Technicians take back what they offered themselves, the office whatever was offered; nobody what the customer has accepted.
pub fn withdrawal(record: &JobRecord, withdrawal: &Withdrawal) -> Vec<Broken> {
    let Some(quote) = record.quotes.get(&withdrawal.quote) else { return vec![unknown_quote()] };
    let mut broken = reason(&withdrawal.reason);
    let is_technician = record.assignments.values().any(|assignment| assignment.technician == withdrawal.by);
    broken.extend(unless(!is_technician || quote.by == withdrawal.by, || {
        let zh = "只能撤回自己做的报价；他人的报价请联系客服撤回。";
        Broken::new(Rule::NotYours, zh, "You can withdraw your own quotes; call the desk about somebody else's.")
    }));
    let is_accepted = record.valid_consents().any(|(_, consent)| consent.quote == withdrawal.quote);
    broken.extend(unless(!is_accepted, || {
        let zh = "客户已认可此报价，不能撤回；要改价请重新报价，并请客户认可。";
        let en = "The customer has accepted this quote, so it can't be withdrawn; make a new one for them to accept.";
        Broken::new(Rule::QuoteAccepted, zh, en)
    }));
    broken
}

pub fn consent(record: &JobRecord, consent: &Consent) -> Vec<Broken> {
    let Some(quote) = record.quotes.get(&consent.quote) else { return vec![unknown_quote()] };
    if record.withdrawal(&consent.quote).is_some() {
        return vec![taken_back()];
    }
    let shown = consent.quote_hash == price::quote_hash(quote)
        && consent.total_minor == quote.total_minor
        && consent.currency == quote.currency;
    let mut broken = unless(shown, || {
        let zh = "报价与客户看到的不一致，请重新出示报价再请客户认可。";
        let en = "The quote is not the one that was shown; show it again and ask for consent again.";
        Broken::new(Rule::QuoteChanged, zh, en)
    });
    if let Err(bad) = price::check(quote) {
        broken.push(bad_arithmetic(bad));
    }
    if consent.shown.iter().any(|id| !record.quotes.contains_key(id)) {
        broken.push(unknown_quote());
    }
    broken.extend(name(&consent.name));
    broken.extend(witness(consent.how, consent.by.is_some(), consent.link.is_some()));
    if consent.how == How::Phone || consent.strokes.is_some() {
        broken.extend(strokes(consent.strokes.as_ref()));
    }
    broken
}

/// A signature for exactly the words that the quote's work asks for. Nobody gives it on the phone to the desk.
pub fn backup(record: &JobRecord, backup: &BackupConsent) -> Vec<Broken> {
    let Some(quote) = record.quotes.get(&backup.quote) else { return vec![unknown_quote()] };
    if record.withdrawal(&backup.quote).is_some() {
        return vec![taken_back()];
    }
    let mut broken = unless(record.backup_fits(backup, quote), || {
        let zh = "数据备份确认的内容与所报项目不符，请重新打开后再请客户签字。";
        let en = "The backup consent does not fit the work that was quoted; open it again and have it signed anew.";
        Broken::new(Rule::QuoteChanged, zh, en)
    });
    broken.extend(name(&backup.name));
    broken.extend(witness(backup.how, backup.by.is_some(), backup.link.is_some()));
    // On the customer's own device a typed name will do, as under the sheet: the link says whose it is.
    if backup.how != How::Link || backup.strokes.is_some() {
        broken.extend(strokes(backup.strokes.as_ref()));
    }
    broken
}

/// A consent or signature names the staff member who was there, or the link that it came by, never both.
fn witness(how: How, by: bool, link: bool) -> Vec<Broken> {
    let fits = match how {
        How::Phone | How::DeskCall => by && !link,
        How::Link => link && !by,
    };
    unless(fits, || {
        let zh = "确认方式与经办人不符：当面或电话确认须有员工姓名，链接确认须有链接。";
        let en = "How it was given does not fit who took it: name the staff member present, or the customer's link.";
        Broken::new(Rule::SignatureMissing, zh, en)
    })
}

pub fn waiver(record: &JobRecord, waiver: &Waiver) -> Vec<Broken> {
    let Some(quote) = record.quotes.get(&waiver.quote) else { return vec![unknown_quote()] };
    let mut broken = reason(&waiver.reason);
    broken.extend(unless((1..=quote.total_minor).contains(&waiver.minor), || {
        let zh = "减免金额须大于0且不超过报价总额。";
        Broken::new(Rule::AmountOutOfRange, zh, "A waiver is more than 0 and at most the quote's total.")
    }));
    broken
}

pub fn charge(record: &JobRecord, charge: &Charge) -> Vec<Broken> {
    let mut broken = currency(record, charge.currency);
    broken.extend(agreed(record, &charge.quote, charge.due_minor));
    broken
}

/// The charge equals the accepted quote less what was waived.
pub fn agreed(record: &JobRecord, quote: &EntryId, due_minor: i64) -> Vec<Broken> {
    let Some((accepted, _)) = record.accepted_quote() else {
        let zh = "没有客户认可的有效报价，不能填写收费。请先请客户认可报价。";
        return vec![Broken::new(
            Rule::ChargeAgreed,
            zh,
            "No accepted quote is in force; get the customer's consent first.",
        )];
    };
    let due = record.due_minor().unwrap_or_default();
    unless(accepted == quote && due == due_minor, || {
        let money = Money { minor: due, currency: record.meta.currency };
        let zh = format!("收费须与客户认可的报价一致：应收 {money}。");
        let en = format!("The charge must equal the accepted quote: {money} is due.");
        Broken::new(Rule::ChargeAgreed, zh, en)
    })
}

pub fn payment(record: &JobRecord, payment: &Payment) -> Vec<Broken> {
    let mut broken = currency(record, payment.currency);
    broken.extend(unless(payment.minor > 0, || {
        Broken::new(Rule::AmountOutOfRange, "收款金额须大于0。", "A payment is more than 0.")
    }));
    broken
}

/// The form of a signature, or of its refusal.
pub fn sign_off(sign_off: &SignOff) -> Vec<Broken> {
    let mut broken = unless((1..=CHANGE_DEPS_MAX).contains(&sign_off.covers.len()), || {
        let zh = "签字没有注明所确认的内容，请重新打开任务单再签。";
        Broken::new(
            Rule::CoversNothing,
            zh,
            "The signature does not say what it covers; open the sheet again and sign.",
        )
    });
    match sign_off.kind {
        SignOffKind::Signed => {
            broken.extend(name(&sign_off.name));
            // On the customer's own device a typed name will do: the link says whose it is.
            if sign_off.how == How::Phone || sign_off.strokes.is_some() {
                broken.extend(strokes(sign_off.strokes.as_ref()));
            }
        }
        SignOffKind::Declined => broken.extend(reason(sign_off.reason.as_deref().unwrap_or_default())),
    }
    broken.extend(sign_off.rating.map(rating).unwrap_or_default());
    broken
}

pub fn refusal(record: &JobRecord, refusal: &Refusal) -> Vec<Broken> {
    let Some(_) = record.quotes.get(&refusal.quote) else { return vec![unknown_quote()] };
    reason(&refusal.reason)
}

/// Marks without a signature: at least one of them.
pub fn later_rating(later: &LaterRating) -> Vec<Broken> {
    let mut broken = rating(later.rating);
    broken.extend(unless(later.rating.quality.or(later.rating.attitude).is_some(), || {
        Broken::new(Rule::RatingOutOfRange, "请至少选择一项评分。", "Give at least one mark.")
    }));
    broken
}

fn rating(rating: Rating) -> Vec<Broken> {
    let in_range = [rating.quality, rating.attitude].into_iter().flatten().all(|marks| (1..=5).contains(&marks));
    unless(in_range, || Broken::new(Rule::RatingOutOfRange, "评分为1至5分。", "A rating is from 1 to 5."))
}

pub fn strokes(strokes: Option<&Strokes>) -> Vec<Broken> {
    let drawn = strokes.and_then(Strokes::parse).is_some_and(|strokes| !strokes.is_empty());
    unless(drawn, || {
        Broken::new(Rule::SignatureMissing, "请客户在屏幕上签字。", "Ask the customer to sign on the screen.")
    })
}

pub fn name(name: &str) -> Vec<Broken> {
    unless(is_filled(Some(name)), || Broken::new(Rule::NameMissing, "请填写客户姓名。", "Fill in the customer's name."))
}

fn currency(record: &JobRecord, currency: Currency) -> Vec<Broken> {
    unless(currency == record.meta.currency, || {
        let ours = record.meta.currency.as_str();
        Broken::new(Rule::Currency, format!("本工单以{ours}计价。"), format!("This job is priced in {ours}."))
    })
}

fn unknown_quote() -> Broken {
    Broken::new(Rule::QuoteUnknown, "找不到这份报价，请重新选择。", "There is no such quote; choose it again.")
}

pub fn is_filled(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}
