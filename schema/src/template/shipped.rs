//! The templates that come with the product, and what every template must keep.

use super::{EvidenceKind, Gate, Stage, StepTemplate, Template};
use crate::gate::{TOOLS_IN, TOOLS_OUT};
use crate::people::Bilingual;
use crate::shape::Keys;
use std::collections::BTreeSet;
use std::sync::LazyLock;

const FILES: [&str; 2] =
    [include_str!("../../data/home_repair.v1.json"), include_str!("../../data/short_visit.v1.json")];

/// Empty only if a file does not parse, which a test rules out.
static SHIPPED: LazyLock<Vec<Template>> = LazyLock::new(|| shipped().unwrap_or_default());

/// The templates that come with the product, parsed anew: the 24-step home repair and the 13-step short visit.
pub fn shipped() -> Result<Vec<Template>, serde_json::Error> {
    FILES.iter().map(|file| serde_json::from_str(file)).collect()
}

/// The same, parsed once.
pub fn all_shipped() -> &'static [Template] {
    SHIPPED.as_slice()
}

/// A template that came with the product, in one version of it.
pub fn find_shipped(id: &str, version: u32) -> Option<&'static Template> {
    SHIPPED.iter().find(|template| template.id == id && template.version == version)
}

impl Template {
    /// What is wrong with the template, each in a sentence; empty where nothing is.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        both("the name", &self.name, &mut faults);
        twice("step", self.steps.iter().map(|step| step.id.as_str()), &mut faults);
        twice("kit item", self.kit.iter().map(|item| item.id.as_str()), &mut faults);
        let stages = self.steps.iter().filter_map(|step| step.stage);
        twice("stage", stages.map(Stage::as_str), &mut faults);
        let evidence = self.steps.iter().flat_map(|step| &step.evidence);
        twice("evidence", evidence.map(|evidence| evidence.name.as_str()), &mut faults);
        if self.steps.is_empty() {
            faults.push("a template needs a step".to_owned());
        }
        self.steps.iter().for_each(|step| self.step_faults(step, &mut faults));
        self.kit.iter().for_each(|item| both(&format!("kit item {}", item.id), &item.name, &mut faults));
        faults
    }

    fn step_faults(&self, step: &StepTemplate, faults: &mut Vec<String>) {
        let at = format!("step {}", step.id);
        if !Keys::Step.accept(&step.id) {
            faults.push(format!("{at}: an id has 1 to 40 of a-z, 0-9 and _"));
        }
        both(&format!("{at}, name"), &step.name, faults);
        both(&format!("{at}, task"), &step.task, faults);
        step.rule.iter().for_each(|rule| both(&format!("{at}, rule"), rule, faults));
        twice(&format!("play in {at}"), step.plays.iter().map(|play| play.id.as_str()), faults);
        for play in &step.plays {
            both(&format!("{at}, play {}, happens", play.id), &play.happens, faults);
            both(&format!("{at}, play {}, action", play.id), &play.action, faults);
        }
        for phrase in &step.phrases {
            both(&format!("{at}, phrase"), &phrase.say, faults);
            phrase.avoid.iter().for_each(|avoid| both(&format!("{at}, phrase to avoid"), avoid, faults));
        }
        for evidence in &step.evidence {
            both(&format!("{at}, evidence {}", evidence.name), &evidence.label, faults);
        }
        let unmet = step.gates.iter().filter(|gate| !self.can_open(**gate));
        faults.extend(unmet.map(|gate| format!("{at}: nothing in the template can open the gate {gate}")));
    }

    /// Whether the template has what the gate asks for; a gate that nothing opens would stop every job.
    fn can_open(&self, gate: Gate) -> bool {
        let evidence = |name: &str| self.steps.iter().flat_map(|step| &step.evidence).any(|e| e.name == name);
        match gate {
            Gate::Consent | Gate::ChargeAgreed | Gate::Evidence | Gate::BackupConsent => true,
            Gate::Tested => self.stage_step(Stage::Testing).is_some(),
            Gate::CleanedUp => self.stage_step(Stage::Cleanup).is_some(),
            Gate::ToolsComplete => evidence(TOOLS_OUT) && evidence(TOOLS_IN),
        }
    }

    /// Whether a signature ends this visit, and the template says where.
    pub fn has_signature(&self) -> bool {
        self.stage_step(Stage::SignOff)
            .is_some_and(|step| step.evidence.iter().any(|evidence| evidence.kind == EvidenceKind::Signature))
    }
}

fn both(at: &str, text: &Bilingual, faults: &mut Vec<String>) {
    if text.zh.trim().is_empty() || text.en.trim().is_empty() {
        faults.push(format!("{at}: both languages are needed"));
    }
}

fn twice<'a>(what: &str, ids: impl Iterator<Item = &'a str>, faults: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    faults.extend(ids.filter(|id| !seen.insert(*id)).map(|id| format!("{what} {id} stands there twice")));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::PlayEffect;

    #[test]
    fn the_shipped_templates_parse_and_have_no_faults() {
        let templates = shipped().unwrap();
        for template in &templates {
            assert_eq!(template.faults(), Vec::<String>::new(), "{}", template.id);
            assert!(template.has_signature());
            assert_eq!(find_shipped(&template.id, template.version), Some(template));
        }
        let sizes: Vec<(&str, usize)> = templates.iter().map(|t| (t.id.as_str(), t.steps.len())).collect();
        assert_eq!(sizes, [("home_repair", 24), ("short_visit", 13)]);
    }

    #[test]
    fn the_home_repair_has_the_steps_of_the_trade_in_their_order() {
        let template = find_shipped("home_repair", 1).unwrap();
        let ids: Vec<&str> = template.steps.iter().map(|step| step.id.as_str()).collect();
        let expected = "accept analyse contact prepare depart en_route appearance knock introduce shoe_covers lay_out \
            listen diagnose quote repair testing guide cleanup charges sign_off card farewell follow_up return";
        assert_eq!(ids, expected.split_whitespace().collect::<Vec<_>>());
        for stage in Stage::ALL {
            assert!(template.stage_step(*stage).is_some(), "{stage} is missing");
        }
        assert_eq!(template.kit.iter().filter(|item| item.always).count(), 7, "the seven ones");
        for step in ["contact", "knock", "introduce", "diagnose", "quote", "guide", "sign_off", "farewell"] {
            assert!(!template.step(step).unwrap().phrases.is_empty(), "{step} has no phrases");
        }
    }

    #[test]
    fn every_effect_has_a_case_that_brings_it_about() {
        let template = find_shipped("home_repair", 1).unwrap();
        let effects: BTreeSet<_> =
            template.steps.iter().flat_map(|step| &step.plays).filter_map(|play| play.effect).collect();
        assert_eq!(effects.len(), PlayEffect::ALL.len());
    }

    #[test]
    fn a_template_with_faults_names_each_of_them() {
        let mut template = find_shipped("home_repair", 1).unwrap().clone();
        template.steps[1].id = "accept".to_owned();
        template.steps[2].id = "Contact!".to_owned();
        template.steps[3].task.en = " ".to_owned();
        template.steps.retain(|step| step.id != "testing");
        assert_eq!(
            template.faults(),
            [
                "step accept stands there twice",
                "step Contact!: an id has 1 to 40 of a-z, 0-9 and _",
                "step prepare, task: both languages are needed",
                "step sign_off: nothing in the template can open the gate tested",
            ]
        );
    }
}
