//! What a technician does next at a job: mostly the next thing of a visit, sometimes whatever comes to mind.

use super::chance::Chance;
use schema::edit::Edit;
use schema::id::{EntryId, PersonId};
use schema::money::Currency;
use schema::price::{line_amount, quote_hash};
use schema::record::{
    Alarm, Charge, Consent, Correction, Decision, DecisionKind, Hold, HoldKind, How, JobRecord, Mark, MarkKind,
    OldPart, Part, Quote, QuoteLine, Rating, Reading, Release, ReportField, SignOff, SignOffKind, Strokes, Warranty,
    WarrantyKind,
};
use schema::sheet::sheet;
use schema::template::{Stage, Template};
use schema::time::Timestamp;
use std::collections::BTreeMap;
use sync::replica::{Held, Replica};

const STROKES: &str = "12,40,0 30,12,60 52,38,130";
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
        if record.quotes.is_empty() {
            return self.quote(chance).map(|edit| vec![edit]);
        }
        if record.accepted_quote().is_none() {
            return self.consent(chance).map(|edit| vec![edit]);
        }
        let before = template.steps.iter().take_while(|step| step.stage != Some(Stage::SignOff));
        let open = before.filter(|step| record.current_mark(&step.id).is_none() && step.id != "charges");
        let marks: Vec<Edit> = open.take(1 + chance.below(8)).map(|step| self.mark(&step.id)).collect();
        if !marks.is_empty() {
            return Some(marks);
        }
        if record.charges.is_empty() {
            let (quote, _) = record.accepted_quote()?;
            let (due_minor, currency) = (record.due_minor()?, Currency::CNY);
            let charge = Charge { quote: quote.clone(), due_minor, currency, by: self.me, at: self.at };
            return Some(vec![Edit::Charge { id: entry(chance), charge }, self.mark("charges")]);
        }
        if record.current_sign_offs().is_empty() {
            return Some(vec![self.sign(template, chance)]);
        }
        record.current_mark("sign_off").is_none().then(|| vec![self.mark("sign_off")])
    }

    fn mark(&self, step: &str) -> Edit {
        // With a reason, no evidence is asked for.
        let reason = Some(format!("完成{}", self.number));
        let mark = Mark { kind: MarkKind::Done, by: self.me, at: self.at, reason, place: None };
        Edit::Mark { step: step.to_owned(), mark }
    }

    fn quote(&self, chance: &mut Chance) -> Option<Edit> {
        let list = self.replica.price_list()?;
        let item = list.items.first()?;
        let line = QuoteLine {
            code: Some(item.code.clone()),
            request: None,
            name: item.name.zh.clone(),
            unit: item.unit.clone(),
            kind: item.kind,
            quantity_milli: 1_000,
            unit_minor: item.price_minor,
            amount_minor: line_amount(item.price_minor, 1_000)?,
        };
        let quote = Quote {
            total_minor: line.amount_minor,
            lines: BTreeMap::from([("01".to_owned(), line)]),
            currency: list.currency,
            price_list: list.version,
            warranty: Warranty { kind: WarrantyKind::None, reason: None, decided_by: None },
            option: None,
            of: None,
            by: self.me,
            at: self.at,
        };
        Some(Edit::Quote { id: entry(chance), quote })
    }

    fn consent(&self, chance: &mut Chance) -> Option<Edit> {
        let (id, quote) = self.record.quotes.iter().max_by_key(|(id, quote)| (quote.at, *id))?;
        let consent = Consent {
            quote: id.clone(),
            quote_hash: quote_hash(quote),
            total_minor: quote.total_minor,
            currency: quote.currency,
            how: How::Phone,
            name: "王秀英".to_owned(),
            strokes: Some(Strokes(STROKES.to_owned())),
            by: Some(self.me),
            link: None,
            shown: Vec::new(),
            at: self.at,
        };
        Some(Edit::Consent { id: entry(chance), consent })
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
        match chance.below(10) {
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
                let alarm = Alarm { reason: format!("求助{number}"), place: None, by, at };
                vec![Edit::Alarm { id: entry(chance), alarm }]
            }
            7 => vec![self.mark("knock")],
            _ => vec![self.note(chance)],
        }
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

pub fn entry(chance: &mut Chance) -> EntryId {
    EntryId::new(chance.bytes())
}
