//! The rules of the pages are those of the server: the cases that say so are made here, and run by `npm test` in `server/web`.

use schema::gate::Rule;
use schema::status::Status;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

const UPDATE: &str = "INSTA_UPDATE=always cargo test --workspace --locked --test it -- vectors";

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../server/web/src/core/vectors").join(name)
}

/// Compares with what is committed, or writes it where that is asked for.
pub(crate) fn assert_committed(name: &str, made: &str) {
    let path = file(name);
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let changed = kept.lines().zip(made.lines()).position(|(kept, made)| kept != made);
    assert!(kept == made, "{name} is not what the rules say, first in line {changed:?}; look why, then: {UPDATE}");
}

#[test]
fn the_jobs_that_the_pages_are_tested_with_are_what_the_rules_say() {
    assert_committed("visits.json", &tests::vectors::visits());
}

#[test]
fn the_corners_that_the_pages_are_tested_with_are_what_the_rules_say() {
    assert_committed("corners.json", &tests::vectors::corners());
}

#[test]
fn the_figures_that_the_pages_are_tested_with_are_what_the_rules_say() {
    assert_committed("figures.json", &tests::vectors::figures());
}

#[test]
fn the_ways_that_the_pages_are_tested_with_are_what_the_rules_say() {
    assert_committed("ways.json", &tests::vectors::ways());
}

fn rows(told: &Value) -> Vec<&Value> {
    told["jobs"].as_array().unwrap().iter().flat_map(|job| job["edits"].as_array().unwrap()).collect()
}

#[test]
fn the_jobs_break_every_rule_and_reach_every_state_more_than_once() {
    let visits: Value = serde_json::from_str(&tests::vectors::visits()).unwrap();
    let corners: Value = serde_json::from_str(&tests::vectors::corners()).unwrap();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for told in [&visits, &corners] {
        for row in rows(told) {
            *seen.entry(row["after"]["status"].as_str().unwrap()).or_default() += 1;
            for number in row["broken"].as_array().into_iter().flatten() {
                let place = usize::try_from(number.as_u64().unwrap()).unwrap();
                *seen.entry(told["violations"][place]["rule"].as_str().unwrap()).or_default() += 1;
            }
        }
    }
    let wanted = Rule::ALL.iter().map(|rule| rule.as_str()).chain(Status::ALL.iter().map(|status| status.as_str()));
    let scarce: Vec<_> = wanted.filter(|word| seen.get(word).copied().unwrap_or_default() < 2).collect();
    assert!(scarce.is_empty(), "too few cases of {scarce:?} among {seen:?}");
    let rows = rows(&visits);
    let passed = rows.iter().filter(|row| row.get("broken").is_none()).count();
    assert!(rows.len() >= 700 && passed * 3 > rows.len(), "{passed} of {} edits pass the gates", rows.len());
}
