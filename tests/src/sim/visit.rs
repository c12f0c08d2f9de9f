//! What a technician does next at a job: mostly the next thing of a visit, sometimes whatever comes to mind.

use super::chance::Chance;
use schema::edit::Edit;
use schema::id::{EntryId, PersonId};
use schema::money::Currency;
use schema::record::{
    Alarm, Charge, Correction, Decision, DecisionKind, Delay, Hold, HoldKind, How, JobRecord, Mark, MarkKind, OldPart,
    Part, Place, Rating, Reading, Release, Reply, ReplyKind, ReportField, SignOff, SignOffKind, Strokes,
};
use schema::sheet::sheet;
use schema::template::{Stage, Template};
use schema::time::{MINUTE, Timestamp};
use sync::replica::{Held, Replica};

pub(super) const STROKES: &str = "12,40,0 30,12,60 52,38,130";
const NOTED: [&str; 4] = ["contact", "listen", "diagnose", "repair"];

/// A technician before a job.
pub struct Visit<'a> {
    pub replica: &'a Replica,
    pub held: &'a Held,
    pub record: &'a JobRecord,
    pub me: PersonId,
    pub at: Timestamp,
    /// Counts what is written, so that nothing is written twice by intent.
    pub number: u64,
}

impl Visit<'_> {
    pub fn next(&self, chance: &mut Chance) -> Vec<Edit> {
        if chance.percent(45) {
            return self.whatever(chance);
        }
        let next = self.replica.template_of(self.record).and_then(|template| self.proceed(template, chance));
        next.unwrap_or_else(|| self.whatever(chance))
    }

    /// Closes the job oneself, which only the office may, and notes something that one may.
    pub fn overstep(&self, chance: &mut Chance) -> Vec<Edit> {
        let decision = Decision { kind: DecisionKind::Closed, by: self.me, at: self.at, reason: None };
        vec![self.note(chance), Edit::Decide { id: entry(chance), decision }]
    }

    fn note(&self, chance: &mut Chance) -> Edit {
        let step = (*chance.pick(&NOTED).unwrap()).to_owned();
        Edit::Note { step, text: format!("记录{}", self.number) }
    }

    fn proceed(&self, template: &Template, chance: &mut Chance) -> Option<Vec<Edit>> {
        let record = self.record;
        if self.standing().next().is_none() {
            return self.offer(chance);
        }
        if record.accepted_quote().is_none() {
            return self.consent(chance);
        }
        if let Some(backup) = self.backup(chance) {
            return Some(vec![backup]);
        }
        let before = template.steps.iter().take_while(|step| step.stage != Some(Stage::SignOff));
        let open = before.filter(|step| record.current_mark(&step.id).is_none() && step.id != "charges");
        let number = 1 + chance.below(8);
        let marks: Vec<Edit> = open.take(number).map(|step| self.mark(chance, &step.id)).collect();
        if !marks.is_empty() {
            return Some(marks);
        }
        if record.charges.is_empty() {
            let (quote, _) = record.accepted_quote()?;
            let (due_minor, currency) = (record.due_minor()?, Currency::CNY);
            let charge = Charge { quote: quote.clone(), due_minor, currency, by: self.me, at: self.at };
            return Some(vec![Edit::Charge { id: entry(chance), charge }, self.mark(chance, "charges")]);
        }
        if record.current_sign_offs().is_empty() {
            return Some(vec![self.sign(template, chance)]);
        }
        record.current_mark("sign_off").is_none().then(|| vec![self.mark(chance, "sign_off")])
    }

    fn mark(&self, chance: &mut Chance, step: &str) -> Edit {
        // With a reason, no evidence is asked for.
        let reason = Some(format!("完成{}", self.number));
        let mark = Mark { kind: MarkKind::Done, by: self.me, at: self.at, reason, place: place(chance) };
        Edit::Mark { step: step.to_owned(), mark }
    }

    fn sign(&self, template: &Template, chance: &mut Chance) -> Edit {
        let sign_off = SignOff {
            kind: SignOffKind::Signed,
            how: How::Phone,
            name: "王秀英".to_owned(),
            reason: None,
            strokes: Some(Strokes(STROKES.to_owned())),
            rating: Some(Rating { quality: Some(5), attitude: Some(4) }),
            remarks: None,
            covers: self.held.record.heads(),
            sheet_hash: sheet(self.record, template).hash(),
            by: Some(self.me),
            link: None,
            at: self.at,
        };
        Edit::SignOff { id: entry(chance), sign_off }
    }

    fn whatever(&self, chance: &mut Chance) -> Vec<Edit> {
        let (by, at, number) = (self.me, self.at, self.number);
        match chance.below(14) {
            0 => {
                let reading = Reading {
                    step: "testing".to_owned(),
                    name: "supply_voltage".to_owned(),
                    value: format!("2{number:02}"),
                    unit: "V".to_owned(),
                    by,
                    at,
                };
                vec![Edit::Reading { id: entry(chance), reading }]
            }
            1 | 2 => vec![Edit::Part { id: entry(chance), part: self.part() }],
            3 => {
                let (field, value) = (ReportField::Model, format!("型号{number}"));
                vec![Edit::Correct { id: entry(chance), correction: Correction { field, value, by, at } }]
            }
            4 => vec![Edit::Cause { text: format!("原因{number}") }],
            5 => self.wait(chance),
            6 => {
                let alarm = Alarm { reason: format!("求助{number}"), place: place(chance), by, at };
                vec![Edit::Alarm { id: entry(chance), alarm }]
            }
            7 => vec![self.mark(chance, "knock")],
            8 | 9 => self.be_late(chance),
            10 => self.offer(chance).unwrap_or_default(),
            12 => self.take_or_hand_back(chance),
            11 => self.withdraw(chance).unwrap_or_else(|| vec![self.note(chance)]),
            _ => vec![self.note(chance)],
        }
    }

    /// Says that they come later, and that they rang the customer, perhaps only afterwards.
    fn be_late(&self, chance: &mut Chance) -> Vec<Edit> {
        let (by, at) = (self.me, self.at);
        let reply = |chance: &mut Chance, delay: EntryId| {
            let kind = *chance.pick(&[ReplyKind::Told, ReplyKind::Agreed, ReplyKind::SomeoneElse]).unwrap();
            let note = Some(format!("回复{}", self.number));
            Edit::Reply {
                id: entry(chance),
                reply: Reply { delay, kind, how: How::Phone, note, by: Some(by), link: None, at },
            }
        };
        let announced: Vec<EntryId> = self.record.delays.keys().cloned().collect();
        if let (Some(delay), true) = (chance.pick(&announced).cloned(), chance.percent(40)) {
            return vec![reply(chance, delay)];
        }
        let id = entry(chance);
        let arrives_at = at.plus(chance.between(5, 120) * MINUTE);
        let delay = Delay { arrives_at, reason: Some(format!("晚到{}", self.number)), by, at };
        let mut edits = vec![Edit::Delay { id: id.clone(), delay }];
        if chance.percent(50) {
            edits.push(reply(chance, id));
        }
        edits
    }

    /// No two parts have the same serial number: what is there twice was applied twice.
    fn part(&self) -> Part {
        Part {
            code: "SD-201".to_owned(),
            name: "水龙头".to_owned(),
            quantity_milli: 1_000,
            serial: Some(format!("SN{}", self.number)),
            old_part: OldPart::Returned,
            by: self.me,
            at: self.at,
            undoes: None,
        }
    }

    fn wait(&self, chance: &mut Chance) -> Vec<Edit> {
        match self.record.open_holds().first() {
            Some((id, _)) => {
                vec![Edit::Release { hold: (*id).clone(), release: Release { by: self.me, at: self.at } }]
            }
            None => {
                let reason = format!("等待{}", self.number);
                let hold = Hold { kind: HoldKind::Customer, by: self.me, at: self.at, reason, until: None };
                vec![Edit::Hold { id: entry(chance), hold }]
            }
        }
    }
}

/// Where the phone believes it is, if it knows.
fn place(chance: &mut Chance) -> Option<Place> {
    chance.percent(50).then(|| Place {
        latitude_e6: chance.between(31_190_000, 31_240_000),
        longitude_e6: chance.between(121_430_000, 121_480_000),
        accuracy_m: chance.between(3, 2_000),
    })
}

pub fn entry(chance: &mut Chance) -> EntryId {
    EntryId::new(chance.bytes())
}
