//! What a technician's phone writes in the course of a visit: as it ought to be, or some way off.

use super::dice::Dice;
use super::opened;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::example::{self, person};
use schema::id::{EntryId, PersonId};
use schema::record::*;
use schema::template::{EvidenceKind, Gate, Stage, StepTemplate, Template};
use schema::time::{MINUTE, Timestamp};
use sync::record::lay;

/// A job that goes on, and what happens to it next.
pub struct Visit<'t> {
    pub dice: Dice,
    pub template: &'t Template,
    pub record: JobRecord,
    now: Timestamp,
}

impl<'t> Visit<'t> {
    pub fn new(mut dice: Dice, template: &'t Template) -> Self {
        let record = opened(&mut dice, template);
        Self { dice, template, record, now: example::at(3) }
    }

    /// The next moment: mostly later, at times the same, at times before, at times with a fraction.
    pub fn moment(&mut self) -> Timestamp {
        self.now = self.now.plus(self.dice.number(7) * MINUTE);
        match self.dice.below(12) {
            0 => self.now.plus(self.dice.number(1_000_000)),
            1 => self.now.plus(1_000 * self.dice.number(1_000)),
            2 => self.now.plus(-self.dice.number(90) * MINUTE),
            _ => self.now,
        }
    }

    pub fn id(&mut self) -> EntryId {
        EntryId::new(self.dice.bytes())
    }

    /// A technician, mostly the same.
    pub fn technician(&mut self) -> PersonId {
        person(if self.dice.one_in(6) { 2 } else { 1 })
    }

    pub fn reason(&mut self) -> Option<String> {
        let reasons =
            [None, Some(""), Some(" \u{85}\u{a0}"), Some("\u{feff}"), Some("客户要求"), Some("已说明：\"改天\"\t再做")];
        self.dice.pick(&reasons).map(str::to_owned)
    }

    /// An id of this map's, or one that names nothing.
    pub fn known<V>(&mut self, map: impl Fn(&JobRecord) -> &std::collections::BTreeMap<EntryId, V>) -> EntryId {
        let ids: Vec<EntryId> = map(&self.record).keys().cloned().collect();
        if ids.is_empty() || self.dice.one_in(9) { self.id() } else { self.dice.pick(&ids).clone() }
    }

    fn step(&mut self) -> String {
        if self.dice.one_in(15) {
            return "unheard_of".to_owned();
        }
        self.dice.pick(&self.template.steps).id.clone()
    }

    /// Anything that somebody may write to a job.
    pub fn anything(&mut self) -> Edit {
        match self.dice.below(40) {
            0..=8 => self.tick(),
            9..=11 => self.reading(),
            12 | 39 => self.photo(),
            13 => self.play(),
            14 | 15 => self.hold(),
            16 => Edit::Release {
                hold: self.known(|record| &record.holds),
                release: Release { by: person(1), at: self.moment() },
            },
            17 => self.part(),
            18 => self.said(),
            19..=32 => self.bill(),
            _ => self.office(),
        }
    }

    /// What a gate guards: a step that has one, or the signature.
    pub fn probe(&mut self) -> Edit {
        if self.dice.one_in(4) {
            return self.signature();
        }
        let gated: Vec<String> =
            self.template.steps.iter().filter(|step| !step.gates.is_empty()).map(|step| step.id.clone()).collect();
        let step = self.dice.pick(&gated).clone();
        self.mark(&step, MarkKind::Done)
    }

    fn tick(&mut self) -> Edit {
        use MarkKind::{Done, Failed, NotApplicable, Open, Skipped};
        let (step, kind) =
            (self.step(), *self.dice.pick(&[Done, Done, Done, Done, Skipped, NotApplicable, Failed, Open]));
        self.mark(&step, kind)
    }

    fn mark(&mut self, step: &str, kind: MarkKind) -> Edit {
        let reason = if kind == MarkKind::Done && !self.dice.one_in(8) { None } else { self.reason() };
        let mark = Mark { kind, by: self.technician(), at: self.moment(), reason, place: None };
        Edit::Mark { step: step.to_owned(), mark }
    }

    fn reading(&mut self) -> Edit {
        let names =
            ["tools_out", "tools_in", "tools_out", "tools_in", "function_result", "backup_consent", "leakage_current"];
        let values = ["12", "12", "12.0", " 12 ", "+12", "11", "012", "12.5", "十二", "9223372036854775808", "."];
        let (name, value) = (*self.dice.pick(&names), *self.dice.pick(&values));
        let (step, by) = (self.step(), self.technician());
        let reading = Reading { by, step, at: self.moment(), ..example::reading("", name, value, 0) };
        Edit::Reading { id: self.id(), reading }
    }

    fn photo(&mut self) -> Edit {
        let sha256 = Hash(self.dice.bytes());
        let steps = ["testing", "diagnose", "cleanup", "backup"].map(str::to_owned);
        let step = if self.dice.one_in(3) { self.step() } else { self.dice.pick(&steps).clone() };
        let photo = Photo { step, bytes: 9, width: 4, height: 3, by: person(1), at: self.moment() };
        Edit::Photo { sha256, photo }
    }

    fn play(&mut self) -> Edit {
        let step = self.step();
        let known = self.template.step(&step).and_then(|step| step.plays.first()).map(|play| play.id.clone());
        let play =
            if self.dice.one_in(3) { "eclipse".to_owned() } else { known.unwrap_or_else(|| "nobody_home".to_owned()) };
        Edit::Play { id: self.id(), play: Play { step, play, note: None, by: person(1), at: self.moment() } }
    }

    fn hold(&mut self) -> Edit {
        let kind = *self.dice.pick(HoldKind::ALL);
        let reason = self.reason().unwrap_or_else(|| "等待".to_owned());
        Edit::Hold { id: self.id(), hold: Hold { kind, by: person(1), at: self.moment(), reason, until: None } }
    }

    fn part(&mut self) -> Edit {
        let undoes = (self.dice.one_in(3)).then(|| self.known(|record| &record.parts));
        let part = Part {
            code: "FX-35".to_owned(),
            name: "35mm陶瓷阀芯\u{1}".to_owned(),
            quantity_milli: 500 * (1 + self.dice.number(4)),
            serial: self.reason(),
            old_part: *self.dice.pick(OldPart::ALL),
            by: person(1),
            at: self.moment(),
            undoes,
        };
        Edit::Part { id: self.id(), part }
    }

    /// What is told in words.
    fn said(&mut self) -> Edit {
        let text = self.reason().unwrap_or_else(|| "阀芯密封圈老化\n/ <b>漏</b>".to_owned());
        match self.dice.below(7) {
            4 | 5 => {
                let at = self.moment();
                let (reason, arrives_at) = (Some(text), at.plus(45 * MINUTE));
                Edit::Delay { id: self.id(), delay: Delay { arrives_at, reason, by: person(1), at } }
            }
            6 => self.reply(How::Phone),
            0 => Edit::Cause { text },
            1 => Edit::Measures { text },
            2 => {
                let place = Place { latitude_e6: 31_230_416, longitude_e6: 121_473_701, accuracy_m: 12 };
                let place = self.dice.one_in(2).then_some(place);
                Edit::Alarm { id: self.id(), alarm: Alarm { reason: text, place, by: person(1), at: self.moment() } }
            }
            _ => Edit::Note { step: self.step(), text },
        }
    }

    /// The whole checklist in its order, with what each step asks for; here and there somebody is careless.
    pub fn walk(&mut self) -> Vec<Edit> {
        let before = self.record.clone();
        let mut edits = vec![self.assign(1)];
        for edit in &edits {
            lay(&mut self.record, edit.clone());
        }
        for step in &self.template.steps {
            for edit in self.at_step(step) {
                lay(&mut self.record, edit.clone());
                edits.push(edit);
            }
        }
        self.record = before;
        edits
    }

    fn at_step(&mut self, step: &StepTemplate) -> Vec<Edit> {
        let mut edits = Vec::new();
        for evidence in step.evidence.iter().filter(|evidence| evidence.kind != EvidenceKind::Signature) {
            if self.dice.one_in(12) {
                continue;
            }
            let value = if self.dice.one_in(10) { "11" } else { "12" };
            let reading = Reading { at: self.moment(), ..example::reading(&step.id, &evidence.name, value, 0) };
            let photo =
                Photo { step: step.id.clone(), bytes: 9, width: 4, height: 3, by: person(1), at: self.moment() };
            edits.push(match evidence.kind {
                EvidenceKind::Photo => Edit::Photo { sha256: Hash(self.dice.bytes()), photo },
                _ => Edit::Reading { id: self.id(), reading },
            });
        }
        if step.gates.contains(&Gate::Consent) {
            edits.extend(self.agreement());
        }
        if step.gates == [Gate::ChargeAgreed] {
            edits.extend(self.due_charge());
        }
        if step.stage == Some(Stage::SignOff) {
            edits.push(self.signature());
        }
        let done = !self.dice.one_in(14);
        edits.push(if done { self.mark(&step.id, MarkKind::Done) } else { self.mark(&step.id, MarkKind::Skipped) });
        edits
    }
}
