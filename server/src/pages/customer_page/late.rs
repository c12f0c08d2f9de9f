//! The technician will be late: the apology, the new time, who said so and when, and what the customer answers.

use super::Page;
use maud::{Markup, html};
use schema::delay::DelayWord;
use schema::limits::NOTE_CHARS_MAX;
use schema::public::PublicDelay;

impl Page<'_> {
    pub(super) fn late(&self) -> Markup {
        html! { @if let Some(delay) = &self.view.job.delay { (self.lateness(delay)) } }
    }

    fn lateness(&self, delay: &PublicDelay) -> Markup {
        let asked_else = delay.word == DelayWord::SomeoneElse;
        let is_news = matches!(delay.word, DelayWord::Untold | DelayWord::Told);
        let seen = is_news.then(|| format!("/v1/public/{}/seen", self.token));
        html! {
            section.late data-seen=[seen] data-delay=(delay.id) {
                h2 { (self.t("很抱歉，服务工程师会晚到", "We are sorry: the technician will be late")) }
                p {
                    (self.t("预计上门时间：", "Expected now: "))
                    strong.whole { (self.day(delay.arrives_at)) (self.clock(delay.arrives_at)) }
                }
                @if let Some(reason) = &delay.reason { p { (self.t("原因：", "Why: ")) (reason) } }
                p.soft {
                    @if let Some(by) = &delay.by { (self.said(by)) " · " }
                    (self.time(delay.at)) (self.t(" 告知", ""))
                }
                @match delay.word {
                    DelayWord::Agreed => p role="status" { (self.t("您已同意新的上门时间，谢谢您的谅解。", "You agreed to the new time. Thank you for bearing with us.")) }
                    DelayWord::SomeoneElse => p role="status" { (self.t("您要求换人上门，调度会尽快与您联系。", "You asked for somebody else. Dispatch will call you soon.")) }
                    _ => "",
                }
                (self.answering(delay, asked_else))
            }
        }
    }

    fn answering(&self, delay: &PublicDelay, asked_else: bool) -> Markup {
        let form = self.typed.into_form("reply", None);
        html! {
            @if delay.word != DelayWord::Agreed {
                form method="post" action=(self.address("reply")) {
                    input type="hidden" name="delay" value=(delay.id);
                    input type="hidden" name="agrees" value="yes";
                    button { (self.t("同意新时间", "The new time suits me")) }
                }
            }
            @if !asked_else {
                details.act open[form.was_sent()] {
                    summary { (self.t("等不了，要求换人上门", "I can’t wait: please send somebody else")) }
                    form method="post" action=(self.address("reply")) {
                        input type="hidden" name="delay" value=(delay.id);
                        input type="hidden" name="agrees" value="no";
                        label {
                            (self.t("您方便的时间或要求（可选）", "When it suits you, or what you wish (optional)"))
                            textarea name="note" rows="2" maxlength=(NOTE_CHARS_MAX) { (form.value("note")) }
                        }
                        button.quiet { (self.t("提交", "Send")) }
                    }
                }
            }
        }
    }
}
