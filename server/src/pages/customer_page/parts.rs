//! What the page tells: where the job stands, what was reported, quoted, done, and who signed.

use super::Page;
use maud::{Markup, html};
use schema::binary::Hash;
use schema::people::Language;
use schema::public::PublicSignOff;
use schema::record::{MarkKind, OldPart, ReportField, SignOffKind};
use schema::sheet::{SheetStep, field_name};

impl Page<'_> {
    pub(super) fn report(&self) -> Markup {
        let job = &self.view.job;
        html! {
            section {
                h2 { (self.t("报修内容", "What you reported")) }
                dl {
                    @for field in ReportField::ALL {
                        @if let Some(row) = job.report.get(field.as_str()) {
                            dt { @match self.language { Language::Chinese => (field_name(*field).0), Language::English => (field_name(*field).1) } }
                            dd {
                                (self.word(row.corrected.as_deref().or(row.reported.as_deref()).unwrap_or_default()))
                                @if let (Some(_), Some(reported)) = (&row.corrected, &row.reported) {
                                    br; small { (self.t("报修时：", "as reported: ")) (self.word(reported)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The closed words among the report's values, as people say them.
    fn word<'b>(&self, value: &'b str) -> &'b str {
        match value {
            "urgent" => self.t("急修", "urgent"),
            "general" => self.t("一般维修", "general"),
            "own" => self.t("自用部位", "your own part"),
            "shared" => self.t("公共部位", "shared part"),
            text => text,
        }
    }

    /// What was found and done.
    pub(super) fn work(&self) -> Markup {
        let sheet = &self.view.job.sheet;
        let steps: Vec<&SheetStep> = sheet.steps.iter().filter(|step| step.mark.is_some()).collect();
        html! {
            @if sheet.cause.is_some() || sheet.measures.is_some() || !sheet.parts.is_empty() || !steps.is_empty() {
                section {
                    h2 { (self.t("维修情况", "The work")) }
                    dl {
                        @if let Some(cause) = &sheet.cause { dt { (self.t("故障原因", "Cause")) } dd { (cause) } }
                        @if let Some(measures) = &sheet.measures { dt { (self.t("维修措施", "Measures")) } dd { (measures) } }
                        @for part in sheet.parts.values() {
                            dt { (self.t("更换配件", "Part")) }
                            dd {
                                (part.name) " × " (quantity(part.quantity_milli))
                                @if let Some(serial) = &part.serial { br; small { (self.t("编号 ", "serial number ")) (serial) } }
                                @if let Some(text) = self.old_part(part.old_part) { br; small { (text) } }
                            }
                        }
                    }
                    @if !steps.is_empty() {
                        details {
                            summary { (self.t("服务步骤（", "Steps (")) (steps.len()) (self.t("）", ")")) }
                            table { @for step in steps { (self.step(step)) } }
                        }
                    }
                }
            }
        }
    }

    /// The photos of all steps. One that is still on a phone, or has no copy, is a frame with the step's name.
    pub(super) fn photos(&self) -> Markup {
        let steps = self.view.job.sheet.steps.iter();
        let photos: Vec<(&SheetStep, &Hash)> =
            steps.flat_map(|step| step.photos.iter().map(move |photo| (step, photo))).collect();
        html! {
            @if !photos.is_empty() {
                section {
                    h2 { (self.t("现场照片", "Photos")) }
                    div.photos {
                        @for (step, photo) in photos {
                            @let path = format!("/v1/public/{}/photos/{photo}", self.token);
                            a href=(path) {
                                img src=(format!("{path}?size=small")) alt=(self.said(&step.name)) loading="lazy";
                            }
                        }
                    }
                }
            }
        }
    }

    fn old_part(&self, old: OldPart) -> Option<&'static str> {
        match old {
            OldPart::Returned => Some(self.t("旧件带回", "old part taken back")),
            OldPart::LeftWithCustomer => Some(self.t("旧件留给您", "old part left with you")),
            OldPart::None => None,
        }
    }

    fn step(&self, step: &SheetStep) -> Markup {
        let kind = step.mark.as_ref().map_or("", |mark| match mark.kind {
            MarkKind::Done => self.t("完成", "done"),
            MarkKind::Skipped => self.t("跳过", "skipped"),
            MarkKind::NotApplicable => self.t("不适用", "not applicable"),
            MarkKind::Failed => self.t("未通过", "failed"),
            MarkKind::Open => "",
        });
        html! {
            tr {
                td {
                    (self.said(&step.name))
                    @if let Some(reason) = step.mark.as_ref().and_then(|mark| mark.reason.as_ref()) { br; small { (reason) } }
                    @for reading in step.readings.values() {
                        br; small { (self.said(&reading.label)) (self.t("：", ": ")) (reading.value) " " (reading.unit) }
                    }
                }
                td { (kind) }
            }
        }
    }

    pub(super) fn bill(&self) -> Markup {
        let sheet = &self.view.job.sheet;
        html! {
            @if let Some(due) = sheet.due_minor {
                section {
                    h2 { (self.t("费用", "Amount due")) }
                    table {
                        @for waiver in sheet.waivers.values() {
                            tr { td { (self.t("减免", "Reduction")) br; small { (waiver.reason) } } td { "−" (self.money(waiver.minor)) } }
                        }
                        tr.total { td { (self.t("应付", "Due")) } td { (self.money(due)) } }
                    }
                    p.soft {
                        (self.t("维修保修期：自完工之日起 ", "Warranty on the repair: ")) (sheet.warranty_months)
                        (self.t(" 个月", if sheet.warranty_months == 1 { " month from completion" } else { " months from completion" }))
                    }
                }
            }
        }
    }

    pub(super) fn sign_offs(&self) -> Markup {
        let all = &self.view.job.sign_offs;
        html! {
            @if !all.is_empty() {
                section {
                    h2 { (self.t("验收签字", "Signatures")) }
                    @for sign_off in all.values() { (self.sign_off(sign_off)) }
                }
            }
        }
    }

    fn sign_off(&self, sign_off: &PublicSignOff) -> Markup {
        html! {
            p {
                @match sign_off.kind {
                    SignOffKind::Signed => (self.t("已签字：", "Signed: ")),
                    SignOffKind::Declined => (self.t("未签字：", "Declined: ")),
                }
                (sign_off.name) " · " (self.time(sign_off.at))
                @if let Some(reason) = &sign_off.reason { br; (reason) }
                @if let Some(remarks) = &sign_off.remarks { br; small { (remarks) } }
                @if !sign_off.covers_this {
                    br; small { (self.t("签字后单据内容有变更，以上显示的是最新内容。", "The sheet was changed after this signature; above stands what it is now.")) }
                }
            }
        }
    }
}

/// Thousandths as people write them.
pub(super) fn quantity(milli: i64) -> String {
    let (whole, part) = (milli / 1_000, (milli % 1_000).unsigned_abs());
    let digits = format!("{part:03}");
    match digits.trim_end_matches('0') {
        "" => whole.to_string(),
        digits => format!("{whole}.{digits}"),
    }
}
