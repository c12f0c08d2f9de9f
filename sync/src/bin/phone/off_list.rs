//! Prices of what is not on the list, asked of the engineering supervisor: the one command beside the sync that takes a network.

use crate::app::App;
use crate::failure::Failure;
use crate::money::RISK_MARK;
use crate::session::runtime;
use crate::texts::Text;
use schema::money::Currency;
use schema::price_request::{PriceAnswer, PriceRequest};
use std::fmt::Write as _;

pub fn ask(app: &mut App, job: &str, text: &str) -> Result<String, Failure> {
    let (job, _) = app.job(job)?;
    let (runtime, client) = (runtime()?, app.client()?);
    let App { handset, clocks, .. } = &mut *app;
    let asked = runtime.block_on(client.ask_price(handset, clocks, job, text))?;
    Ok(app.line(Text::PriceAsked, &[&asked.text, &app.time(asked.due_at)]))
}

/// What was asked for this job, and what was answered; of each answer, how a quote names it.
pub fn asked(app: &mut App, job: &str) -> Result<String, Failure> {
    let (job, _) = app.job(job)?;
    let (runtime, client) = (runtime()?, app.client()?);
    let App { handset, clocks, .. } = &mut *app;
    let asked = runtime.block_on(client.price_requests(handset, clocks, job))?;
    if asked.is_empty() {
        return Ok(app.line(Text::NoPriceAsked, &[]));
    }
    Ok(asked.iter().map(|request| told(app, request)).collect())
}

fn told(app: &App, request: &PriceRequest) -> String {
    let mut text = format!("{} {}\n", app.time(request.asked_at), request.text);
    let line = match &request.answer {
        None if request.is_late => app.say(Text::PriceLate, &[&app.time(request.due_at)]),
        None => app.say(Text::PriceAwaited, &[&app.time(request.due_at)]),
        Some(answer) => answered(app, request, answer),
    };
    let _ = writeln!(text, "  {line}");
    text
}

fn answered(app: &App, request: &PriceRequest, answer: &PriceAnswer) -> String {
    let remark = answer.remark.as_deref().unwrap_or_default();
    let (Some(price_minor), true) = (answer.price_minor, answer.feasible) else {
        return app.say(Text::PriceNotFeasible, &[&answer.by.name, remark]);
    };
    let (currency, unit) = (answer.currency.unwrap_or(request.currency), answer.unit.as_deref().unwrap_or_default());
    let price = app.money(price_minor, currency);
    let argument = argument(request, (price_minor, currency), answer);
    app.say(Text::PriceAnswered, &[&answer.by.name, &price, unit, remark, &argument])
}

/// How a quote names what was priced.
pub fn argument(request: &PriceRequest, (price_minor, currency): (i64, Currency), answer: &PriceAnswer) -> String {
    // As `--off-list` reads it: the price without its sign, to the last digit of the currency.
    let digits = usize::try_from(currency.digits()).unwrap_or(0);
    let plain = format!("{price_minor:0>width$}", width = digits + 1);
    let (whole, part) = plain.split_at(plain.len() - digits);
    let number = if digits == 0 { whole.to_owned() } else { format!("{whole}.{part}") };
    // A bar or a star would part the words in the wrong place.
    let name: String = request.text.chars().filter(|c| !matches!(c, '|' | '*' | '\n' | '\r')).collect();
    let unit = answer.unit.as_deref().unwrap_or_default();
    let risk = if answer.destroys_data { format!("|{RISK_MARK}") } else { String::new() };
    format!("{}|{name}|{unit}|{number}{risk}*1", request.id)
}
