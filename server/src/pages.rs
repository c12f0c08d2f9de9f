//! Pages that the server writes itself, and how they are sent: for people, in their language, kept by nobody on the way.

pub mod customer_page;
pub mod sheet_pdf;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use maud::Markup;
use schema::money::{Currency, Money};
use schema::people::Language;

/// The name of a language, as pages and their addresses write it.
pub fn code(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh-CN",
        Language::English => "en",
    }
}

/// An amount as people here write it, in either language; as the desk's pages do.
pub fn money(minor: i64, currency: Currency) -> String {
    let text = Money { minor, currency }.to_string();
    let amount = text.rsplit(' ').next().unwrap_or_default();
    let (sign, amount) = amount.strip_prefix('-').map_or(("", amount), |amount| ("-", amount));
    let (whole, part) = amount.split_at(amount.find('.').unwrap_or(amount.len()));
    let whole = grouped(whole);
    match currency == Currency::CNY {
        true => format!("{sign}¥{whole}{part}"),
        false => format!("{sign}{} {whole}{part}", currency.as_str()),
    }
}

/// 1,234,567.
fn grouped(digits: &str) -> String {
    let count = digits.len();
    let digits = digits.chars().enumerate();
    digits.fold(String::with_capacity(count + count / 3), |mut text, (place, digit)| {
        if place > 0 && (count - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
        text
    })
}

/// The head of an answer that is a page; [`send`] completes it.
pub fn head(status: StatusCode, language: Language, policy: &'static str) -> HttpResponseBuilder {
    let mut head = HttpResponse::build(status);
    head.insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-robots-tag", "noindex, nofollow"))
        .insert_header((header::CONTENT_LANGUAGE, code(language)))
        .content_type("text/html; charset=utf-8");
    head
}

pub fn send(mut head: HttpResponseBuilder, page: Markup) -> HttpResponse {
    head.body(page.into_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_written_as_the_desk_writes_it() {
        let yen = Currency::try_from("JPY".to_owned()).unwrap();
        let written = [
            (29_100, Currency::CNY, "¥291.00"),
            (-123_456_705, Currency::CNY, "-¥1,234,567.05"),
            (980, yen, "JPY 980"),
            (100_000, yen, "JPY 100,000"),
        ];
        for (minor, currency, text) in written {
            assert_eq!(money(minor, currency), text);
        }
    }
}
