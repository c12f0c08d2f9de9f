//! Who signed, in their own hand, and what binds the signature to the sheet; or room to sign, where nobody did.

use super::{Draft, SMALL, TEXT};
use crate::pdf::Ink;
use schema::binary::Hash;
use schema::record::{SignOff, SignOffKind};

/// Points of the box that a signature is drawn in.
const BOX: (f32, f32) = (240.0, 96.0);

impl Draft<'_> {
    /// All of it stands on one page.
    pub(super) fn signature(&mut self) {
        self.paper.keep(250.0);
        self.heading("客户签字", "The customer's signature");
        match &self.kept.sign_off {
            Some(sign_off) if sign_off.kind == SignOffKind::Signed => self.signed(sign_off),
            Some(sign_off) => self.unsigned(Some(sign_off)),
            None => self.unsigned(None),
        }
        self.binding();
    }

    fn signed(&mut self, sign_off: &SignOff) {
        let strokes = sign_off.strokes.as_ref().and_then(|strokes| strokes.parse());
        match strokes.filter(|strokes| !strokes.is_empty()) {
            Some(strokes) => {
                let (what, at) = (self.t("客户手写签名：", "The customer's drawn signature: "), self.time(sign_off.at));
                self.paper.strokes(&strokes, BOX, format!("{what}{}, {at}", sign_off.name));
            }
            None => self.line("手写签名", "Drawn", self.t("无，以姓名确认", "none: signed by the typed name")),
        }
        self.line("签字人", "Signed by", &sign_off.name);
        let at = self.time(sign_off.at);
        self.line("签字时间", "At", &at);
        if let Some(rating) = sign_off.rating {
            let mark = |mark: Option<i64>| mark.map_or("—".to_owned(), |mark| format!("{mark}/5"));
            let (quality, attitude) = (mark(rating.quality), mark(rating.attitude));
            let text = match self.t("zh", "en") {
                "zh" => format!("维修质量 {quality}，服务态度 {attitude}"),
                _ => format!("repair {quality}, technician {attitude}"),
            };
            self.line("评价", "Marks", &text);
        }
        if let Some(remarks) = &sign_off.remarks {
            self.line("意见", "Remarks", remarks);
        }
        if self.kept.sheet.as_signed.as_ref().is_some_and(|facts| !facts.is_intact) {
            let warning = self.t("注意：签字与本单内容不符。", "Attention: the signature does not fit this sheet.");
            self.paper.paragraph(TEXT.bold(), warning);
        }
    }

    fn unsigned(&mut self, declined: Option<&SignOff>) {
        self.paper.paragraph(Ink::new(13.0).bold(), self.t("未签字", "Not signed"));
        if let Some(declined) = declined {
            let at = self.time(declined.at);
            self.line("未签原因", "Why not", declined.reason.as_deref().unwrap_or("—"));
            self.line("记录时间", "Noted at", &format!("{at}  {}", declined.name));
        }
        self.paper.room(BOX.0, BOX.1 * 0.6);
        self.paper.paragraph(SMALL.soft(), self.t("客户签字 / 日期", "Customer's signature / date"));
    }

    /// What the two numbers are, in words that a customer can follow.
    fn binding(&mut self) {
        self.paper.space(4.0);
        let fingerprint = short(&self.kept.sheet.sheet_hash, 16);
        let heads: Vec<String> = self.kept.sheet.heads.iter().map(|head| short(head, 8)).collect();
        self.line("单据指纹", "Fingerprint", &fingerprint);
        self.line("记录版本", "Version", &heads.join(" · "));
        self.paper.paragraph(
            SMALL.soft(),
            self.t(
                "单据指纹由本单全部内容计算得出，内容有任何改动，指纹都会不同；记录版本指明本单取自哪一时刻的记录。如有疑问，可随时请我们核对。",
                "The fingerprint is computed from everything on this sheet: had anything been changed, it would be another. The version \
                 names the state of the record that the sheet shows. Ask us to check them at any time.",
            ),
        );
    }
}

/// The first digits of a hash, in fours.
fn short(hash: &Hash, digits: usize) -> String {
    let text: Vec<char> = hash.to_string().chars().take(digits).collect();
    text.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
