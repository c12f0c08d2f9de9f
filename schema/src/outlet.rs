//! Branches of the company (网点), and how each works. Figures of the trade's standards are defaults here, never constants elsewhere.

use crate::clock::{ClockKind, ClockRule, ClockSetting, EscalationLevel, Length, SETTING_MAX_US, with_settings};
use crate::followup::{CallReason, CallTime, FollowUpSettings};
use crate::id::OutletId;
use crate::money::Currency;
use crate::people::Bilingual;
use crate::problem::FieldError;
use crate::record::HoldKind;
use crate::setup::{Between, SetUpTerms};
use crate::time::{MINUTE, Timestamp};
use crate::travel::{Point, Travel};
use crate::word::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// Who takes the customer's money (domain.md §4).
    #[derive(Default)]
    Collects {
        /// 只由前台收款: the technician takes none.
        #[default]
        Desk = "desk",
        /// 上门人员当场收款，开具收据
        Technician = "technician",
        /// 预约上门收款
        Collector = "collector",
    }
}

/// How an outlet works. What is left out is as usual. A job keeps the clocks and the calls that were in force when it was reported:
/// what was promised stays promised, and what was missed stays missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct OutletSettings {
    pub collects: Collects,
    /// Of a hundred jobs with top marks, how many customers are called back.
    pub follow_up_percent: i64,
    /// A mark of this or less is low, out of five: the customer is called the same day.
    pub low_rating_max: i64,
    /// Tries to reach a customer before the desk gives up, and how far apart they are.
    pub call_tries: i64,
    pub call_tries_apart_minutes: i64,
    /// When customers are called back, by the reason; those that a clock has are set there.
    pub calls: BTreeMap<CallReason, CallTime>,
    /// Clocks that run otherwise than usual, by the rule's id.
    pub clocks: BTreeMap<String, ClockSetting>,
    /// How long the way to a customer takes, where nothing better is known.
    pub travel_minutes: i64,
    /// Where technicians set out from; the first way of the day is reckoned from there.
    pub base: Option<Point>,
    /// Of a hundred metres as the crow flies, how many there are on the road.
    pub detour_percent: i64,
    pub speed_kmh: i64,
    /// A report within so many days of an earlier one may repeat it.
    pub repeat_window_days: i64,
    /// How long the engineering supervisor has to price what is not on the list.
    pub price_request_minutes: i64,
    /// How soon a customer hears what the desk had to pass upward.
    pub question_minutes: i64,
    pub currency: Currency,
    /// Set-up of software: free within so many months of the installation, charged after so many, and what holds between.
    pub setup_free_months: i64,
    pub setup_charged_months: i64,
    pub setup_between: Between,
}

impl Default for OutletSettings {
    fn default() -> Self {
        Self {
            collects: Collects::default(),
            follow_up_percent: 100,
            low_rating_max: 3,
            call_tries: 3,
            call_tries_apart_minutes: 60,
            calls: BTreeMap::new(),
            clocks: BTreeMap::new(),
            travel_minutes: 30,
            base: None,
            detour_percent: 140,
            speed_kmh: 25,
            repeat_window_days: 30,
            price_request_minutes: 15,
            question_minutes: 5,
            currency: Currency::CNY,
            setup_free_months: SetUpTerms::default().free_months,
            setup_charged_months: SetUpTerms::default().charged_months,
            setup_between: Between::default(),
        }
    }
}

/// The clock whose length is [`OutletSettings::price_request_minutes`].
const OFF_LIST_PRICE: &str = "off_list_price";

impl OutletSettings {
    /// From the text in the outlet's row.
    pub fn read(settings: &str) -> Self {
        serde_json::from_str(settings).unwrap_or_default()
    }

    /// The shipped rules as this outlet runs them.
    pub fn rules(&self, shipped: &[ClockRule]) -> Vec<ClockRule> {
        let mut rules = with_settings(shipped.to_vec(), &self.clocks);
        let length = Length::Micros(self.price_request_minutes.saturating_mul(MINUTE));
        rules.iter_mut().filter(|rule| rule.id == OFF_LIST_PRICE).for_each(|rule| rule.length = length);
        rules
    }

    /// Who is called back and when. A reason that has a clock is called by it.
    pub fn follow_ups(&self, rules: &[ClockRule]) -> FollowUpSettings {
        let mut calls = FollowUpSettings::default().calls;
        calls.extend(&self.calls);
        for rule in rules.iter().filter(|rule| rule.applies_to.customer_class.is_none()) {
            if let (Some(reason), Length::Micros(after_us)) = (CallReason::of_clock(&rule.id), rule.length) {
                calls.insert(reason, CallTime { after_us, late_after_us: rule.late_after_us });
            }
        }
        FollowUpSettings { low_rating_max: self.low_rating_max, top_marks_percent: self.follow_up_percent, calls }
    }

    /// How ways are reckoned here.
    pub const fn travel(&self) -> Travel {
        let (base, usual_minutes) = (self.base, self.travel_minutes);
        Travel { base, detour_percent: self.detour_percent, speed_kmh: self.speed_kmh, usual_minutes }
    }

    /// How set-up of software is charged here.
    pub const fn setup(&self) -> SetUpTerms {
        let (free_months, charged_months) = (self.setup_free_months, self.setup_charged_months);
        SetUpTerms { free_months, charged_months, between: self.setup_between }
    }

    /// What can't be: figures out of range, clocks that there are not. Each with its place in here.
    pub fn wrong(&self, shipped: &[ClockRule]) -> Vec<FieldError> {
        let figures = [
            ("follow_up_percent", self.follow_up_percent, 0, 100),
            ("low_rating_max", self.low_rating_max, 1, 4),
            ("call_tries", self.call_tries, 1, 10),
            ("call_tries_apart_minutes", self.call_tries_apart_minutes, 0, 24 * 60),
            ("travel_minutes", self.travel_minutes, 0, 24 * 60),
            ("detour_percent", self.detour_percent, 100, 500),
            ("speed_kmh", self.speed_kmh, 1, 200),
            ("base/latitude_e6", self.base.map_or(0, |base| base.latitude_e6), -90_000_000, 90_000_000),
            ("base/longitude_e6", self.base.map_or(0, |base| base.longitude_e6), -180_000_000, 180_000_000),
            ("repeat_window_days", self.repeat_window_days, 0, 365),
            ("price_request_minutes", self.price_request_minutes, 1, 24 * 60),
            ("question_minutes", self.question_minutes, 1, 24 * 60),
            ("setup_free_months", self.setup_free_months, 0, 120),
            ("setup_charged_months", self.setup_charged_months, self.setup_free_months.clamp(0, 120), 120),
        ];
        let mut wrong: Vec<FieldError> =
            figures.into_iter().filter_map(|(field, value, min, max)| outside(field, value, min, max)).collect();
        for (reason, time) in &self.calls {
            wrong.extend(wrong_call(*reason, time));
        }
        for (id, setting) in &self.clocks {
            let at = format!("/clocks/{id}");
            let Some(rule) = shipped.iter().find(|rule| rule.id == *id) else {
                wrong.push(field_error(at, "没有这个时限", "there is no such clock"));
                continue;
            };
            if id == OFF_LIST_PRICE && setting.length.is_some() {
                let (zh, en) = ("请改 price_request_minutes", "set price_request_minutes instead");
                wrong.push(field_error(format!("{at}/length"), zh, en));
            }
            wrong.extend(
                setting.wrong(rule).into_iter().map(|error| FieldError { at: format!("{at}{}", error.at), ..error }),
            );
        }
        wrong
    }
}

fn wrong_call(reason: CallReason, time: &CallTime) -> Vec<FieldError> {
    let at = format!("calls/{reason}");
    if reason.clock().is_some() {
        let (zh, en) =
            ("此项回访由时限规定，请在 clocks 中设置", "a clock says when this call is made; set it under clocks");
        return vec![field_error(format!("/{at}"), zh, en)];
    }
    let figures = [("after_us", time.after_us), ("late_after_us", time.late_after_us)];
    figures
        .into_iter()
        .filter_map(|(field, value)| outside(&format!("{at}/{field}"), value, 0, SETTING_MAX_US))
        .collect()
}

/// A figure that is not between these two.
pub(crate) fn outside(field: &str, value: i64, min: i64, max: i64) -> Option<FieldError> {
    let is_out = !(min..=max).contains(&value);
    is_out.then(|| field_error(format!("/{field}"), format!("应为 {min} 至 {max}"), format!("{min} to {max}")))
}

pub(crate) fn field_error(at: String, zh: impl Into<String>, en: impl Into<String>) -> FieldError {
    FieldError { at, zh: zh.into(), en: en.into() }
}

/// A branch, as its people see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Outlet {
    pub id: OutletId,
    /// Short, in numbers that people read.
    pub code: String,
    pub name: String,
    /// As in the IANA database: `Asia/Shanghai`.
    pub time_zone: String,
    /// The number that customers call; never a technician's own.
    pub phone: String,
    pub settings: OutletSettings,
    pub created_at: Timestamp,
}

/// `GET /v1/outlet-defaults`: how an outlet works that says nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutletDefaults {
    pub settings: OutletSettings,
    /// When customers are called back, but where a clock says it.
    pub calls: BTreeMap<CallReason, CallTime>,
    pub clocks: Vec<ClockDefault>,
}

/// A clock as it runs where the outlet sets nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClockDefault {
    pub id: String,
    pub name: Bilingual,
    pub kind: ClockKind,
    pub length: Length,
    pub warn_before_us: i64,
    /// For clocks of calls back only.
    pub late_after_us: i64,
    pub pauses: Vec<HoldKind>,
    pub escalations: Vec<EscalationLevel>,
}

impl OutletDefaults {
    /// Without what an outlet can't set: the warranty, which the customer signs.
    pub fn of(rules: &[ClockRule]) -> Self {
        let calls = FollowUpSettings::default().calls;
        let settable = rules.iter().filter(|rule| rule.length != Length::Warranty);
        let clock = |rule: &ClockRule| ClockDefault {
            id: rule.id.clone(),
            name: rule.name.clone(),
            kind: rule.kind,
            length: rule.length,
            warn_before_us: rule.warn_before_us,
            late_after_us: rule.late_after_us,
            pauses: rule.pauses.clone(),
            escalations: rule.escalations.clone(),
        };
        Self {
            settings: OutletSettings::default(),
            calls: calls.into_iter().filter(|(reason, _)| reason.clock().is_none()).collect(),
            clocks: settable.map(clock).collect(),
        }
    }
}

/// `POST /v1/outlets`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateOutlet {
    pub code: String,
    pub name: String,
    pub phone: String,
    #[serde(default = "shanghai")]
    pub time_zone: String,
    #[serde(default)]
    pub settings: OutletSettings,
}

fn shanghai() -> String {
    String::from("Asia/Shanghai")
}

/// `PATCH /v1/outlets/{id}`: what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ChangeOutlet {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub time_zone: Option<String>,
    /// All of them: what is left out in here is as usual again.
    pub settings: Option<OutletSettings>,
}

/// An outlet's code is part of numbers: short, and the same on every keyboard.
pub fn is_code(code: &str) -> bool {
    (1..=10).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::shipped_rules;
    use crate::customer::CustomerClass;
    use crate::time::{DAY, HOUR};

    fn wrong(settings: &OutletSettings) -> Vec<String> {
        settings.wrong(&shipped_rules().unwrap()).into_iter().map(|error| error.at).collect()
    }

    fn clock(id: &str, setting: ClockSetting) -> OutletSettings {
        OutletSettings { clocks: BTreeMap::from([(id.to_owned(), setting)]), ..OutletSettings::default() }
    }

    #[test]
    fn what_an_outlet_does_not_say_is_as_usual() {
        let settings = OutletSettings::read(r#"{"collects": "technician"}"#);
        assert_eq!(settings, OutletSettings { collects: Collects::Technician, ..OutletSettings::default() });
        assert_eq!(OutletSettings::read(""), OutletSettings::default());
        let shipped = shipped_rules().unwrap();
        assert_eq!((wrong(&settings), settings.rules(&shipped)), (Vec::new(), shipped.clone()));
        assert_eq!(settings.follow_ups(&shipped), FollowUpSettings::default());
    }

    #[test]
    fn a_figure_out_of_range_is_named() {
        let settings = OutletSettings {
            follow_up_percent: 101,
            price_request_minutes: 0,
            detour_percent: 99,
            base: Some(Point { latitude_e6: 91_000_000, longitude_e6: 0 }),
            calls: BTreeMap::from([
                (CallReason::Normal, CallTime { after_us: -1, late_after_us: DAY }),
                (CallReason::UnsureFix, CallTime { after_us: HOUR, late_after_us: HOUR }),
            ]),
            ..OutletSettings::default()
        };
        let expected = [
            "/follow_up_percent",
            "/detour_percent",
            "/base/latitude_e6",
            "/price_request_minutes",
            "/calls/unsure_fix",
            "/calls/normal/after_us",
        ];
        assert_eq!(wrong(&settings), expected);
    }

    #[test]
    fn a_clock_is_set_as_its_kind_allows() {
        let length = |length| ClockSetting { length: Some(length), ..ClockSetting::default() };
        let late = ClockSetting { late_after_us: Some(HOUR), ..ClockSetting::default() };
        let wrong_at = |id, setting| wrong(&clock(id, setting));
        assert_eq!(wrong_at("urgent_on_site", length(Length::Micros(HOUR))), Vec::<String>::new());
        assert_eq!(wrong_at("result_returned", length(Length::WorkingDays(1))), Vec::<String>::new());
        assert_eq!(wrong_at("remote_check", late.clone()), Vec::<String>::new());
        assert_eq!(wrong_at("unheard_of", late.clone()), ["/clocks/unheard_of"]);
        assert_eq!(wrong_at("urgent_on_site", late), ["/clocks/urgent_on_site/late_after_us"]);
        assert_eq!(wrong_at("urgent_on_site", length(Length::Micros(0))), ["/clocks/urgent_on_site/length"]);
        assert_eq!(wrong_at("urgent_on_site", length(Length::BeforeUs(HOUR))), ["/clocks/urgent_on_site/length"]);
        assert_eq!(wrong_at("remote_check", length(Length::SameDay)), ["/clocks/remote_check/length"]);
        assert_eq!(wrong_at("off_list_price", length(Length::Micros(HOUR))), ["/clocks/off_list_price/length"]);
        let by_class = BTreeMap::from([(CustomerClass::Key, Length::Months(1))]);
        let key = ClockSetting { by_class, ..ClockSetting::default() };
        assert_eq!(wrong_at("general_repaired", key), ["/clocks/general_repaired/by_class/key"]);
        let off = ClockSetting { off: true, ..ClockSetting::default() };
        assert_eq!(wrong_at("warranty", off), ["/clocks/warranty"], "the customer signs it");
    }

    #[test]
    fn what_an_outlet_may_set_is_all_named_with_what_holds_otherwise() {
        let defaults = OutletDefaults::of(&shipped_rules().unwrap());
        let set = |clock: &ClockDefault| ClockSetting {
            length: (clock.id != OFF_LIST_PRICE).then_some(clock.length),
            warn_before_us: Some(clock.warn_before_us),
            late_after_us: (clock.kind == ClockKind::NotBefore).then_some(clock.late_after_us),
            pauses: Some(clock.pauses.clone()),
            escalations: Some(clock.escalations.clone()),
            ..ClockSetting::default()
        };
        let clocks = defaults.clocks.iter().map(|clock| (clock.id.clone(), set(clock))).collect();
        let settings = OutletSettings { clocks, calls: defaults.calls, ..defaults.settings };
        assert_eq!(wrong(&settings), Vec::<String>::new());
        let shipped = shipped_rules().unwrap();
        assert_eq!(settings.rules(&shipped), shipped);
    }

    #[test]
    fn a_call_that_has_a_clock_is_made_by_the_clock() {
        let settings = OutletSettings {
            price_request_minutes: 30,
            ..clock("remote_check", ClockSetting { length: Some(Length::Micros(5 * HOUR)), ..ClockSetting::default() })
        };
        let rules = settings.rules(&shipped_rules().unwrap());
        let calls = settings.follow_ups(&rules).calls;
        let expected = CallTime { after_us: 5 * HOUR, late_after_us: HOUR };
        assert_eq!(calls.get(&CallReason::SolvedRemotely), Some(&expected));
        let off_list = rules.iter().find(|rule| rule.id == "off_list_price").unwrap();
        assert_eq!(off_list.length, Length::Micros(30 * MINUTE));
    }
}
