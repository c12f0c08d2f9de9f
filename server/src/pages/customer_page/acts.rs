//! What the customer can do on the page: plain forms, one for each act of the link.

use super::Page;
use super::typed::FormFields;
use maud::{Markup, html};
use schema::id::EntryId;
use schema::limits::{FIELD_CHARS_MAX, NOTE_CHARS_MAX};
use schema::link::LinkScope;
use schema::public::{PublicQuote, Stand};

impl Page<'_> {
    pub(super) fn name_field(&self, form: FormFields<'_>) -> Markup {
        html! {
            label {
                (self.t("您的姓名", "Your name"))
                input type="text" name="name" value=(form.value("name")) required maxlength=(FIELD_CHARS_MAX) autocomplete="name";
            }
        }
    }

    fn reason_field(&self, form: FormFields<'_>) -> Markup {
        html! {
            label {
                (self.t("原因", "Why"))
                textarea name="reason" required rows="3" maxlength=(NOTE_CHARS_MAX) { (form.value("reason")) }
            }
        }
    }

    fn remarks_field(&self, form: FormFields<'_>) -> Markup {
        html! {
            label {
                (self.t("意见和建议（可选）", "Remarks (optional)"))
                textarea name="remarks" rows="3" maxlength=(NOTE_CHARS_MAX) { (form.value("remarks")) }
            }
        }
    }

    /// `beside`: the alternatives that are shown along with it.
    pub(super) fn accepting(&self, id: &EntryId, quote: &PublicQuote, beside: &str) -> Markup {
        let accept = self.typed.into_form("accept", Some(id));
        let form = html! {
            form method="post" action=(self.address("accept")) {
                input type="hidden" name="quote" value=(id);
                input type="hidden" name="quote_hash" value=(quote.hash);
                input type="hidden" name="total_minor" value=(quote.quote.total_minor);
                input type="hidden" name="beside" value=(beside);
                (self.name_field(accept))
                button { (self.t("认可报价，同意维修", "Accept this quote")) " · " (self.money(quote.quote.total_minor)) }
            }
        };
        let changed = self.view.job.accepted.is_some();
        html! {
            // One of several is chosen first: so that nobody takes the first for the one they read.
            @if beside.is_empty() { (form) }
            @else {
                details.act open[accept.was_sent()] {
                    summary {
                        @if changed { (self.t("改选此方案", "Choose this one instead")) }
                        @else { (self.t("选择此方案", "Choose this one")) }
                    }
                    (form)
                }
            }
        }
    }

    /// `beside`: alternatives that are refused with it.
    pub(super) fn refusing(&self, id: &EntryId, beside: &str) -> Markup {
        let refuse = self.typed.into_form("decline", Some(id));
        html! {
            details.act open[refuse.was_sent()] {
                summary {
                    @if beside.is_empty() { (self.t("不同意此报价", "I do not accept it")) }
                    @else { (self.t("这些方案都不同意", "I accept none of these")) }
                }
                form method="post" action=(self.address("decline")) {
                    input type="hidden" name="quote" value=(id);
                    input type="hidden" name="beside" value=(beside);
                    (self.reason_field(refuse))
                    button.quiet { (self.t("提交意见", "Send")) }
                }
            }
        }
    }

    /// Where the work is done and waits for the customer; also anew, where it was changed after a signature.
    pub(super) fn signing(&self) -> Markup {
        let job = &self.view.job;
        let decline = self.typed.into_form("decline", None);
        // Who has said that they do not want to sign may sign later, and need not say it again.
        let declined = job.stand == Stand::Declined;
        html! {
            @if (job.can_sign || job.before_signing.is_some()) && self.allows(LinkScope::Sign) {
                section id="sign" {
                    h2 { (self.t("验收签字", "Sign for the work")) }
                    @if declined {
                        p { (self.t("您先前未签字；核对无误后，仍可在此签字。", "You did not sign before. If you wish to do so now, you can do it here.")) }
                    }
                    @match &job.before_signing {
                        // A signature that was kept without network does not fit what is not finished: the script looks for this.
                        Some(sentence) => p data-unready { (self.said(sentence)) },
                        None => (self.sheet_form()),
                    }
                    @if !declined { (self.declining(decline)) }
                }
            }
        }
    }

    fn declining(&self, form: FormFields<'_>) -> Markup {
        html! {
            details.act open[form.was_sent()] {
                summary { (self.t("暂不签字", "I do not want to sign")) }
                form method="post" action=(self.address("decline")) {
                    (self.reason_field(form))
                    button.quiet { (self.t("提交", "Send")) }
                }
            }
        }
    }

    fn sheet_form(&self) -> Markup {
        let sign = self.typed.into_form("sign", None);
        html! {
            p.soft { (self.t(
                "您的签字仅确认以上所示的内容；此后如有变更，会单独标明。",
                "Your signature covers exactly what is shown above; whatever is changed later is marked as such.",
            )) }
            form method="post" action=(self.address("sign")) data-keep {
                input type="hidden" name="covers" value=(self.covers());
                input type="hidden" name="sheet_hash" value=(self.view.job.sheet_hash);
                (self.name_field(sign))
                @if !sign.value("strokes").is_empty() {
                    p.soft { (self.t("手写签名未保存，请重新签写。", "Your drawn signature was not kept; please draw it again.")) }
                }
                div data-sign hidden {
                    label { (self.t("手写签名（可选）", "Signature (optional)")) }
                    canvas width="600" height="300" {}
                    input type="hidden" name="strokes" value="";
                    button.quiet type="button" { (self.t("重写", "Clear")) }
                }
                (self.marks(sign))
                (self.remarks_field(sign))
                button data-send { (self.t("确认验收", "Sign")) }
            }
        }
    }

    fn covers(&self) -> String {
        let heads: Vec<String> = self.view.job.heads.iter().map(ToString::to_string).collect();
        heads.join(",")
    }

    fn marks(&self, form: FormFields<'_>) -> Markup {
        let row = |name: &'static str, label: &'static str| {
            html! {
                fieldset {
                    legend { (label) }
                    @for mark in (1..=5).rev() {
                        @let chosen = form.value(name) == mark.to_string();
                        label { input type="radio" name=(name) value=(mark) checked[chosen]; (mark) (self.t("分", "")) }
                    }
                }
            }
        };
        html! {
            (row("quality", self.t("维修质量（5 分最满意）", "The repair (5 is best)")))
            (row("attitude", self.t("服务态度（5 分最满意）", "The technician (5 is best)")))
        }
    }

    /// Apart from a signature, once there is one.
    pub(super) fn rating(&self) -> Markup {
        let job = &self.view.job;
        let form = self.typed.into_form("rate", None);
        let served = matches!(
            job.stand,
            Stand::Signed | Stand::Declined | Stand::Closed | Stand::SolvedRemotely | Stand::AwaitingProof
        );
        html! {
            @if let Some(rating) = job.rating {
                section {
                    h2 { (self.t("您的评价", "Your marks")) }
                    dl {
                        @if let Some(quality) = rating.quality { dt { (self.t("维修质量", "Repair")) } dd { (quality) " / 5" } }
                        @if let Some(attitude) = rating.attitude { dt { (self.t("服务态度", "Technician")) } dd { (attitude) " / 5" } }
                    }
                }
            } @else if served && self.allows(LinkScope::Rate) {
                section.act {
                    h2 { (self.t("请您评价", "How was it?")) }
                    form method="post" action=(self.address("rate")) {
                        (self.marks(form))
                        (self.remarks_field(form))
                        button { (self.t("提交评价", "Send")) }
                    }
                }
            }
        }
    }

    pub(super) fn ending(&self) -> Markup {
        html! {
            details.act {
                summary { (self.t("这不是您的报修？停用此链接", "Not your repair? End this link")) }
                form method="post" action=(self.address("revoke")) {
                    p.soft { (self.t("停用后任何人都不能再打开此页面。", "Nobody will be able to open this page any more.")) }
                    button.quiet { (self.t("停用链接", "End the link")) }
                }
            }
        }
    }
}
