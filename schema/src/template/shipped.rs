//! The templates that come with the product, each as version 1 of its id.

use super::Template;
use crate::binary::Hash;
use crate::wire::EPOCH_MAX;
use std::sync::LazyLock;

const FILES: [&str; 2] =
    [include_str!("../../data/home_repair.v1.json"), include_str!("../../data/short_visit.v1.json")];

/// Empty only if a file does not parse, which a test rules out.
static SHIPPED: LazyLock<Vec<Template>> = LazyLock::new(|| shipped().unwrap_or_default());

static DIGEST: LazyLock<i64> = LazyLock::new(|| digest(&FILES));

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

/// Names what they hold: another release may ship others under the same versions.
pub fn shipped_digest() -> i64 {
    *DIGEST
}

fn digest(files: &[&str]) -> i64 {
    let hash = Hash::of_all(files.iter().map(|file| file.as_bytes()));
    hash.as_slice().iter().take(8).fold(0, |digest, byte| (digest << 8) | i64::from(*byte)) & EPOCH_MAX
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{PlayEffect, Stage};
    use std::collections::BTreeSet;

    #[test]
    fn the_shipped_templates_parse_and_have_no_faults() {
        let templates = shipped().unwrap();
        for template in &templates {
            let faults = template.faults();
            assert!(faults.is_empty(), "{}: {faults:?}", template.id);
            assert_eq!(template.version, 1, "a company's own versions come after it");
            assert_eq!(find_shipped(&template.id, template.version), Some(template));
        }
        let sizes: Vec<(&str, usize)> = templates.iter().map(|t| (t.id.as_str(), t.steps.len())).collect();
        assert_eq!(sizes, [("home_repair", 24), ("short_visit", 13)]);
    }

    #[test]
    fn a_file_that_differs_has_another_name_of_no_more_bits_than_javascript_counts_with() {
        let [one, two] = FILES;
        let changed = one.replacen("backup_consent", "another", 1);
        let named = [digest(&FILES), digest(&[&changed, two])];
        assert!(named[0] != named[1] && named.iter().all(|name| (1..=EPOCH_MAX).contains(name)), "{named:?}");
        assert_eq!(shipped_digest(), named[0]);
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
}
