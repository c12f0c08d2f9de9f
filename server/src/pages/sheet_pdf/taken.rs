//! What was taken away for repair, word for word as it was signed, and what of it is home.

use super::Draft;
use schema::sheet::{SheetHandBack, out_words};
use schema::take_back::said_of_kind;

impl Draft<'_> {
    pub(super) fn taken(&mut self) {
        let sheet = self.sheet();
        if sheet.take_backs.is_empty() {
            return;
        }
        self.heading("拉修与周转机", "Taken for repair");
        for (id, receipt) in &sheet.take_backs {
            let at = self.time(receipt.at);
            self.line("拉修凭证", "Take-back receipt", &format!("{} · {at}", receipt.name));
            receipt.text.lines().for_each(|line| self.line("所签内容", "What was signed", line));
            if let Some(loaner) = &receipt.loaner {
                let is = out_words(sheet.out(id).loaner);
                let is = self.aside(is.get(self.language));
                self.line("周转机", "Loaner", &format!("{}{is}", loaner.name));
            }
            for end in sheet.hand_backs.values().filter(|end| end.receipt == *id) {
                self.handed_back(end, receipt.loaner.is_some());
            }
        }
    }

    fn handed_back(&mut self, end: &SheetHandBack, lent: bool) {
        let (at, said) = (self.time(end.at), said_of_kind(end.kind, lent, self.language));
        let signed = match &end.reason {
            Some(reason) => format!("{}{reason}", self.t("未签字：", "not signed: ")),
            None => format!("{}{}", self.t("签字人：", "signed by "), end.name),
        };
        self.line("交还", "Handed back", &format!("{at} · {said} {} · {signed}", end.condition));
    }
}
