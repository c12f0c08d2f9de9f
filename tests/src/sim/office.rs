//! The desk and the dispatcher: the real commands of the domain, whichever come to mind.

use super::chance::Chance;
use super::customer::Link;
use super::house::House;
use super::staff::Staff;
use schema::bill::{CreateConsent, CreateQuote, CreateQuoteLine, WithdrawQuote};
use schema::binary::Hash;
use schema::dispatch::{AnnounceDelay, AssignJob, HoldJob};
use schema::id::{JobId, PersonId};
use schema::job::{AmendNote, AmendReport};
use schema::price::quote_hash;
use schema::problem::Problem;
use schema::record::{HoldKind, JobRecord, ReportField, Urgency};
use schema::report::CreateReport;
use schema::take_back::CreateHandBack;
use schema::time::{HOUR, MINUTE, Timestamp, Window};
use server::db::Conn;
use server::domain::jobs::By;
use server::domain::reports::{self, Desk, Draw};
use server::domain::{amendments, assignments, decisions, delays, hand_backs, quotes, records, templates};
use std::collections::BTreeMap;

pub struct Office {
    pub chance: Chance,
    /// The jobs that were opened, and the customers' links to them.
    pub jobs: Vec<JobId>,
    pub(super) links: Vec<Link>,
    /// Heads that somebody has on a screen.
    screens: BTreeMap<JobId, Vec<Hash>>,
    number: u64,
    /// The checklist that each job began with: its version, and what it says.
    pub begun: BTreeMap<JobId, (u32, Hash)>,
}

/// What came of a command, told for the trace. None: the server was killed over it.
pub type Done = Option<Result<(), Problem>>;

/// What a command is given.
pub(super) struct Act<'a> {
    house: &'a House,
    by: By,
    pub(super) job: JobId,
    view: JobRecord,
}

impl Office {
    pub fn new(seed: u64) -> Self {
        let chance = Chance::of(seed, "office");
        Self {
            chance,
            jobs: Vec::new(),
            links: Vec::new(),
            screens: BTreeMap::new(),
            number: 0,
            begun: BTreeMap::new(),
        }
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
        let begun = |job: JobId| Some((job, checklist_of(house, &view(house, job)?)?));
        Some(taken.map(|report| {
            self.begun.extend(report.job.and_then(begun));
            self.jobs.extend(report.job);
        }))
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
        match self.chance.below(17) {
            0 => ("looks at a job", self.look(&act)),
            1 | 2 => ("amends a note", self.amend_note(&act)),
            3 => ("amends the report", self.amend_report(&act)),
            4 => ("holds or releases", self.hold(&act)),
            5 => ("quotes", self.quote(&act)),
            6 => ("takes a consent by phone", self.consent(&act)),
            7 => ("sends a link", self.link(&act)),
            8 => ("closes", act.command(|conn, by, job| decisions::close(conn, by, job, None).map(drop))),
            9 | 10 => ("re-opens", act.command(|conn, by, job| decisions::reopen(conn, by, job, "未修好").map(drop))),
            11 | 12 => ("writes down a delay", self.announce(&act)),
            14 => ("takes a quote back", self.withdraw(&act)),
            13 => ("writes down what the customer says to a delay", self.note_call(&act)),
            15 => ("hands back over the desk", self.hand_back(&act)),
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

    /// The technician rang: they will be late.
    fn announce(&mut self, act: &Act<'_>) -> Done {
        let arrives_at = act.by.now.plus(self.chance.between(5, 120) * MINUTE);
        let input = AnnounceDelay { arrives_at, reason: Some(self.text("来电晚到")) };
        act.command(|conn, by, job| delays::announce(conn, by, job, &input).map(drop))
    }

    /// The customer was called about it.
    fn note_call(&mut self, act: &Act<'_>) -> Done {
        let (agrees, note) = (self.chance.percent(60), self.text("来电回复"));
        act.command(|conn, by, job| delays::note_call(conn, by, job, agrees, Some(note)))
    }

    fn quote(&mut self, act: &Act<'_>) -> Done {
        let line = CreateQuoteLine {
            code: Some("SD-101".to_owned()),
            request: None,
            quantity_milli: self.chance.between(1, 4) * 1_000,
            covered: None,
            destroys_data: self.chance.percent(20),
        };
        let option = self.chance.percent(30).then(|| "换新".to_owned());
        let input = CreateQuote { lines: vec![line], price_list: None, warranty: None, option, installed_on: None };
        act.command(|conn, by, job| quotes::quote(conn, by, job, &input).map(drop))
    }

    /// Whoever made it; perhaps while the customer accepts it in the cellar.
    fn withdraw(&mut self, act: &Act<'_>) -> Done {
        let offered: Vec<_> = act.view.quotes.keys().filter(|id| act.view.withdrawal(id).is_none()).collect();
        let quote = (*self.chance.pick(&offered)?).clone();
        let input = WithdrawQuote { reason: self.text("报错价") };
        act.command(|conn, by, job| quotes::withdraw(conn, by, (job, &quote), &input).map(drop))
    }

    /// The customer fetches what was taken, or brings the loaner.
    fn hand_back(&mut self, act: &Act<'_>) -> Done {
        let open = act.view.open_receipts();
        let receipt = self.chance.pick(&open)?.0.clone();
        let kind = *self.chance.pick(&act.view.out(&receipt).kinds())?;
        let (condition, reason) = (self.text("如前"), self.text("客户到店"));
        let input = CreateHandBack { receipt, kind, condition, name: "王秀英".to_owned(), reason };
        act.command(|conn, by, job| hand_backs::hand_back(conn, by, job, &input).map(drop))
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
}

impl Act<'_> {
    pub(super) fn command(&self, command: impl FnOnce(&mut Conn, &By, JobId) -> Result<(), Problem>) -> Done {
        self.house.command(|conn| command(conn, &self.by, self.job))
    }
}

/// The checklist that the server judges a job by: its version, and what it says.
pub(super) fn checklist_of(house: &House, view: &JobRecord) -> Option<(u32, Hash)> {
    let checklist = house.look(|conn| templates::of_job(conn, view)).ok()?;
    Some((checklist.version, Hash::of(&serde_json::to_vec(&*checklist).unwrap())))
}

/// The record as the office has it; None where a restore took the job away.
fn view(house: &House, job: JobId) -> Option<JobRecord> {
    house.look(|conn| records::load(conn, job)?.view()).ok()
}
