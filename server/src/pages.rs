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

/// An amount as people here write it.
pub fn money(minor: i64, currency: Currency) -> String {
    let text = Money { minor, currency }.to_string();
    match text.strip_prefix("CNY ") {
        Some(amount) if currency == Currency::CNY => format!("¥{amount}"),
        _ => text,
    }
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
