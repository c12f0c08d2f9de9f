//! Set-up of software (软件调试): free within a month of the product's installation, charged after three; between is for the outlet to say
//! (`domain.md §4`). By dates, as people reckon it, and the same on phone and server. The line of the quote keeps what it was judged by, so that
//! it says in words why it is free.

use crate::body::data;
use crate::field::date;
use crate::people::{Bilingual, Language};
use crate::record::{SetUp, SetUpTerm};
use crate::word::words;
use chrono::{Datelike as _, Months, NaiveDate};

words! {
    /// What set-up costs between the two limits.
    #[derive(Default)]
    Between {
        #[default]
        Free = "free",
        Charged = "charged",
    }
}

data! {
    /// How an outlet charges set-up of software.
    #[derive(Copy, Eq)]
    pub struct SetUpTerms {
        /// Free for so many months from the installation.
        pub free_months: i64,
        /// Charged after so many.
        pub charged_months: i64,
        pub between: Between,
    }
}

impl Default for SetUpTerms {
    fn default() -> Self {
        Self { free_months: 1, charged_months: 3, between: Between::Free }
    }
}

/// How set-up is charged on this day, by the outlet's calendar, of a product installed on that one. A date that is none counts as unknown.
pub fn judge(terms: SetUpTerms, installed_on: Option<&str>, on: NaiveDate) -> SetUp {
    let unknown = SetUp { term: SetUpTerm::Unknown, installed_on: None, charged_from: None };
    let months = match terms.between {
        Between::Free => terms.charged_months.max(terms.free_months),
        Between::Charged => terms.free_months,
    };
    let Some(installed) = installed_on.and_then(date) else { return unknown };
    // A month from the 31st ends with a month that is shorter; the day itself is still free.
    let last = u32::try_from(months).ok().and_then(|months| installed.checked_add_months(Months::new(months)));
    let Some(charged_from) = last.and_then(|last| last.succ_opt()).filter(|day| day.year() <= 9_999) else {
        return unknown;
    };
    SetUp {
        term: if on < charged_from { SetUpTerm::Free } else { SetUpTerm::Charged },
        installed_on: Some(installed.to_string()),
        charged_from: Some(charged_from.to_string()),
    }
}

/// What is wrong with a day of installation before the day of purchase; none where one of the two is not known.
pub fn contradiction(installed_on: Option<&str>, purchased_on: Option<&str>) -> Option<Bilingual> {
    let (installed, purchased) = (date(installed_on?)?, date(purchased_on?)?);
    (installed < purchased).then(|| Bilingual {
        zh: format!("安装日期 {installed} 早于购买日期 {purchased}，请核对；购买日期有误的，请先更正"),
        en: format!(
            "It was installed on {installed}, before it was bought on {purchased}; where that day is wrong, correct it first"
        ),
    })
}

/// Why the line costs what it does.
pub fn said(setup: &SetUp, language: Language) -> String {
    let (installed, from) =
        (setup.installed_on.as_deref().unwrap_or_default(), setup.charged_from.as_deref().unwrap_or_default());
    match (setup.term, language) {
        (SetUpTerm::Free, Language::Chinese) => format!("软件调试：{installed} 安装，{from} 前免费"),
        (SetUpTerm::Free, Language::English) => {
            format!("Set-up of software: installed on {installed}, free before {from}")
        }
        (SetUpTerm::Charged, Language::Chinese) => format!("软件调试：{installed} 安装，自 {from} 起收费"),
        (SetUpTerm::Charged, Language::English) => {
            format!("Set-up of software: installed on {installed}, charged from {from}")
        }
        (SetUpTerm::Unknown, Language::Chinese) => "软件调试：安装日期不详，按标准收费".to_owned(),
        (SetUpTerm::Unknown, Language::English) => {
            "Set-up of software: nobody knows when it was installed; charged".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(terms: SetUpTerms, installed: &str, day: &str) -> (SetUpTerm, Option<String>) {
        let setup = judge(terms, Some(installed), day.parse().unwrap());
        (setup.term, setup.charged_from)
    }

    #[test]
    fn set_up_is_free_to_the_last_day_and_charged_from_the_next() {
        let usual = SetUpTerms::default();
        let strict = SetUpTerms { between: Between::Charged, ..usual };
        let from = |day: &str| Some(day.to_owned());
        assert_eq!(on(usual, "2026-01-15", "2026-04-15"), (SetUpTerm::Free, from("2026-04-16")));
        assert_eq!(on(usual, "2026-01-15", "2026-04-16"), (SetUpTerm::Charged, from("2026-04-16")));
        assert_eq!(on(strict, "2026-01-15", "2026-02-15"), (SetUpTerm::Free, from("2026-02-16")));
        assert_eq!(on(strict, "2026-01-15", "2026-02-16"), (SetUpTerm::Charged, from("2026-02-16")));
        assert_eq!(on(strict, "2026-01-31", "2026-02-28"), (SetUpTerm::Free, from("2026-03-01")));
        assert_eq!(on(usual, "昨天", "2026-02-28"), (SetUpTerm::Unknown, None));
        assert_eq!(judge(usual, None, "2026-02-28".parse().unwrap()).term, SetUpTerm::Unknown);
        let turned = SetUpTerms { free_months: 6, charged_months: 3, between: Between::Free };
        assert_eq!(on(turned, "2026-01-15", "2026-07-15").0, SetUpTerm::Free, "never less than what is promised free");
    }

    #[test]
    fn nothing_is_installed_before_it_is_bought() {
        let wrong = |installed, purchased| contradiction(Some(installed), Some(purchased));
        let said = wrong("2026-03-01", "2026-03-02").unwrap();
        assert!(said.zh.contains("安装日期 2026-03-01 早于购买日期 2026-03-02"), "{said:?}");
        assert_eq!(wrong("2026-03-02", "2026-03-02"), None);
        assert_eq!(wrong("2026-03-01", "去年"), None);
        assert_eq!((contradiction(None, Some("2026-03-02")), contradiction(Some("2026-03-01"), None)), (None, None));
    }

    #[test]
    fn a_line_says_why_it_is_free() {
        let setup = judge(SetUpTerms::default(), Some("2026-01-15"), "2026-02-01".parse().unwrap());
        assert_eq!(said(&setup, Language::Chinese), "软件调试：2026-01-15 安装，2026-04-16 前免费");
        assert!(said(&setup, Language::English).ends_with("free before 2026-04-16"));
    }
}
