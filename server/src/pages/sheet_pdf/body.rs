//! What was reported, done, priced and accepted.

use super::{Draft, SMALL, TEXT};
use crate::pdf::{Cell, Ink, Paper};
use schema::people::Language;
use schema::record::{How, ItemKind, OldPart, ReportField, WarrantyKind};
use schema::sheet::{SheetField, SheetLine, SheetQuote, SheetStep, field_name, mark_name, quantity, report_word};

/// Points of a step's first column.
const WHEN_WIDTH: f32 = 62.0;
/// About the height of what was agreed and of the signature below it, in points.
const SIGNED_HEIGHT: f32 = 320.0;
/// Points at which the columns of a quote end.
const UNIT_PRICE: f32 = 395.0;

impl Draft<'_> {
    pub(super) fn report(&mut self) {
        let sheet = self.sheet();
        self.heading("报修信息", "Report");
        let reported_at = self.time(sheet.reported_at);
        self.line("报修时间", "Reported", &reported_at);
        for field in ReportField::ALL {
            let told = sheet.report.get(field.as_str()).and_then(|row| self.told(row));
            let Some(told) = told else { continue };
            let (zh, en) = field_name(*field);
            self.line(zh, en, &told);
        }
        if let Some(technician) = &sheet.technician {
            self.line("服务工程师", "Technician", &technician.name);
        }
        if let Some(window) = sheet.window {
            let window = self.span(window.from, window.to);
            self.line("预约时段", "Window", &window);
        }
    }

    /// A corrected value with what was told first; none where nothing was.
    fn told(&self, row: &SheetField) -> Option<String> {
        let word = |text: &str| report_word(text, self.language).to_owned();
        match (&row.reported, &row.corrected) {
            (Some(reported), Some(corrected)) => {
                let gap = self.t("", " ");
                let said = format!("{}{gap}{}", self.t("报修时为", "reported as"), word(reported));
                Some(format!("{}{}", word(corrected), self.aside(&said)))
            }
            (Some(value), None) | (None, Some(value)) => Some(word(value)),
            (None, None) => None,
        }
    }

    pub(super) fn visit(&mut self) {
        let steps: Vec<&SheetStep> = self.sheet().steps.iter().filter(|step| step.mark.is_some()).collect();
        if steps.is_empty() {
            return;
        }
        self.heading("服务过程", "The visit");
        // Two beside each other, so that the customer's hand stands on the page of what it is under; why something was not done needs the width.
        let mut waiting: Option<&SheetStep> = None;
        for step in steps {
            let is_long = step.mark.as_ref().is_some_and(|mark| mark.reason.is_some());
            match waiting.take() {
                Some(first) if is_long => {
                    self.steps(&[first]);
                    self.steps(&[step]);
                }
                Some(first) => self.steps(&[first, step]),
                None if is_long => self.steps(&[step]),
                None => waiting = Some(step),
            }
        }
        if let Some(last) = waiting {
            self.steps(&[last]);
        }
        let photos: usize = self.sheet().steps.iter().map(|step| step.photos.len()).sum();
        if photos > 0 {
            self.line("现场照片", "Photos", &photos.to_string());
        }
    }

    /// One or two in a row: when, what, and how it ended.
    fn steps(&mut self, steps: &[&SheetStep]) {
        let half = Paper::WIDTH / 2.0;
        let name_width = match self.language {
            Language::Chinese => 64.0,
            Language::English => 92.0,
        };
        let texts: Vec<[String; 3]> = steps.iter().filter_map(|step| self.step(step)).collect();
        let width = if texts.len() == 1 { Paper::WIDTH } else { half };
        let mut cells = Vec::new();
        for (place, [at, name, said]) in [0.0, half].into_iter().zip(&texts) {
            cells.extend([
                left(TEXT.soft(), place, WHEN_WIDTH, at),
                left(TEXT, place + WHEN_WIDTH, name_width - 6.0, name),
                left(TEXT, place + WHEN_WIDTH + name_width, width - WHEN_WIDTH - name_width - 10.0, said),
            ]);
        }
        self.paper.row(&cells);
    }

    fn step(&self, step: &SheetStep) -> Option<[String; 3]> {
        let mark = step.mark.as_ref()?;
        let (zh, en) = mark_name(mark.kind);
        let reason = mark.reason.as_deref().map(|reason| self.aside(reason)).unwrap_or_default();
        let mut said = vec![format!("{}{reason}", self.t(zh, en))];
        said.extend(step.readings.values().map(|reading| {
            let text = format!("{} {} {}", reading.label.get(self.language), reading.value, reading.unit);
            text.trim_end().to_owned()
        }));
        let at = self.local(mark.at).format("%m-%d %H:%M").to_string();
        Some([at, step.name.get(self.language).to_owned(), said.join(self.t("；", "; "))])
    }

    pub(super) fn work(&mut self) {
        let sheet = self.sheet();
        if sheet.cause.is_none() && sheet.measures.is_none() && sheet.parts.is_empty() {
            return;
        }
        self.heading("故障与处理", "Fault and work");
        if let Some(cause) = &sheet.cause {
            self.line("故障原因", "Cause", cause);
        }
        if let Some(measures) = &sheet.measures {
            self.line("维修措施", "Measures", measures);
        }
        for part in sheet.parts.values() {
            let old = match part.old_part {
                OldPart::Returned => self.t("旧件带回", "old part taken back"),
                OldPart::LeftWithCustomer => self.t("旧件留给客户", "old part left with the customer"),
                OldPart::None => self.t("无旧件", "no old part"),
            };
            let serial = part.serial.as_deref().map(|serial| format!("  {} {serial}", self.t("编号", "serial number")));
            let old = self.aside(old);
            let text = format!(
                "{}  {} × {}{}{old}",
                part.code,
                part.name,
                quantity(part.quantity_milli),
                serial.unwrap_or_default()
            );
            self.line("更换配件", "Part fitted", &text);
        }
    }

    pub(super) fn quotes(&mut self) {
        for (id, quote) in &self.sheet().quotes {
            match (&quote.withdrawn, self.sheet().accepted.as_ref() == Some(id)) {
                (_, true) => self.heading("报价（客户已认可）", "Quote (accepted)"),
                (Some(_), false) => self.heading("报价（已撤回）", "Quote (withdrawn)"),
                (None, false) => self.heading("报价（未认可）", "Quote (not accepted)"),
            }
            self.quote(quote);
        }
    }

    fn quote(&mut self, quote: &SheetQuote) {
        if let Some(withdrawn) = &quote.withdrawn {
            let at = self.time(withdrawn.at);
            self.line("撤回", "Withdrawn", &format!("{at} · {}", withdrawn.reason));
        }
        if let Some(option) = &quote.option {
            self.line("方案", "Option", option);
        }
        for line in quote.lines.values() {
            self.priced(line);
            if let Some(setup) = &line.setup {
                self.note(&schema::setup::said(setup, self.language));
            }
            if line.risk.is_some() {
                self.note(self.t("此项操作可能造成数据丢失", "this work can destroy data"));
            }
        }
        let warranty = match quote.warranty {
            WarrantyKind::None => None,
            WarrantyKind::Product => Some(self.t("产品保修期内", "under the product's warranty")),
            WarrantyKind::Repair => Some(self.t("维修保修期内", "under the warranty on our repair")),
            WarrantyKind::Rework => Some(self.t("返修，不收费", "rework, free of charge")),
        };
        self.paper.rule(0.85);
        let (label, total) = (self.t("合计", "Total"), self.money(quote.total_minor));
        self.paper
            .row(&[left(TEXT.bold(), 0.0, 200.0, label), right(TEXT.bold(), 200.0, Paper::WIDTH - 200.0, &total)]);
        if let Some(warranty) = warranty {
            self.line("保修", "Warranty", warranty);
        }
    }

    /// Below a line, about it.
    fn note(&mut self, text: &str) {
        self.paper.row(&[left(SMALL, 12.0, Paper::WIDTH - 12.0, text)]);
    }

    fn priced(&mut self, line: &SheetLine) {
        let kind = match line.kind {
            ItemKind::Labour => self.t("人工", "labour"),
            ItemKind::Part => self.t("配件", "part"),
            ItemKind::Fee => self.t("费用", "fee"),
        };
        let name = format!("{}{}", line.name, self.aside(kind));
        let price = format!("{}/{} × {}", self.money(line.unit_minor), line.unit, quantity(line.quantity_milli));
        let amount = self.money(line.amount_minor);
        self.paper.row(&[
            left(TEXT, 0.0, 250.0, &name),
            right(TEXT, 255.0, UNIT_PRICE - 255.0, &price),
            right(TEXT, UNIT_PRICE + 5.0, Paper::WIDTH - UNIT_PRICE - 5.0, &amount),
        ]);
    }

    fn how(&self, how: How) -> &'static str {
        match how {
            How::Phone => self.t("现场签字", "signed on site"),
            How::Link => self.t("客户链接确认", "by the customer's link"),
            How::DeskCall => self.t("客服电话确认", "by a call from the desk"),
        }
    }

    pub(super) fn charges(&mut self) {
        let sheet = self.sheet();
        // The hand stands on the page of the amount that it is under.
        self.paper.keep(SIGNED_HEIGHT);
        self.heading("认可与收费", "Consent and charge");
        for consent in sheet.consents.values().filter(|consent| consent.valid) {
            let how = self.how(consent.how);
            let (at, total) = (self.time(consent.at), self.money(consent.total_minor));
            self.line("客户认可", "Consent", &format!("{} · {how} · {at} · {total}", consent.name));
        }
        for backup in sheet.backup_consents.values().filter(|backup| backup.valid) {
            let (how, at) = (self.how(backup.how), self.time(backup.at));
            self.line("数据备份确认", "Backup consent", &format!("{} · {how} · {at}", backup.name));
            backup.text.lines().for_each(|line| self.line("所签内容", "What was signed", line));
        }
        for waiver in sheet.waivers.values() {
            let text = format!("−{}{}", self.money(waiver.minor), self.aside(&waiver.reason));
            self.line("减免", "Waived", &text);
        }
        if let Some(due) = sheet.charged_minor.or(sheet.due_minor) {
            let due = self.money(due);
            self.line("应收", "Due", &due);
        }
        let months = sheet.warranty_months;
        let term = match self.t("zh", "en") {
            "zh" => format!("自完工之日起 {months} 个月"),
            _ if months == 1 => "1 month from completion".to_owned(),
            _ => format!("{months} months from completion"),
        };
        self.line("维修保修期", "Repair warranty", &term);
    }
}

fn left(ink: Ink, at: f32, width: f32, text: &str) -> Cell<'_> {
    Cell { at, width, is_right: false, ink, text }
}

fn right(ink: Ink, at: f32, width: f32, text: &str) -> Cell<'_> {
    Cell { at, width, is_right: true, ink, text }
}
