//! What was changed after the signature, in the words of the sheet.

use super::{Draft, SMALL, TEXT};
use schema::people::Bilingual;
use schema::record::ReportField;
use schema::sheet::field_name;
use serde_json::Value;

impl Draft<'_> {
    pub(super) fn later(&mut self) {
        self.heading("签字后的变更", "Changed after the signature");
        self.paper.paragraph(
            SMALL.soft(),
            self.t(
                "以下内容不在客户签字范围内。前面各页为签字时的内容，未作任何改动。",
                "The signature does not cover what follows. The pages before this one are as they were signed.",
            ),
        );
        self.paper.space(4.0);
        for change in &self.kept.sheet.changed_after {
            let side = |value: &Option<Value>| self.side(&change.path, value.as_ref());
            let (place, before, after) = (self.place(&change.path), side(&change.before), side(&change.after));
            self.paper.paragraph(TEXT, &place);
            self.line("签字时", "As signed", &before);
            self.line("变更后", "Later", &after);
            self.paper.rule(0.85);
        }
    }

    /// Where on the sheet; a place that has no name of its own goes by its path.
    fn place(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let (first, rest) = parts.split_first().map_or(("", [].as_slice()), |(first, rest)| (*first, rest));
        let Some((zh, en)) = section(first) else { return path.to_owned() };
        let name = match (first, rest.first()) {
            ("steps", Some(step)) => self.step_name(step).map(|name| name.get(self.language).to_owned()),
            ("report", Some(field)) => field.parse::<ReportField>().ok().map(|field| {
                let (zh, en) = field_name(field);
                Bilingual { zh: zh.to_owned(), en: en.to_owned() }.get(self.language).to_owned()
            }),
            _ => None,
        };
        let section = if self.t("zh", "en") == "zh" { zh } else { en };
        name.map_or_else(|| section.to_owned(), |name| format!("{section} · {name}"))
    }

    fn step_name(&self, id: &str) -> Option<&Bilingual> {
        self.sheet().steps.iter().find(|step| step.id == id).map(|step| &step.name)
    }

    /// A value as people read it: amounts as amounts, times in the outlet's zone, rows by what is said in them.
    fn side(&self, path: &str, value: Option<&Value>) -> String {
        let last = path.rsplit('/').next().unwrap_or("");
        match value {
            None | Some(Value::Null) => self.t("无", "nothing").to_owned(),
            Some(Value::Number(number)) if last.ends_with("_minor") || last == "minor" => {
                number.as_i64().map_or_else(|| number.to_string(), |minor| self.money(minor))
            }
            Some(Value::String(text)) if matches!(last, "at" | "from" | "to") => {
                let at = serde_json::from_value(Value::String(text.clone()));
                at.map_or_else(|_| text.clone(), |at| self.time(at))
            }
            Some(Value::String(text)) => text.clone(),
            Some(Value::Object(fields)) => {
                let said = fields.iter().filter(|(field, value)| !is_internal(field, value));
                let said: Vec<String> =
                    said.map(|(field, value)| self.side(&format!("/{field}"), Some(value))).collect();
                said.join(self.t("，", ", "))
            }
            Some(Value::Array(rows)) => {
                let rows: Vec<String> = rows.iter().map(|row| self.side(path, Some(row))).collect();
                rows.join(self.t("；", "; "))
            }
            Some(other) => other.to_string(),
        }
    }
}

/// Numbers of ours say nothing on paper.
fn is_internal(field: &str, value: &Value) -> bool {
    value.is_null() || matches!(field, "by" | "person" | "price_list" | "quote" | "valid")
}

fn section(first: &str) -> Option<(&'static str, &'static str)> {
    Some(match first {
        "report" => ("报修信息", "Report"),
        "technician" => ("服务工程师", "Technician"),
        "window" => ("预约时段", "Window"),
        "steps" => ("服务过程", "The visit"),
        "cause" => ("故障原因", "Cause"),
        "measures" => ("维修措施", "Measures"),
        "parts" => ("更换配件", "Parts"),
        "quotes" => ("报价", "Quote"),
        "accepted" => ("已认可的报价", "Accepted quote"),
        "consents" => ("客户认可", "Consent"),
        "backup_consents" => ("数据备份确认", "Backup consent"),
        "take_backs" => ("拉修凭证", "Take-back receipt"),
        "hand_backs" => ("交还", "Handed back"),
        "waivers" => ("减免", "Waived"),
        "due_minor" => ("应收", "Due"),
        "charged_minor" => ("实收", "Charged"),
        "rework_of" => ("返修", "Rework"),
        _ => return None,
    })
}
