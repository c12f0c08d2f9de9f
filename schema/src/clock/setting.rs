//! What an outlet sets otherwise about a clock, and what of it can't be.

use super::escalation::wrong_levels;
use super::{AppliesTo, ClockKind, ClockRule, EscalationLevel, Length};
use crate::customer::CustomerClass;
use crate::outlet::{field_error, outside};
use crate::problem::FieldError;
use crate::record::HoldKind;
use crate::time::{DAY, MINUTE};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// No limit of the trade is longer, and a slip of the finger is found.
pub const SETTING_MAX_US: i64 = 90 * DAY;

/// What an outlet sets otherwise; what is left out is as the rule has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ClockSetting {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<Length>,
    /// For customers of a class, where theirs is another.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub by_class: BTreeMap<CustomerClass, Length>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warn_before_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_after_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pauses: Option<Vec<HoldKind>>,
    /// Who hears of it, in place of the rule's own; an empty list is nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalations: Option<Vec<EscalationLevel>>,
    /// The outlet does not run this clock.
    pub off: bool,
}

/// The rules as an outlet runs them.
pub fn with_settings(rules: Vec<ClockRule>, settings: &BTreeMap<String, ClockSetting>) -> Vec<ClockRule> {
    let set = |mut rule: ClockRule| {
        let Some(setting) = settings.get(&rule.id) else { return vec![rule] };
        if setting.off {
            return Vec::new();
        }
        rule.length = setting.length.unwrap_or(rule.length);
        rule.warn_before_us = setting.warn_before_us.unwrap_or(rule.warn_before_us);
        rule.late_after_us = setting.late_after_us.unwrap_or(rule.late_after_us);
        rule.pauses = setting.pauses.clone().unwrap_or(rule.pauses);
        rule.escalations = setting.escalations.clone().unwrap_or(rule.escalations);
        let of_class = |(class, length): (&CustomerClass, &Length)| {
            let customer_class = Some(class.as_str().to_owned());
            let applies_to = AppliesTo { customer_class, ..rule.applies_to.clone() };
            ClockRule { length: *length, applies_to, ..rule.clone() }
        };
        let special: Vec<ClockRule> = setting.by_class.iter().map(of_class).collect();
        std::iter::once(rule).chain(special).collect()
    };
    rules.into_iter().flat_map(set).collect()
}

impl ClockSetting {
    /// What this rule can't be set to, each with its place in here.
    pub fn wrong(&self, rule: &ClockRule) -> Vec<FieldError> {
        if rule.length == Length::Warranty {
            let (zh, en) = ("保修期由流程模板规定，客户据此签字", "the template says it, and the customer signs it");
            return vec![field_error(String::new(), zh, en)];
        }
        let mut wrong = Vec::new();
        let lengths = self.length.iter().map(|length| ("/length".to_owned(), length));
        let by_class = self.by_class.iter().map(|(class, length)| (format!("/by_class/{class}"), length));
        for (at, length) in lengths.chain(by_class) {
            if !rule.takes(*length) {
                let (zh, en) = ("此时限不能设为这个长度", "this clock can't have that length");
                wrong.push(field_error(at, zh, en));
            }
        }
        wrong.extend(self.warn_before_us.and_then(|warn| outside("warn_before_us", warn, 0, SETTING_MAX_US)));
        if rule.kind == ClockKind::NotBefore {
            wrong.extend(self.late_after_us.and_then(|late| outside("late_after_us", late, 0, SETTING_MAX_US)));
        } else if self.late_after_us.is_some() {
            let (zh, en) = ("只有回访时限有此项", "only a clock of a call back has it");
            wrong.push(field_error("/late_after_us".to_owned(), zh, en));
        }
        wrong.extend(self.escalations.iter().flat_map(|levels| wrong_levels(rule, levels)));
        wrong
    }
}

impl ClockRule {
    /// Whether the clock can have this length. What counts down to a moment ahead keeps doing so, and a call back is made some
    /// time after what happened, not by a calendar.
    fn takes(&self, length: Length) -> bool {
        let counts_down = matches!(self.length, Length::BeforeUs(_));
        match length {
            Length::Micros(micros) => !counts_down && (MINUTE..=SETTING_MAX_US).contains(&micros),
            Length::BeforeUs(micros) => counts_down && (0..=SETTING_MAX_US).contains(&micros),
            Length::WorkingDays(days) => self.kind == ClockKind::Deadline && !counts_down && (1..=60).contains(&days),
            Length::SameDay => self.kind == ClockKind::Deadline && !counts_down,
            Length::Months(_) | Length::Warranty => false,
        }
    }
}
