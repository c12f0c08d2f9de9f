//! The customer's page: what the link shows, as a plain page for a phone. Works without scripts (the signature's canvas is the one that
//! helps), prints, loads nothing from elsewhere. Every word that somebody typed is escaped by the template engine.

mod acts;
mod after;
mod backup;
mod late;
mod parts;
mod quotes;
mod taken;
mod typed;
mod visit;

pub use typed::Typed;

use crate::pages::{code, head, money, send};
use crate::problem;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono_tz::Tz;
use maud::{DOCTYPE, Markup, html};
use schema::binary::Hash;
use schema::link::{LinkAct, LinkScope, PublicView};
use schema::people::{Bilingual, Language};
use schema::problem::{Kind, Problem, Remedy};
use schema::time::Timestamp;
use serde::Deserialize;
use std::sync::LazyLock;

pub const SCRIPT: &str = concat!(include_str!("sign.js"), include_str!("keep.js"), include_str!("follow.js"));
/// The colours and sizes of all faces, and how this one uses them.
pub const STYLE: &str = concat!(include_str!("../../web/src/design/tokens.css"), include_str!("customer.css"));

/// What script and style are asked for by: their content. A browser keeps them for good, and a new version's page never runs the script
/// of the one before.
pub static VERSION: LazyLock<String> =
    LazyLock::new(|| Hash::of_all([SCRIPT.as_bytes(), STYLE.as_bytes()]).to_string().chars().take(16).collect());

/// Nothing but our own style, script and forms; no other site may frame it, nor learn its address.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// A page in the making.
pub struct Page<'a> {
    pub view: &'a PublicView,
    pub token: &'a str,
    pub language: Language,
    pub zone: Tz,
    /// What was done just now.
    pub done: Option<LinkAct>,
    /// Why it was not done.
    pub problem: Option<String>,
    /// What stood in the form that was not taken.
    pub typed: &'a Typed,
}

/// A text in the page's language.
fn pick<T>(language: Language, zh: T, en: T) -> T {
    match language {
        Language::Chinese => zh,
        Language::English => en,
    }
}

/// The language of a request for the page: what its address says, or what the browser asks for.
pub fn language(request: &HttpRequest) -> Language {
    #[derive(Deserialize)]
    struct Chosen {
        lang: Language,
    }
    let chosen = web::Query::<Chosen>::from_query(request.query_string());
    chosen.map_or_else(|_| problem::language(request), |chosen| chosen.lang)
}

/// The link that an address of the page names.
pub fn token_of(path: &str) -> Option<&str> {
    let token = path.strip_prefix("/c/")?.split('/').next()?;
    if token.is_empty() || token == "assets" { None } else { Some(token) }
}

/// What the problem's body would say, in one line.
pub fn in_words(problem: &Problem, language: Language) -> String {
    let body = problem.body(language, None);
    let said = body.detail.unwrap_or(body.title);
    let first = body.errors.into_iter().next();
    let why = first.map(|error| pick(language, error.zh, error.en));
    why.map_or(said.clone(), |why| format!("{said}{}{why}", pick(language, "：", ": ")))
}

/// The answer where the page itself can't be shown: people are told what to do, in words.
pub fn respond(problem: &Problem, language: Language, (token, request_id): (&str, Option<String>)) -> HttpResponse {
    let status = StatusCode::from_u16(problem.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut head = head(status, language, CONTENT_SECURITY_POLICY);
    if let Some(seconds) = problem.retry_after_s {
        head.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    let page = match problem.kind {
        Kind::LinkInvalid | Kind::NotFound => invalid(language),
        _ => trouble(problem, language, token, request_id.filter(|_| problem.kind.status() >= 500)),
    };
    send(head, page)
}

fn trouble(problem: &Problem, language: Language, token: &str, request_id: Option<String>) -> Markup {
    let title = problem.kind.title(language);
    let advice = match problem.kind.remedy() {
        Remedy::Retry => pick(
            language,
            "请稍等片刻再试；如仍不成功，请联系客服。",
            "Please try again in a moment; if it still does not work, call us.",
        ),
        _ => pick(
            language,
            "请返回服务单页面查看最新内容后再操作；如仍不成功，请联系客服。",
            "Please go back to your repair, look at it as it stands, and try again; if that does not work, call us.",
        ),
    };
    let body = html! {
        section {
            h1 { (title) }
            p { (advice) }
            p { a href=(format!("/c/{token}?lang={}", code(language))) { (pick(language, "返回服务单", "Back to your repair")) } }
            @if let Some(id) = request_id { p.soft { (pick(language, "编号 ", "Number ")) (id) } }
        }
    };
    frame(language, title, &body)
}

/// The frame that all pages share.
fn frame(language: Language, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(code(language)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                title { (title) }
                link rel="stylesheet" href=(format!("/c/assets/customer.css?v={}", *VERSION));
                script src=(format!("/c/assets/sign.js?v={}", *VERSION)) defer {}
            }
            body { main { (body) } }
        }
    }
}

/// What a link shows that does not hold: the same for every reason.
pub fn invalid(language: Language) -> Markup {
    let title = pick(language, "链接无效或已过期", "This link is not valid any more");
    let body = html! {
        section {
            h1 { (title) }
            p { (pick(language, "请联系客服，我们会重新发送链接给您。", "Please call us and we will send you a new one.")) }
        }
    };
    frame(language, title, &body)
}

/// What is left to say once the customer ended the link.
pub fn revoked(language: Language) -> Markup {
    let title = pick(language, "链接已停用", "The link has been ended");
    let said = pick(
        language,
        "此链接不能再打开。如需帮助请联系客服。",
        "Nobody can open it any more. Call us if you need help.",
    );
    frame(language, title, &html! { section { h1 { (title) } p { (said) } } })
}

impl Page<'_> {
    fn t(&self, zh: &'static str, en: &'static str) -> &'static str {
        pick(self.language, zh, en)
    }

    fn said<'b>(&self, text: &'b Bilingual) -> &'b str {
        text.get(self.language)
    }

    fn allows(&self, scope: LinkScope) -> bool {
        self.view.scope.contains(&scope)
    }

    fn time(&self, at: Timestamp) -> String {
        let local = at.to_utc().with_timezone(&self.zone);
        let format = self.t("%Y年%-m月%-d日 %H:%M", "%-d %b %Y, %H:%M");
        local.format(format).to_string()
    }

    /// Of a term that ends with a day, as far as people are concerned.
    fn date(&self, at: Timestamp) -> String {
        let local = at.to_utc().with_timezone(&self.zone);
        local.format(self.t("%Y年%-m月%-d日", "%-d %b %Y")).to_string()
    }

    fn money(&self, minor: i64) -> String {
        money(minor, self.view.job.sheet.currency)
    }

    /// Where a form goes; the language goes with it.
    fn address(&self, act: &str) -> String {
        let language = self.t("zh-CN", "en");
        format!("/c/{}/{act}?lang={language}", self.token)
    }

    pub fn render(&self) -> Markup {
        let job = &self.view.job;
        let title = self.t("维修服务单", "Your repair");
        let other = match self.language {
            Language::Chinese => ("en", "English"),
            Language::English => ("zh-CN", "中文"),
        };
        let body = html! {
            header.top {
                span { (title) }
                a.language href=(format!("/c/{}?lang={}", self.token, other.0)) lang=(other.0) { (other.1) }
            }
            (self.message())
            (self.network())
            (self.late())
            (self.stand())
            (self.report())
            div id="quotes" { (self.quotes()) }
            (self.backup())
            (self.taken())
            (self.work())
            (self.photos())
            (self.bill())
            (self.sign_offs())
            (self.signing())
            (self.rating())
            (self.warranted())
            (self.keeping())
            (self.ending())
            footer {
                @match self.view.expires_at {
                    Some(at) => { (self.t("链接有效期至 ", "This link is good until ")) (self.time(at)) }
                    None => (self.t("服务期间及维修保修期内，此链接一直有效。", "This link is good for as long as the job goes on, and through its warranty.")),
                }
            }
        };
        frame(self.language, &format!("{title} {}", job.number), &body)
    }

    fn message(&self) -> Markup {
        let done = self.done.map(|act| match act {
            LinkAct::Accept => self.t("您已认可报价，谢谢。", "You accepted the quote. Thank you."),
            LinkAct::Refuse => self.t("已记录您的意见，客服会尽快与您联系。", "We noted that and will call you soon."),
            LinkAct::Sign => self.t("您已签字验收，谢谢。", "You have signed. Thank you."),
            LinkAct::Decline => self.t("已记录，客服会尽快与您联系。", "We noted that and will call you soon."),
            LinkAct::Rate => self.t("感谢您的评价。", "Thank you for your marks."),
            LinkAct::Again => self.t(
                "已登记返修，客服会尽快致电与您约定上门时间。",
                "We have it on record and will call you to agree on a visit.",
            ),
            LinkAct::Backup => self.t("您已签署数据备份确认，谢谢。", "You have signed the backup consent. Thank you."),
            LinkAct::Reply => self.t("已收到您的答复，谢谢。", "We have your answer. Thank you."),
            LinkAct::View | LinkAct::Revoke => "",
        });
        html! {
            @if let Some(text) = done.filter(|text| !text.is_empty()) { section.said role="status" { (text) } }
            @if let Some(text) = &self.problem { section.wrong role="alert" { (text) } }
        }
    }
}
