//! What the office writes to a job.

use super::visit::Visit;
use schema::edit::Edit;
use schema::example::person;
use schema::id::JobId;
use schema::record::*;
use schema::time::{HOUR, Window};

impl Visit<'_> {
    pub(super) fn office(&mut self) -> Edit {
        match self.dice.below(14) {
            0 | 1 => self.correct(),
            2 => {
                let value = if self.dice.one_in(3) { None } else { self.reason() };
                Edit::SetReport {
                    field: *self.dice.pick(&[ReportField::Name, ReportField::Fault, ReportField::Wanted]),
                    value,
                }
            }
            3..=5 => {
                let technician = 1 + u8::try_from(self.dice.below(2)).unwrap();
                self.assign(technician)
            }
            6 => Edit::Unassign,
            7 => Edit::Rework {
                rework: Rework {
                    of: JobId::new(self.moment(), [4; 10]),
                    number: "WX-1".to_owned(),
                    by: person(100),
                    at: self.moment(),
                },
            },
            9 => self.site(),
            10 => self.reply(How::Link),
            8 => Edit::Rule { id: self.id(), ruling: self.ruling() },
            _ => self.decide(),
        }
    }

    /// The customer's place, or that of another address.
    fn site(&mut self) -> Edit {
        let address = (*self.dice.pick(&["幸福路12号3单元502", "幸福路12号", "长宁路1号"])).to_owned();
        let [latitude_e6, longitude_e6] = [31_000_000, 121_000_000].map(|least| least + self.dice.number(500_000));
        Edit::Site { site: Site { latitude_e6, longitude_e6, address, at: self.moment() } }
    }

    /// What the customer was told of some delay, or says to it.
    pub(super) fn reply(&mut self, how: How) -> Edit {
        let delay = self.known(|record| &record.delays);
        let kind = *self.dice.pick(ReplyKind::ALL);
        let reply = Reply { delay, kind, how, note: self.reason(), by: Some(person(1)), link: None, at: self.moment() };
        Edit::Reply { id: self.id(), reply }
    }

    fn correct(&mut self) -> Edit {
        let field = *self.dice.pick(ReportField::ALL);
        let value = match field {
            ReportField::Urgency => "general".to_owned(),
            ReportField::Area => "shared".to_owned(),
            _ => (*self.dice.pick(&["13912345678", "010-8888 12", "", "幸福路12号", " "])).to_owned(),
        };
        Edit::Correct { id: self.id(), correction: Correction { field, value, by: person(1), at: self.moment() } }
    }

    pub(super) fn assign(&mut self, technician: u8) -> Edit {
        let at = self.moment();
        let assignment = Assignment {
            technician: person(technician),
            technician_name: format!("技师{technician}"),
            window: (self.dice.one_in(2)).then(|| Window { from: at.plus(HOUR), to: at.plus(3 * HOUR) }),
            by: person(100),
            at,
            reason: None,
        };
        Edit::Assign { id: self.id(), assignment }
    }

    fn decide(&mut self) -> Edit {
        use DecisionKind::{Cancelled, Closed, Proved, Reopened, SolvedRemotely};
        let kind = *self.dice.pick(&[Reopened, Reopened, Reopened, Proved, Proved, Closed, Cancelled, SolvedRemotely]);
        let decision = Decision { kind, by: person(100), at: self.moment(), reason: None };
        Edit::Decide { id: self.id(), decision }
    }

    /// Of some entries of a kind one counts.
    fn ruling(&mut self) -> Ruling {
        let matter = *self.dice.pick(MatterKind::ALL);
        let of: Vec<_> = match matter {
            MatterKind::Consent => self.record.consents.keys().cloned().collect(),
            MatterKind::SignOff => self.record.sign_offs.keys().cloned().collect(),
            MatterKind::Charge => self.record.charges.keys().cloned().collect(),
            MatterKind::Withdrawal => {
                self.record.withdrawals.keys().chain(self.record.consents.keys()).cloned().collect()
            }
        };
        let counts = if of.is_empty() { self.id() } else { self.dice.pick(&of).clone() };
        Ruling { matter, counts, of, reason: "客户来电确认".to_owned(), by: person(100), at: self.moment() }
    }
}
