//! What was taken away for repair: the receipt to read, when it is back, and the loaner.

use super::Page;
use maud::{Markup, html};
use schema::id::EntryId;
use schema::sheet::SheetTakeBack;
use schema::take_back::said_of_kind;

impl Page<'_> {
    pub(super) fn taken(&self) -> Markup {
        let taken = &self.view.job.sheet.take_backs;
        html! {
            @if !taken.is_empty() {
                section {
                    h2 { (self.t("拉修凭证", "Taken for repair")) }
                    @for (id, receipt) in taken { (self.receipt(id, receipt)) }
                }
            }
        }
    }

    fn receipt(&self, id: &EntryId, receipt: &SheetTakeBack) -> Markup {
        let sheet = &self.view.job.sheet;
        let out = sheet.out(id);
        html! {
            p { strong { (receipt.product) } }
            @if out.product {
                p { (self.t("约定归还日期：", "To be returned on: ")) strong { (receipt.return_on) } }
            }
            @if let Some(loaner) = receipt.loaner.as_ref().filter(|_| out.loaner) {
                p { (self.t("您正在使用的周转机：", "The loaner that you have meanwhile: ")) (loaner.name) }
            }
            @for end in sheet.hand_backs.values().filter(|end| end.receipt == *id) {
                p.soft { (self.time(end.at)) " · " (said_of_kind(end.kind, receipt.loaner.is_some(), self.language)) }
            }
            details {
                summary { (self.t("查看所签凭证", "Read the receipt that was signed")) }
                @for line in receipt.text.lines() { p { (line) } }
                p.soft { (self.t("签字人：", "Signed by: ")) (receipt.name) " · " (self.time(receipt.at)) }
            }
        }
    }
}
