//! What a new version of a checklist changes, for whoever is about to publish it.

use super::{KitItem, StepTemplate, Template};
use crate::people::Bilingual;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// From one version to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// The version that it is compared with.
    pub since: u32,
    /// In the new one's order.
    pub added: Vec<StepDifference>,
    /// In the old one's order.
    pub removed: Vec<StepDifference>,
    pub changed: Vec<StepDifference>,
    /// The steps that both have stand in another order.
    pub reordered: bool,
    /// The fields beside the steps that differ, as in `kit` and `warranty_months`.
    pub fields: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepDifference {
    pub id: String,
    pub name: Bilingual,
    /// Fields of the step that differ, as in `evidence`; none where the step is new or gone.
    pub fields: Vec<String>,
}

impl Difference {
    /// Whether jobs would not notice.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.changed.is_empty()
            && self.fields.is_empty()
            && !self.reordered
    }
}

/// What changes from `old` to `new`.
pub fn difference(old: &Template, new: &Template) -> Difference {
    let named = |step: &StepTemplate, fields| StepDifference { id: step.id.clone(), name: step.name.clone(), fields };
    let only = |some: &Template, other: &Template| {
        let only = some.steps.iter().filter(|step| other.step(&step.id).is_none());
        only.map(|step| named(step, Vec::new())).collect()
    };
    let both = new.steps.iter().filter_map(|step| Some((old.step(&step.id)?, step)));
    let changed = both.map(|(old, new)| named(new, step_fields(old, new))).filter(|step| !step.fields.is_empty());
    Difference {
        since: old.version,
        added: only(new, old),
        removed: only(old, new),
        changed: changed.collect(),
        reordered: common(old, new) != common(new, old),
        fields: differing(&[
            ("name", old.name != new.name),
            ("kit", kit(old) != kit(new)),
            ("warranty_months", old.warranty_months != new.warranty_months),
        ]),
    }
}

/// The ids that `other` has, too, in this one's order.
fn common<'a>(template: &'a Template, other: &Template) -> Vec<&'a str> {
    template.steps.iter().map(|step| step.id.as_str()).filter(|id| other.step(id).is_some()).collect()
}

fn kit(template: &Template) -> Vec<(&str, &Bilingual, bool)> {
    let mut items: Vec<_> =
        template.kit.iter().map(|KitItem { id, name, always }| (id.as_str(), name, *always)).collect();
    items.sort_by_key(|(id, ..)| *id);
    items
}

fn step_fields(old: &StepTemplate, new: &StepTemplate) -> Vec<String> {
    let gates = |step: &StepTemplate| step.gates.iter().copied().collect::<BTreeSet<_>>();
    differing(&[
        ("name", old.name != new.name),
        ("stage", old.stage != new.stage),
        ("task", old.task != new.task),
        ("rule", old.rule != new.rule),
        ("evidence", old.evidence != new.evidence),
        ("gates", gates(old) != gates(new)),
        ("optional", old.optional != new.optional),
        ("plays", old.plays != new.plays),
        ("phrases", old.phrases != new.phrases),
    ])
}

fn differing(fields: &[(&str, bool)]) -> Vec<String> {
    fields.iter().filter(|(_, differs)| *differs).map(|(name, _)| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Gate, find_shipped};

    #[test]
    fn steps_that_come_go_and_change_are_named() {
        let old = find_shipped("home_repair", 1).unwrap();
        let mut new = old.clone();
        new.version = 2;
        let mut step = new.steps[11].clone();
        step.id = "photograph_meter".to_owned();
        new.steps.insert(12, step);
        new.steps.retain(|step| step.id != "card");
        new.steps[0].gates.push(Gate::Evidence);
        new.steps[1].optional ^= true;
        new.steps[1].plays.clear();
        new.warranty_months = 6;
        let found = difference(old, &new);
        let ids = |steps: &[StepDifference]| steps.iter().map(|step| step.id.clone()).collect::<Vec<_>>();
        assert_eq!(
            (ids(&found.added), ids(&found.removed)),
            (vec!["photograph_meter".to_owned()], vec!["card".to_owned()])
        );
        let changed: Vec<(&str, String)> =
            found.changed.iter().map(|step| (step.id.as_str(), step.fields.join(" "))).collect();
        assert_eq!(changed, [("accept", "gates".to_owned()), ("analyse", "optional plays".to_owned())]);
        assert_eq!((found.since, found.reordered, found.fields), (1, false, vec!["warranty_months".to_owned()]));
    }

    #[test]
    fn another_order_is_a_difference_and_the_same_checklist_is_none() {
        let old = find_shipped("home_repair", 1).unwrap();
        assert!(difference(old, old).is_empty());
        let mut new = old.clone();
        new.steps.swap(10, 11);
        assert!(difference(old, &new).reordered);
    }
}
