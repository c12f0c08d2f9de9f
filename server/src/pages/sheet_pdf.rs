//! The service task sheet on paper, to keep: as it was signed, with the signature; or as it stands, marked as not signed. It is made from
//! the same [`Sheet`] as the customer's page. What was changed after the signature stands on pages of its own, behind: those before
//! them stay as they were, to the letter.

mod body;
mod later;
mod signature;
mod taken;

use crate::domain::sheets::KeptSheet;
use crate::pages::{code, money};
use crate::pdf::{About, Cell, FontError, Ink, Paper, Typeface};
use actix_web::HttpResponse;
use actix_web::http::header;
use chrono::DateTime;
use chrono_tz::Tz;
use schema::people::Language;
use schema::problem::Problem;
use schema::sheet::Sheet;
use schema::time::Timestamp;

const TEXT: Ink = Ink::new(10.0);
const SMALL: Ink = Ink::new(8.5);
const HEADING: Ink = Ink::new(11.5).bold();
const LABEL_WIDTH: f32 = 96.0;

/// A finished paper, and the name of its file.
pub struct SheetPdf {
    name: String,
    bytes: Vec<u8>,
}

/// A sheet on its way to paper.
struct Draft<'a> {
    paper: Paper<'a>,
    kept: &'a KeptSheet,
    language: Language,
}

pub fn render(typeface: &Typeface, kept: &KeptSheet, language: Language) -> Result<SheetPdf, Problem> {
    let number = &kept.sheet.sheet.number;
    let safe: String = number.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
    let bytes = draw(typeface, kept, language).map_err(Problem::internal)?;
    Ok(SheetPdf { name: format!("sheet-{safe}.pdf"), bytes })
}

/// It is shown, and saved under its name; nobody on the way keeps it.
pub fn send(pdf: SheetPdf) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"{}\"", pdf.name)))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header(("x-robots-tag", "noindex, nofollow"))
        .content_type("application/pdf")
        .body(pdf.bytes)
}

fn draw(typeface: &Typeface, kept: &KeptSheet, language: Language) -> Result<Vec<u8>, FontError> {
    let mut draft = Draft { paper: Paper::new(typeface)?, kept, language };
    draft.head();
    draft.report();
    draft.visit();
    draft.work();
    draft.quotes();
    draft.taken();
    draft.charges();
    draft.signature();
    draft.end_part("");
    if draft.is_signed() && !kept.sheet.changed_after.is_empty() {
        draft.later();
        draft.end_part(draft.t(" · 签字后的变更", " · changed after the signature"));
    }
    let title = format!("{} {}", draft.t("维修服务任务单", "Service task sheet"), kept.sheet.sheet.number);
    let (subject, author) = (kept.sheet.sheet.number.as_str(), kept.outlet.name.as_str());
    draft.paper.finish(&About { title: &title, subject, author, language: code(language) })
}

impl<'a> Draft<'a> {
    fn t(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    fn sheet(&self) -> &'a Sheet {
        &self.kept.sheet.sheet
    }

    fn is_signed(&self) -> bool {
        self.kept.sheet.as_signed.is_some()
    }

    fn local(&self, at: Timestamp) -> DateTime<Tz> {
        at.to_utc().with_timezone(&self.kept.zone)
    }

    fn time(&self, at: Timestamp) -> String {
        self.local(at).format("%Y-%m-%d %H:%M").to_string()
    }

    /// Two times, the second without its day where that is the same.
    fn span(&self, from: Timestamp, to: Timestamp) -> String {
        let is_same = self.local(from).date_naive() == self.local(to).date_naive();
        let end = if is_same { self.local(to).format("%H:%M").to_string() } else { self.time(to) };
        format!("{}–{end}", self.time(from))
    }

    fn money(&self, minor: i64) -> String {
        money(minor, self.sheet().currency)
    }

    /// In brackets, as the language writes them.
    fn aside(&self, text: &str) -> String {
        match self.language {
            Language::Chinese => format!("（{text}）"),
            Language::English => format!(" ({text})"),
        }
    }

    /// A heading stays with what follows it.
    fn heading(&mut self, zh: &'static str, en: &'static str) {
        self.paper.space(8.0);
        self.paper.keep(52.0);
        self.paper.heading(HEADING, self.t(zh, en));
        self.paper.rule(0.75);
    }

    fn line(&mut self, zh: &'static str, en: &'static str, value: &str) {
        let label = Cell { at: 0.0, width: LABEL_WIDTH - 8.0, is_right: false, ink: TEXT.soft(), text: self.t(zh, en) };
        let width = Paper::WIDTH - LABEL_WIDTH;
        self.paper.row(&[label, Cell { at: LABEL_WIDTH, width, is_right: false, ink: TEXT, text: value }]);
    }

    fn end_part(&mut self, what: &str) {
        let (number, chinese) = (self.sheet().number.as_str(), self.language == Language::Chinese);
        self.paper.end_part(|page, count| match chinese {
            true => format!("{number}{what} · 第 {page} 页，共 {count} 页"),
            false => format!("{number}{what} · page {page} of {count}"),
        });
    }

    fn head(&mut self) {
        let outlet = &self.kept.outlet;
        let (left, right) = (Paper::WIDTH * 0.62, Paper::WIDTH * 0.38);
        let state = match self.is_signed() {
            true => self.t("已签字", "signed"),
            false => self.t("未签字", "not signed"),
        };
        let title = self.t("维修服务任务单", "Service task sheet");
        self.paper.title(&[
            Cell { at: 0.0, width: left, is_right: false, ink: Ink::new(19.0).bold(), text: title },
            Cell { at: left, width: right, is_right: true, ink: Ink::new(13.0).bold(), text: state },
        ]);
        let who = format!("{}  {}", outlet.name, outlet.phone);
        self.paper.texts(&[
            Cell { at: 0.0, width: left, is_right: false, ink: TEXT.soft(), text: &who },
            Cell { at: left, width: right, is_right: true, ink: TEXT, text: &self.sheet().number },
        ]);
        self.paper.space(2.0);
        self.paper.rule(0.2);
    }
}
