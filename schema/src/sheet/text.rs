//! The sheet as plain text, for the terminal phone and for print.

use super::{Sheet, SheetQuote, SheetStep};
use crate::backup::said_of_copy;
use crate::money::{Currency, Money};
use crate::people::{Bilingual, Language};
use crate::record::{How, ItemKind, MarkKind, OldPart, ReportField, WarrantyKind};
use crate::setup;
use crate::take_back::said_of_kind;
use crate::time::Timestamp;
use chrono_tz::Tz;
use std::fmt::Write as _;

/// Writes lines in one language, with times as the customer's clock shows them.
struct Page {
    language: Language,
    zone: Tz,
    currency: Currency,
    text: String,
}

impl Sheet {
    /// Plain text, one fact a line; times in `zone`.
    pub fn to_text(&self, language: Language, zone: Tz) -> String {
        let mut page = Page { language, zone, currency: self.currency, text: String::new() };
        page.head(self);
        page.steps(&self.steps);
        page.work(self);
        self.quotes.iter().for_each(|(id, quote)| page.quote(quote, self.accepted.as_ref() == Some(id)));
        page.taken(self);
        page.money(self);
        page.text
    }
}

impl Page {
    fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    fn word<'a>(&self, value: &'a str) -> &'a str {
        report_word(value, self.language)
    }

    /// In brackets, as the language writes them.
    fn aside(&self, text: &str) -> String {
        match self.language {
            Language::Chinese => format!("（{text}）"),
            Language::English => format!(" ({text})"),
        }
    }

    fn title(&mut self, zh: &str, en: &str) {
        let title = self.pick(zh, en);
        let _ = write!(self.text, "\n【{title}】\n");
    }

    fn line(&mut self, zh: &str, en: &str, value: &str) {
        let (label, colon) = (self.pick(zh, en), self.pick("：", ": "));
        let _ = writeln!(self.text, "{label}{colon}{value}");
    }

    fn row(&mut self, text: &str) {
        let _ = writeln!(self.text, "  {text}");
    }

    fn time(&self, at: Timestamp) -> String {
        at.to_utc().with_timezone(&self.zone).format("%Y-%m-%d %H:%M").to_string()
    }

    fn amount(&self, minor: i64) -> String {
        Money { minor, currency: self.currency }.to_string()
    }

    fn head(&mut self, sheet: &Sheet) {
        let title = self.pick("维修服务任务单", "Service task sheet");
        let _ = writeln!(self.text, "{title}  {}", sheet.number);
        let reported_at = self.time(sheet.reported_at);
        self.line("报修时间", "Reported", &reported_at);
        for field in ReportField::ALL {
            let Some(row) = sheet.report.get(field.as_str()) else { continue };
            let (zh, en) = field_name(*field);
            let value = match (&row.reported, &row.corrected) {
                (Some(reported), Some(corrected)) => {
                    let (reported, corrected) = (self.word(reported), self.word(corrected));
                    let said = format!("{} {reported}", self.pick("报修时为", "reported as"));
                    format!("{corrected}{}", self.aside(&said))
                }
                (Some(value), None) | (None, Some(value)) => self.word(value).to_owned(),
                (None, None) => continue,
            };
            self.line(zh, en, &value);
        }
        if let Some(technician) = &sheet.technician {
            self.line("服务工程师", "Technician", &technician.name);
        }
        if let Some(window) = sheet.window {
            let window = format!("{} – {}", self.time(window.from), self.time(window.to));
            self.line("预约时段", "Window", &window);
        }
    }

    fn steps(&mut self, steps: &[SheetStep]) {
        self.title("服务过程", "The visit");
        for step in steps {
            let Some(mark) = &step.mark else { continue };
            let (zh, en) = mark_name(mark.kind);
            let mut text = format!("{} · {} · {}", self.time(mark.at), step.name.get(self.language), self.pick(zh, en));
            if let Some(reason) = &mark.reason {
                text.push_str(&self.aside(reason));
            }
            self.row(&text);
        }
        let readings = steps.iter().flat_map(|step| step.readings.values());
        for reading in readings {
            let text = format!("{} = {} {}", reading.label.get(self.language), reading.value, reading.unit);
            self.row(text.trim_end());
        }
        let photos: usize = steps.iter().map(|step| step.photos.len()).sum();
        if photos > 0 {
            self.line("照片", "Photos", &photos.to_string());
        }
    }

    fn work(&mut self, sheet: &Sheet) {
        self.title("故障与处理", "Fault and work");
        if let Some(cause) = &sheet.cause {
            self.line("故障原因", "Cause", cause);
        }
        if let Some(measures) = &sheet.measures {
            self.line("维修措施", "Measures", measures);
        }
        for part in sheet.parts.values() {
            let (zh, en) = match part.old_part {
                OldPart::Returned => ("旧件带回", "old part returned"),
                OldPart::LeftWithCustomer => ("旧件留给客户", "old part left with the customer"),
                OldPart::None => ("无旧件", "no old part"),
            };
            let serial = part.serial.as_deref().map(|serial| format!(" SN {serial}")).unwrap_or_default();
            let old = self.pick(zh, en);
            let text = format!("{} {} × {}{serial}, {old}", part.code, part.name, quantity(part.quantity_milli));
            self.line("更换配件", "Part fitted", &text);
        }
    }

    fn quote(&mut self, quote: &SheetQuote, accepted: bool) {
        match (&quote.withdrawn, accepted) {
            (Some(_), false) => self.title("报价（已撤回）", "Quote (withdrawn)"),
            (_, true) => self.title("报价（客户已认可）", "Quote (accepted)"),
            (None, false) => self.title("报价（未认可）", "Quote (not accepted)"),
        }
        if let Some(withdrawn) = &quote.withdrawn {
            let text = format!("{} · {}", self.time(withdrawn.at), withdrawn.reason);
            self.line("撤回", "Withdrawn", &text);
        }
        if let Some(option) = &quote.option {
            self.line("方案", "Option", option);
        }
        for line in quote.lines.values() {
            let (zh, en) = match line.kind {
                ItemKind::Labour => ("人工", "labour"),
                ItemKind::Part => ("配件", "part"),
                ItemKind::Fee => ("费用", "fee"),
            };
            let (kind, price) = (self.pick(zh, en), self.amount(line.unit_minor));
            let (many, amount) = (quantity(line.quantity_milli), self.amount(line.amount_minor));
            let (kind, gap) = (self.aside(kind), self.pick("", " "));
            self.row(&format!("{}{kind}{gap}{price}/{} × {many} = {amount}", line.name, line.unit));
            if let Some(setup) = &line.setup {
                self.row(&format!("  {}", setup::said(setup, self.language)));
            }
            if line.risk.is_some() {
                let risk = self.pick("此项操作可能造成数据丢失", "This work can destroy data").to_owned();
                self.row(&format!("  {risk}"));
            }
        }
        let warranty = match quote.warranty {
            WarrantyKind::None => None,
            WarrantyKind::Product => Some(("产品保修", "product warranty")),
            WarrantyKind::Repair => Some(("维修保修", "repair warranty")),
            WarrantyKind::Rework => Some(("返修免费", "rework, free of charge")),
        };
        if let Some((zh, en)) = warranty {
            let name = self.pick(zh, en).to_owned();
            self.line("保修", "Warranty", &name);
        }
        let total = self.amount(quote.total_minor);
        self.line("合计", "Total", &total);
    }

    fn taken(&mut self, sheet: &Sheet) {
        if sheet.take_backs.is_empty() {
            return;
        }
        self.title("拉修与周转机", "Taken for repair");
        for (id, receipt) in &sheet.take_backs {
            let (taken, back) = (&receipt.taken_on, &receipt.return_on);
            let text = match self.language {
                Language::Chinese => {
                    format!("{} · {taken} 取走，约定 {back} 归还 · {}签字", receipt.product, receipt.name)
                }
                Language::English => {
                    format!("{} · taken {taken}, to be returned {back} · signed by {}", receipt.product, receipt.name)
                }
            };
            self.line("拉修凭证", "Take-back receipt", &text);
            if let Some(loaner) = &receipt.loaner {
                let is = out_words(sheet.out(id).loaner).get(self.language).to_owned();
                let text = format!("{}{}", loaner.name, self.aside(&is));
                self.line("周转机", "Loaner", &text);
            }
            for end in sheet.hand_backs.values().filter(|end| end.receipt == *id) {
                let said = said_of_kind(end.kind, receipt.loaner.is_some(), self.language);
                let signed = match &end.reason {
                    Some(reason) => format!("{}{reason}", self.pick("未签字：", "not signed: ")),
                    None => format!("{}{}", self.pick("签字人：", "signed by "), end.name),
                };
                let text = format!("{} · {said} {} · {signed}", self.time(end.at), end.condition);
                self.line("交还", "Handed back", &text);
            }
        }
    }

    fn how(&self, how: How) -> &'static str {
        let (zh, en) = match how {
            How::Phone => ("现场签字", "signed on site"),
            How::Link => ("客户链接确认", "by the customer's link"),
            How::DeskCall => ("客服电话确认", "by a call from the desk"),
        };
        self.pick(zh, en)
    }

    fn money(&mut self, sheet: &Sheet) {
        self.title("认可与收费", "Consent and charge");
        for consent in sheet.consents.values().filter(|consent| consent.valid) {
            let how = self.how(consent.how);
            let text =
                format!("{} · {how} · {} · {}", consent.name, self.time(consent.at), self.amount(consent.total_minor));
            self.line("客户认可", "Consent", &text);
        }
        for backup in sheet.backup_consents.values().filter(|backup| backup.valid) {
            let (how, said) = (self.how(backup.how), said_of_copy(backup.copy, self.language));
            let text = format!("{} · {how} · {} · {said}", backup.name, self.time(backup.at));
            self.line("数据备份确认", "Backup consent", &text);
        }
        for waiver in sheet.waivers.values() {
            let text = format!("{}{}", self.amount(waiver.minor), self.aside(&waiver.reason));
            self.line("减免", "Waived", &text);
        }
        if let Some(due) = sheet.charged_minor.or(sheet.due_minor) {
            let due = self.amount(due);
            self.line("应收", "Due", &due);
        }
        let months = sheet.warranty_months;
        let (zh, en) = (format!("自完工之日起{months}个月"), format!("{months} months from completion"));
        let term = self.pick(&zh, &en).to_owned();
        self.line("维修保修期", "Warranty on the repair", &term);
    }
}

/// Thousandths as people write them: `1.5`, `2`.
pub fn quantity(milli: i64) -> String {
    let (whole, part) = (milli / 1000, (milli % 1000).abs());
    if part == 0 { whole.to_string() } else { format!("{whole}.{part:03}").trim_end_matches('0').to_owned() }
}

/// Where the loaner is.
pub fn out_words(out: bool) -> Bilingual {
    let (zh, en) = if out { ("在客户处，未收回", "with the customer") } else { ("已收回", "handed in") };
    Bilingual { zh: zh.to_owned(), en: en.to_owned() }
}

/// What a step's mark says, in Chinese and in English.
pub const fn mark_name(kind: MarkKind) -> (&'static str, &'static str) {
    match kind {
        MarkKind::Done => ("完成", "done"),
        MarkKind::Skipped => ("跳过", "skipped"),
        MarkKind::NotApplicable => ("不适用", "not applicable"),
        MarkKind::Failed => ("未通过", "failed"),
        MarkKind::Open => ("未做", "open"),
    }
}

/// The closed words among the report's values, as people say them.
pub fn report_word(value: &str, language: Language) -> &str {
    let (zh, en) = match value {
        "urgent" => ("急修", "urgent"),
        "general" => ("一般维修", "general"),
        "own" => ("自用部位", "the customer's own part"),
        "shared" => ("公共部位", "shared part"),
        text => (text, text),
    };
    if language == Language::Chinese { zh } else { en }
}

/// A field's name in Chinese and in English.
pub const fn field_name(field: ReportField) -> (&'static str, &'static str) {
    match field {
        ReportField::Name => ("客户姓名", "Customer"),
        ReportField::Phone => ("电话", "Phone"),
        ReportField::Address => ("地址", "Address"),
        ReportField::Fault => ("故障现象", "Fault as reported"),
        ReportField::Product => ("产品", "Product"),
        ReportField::Model => ("型号", "Model"),
        ReportField::Serial => ("机身编号", "Serial number"),
        ReportField::PurchasedOn => ("购买日期", "Purchased"),
        ReportField::Wanted => ("希望上门时间", "Wanted time"),
        ReportField::Urgency => ("紧急程度", "Urgency"),
        ReportField::Skill => ("所需技能", "Skill"),
        ReportField::Area => ("部位", "Area"),
    }
}
