//! What is left for later: the sheet on paper, the warranty, and "it is broken again".

use super::Page;
use maud::{Markup, html};
use schema::limits::NOTE_CHARS_MAX;
use schema::link::LinkScope;
use schema::public::Stand;

impl Page<'_> {
    pub(super) fn keeping(&self) -> Markup {
        let signed =
            self.view.job.sign_offs.values().any(|sign_off| sign_off.kind == schema::record::SignOffKind::Signed);
        html! {
            section.act {
                h2 { (self.t("服务单留存", "For your files")) }
                p.soft {
                    @if signed { (self.t("PDF 为您签字时的内容，含签名，可打印。", "The PDF is the sheet as you signed it, with the signature, ready to print.")) }
                    @else if self.view.job.stand == Stand::Declined { (self.t("您未签字，PDF 会标明“未签字”和原因。", "You did not sign; the PDF says so, and why.")) }
                    @else { (self.t("尚未签字，PDF 会标明“未签字”。", "It is not signed yet, and the PDF says so.")) }
                }
                a.button.quiet href=(self.address("sheet.pdf")) { (self.t("下载服务单（PDF）", "Download the sheet (PDF)")) }
            }
        }
    }

    /// The warranty on our repair, and the way back to us within it.
    pub(super) fn warranted(&self) -> Markup {
        let warranty = &self.view.warranty;
        let form = self.typed.into_form("again", None);
        html! {
            @if warranty.until.is_some() || warranty.may_report || warranty.reported_at.is_some() {
                section {
                    h2 { (self.t("维修保修", "Warranty on the repair")) }
                    @if let Some(until) = warranty.until {
                        p { (self.t("保修至 ", "Until ")) strong { (self.date(until)) } }
                    }
                    @if let Some(at) = warranty.reported_at {
                        p { (self.t("您已于 ", "You told us on ")) (self.time(at)) (self.t(" 告知又坏了，客服会尽快与您联系安排返修。", " that it is broken again. We will call you to arrange a visit.")) }
                    } @else if warranty.may_report && self.allows(LinkScope::Rate) {
                        details.act open[form.was_sent()] {
                            summary { (self.t("又坏了？申请返修", "Broken again?")) }
                            form method="post" action=(self.address("again")) {
                                p.soft { (self.t(
                                    "提交后会按返修登记，与本单关联；客服会致电与您约定上门时间。属于我们维修质量原因的，返修不收费。",
                                    "We take it as a new visit for the same repair and call you to agree on a time. Where our own work failed, it costs you nothing.",
                                )) }
                                label {
                                    (self.t("现在是什么情况", "What is wrong now"))
                                    textarea name="fault" required rows="3" maxlength=(NOTE_CHARS_MAX) { (form.value("fault")) }
                                }
                                button { (self.t("提交", "Send")) }
                            }
                        }
                    }
                }
            }
        }
    }
}
