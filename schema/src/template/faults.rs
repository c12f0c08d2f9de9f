//! What every checklist must keep, whoever wrote it: what gates, status and sheet read from a record is there to be read, and nothing
//! waits for what can never come.

use super::{EvidenceKind, Gate, Stage, StepTemplate, Template, WHOLE_VISIT};
use crate::gate::{TOOLS_IN, TOOLS_OUT};
use crate::limits::WARRANTY_MONTHS_MAX;
use crate::people::Bilingual;
use crate::problem::FieldError;
use crate::shape::Keys;
use std::collections::BTreeSet;

/// Where each stage begins. Where a job stands follows from the record alone ([`crate::status`]), so these ids are words of the
/// product: a checklist may call the step whatever it likes, in both languages.
const STAGE_STEPS: [(Stage, &str); 6] = [
    (Stage::Appointment, "contact"),
    (Stage::Arrival, "knock"),
    (Stage::ShoeCovers, "shoe_covers"),
    (Stage::Testing, "testing"),
    (Stage::Cleanup, "cleanup"),
    (Stage::SignOff, "sign_off"),
];

/// What no checklist lets a customer sign without: it was tested, what must be proved is proved, and it costs what they accepted.
const SIGNED_AFTER: [Gate; 3] = [Gate::Tested, Gate::Evidence, Gate::ChargeAgreed];

/// Steps by whose tick work begins: none before the customer has accepted a price.
const WORK_STEPS: [&str; 2] = ["repair", "before_service"];

/// Gathers what is wrong.
#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn add(&mut self, at: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) {
        self.0.push(FieldError { at: at.into(), zh: zh.into(), en: en.into() });
    }

    fn both(&mut self, at: &str, text: &Bilingual) {
        for (language, text) in [("zh", &text.zh), ("en", &text.en)] {
            if text.trim().is_empty() {
                self.add(format!("{at}/{language}"), "中英文都要填写", "both languages are needed");
            }
        }
    }

    /// Ids keep to the letters that a record's places have, and none stands twice.
    fn ids<'a>(&mut self, ids: impl Iterator<Item = (String, &'a str)>) {
        let mut seen = BTreeSet::new();
        for (at, id) in ids {
            if !Keys::Step.accept(id) {
                self.add(&at, "编号为 1 至 40 个 a-z、0-9 或 _", "this has 1 to 40 of a-z, 0-9 and _");
            }
            if !seen.insert(id) {
                self.add(at, format!("“{id}”重复"), format!("\"{id}\" stands there twice"));
            }
        }
    }
}

impl Template {
    /// What is wrong with the checklist, each by its place as in `/steps/3/task/en`; empty where nothing is.
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = Faults::default();
        faults.ids(std::iter::once(("/id".to_owned(), self.id.as_str())));
        if !(1..=i32::MAX.unsigned_abs()).contains(&self.version) {
            faults.add("/version", "版本号从 1 开始", "versions are numbered from 1 on");
        }
        faults.both("/name", &self.name);
        if self.warranty_months > WARRANTY_MONTHS_MAX {
            let (zh, en) =
                (format!("最多 {WARRANTY_MONTHS_MAX} 个月"), format!("{WARRANTY_MONTHS_MAX} months at most"));
            faults.add("/warranty_months", zh, en);
        }
        faults.ids(self.steps.iter().enumerate().map(|(place, step)| (format!("/steps/{place}/id"), step.id.as_str())));
        faults.ids(self.kit.iter().enumerate().map(|(place, item)| (format!("/kit/{place}/id"), item.id.as_str())));
        for (place, item) in self.kit.iter().enumerate() {
            faults.both(&format!("/kit/{place}/name"), &item.name);
        }
        self.evidence_faults(&mut faults);
        for (place, step) in self.steps.iter().enumerate() {
            step_faults(step, &format!("/steps/{place}"), &mut faults);
            self.gate_faults((place, step), &mut faults);
        }
        self.stage_faults(&mut faults);
        faults.0
    }

    /// Names are unique in the whole checklist: a reading in the record says its name, and a count is compared by it.
    fn evidence_faults(&self, faults: &mut Faults) {
        let steps = self.steps.iter().enumerate();
        let all = || {
            steps.clone().flat_map(|(step, known)| {
                let named = known.evidence.iter().enumerate();
                named.map(move |(place, evidence)| (format!("/steps/{step}/evidence/{place}"), step, evidence))
            })
        };
        faults.ids(all().map(|(at, _, evidence)| (format!("{at}/name"), evidence.name.as_str())));
        let signed = self.place_of(Stage::SignOff);
        for (at, step, evidence) in all() {
            faults.both(&format!("{at}/label"), &evidence.label);
            let is_count = evidence.kind == EvidenceKind::Count;
            if [TOOLS_OUT, TOOLS_IN].contains(&evidence.name.as_str()) && !is_count {
                faults.add(format!("{at}/kind"), "工具件数应为 count", "tools are counted: this must be a count");
            }
            if evidence.required && signed.is_some_and(|signed| step > signed) {
                let en = "nobody could sign: this is required, and comes after the signature";
                faults.add(format!("{at}/required"), "签字之后的步骤不能有必需的凭据，否则无法签字", en);
            }
        }
    }

    fn gate_faults(&self, (place, step): (usize, &StepTemplate), faults: &mut Faults) {
        let at = format!("/steps/{place}/gates");
        let mut seen = BTreeSet::new();
        for (number, gate) in step.gates.iter().enumerate() {
            let at = format!("{at}/{number}");
            if !seen.insert(*gate) {
                faults.add(&at, format!("“{gate}”重复"), format!("\"{gate}\" stands there twice"));
            }
            if !self.can_open(*gate, place) {
                let zh = format!("本流程在此之前没有能满足“{gate}”的步骤或凭据");
                faults.add(&at, zh, format!("nothing before this step can open the gate \"{gate}\""));
            }
        }
        if WORK_STEPS.contains(&step.id.as_str()) && !step.gates.contains(&Gate::Consent) {
            let en = "no work before the customer has accepted a price: this step needs the gate \"consent\"";
            faults.add(&at, "未经客户认可报价不得动手：此步骤须有“consent”", en);
        }
        if WORK_STEPS.contains(&step.id.as_str()) && !step.gates.contains(&Gate::BackupConsent) {
            let en = "no work that can destroy data before the customer has signed for it: this step needs the gate \"backup_consent\"";
            faults.add(&at, "可能造成数据丢失的操作须先由客户签字：此步骤须有“backup_consent”", en);
        }
        if step.stage == Some(Stage::SignOff) {
            for gate in SIGNED_AFTER.iter().filter(|gate| !step.gates.contains(gate)) {
                let zh = format!("请客户签字的步骤须有“{gate}”");
                faults.add(&at, zh, format!("where the customer signs, the gate \"{gate}\" must hold"));
            }
        }
    }

    /// Whether a step at this place can have what the gate asks for; a gate that nothing opens would stop every job.
    fn can_open(&self, gate: Gate, place: usize) -> bool {
        let before = |stage: Stage| self.place_of(stage).is_some_and(|begins| begins < place);
        let asked = |name: &str| self.steps.iter().flat_map(|step| &step.evidence).any(|one| one.name == name);
        match gate {
            Gate::Consent | Gate::ChargeAgreed | Gate::Evidence | Gate::BackupConsent => true,
            Gate::Tested => before(Stage::Testing),
            Gate::CleanedUp => before(Stage::Cleanup),
            Gate::ToolsComplete => asked(TOOLS_OUT) && asked(TOOLS_IN),
        }
    }

    fn stage_faults(&self, faults: &mut Faults) {
        for (stage, id) in STAGE_STEPS {
            let begins: Vec<usize> =
                self.steps.iter().enumerate().filter(|(_, step)| step.stage == Some(stage)).map(|(at, _)| at).collect();
            let Some(first) = begins.first() else {
                let zh = format!("缺少“{stage}”阶段：须从编号为“{id}”的步骤开始");
                faults.add(
                    "/steps",
                    zh,
                    format!("every visit has the stage \"{stage}\"; it begins at the step \"{id}\""),
                );
                continue;
            };
            for place in begins.iter().skip(1) {
                let en = format!("the stage \"{stage}\" begins twice");
                faults.add(format!("/steps/{place}/stage"), format!("“{stage}”阶段重复"), en);
            }
            if self.steps.get(*first).is_some_and(|step| step.id != id) {
                let zh = format!("“{stage}”阶段须从编号为“{id}”的步骤开始");
                let en = format!("the stage \"{stage}\" begins at the step with the id \"{id}\"");
                faults.add(format!("/steps/{first}/stage"), zh, en);
            }
        }
        let signed = self.place_of(Stage::SignOff).and_then(|place| Some((place, self.steps.get(place)?)));
        if let Some((place, step)) = signed
            && !step.evidence.iter().any(|evidence| evidence.kind == EvidenceKind::Signature)
        {
            let en = "the step where the customer signs asks for evidence of the kind \"signature\"";
            faults.add(format!("/steps/{place}/evidence"), "请客户签字的步骤须有“signature”凭据", en);
        }
    }

    fn place_of(&self, stage: Stage) -> Option<usize> {
        self.steps.iter().position(|step| step.stage == Some(stage))
    }
}

fn step_faults(step: &StepTemplate, at: &str, faults: &mut Faults) {
    if step.id == WHOLE_VISIT {
        let (zh, en) = ("此编号留给整次上门的记录", "this id is kept for what belongs to the visit as a whole");
        faults.add(format!("{at}/id"), zh, en);
    }
    faults.both(&format!("{at}/name"), &step.name);
    faults.both(&format!("{at}/task"), &step.task);
    step.rule.iter().for_each(|rule| faults.both(&format!("{at}/rule"), rule));
    let plays = || step.plays.iter().enumerate();
    faults.ids(plays().map(|(place, play)| (format!("{at}/plays/{place}/id"), play.id.as_str())));
    for (place, play) in plays() {
        faults.both(&format!("{at}/plays/{place}/happens"), &play.happens);
        faults.both(&format!("{at}/plays/{place}/action"), &play.action);
    }
    for (place, phrase) in step.phrases.iter().enumerate() {
        faults.both(&format!("{at}/phrases/{place}/say"), &phrase.say);
        phrase.avoid.iter().for_each(|avoid| faults.both(&format!("{at}/phrases/{place}/avoid"), avoid));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::find_shipped;

    fn faults(change: impl FnOnce(&mut Template)) -> Vec<(String, String)> {
        let mut template = find_shipped("home_repair", 1).unwrap().clone();
        change(&mut template);
        template.faults().into_iter().map(|fault| (fault.at, fault.en)).collect()
    }

    fn one(at: &str, en: &str) -> Vec<(String, String)> {
        vec![(at.to_owned(), en.to_owned())]
    }

    #[test]
    fn ids_are_unique_and_of_few_letters_and_texts_stand_in_both_languages() {
        let found = faults(|template| {
            template.steps[1].id = "accept".to_owned();
            template.steps[4].id = "Depart!".to_owned();
            template.steps[3].task.en = " ".to_owned();
            template.steps[5].id = WHOLE_VISIT.to_owned();
            template.version = 0;
        });
        let expected = [
            ("/version", "versions are numbered from 1 on"),
            ("/steps/1/id", "\"accept\" stands there twice"),
            ("/steps/4/id", "this has 1 to 40 of a-z, 0-9 and _"),
            ("/steps/3/task/en", "both languages are needed"),
            ("/steps/5/id", "this id is kept for what belongs to the visit as a whole"),
        ];
        assert_eq!(found, expected.map(|(at, en)| (at.to_owned(), en.to_owned())));
    }

    #[test]
    fn what_status_reads_from_a_record_has_its_step() {
        let found = faults(|template| template.steps.retain(|step| step.id != "testing"));
        let expected = [
            ("/steps/18/gates/0", "nothing before this step can open the gate \"tested\""),
            ("/steps", "every visit has the stage \"testing\"; it begins at the step \"testing\""),
        ];
        assert_eq!(found, expected.map(|(at, en)| (at.to_owned(), en.to_owned())));
        let found = faults(|template| template.steps[7].id = "ring".to_owned());
        assert_eq!(found, one("/steps/7/stage", "the stage \"arrival\" begins at the step with the id \"knock\""));
    }

    #[test]
    fn money_and_safety_keep_their_gates() {
        let found = faults(|template| template.steps[14].gates.retain(|gate| *gate != Gate::Consent));
        let said = "no work before the customer has accepted a price: this step needs the gate \"consent\"";
        assert_eq!(found, one("/steps/14/gates", said));
        let found = faults(|template| template.steps[14].gates.retain(|gate| *gate != Gate::BackupConsent));
        let said = "no work that can destroy data before the customer has signed for it: this step needs the gate \"backup_consent\"";
        assert_eq!(found, one("/steps/14/gates", said));
        let found = faults(|template| template.steps[19].gates.retain(|gate| *gate != Gate::ChargeAgreed));
        assert_eq!(found, one("/steps/19/gates", "where the customer signs, the gate \"charge_agreed\" must hold"));
        let found = faults(|template| template.steps[19].evidence.clear());
        let said = "the step where the customer signs asks for evidence of the kind \"signature\"";
        assert_eq!(found, one("/steps/19/evidence", said));
    }

    #[test]
    fn nothing_waits_for_what_comes_later_or_never() {
        let found = faults(|template| {
            let mut proof = template.steps[15].evidence[0].clone();
            proof.name = "rain".to_owned();
            template.steps[22].evidence.push(proof);
        });
        let said = "nobody could sign: this is required, and comes after the signature";
        assert_eq!(found, one("/steps/22/evidence/0/required", said));
        let found = faults(|template| template.steps[0].gates.push(Gate::CleanedUp));
        assert_eq!(found, one("/steps/0/gates/0", "nothing before this step can open the gate \"cleaned_up\""));
        let found = faults(|template| template.steps[10].evidence[0].kind = EvidenceKind::Reading);
        assert_eq!(found, one("/steps/10/evidence/0/kind", "tools are counted: this must be a count"));
    }
}
