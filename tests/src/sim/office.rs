//! The desk, the dispatcher and the customers: the real commands of the domain, whichever come to mind.

use super::chance::Chance;
use super::house::House;
use super::staff::Staff;
use schema::bill::{CreateConsent, CreateQuote, CreateQuoteLine};
use schema::binary::Hash;
use schema::dispatch::{AssignJob, HoldJob};
use schema::id::{JobId, PersonId};
use schema::job::{AmendNote, AmendReport};
use schema::link::{AcceptQuote, CreateLink, DeclineBecause, LinkScope, RateJob, SignSheet};
use schema::price::quote_hash;
use schema::problem::Problem;
use schema::record::{HoldKind, JobRecord, Rating, ReportField, Urgency};
use schema::report::CreateReport;
use schema::time::{HOUR, Timestamp, Window};
use server::db::Conn;
use server::domain::jobs::By;
use server::domain::links::Made;
use server::domain::public::{self, Visit};
use server::domain::reports::{self, Desk, Draw};
use server::domain::{amendments, assignments, decisions, links, quotes, records};
use std::collections::BTreeMap;

pub struct Office {
    pub chance: Chance,
    /// The jobs that were opened, and the customers' links to them.
    pub jobs: Vec<JobId>,
    links: Vec<(JobId, Hash)>,
    /// Heads that somebody has on a screen.
    screens: BTreeMap<JobId, Vec<Hash>>,
    number: u64,
}

/// What came of a command, told for the trace. None: the server was killed over it.
pub type Done = Option<Result<(), Problem>>;

/// What a command is given.
struct Act<'a> {
    house: &'a House,
    by: By,
    job: JobId,
    view: JobRecord,
}

impl Office {
    pub fn new(seed: u64) -> Self {
        let chance = Chance::of(seed, "office");
        Self { chance, jobs: Vec::new(), links: Vec::new(), screens: BTreeMap::new(), number: 0 }
    }

    fn by(&mut self, staff: &Staff, now: Timestamp) -> By {
        By { caller: staff.dispatcher.clone(), now, random: self.chance.bytes() }
    }

    fn text(&mut self, what: &str) -> String {
        self.number += 1;
        format!("{what}{}", self.number)
    }

    /// Takes a report by phone, which opens a job.
    pub fn take_report(&mut self, house: &House, staff: &Staff, now: Timestamp) -> Done {
        let chance = &mut self.chance;
        let draw = Draw { report: chance.bytes(), job: chance.bytes(), owner: chance.bytes(), entry: chance.bytes() };
        let urgency = if chance.percent(30) { Urgency::Urgent } else { Urgency::General };
        self.number += 1;
        let input: CreateReport = serde_json::from_value(serde_json::json!({
            "class": "B",
            "channel": "phone",
            "name": format!("客户{}", self.number),
            "phone": format!("139{:08}", self.number),
            "address": format!("漕溪北路 {} 号", self.number),
            "fault": "水龙头漏水",
            "urgency": urgency,
        }))
        .unwrap();
        let desk = Desk { caller: &staff.dispatcher, now, draw };
        let taken = house.command(|conn| reports::create(conn, desk, &input))?;
        Some(taken.map(|report| self.jobs.extend(report.job)))
    }

    /// Gives a job to somebody, whoever has it.
    pub fn assign(&mut self, house: &House, staff: &Staff, now: Timestamp, (job, to): (JobId, PersonId)) -> Done {
        let by = self.by(staff, now);
        let from = now.plus(self.chance.between(1, 8) * HOUR);
        let window = Some(Window { from, to: from.plus(2 * HOUR) });
        let reason = Some(self.text("改派"));
        let view = view(house, job)?;
        let instead_of = view.assignment().map(|assignment| assignment.technician);
        let input = AssignJob { technician: to, instead_of, window, reason, overrides: true };
        house.command(|conn| assignments::assign(conn, &by, job, &input).map(drop))
    }

    pub fn cancel(&mut self, house: &House, staff: &Staff, now: Timestamp, job: JobId) -> Done {
        let by = self.by(staff, now);
        house.command(|conn| decisions::cancel(conn, &by, job, "客户来电取消").map(drop))
    }

    /// Anything that the office does to a job, but for taking it from somebody.
    pub fn act(&mut self, house: &House, staff: &Staff, now: Timestamp, job: JobId) -> (&'static str, Done) {
        let Some(view) = view(house, job) else { return ("looks for a job that is gone", Some(Ok(()))) };
        let act = Act { house, by: self.by(staff, now), job, view };
        match self.chance.below(12) {
            0 => ("looks at a job", self.look(&act)),
            1 | 2 => ("amends a note", self.amend_note(&act)),
            3 => ("amends the report", self.amend_report(&act)),
            4 => ("holds or releases", self.hold(&act)),
            5 => ("quotes", self.quote(&act)),
            6 => ("takes a consent by phone", self.consent(&act)),
            7 => ("sends a link", self.link(&act)),
            8 => ("closes", act.command(|conn, by, job| decisions::close(conn, by, job, None).map(drop))),
            9 | 10 => ("re-opens", act.command(|conn, by, job| decisions::reopen(conn, by, job, "未修好").map(drop))),
            _ => (
                "takes the job back",
                act.command(|conn, by, job| assignments::unassign(conn, by, job, "改约").map(drop)),
            ),
        }
    }

    fn look(&mut self, act: &Act<'_>) -> Done {
        let heads = act.house.look(|conn| Ok(records::load(conn, act.job)?.heads()));
        Some(heads.map(|heads| drop(self.screens.insert(act.job, heads))))
    }

    fn amend_note(&mut self, act: &Act<'_>) -> Done {
        let input = AmendNote { text: self.text("补充"), base_heads: self.screens.get(&act.job).cloned() };
        let step = *self.chance.pick(&["listen", "diagnose", "contact"]).unwrap();
        act.command(|conn, by, job| amendments::amend_note(conn, by, job, step, &input).map(drop))
    }

    fn amend_report(&mut self, act: &Act<'_>) -> Done {
        let fields = BTreeMap::from([(ReportField::Wanted, Some(self.text("希望上午")))]);
        let input = AmendReport { fields, base_heads: self.screens.get(&act.job).cloned() };
        act.command(|conn, by, job| amendments::amend_report(conn, by, job, &input).map(drop))
    }

    fn hold(&mut self, act: &Act<'_>) -> Done {
        if let Some((id, _)) = act.view.open_holds().first() {
            return act.command(|conn, by, job| decisions::release(conn, by, job, id).map(drop));
        }
        let input = HoldJob { kind: HoldKind::Part, reason: self.text("等配件"), until: None };
        act.command(|conn, by, job| decisions::hold(conn, by, job, &input).map(drop))
    }

    fn quote(&mut self, act: &Act<'_>) -> Done {
        let line = CreateQuoteLine {
            code: Some("SD-101".to_owned()),
            request: None,
            quantity_milli: self.chance.between(1, 4) * 1_000,
            covered: None,
        };
        let input = CreateQuote { lines: vec![line], price_list: None, warranty: None, option: None };
        act.command(|conn, by, job| quotes::quote(conn, by, job, &input).map(drop))
    }

    fn consent(&mut self, act: &Act<'_>) -> Done {
        let (id, quote) = act.view.quotes.iter().max_by_key(|(id, quote)| (quote.at, *id))?;
        let input = CreateConsent {
            quote: id.clone(),
            quote_hash: quote_hash(quote),
            total_minor: quote.total_minor,
            name: "王秀英".to_owned(),
        };
        act.command(|conn, by, job| quotes::consent(conn, by, job, &input).map(drop))
    }

    fn link(&mut self, act: &Act<'_>) -> Done {
        let token_hash = Hash(self.chance.bytes());
        let scope = vec![LinkScope::Accept, LinkScope::Sign, LinkScope::Rate];
        let (input, made) = (CreateLink { scope, expires_in_days: None }, Made { token_hash, days: 30 });
        let created = act.command(|conn, by, job| links::create(conn, by, job, &input, &made).map(drop));
        self.links.push((act.job, token_hash));
        created
    }

    /// A customer with a link looks at the page, and then does something there, perhaps much later.
    pub fn visit(&mut self, house: &House, now: Timestamp) -> (&'static str, Done) {
        let Some((_, token_hash)) = self.chance.pick(&self.links).copied() else {
            return ("no customer has a link", Some(Ok(())));
        };
        let random = self.chance.bytes();
        let visit = Visit { token_hash, address: "::1".to_owned(), browser: "sim".to_owned(), now, random };
        let shown = match house.command(|conn| public::look(conn, &visit)) {
            Some(Ok(shown)) => shown.job,
            Some(Err(problem)) => return ("customer looks", Some(Err(problem))),
            None => return ("customer looks", None),
        };
        let name = "王秀英".to_owned();
        match self.chance.below(4) {
            0 => {
                let Some((id, quote)) = shown.quotes.iter().next_back() else {
                    return ("customer waits", Some(Ok(())));
                };
                let (quote, quote_hash, total_minor) = (id.clone(), quote.hash, quote.quote.total_minor);
                let input = AcceptQuote { quote, quote_hash, total_minor, name, strokes: None, beside: None };
                ("customer accepts", house.command(|conn| public::accept(conn, &visit, &input).map(drop)))
            }
            1 => {
                let input = DeclineBecause {
                    reason: "太贵".to_owned(),
                    quote: shown.quotes.keys().next().cloned(),
                    name: None,
                    beside: Vec::new(),
                };
                ("customer declines", house.command(|conn| public::decline(conn, &visit, &input).map(drop)))
            }
            2 => {
                let input = RateJob { quality: Some(5), attitude: None, remarks: None };
                ("customer rates", house.command(|conn| public::rate(conn, &visit, &input).map(drop)))
            }
            _ => {
                let input = SignSheet {
                    name,
                    strokes: None,
                    rating: Some(Rating { quality: Some(4), attitude: Some(5) }),
                    remarks: None,
                    covers: shown.heads,
                    sheet_hash: shown.sheet_hash,
                };
                ("customer signs", house.command(|conn| public::sign(conn, &visit, &input).map(drop)))
            }
        }
    }
}

impl Act<'_> {
    fn command(&self, command: impl FnOnce(&mut Conn, &By, JobId) -> Result<(), Problem>) -> Done {
        self.house.command(|conn| command(conn, &self.by, self.job))
    }
}

/// The record as the office has it; None where a restore took the job away.
fn view(house: &House, job: JobId) -> Option<JobRecord> {
    house.look(|conn| records::load(conn, job)?.view()).ok()
}
