//! Whether the customer accepted what somebody had given a price for. A phone quotes without network and the customer's word stands as it
//! was given, so nothing is refused for its price; what fits neither the price list that the quote names, nor a request of the job that was
//! answered, is a matter for the supervisor: they let it stand by a ruling on that one consent, or have it quoted and accepted anew.

use crate::db::{self, Conn};
use schema::conflict::{DeviationKind, PriceDeviation};
use schema::id::{EntryId, JobId};
use schema::money::Money;
use schema::people::Bilingual;
use schema::problem::Problem;
use schema::record::{Consent, JobRecord, Matter, MatterKind, Quote, QuoteLine, ReportField};
use schema::rows::price_lists::{PriceItemRow, PriceListRow};
use schema::rows::price_requests::PriceRequestRow;
use schema::setup::contradiction;
use std::collections::BTreeSet;

/// What was given a price, of what some jobs' customers accepted.
#[derive(Default)]
pub struct Given {
    lists: Vec<PriceListRow>,
    items: Vec<PriceItemRow>,
    requests: Vec<PriceRequestRow>,
}

impl Given {
    pub fn load(conn: &mut Conn, jobs: &[&JobRecord]) -> Result<Self, Problem> {
        let (mut versions, mut codes, mut asking) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::<JobId>::new());
        for (view, (_, _, quote)) in jobs.iter().filter_map(|view| Some((view, accepted(view)?))) {
            versions.insert(quote.price_list);
            // PostgreSQL knows no NUL, and no code has one.
            codes.extend(quote.lines.values().filter_map(|line| line.code.clone()).filter(|code| !code.contains('\0')));
            asking.extend(quote.lines.values().any(|line| line.request.is_some()).then_some(view.meta.job));
        }
        let (versions, codes) = (Vec::from_iter(versions), Vec::from_iter(codes));
        let mut given = Self::default();
        if !codes.is_empty() {
            given.lists = db::price_lists::list_by_version(conn, &versions)?;
            given.items = db::price_lists::list_by_code(conn, &versions, &codes)?;
        }
        if !asking.is_empty() {
            given.requests = db::price_requests::list_of_jobs(conn, &Vec::from_iter(asking))?;
        }
        Ok(given)
    }

    /// What of the quote that the customer accepted last has another price than was given, and the consent; none where the supervisor let it
    /// stand. An offer that nobody accepted hides nothing.
    pub fn matter(&self, view: &JobRecord) -> Option<(Matter, Vec<PriceDeviation>)> {
        let (id, _, quote) = accepted(view)?;
        if let_stand(view, id) {
            return None;
        }
        let lines = quote.lines.iter();
        let deviations: Vec<PriceDeviation> =
            lines.filter_map(|(number, line)| self.deviation(view, quote, (number, line))).collect();
        let matter = Matter { kind: MatterKind::Consent, entries: vec![id.clone()] };
        (!deviations.is_empty()).then_some((matter, deviations))
    }

    fn deviation(
        &self,
        view: &JobRecord,
        quote: &Quote,
        (number, line): (&String, &QuoteLine),
    ) -> Option<PriceDeviation> {
        let found = match (&line.code, line.request) {
            (Some(code), None) => self.of_list(quote, line, code),
            (None, Some(_)) => self.of_request(view, quote, line),
            _ => Some((DeviationKind::NotListed, None)),
        };
        let (kind, given_minor) = found.or_else(|| installed_too_early(view, line))?;
        let words = words(kind, quote, line, given_minor);
        Some(PriceDeviation { line: number.clone(), kind, unit_minor: line.unit_minor, given_minor, words })
    }

    fn of_list(&self, quote: &Quote, line: &QuoteLine, code: &str) -> Option<(DeviationKind, Option<i64>)> {
        let priced_alike = |list: &&PriceListRow| list.currency == quote.currency.as_str();
        let list = self.lists.iter().find(|list| list.version == quote.price_list).filter(priced_alike);
        let item =
            list.and_then(|list| self.items.iter().find(|item| item.version == list.version && item.code == code));
        let Some(item) = item else { return Some((DeviationKind::NotListed, None)) };
        let is_named = [&item.name_zh, &item.name_en].contains(&&line.name);
        // Without its mark the work would begin with nothing signed, and set-up be charged however long ago it was installed.
        let is_marked = (!item.destroys_data || line.risk.is_some()) && item.setup == line.setup.is_some();
        let is_same = is_named && is_marked && item.unit == line.unit && item.kind == line.kind;
        deviation(line, item.price_minor, is_same)
    }

    fn of_request(&self, view: &JobRecord, quote: &Quote, line: &QuoteLine) -> Option<(DeviationKind, Option<i64>)> {
        let of_job = self.requests.iter().filter(|request| request.job_id == view.meta.job);
        let mut answered = of_job.filter(|request| request.feasible == Some(true));
        let request = answered.find(|request| {
            line.request == Some(request.id) && request.currency.as_deref() == Some(quote.currency.as_str())
        });
        let given = request.and_then(|request| Some((request, request.price_minor?)));
        let Some((request, given_minor)) = given else { return Some((DeviationKind::NotPriced, None)) };
        // What it is called is the technician's, who says to the customer what is done; the request holds what they asked.
        let is_marked = !request.destroys_data || line.risk.is_some();
        deviation(line, given_minor, is_marked && request.unit.as_deref() == Some(line.unit.as_str()))
    }
}

/// The forms refuse it; a phone of before does not, and the day of purchase may be put right after the quote.
fn installed_too_early(view: &JobRecord, line: &QuoteLine) -> Option<(DeviationKind, Option<i64>)> {
    contradiction(line.setup.as_ref()?.installed_on.as_deref(), view.known(ReportField::PurchasedOn))?;
    Some((DeviationKind::Installed, Some(line.unit_minor)))
}

fn deviation(line: &QuoteLine, given_minor: i64, is_same: bool) -> Option<(DeviationKind, Option<i64>)> {
    match () {
        () if line.unit_minor != given_minor => Some((DeviationKind::Price, Some(given_minor))),
        () if !is_same => Some((DeviationKind::Described, Some(given_minor))),
        () => None,
    }
}

/// The consent that the customer gave last, and what it is for.
fn accepted(view: &JobRecord) -> Option<(&EntryId, &Consent, &Quote)> {
    let (id, consent) = view.valid_consents().max_by_key(|(id, consent)| (consent.at, *id))?;
    Some((id, consent, view.quotes.get(&consent.quote)?))
}

/// A ruling between several consents says nothing of a price; one on this alone does.
fn let_stand(view: &JobRecord, consent: &EntryId) -> bool {
    view.rulings.values().any(|ruling| {
        ruling.matter == MatterKind::Consent && ruling.counts == *consent && ruling.of == std::slice::from_ref(consent)
    })
}

fn words(kind: DeviationKind, quote: &Quote, line: &QuoteLine, given_minor: Option<i64>) -> Bilingual {
    let money = |minor| Money { minor, currency: quote.currency }.to_string();
    let (name, unit, version) = (&line.name, &line.unit, quote.price_list);
    let (asked, given) = (money(line.unit_minor), given_minor.map(money).unwrap_or_default());
    let (zh, en) = match kind {
        DeviationKind::NotListed => {
            let code = line.code.as_deref().unwrap_or("—");
            (
                format!("“{name}”（{code}）不在第{version}版收费标准中，报价 {asked}/{unit}"),
                format!("\"{name}\" ({code}) is not on price list {version}; quoted at {asked}/{unit}"),
            )
        }
        DeviationKind::NotPriced => (
            format!("“{name}”没有本工单已批复的核价，报价 {asked}/{unit}"),
            format!("Nobody priced \"{name}\" for this job; quoted at {asked}/{unit}"),
        ),
        DeviationKind::Price => (
            format!("“{name}”报价 {asked}/{unit}，应为 {given}"),
            format!("\"{name}\" was quoted at {asked}/{unit}; its price is {given}"),
        ),
        DeviationKind::Installed => {
            let day = line.setup.as_ref().and_then(|setup| setup.installed_on.as_deref()).unwrap_or_default();
            (
                format!("“{name}”按 {day} 安装计费，而购买日期更晚"),
                format!("\"{name}\" was charged as installed on {day}, but bought later than that"),
            )
        }
        DeviationKind::Described => (
            format!("“{name}”的名称、单位、类别或标记与所定价的项目不符，报价 {asked}/{unit}"),
            format!("The name, unit, kind or marks of \"{name}\" is not what was priced; quoted at {asked}/{unit}"),
        ),
    };
    Bilingual { zh, en }
}
