//! Branches of the company (网点), and how each works. Figures of the trade's standards are defaults here, never constants elsewhere.

use crate::id::OutletId;
use crate::money::Currency;
use crate::time::Timestamp;
use crate::word::words;
use serde::{Deserialize, Serialize};

words! {
    /// Who takes the customer's money (domain.md §4).
    #[derive(Default)]
    Collects {
        /// 只由前台收款: the technician takes none.
        #[default]
        Desk = "desk",
        /// 上门人员当场收款,开具收据
        Technician = "technician",
        /// 预约上门收款
        Collector = "collector",
    }
}

/// How an outlet works. What is left out is as usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct OutletSettings {
    pub collects: Collects,
    /// Of a hundred jobs with top marks, how many customers are called back.
    pub follow_up_percent: i64,
    /// A report within so many days of an earlier one may repeat it.
    pub repeat_window_days: i64,
    /// How long the engineering supervisor has to price what is not on the list.
    pub price_request_minutes: i64,
    pub currency: Currency,
}

impl Default for OutletSettings {
    fn default() -> Self {
        Self {
            collects: Collects::default(),
            follow_up_percent: 100,
            repeat_window_days: 30,
            price_request_minutes: 15,
            currency: Currency::CNY,
        }
    }
}

impl OutletSettings {
    /// From the text in the outlet's row.
    pub fn read(settings: &str) -> Self {
        serde_json::from_str(settings).unwrap_or_default()
    }

    /// The fields that hold a figure out of range, with their range.
    pub fn out_of_range(&self) -> Vec<(&'static str, i64, i64)> {
        let ranges = [
            ("follow_up_percent", self.follow_up_percent, 0, 100),
            ("repeat_window_days", self.repeat_window_days, 0, 365),
            ("price_request_minutes", self.price_request_minutes, 1, 24 * 60),
        ];
        let out = ranges.into_iter().filter(|(_, value, min, max)| !(min..=max).contains(&value));
        out.map(|(field, _, min, max)| (field, min, max)).collect()
    }
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

    #[test]
    fn what_an_outlet_does_not_say_is_as_usual() {
        let settings = OutletSettings::read(r#"{"collects": "technician"}"#);
        assert_eq!(settings, OutletSettings { collects: Collects::Technician, ..OutletSettings::default() });
        assert_eq!(OutletSettings::read(""), OutletSettings::default());
        assert!(settings.out_of_range().is_empty());
    }

    #[test]
    fn a_figure_out_of_range_is_named() {
        let settings = OutletSettings { follow_up_percent: 101, price_request_minutes: 0, ..OutletSettings::default() };
        let fields: Vec<&str> = settings.out_of_range().into_iter().map(|(field, ..)| field).collect();
        assert_eq!(fields, ["follow_up_percent", "price_request_minutes"]);
    }
}
