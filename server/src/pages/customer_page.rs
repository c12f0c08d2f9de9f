//! The customer's page: what the link shows, as a plain page for a phone. Works without scripts (the signature's canvas is the one that
//! helps), prints, loads nothing from elsewhere. Every word that somebody typed is escaped by the template engine.

mod acts;
mod parts;

use chrono_tz::Tz;
use maud::{DOCTYPE, Markup, html};
use schema::link::{LinkAct, LinkScope, PublicView};
use schema::money::{Currency, Money};
use schema::people::{Bilingual, Language};
use schema::time::Timestamp;

pub const SCRIPT: &str = include_str!("sign.js");
pub const STYLE: &str = include_str!("customer.css");

/// Nothing but our own style, script and forms; no other site may frame it, nor learn its address.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; \
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
}

/// A text in the page's language.
fn pick(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Chinese => zh,
        Language::English => en,
    }
}

/// The frame that all pages share.
fn frame(language: Language, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(pick(language, "zh-CN", "en")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                title { (title) }
                link rel="stylesheet" href="/c/assets/customer.css";
                script src="/c/assets/sign.js" defer {}
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

    fn money(&self, minor: i64) -> String {
        let currency = self.view.job.sheet.currency;
        let text = Money { minor, currency }.to_string();
        match text.strip_prefix("CNY ") {
            Some(amount) if currency == Currency::CNY => format!("¥{amount}"),
            _ => text,
        }
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
            (self.stand())
            (self.report())
            @for (id, quote) in &job.quotes { (self.quote(id, quote)) }
            (self.work())
            (self.bill())
            (self.sign_offs())
            (self.signing())
            (self.rating())
            (self.ending())
            footer {
                (self.t("链接有效期至 ", "This link is good until ")) (self.time(self.view.expires_at))
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
            LinkAct::View | LinkAct::Revoke => "",
        });
        html! {
            @if let Some(text) = done.filter(|text| !text.is_empty()) { section.said role="status" { (text) } }
            @if let Some(text) = &self.problem { section.wrong role="alert" { (text) } }
        }
    }
}
