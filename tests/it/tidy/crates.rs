//! What imports what, and on which terms: asked of `cargo metadata`, so nothing has to be installed for it.
//!
//! `deny.toml` is the list of licences; cargo-deny reads the same file, where it is at hand.

use super::root;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

/// (member, what it may import of ours)
const IMPORTS: &[(&str, &[&str])] = &[
    ("schema", &[]),
    ("sync", &["schema"]),
    ("server", &["schema", "sync", "web"]),
    ("tests", &["schema", "server", "sync"]),
    ("web", &[]),
];

fn metadata() -> Value {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let rustc = String::from_utf8(rustc.stdout).unwrap();
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let asked = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", host])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    serde_json::from_slice(&asked.stdout).unwrap()
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().unwrap().iter()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or("")
}

#[test]
fn our_crates_import_each_other_one_way_only() {
    let metadata = metadata();
    let ours = |package: &&Value| package["source"].is_null();
    let names: BTreeSet<&str> = packages(&metadata).filter(ours).map(|package| text(package, "name")).collect();
    assert_eq!(names, IMPORTS.iter().map(|(name, _)| *name).collect());
    for (name, allowed) in IMPORTS {
        let package = packages(&metadata).filter(ours).find(|package| text(package, "name") == *name).unwrap();
        let imports = package["dependencies"].as_array().unwrap().iter().map(|import| text(import, "name"));
        let wrong: Vec<_> = imports.filter(|import| names.contains(import) && !allowed.contains(import)).collect();
        assert!(wrong.is_empty(), "{name} imports {wrong:?}");
    }
}

#[test]
fn the_server_takes_the_engine_without_its_client() {
    let metadata = metadata();
    let server = packages(&metadata).find(|package| text(package, "name") == "server").unwrap();
    let sync = server["dependencies"].as_array().unwrap().iter().find(|import| text(import, "name") == "sync").unwrap();
    assert!(!sync["features"].to_string().contains("client"));
}

#[test]
fn every_crate_comes_from_the_registry_on_terms_that_we_accept() {
    let metadata = metadata();
    let accepted = accepted_licences();
    let mut found = Vec::new();
    for package in packages(&metadata).filter(|package| !package["source"].is_null()) {
        let (name, licence) = (text(package, "name"), text(package, "license"));
        if !text(package, "source").starts_with("registry+") {
            found.push(format!("{name}: from {}", text(package, "source")));
        }
        if !Terms::read(licence).accepted_by(&accepted) {
            found.push(format!("{name}: {licence:?} is not covered by deny.toml"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What the pages are built with reaches nobody; what they carry does.
#[test]
fn every_package_that_a_page_carries_comes_on_terms_that_we_accept() {
    let lock = std::fs::read_to_string(root().join("server/web/package-lock.json")).unwrap();
    let lock: Value = serde_json::from_str(&lock).unwrap();
    let accepted = accepted_licences();
    let carried: Vec<(&String, &Value)> = lock["packages"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(at, package)| !at.is_empty() && package["dev"] != Value::Bool(true))
        .collect();
    assert!(carried.iter().any(|(at, _)| at.ends_with("/preact")), "the lock file is read wrongly");
    let wrong: Vec<String> = carried
        .into_iter()
        .filter(|(_, package)| !Terms::read(text(package, "license")).accepted_by(&accepted))
        .map(|(at, package)| format!("{at}: {:?} is not covered by deny.toml", text(package, "license")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The strings of `allow = [ … ]` under `[licenses]`.
fn accepted_licences() -> BTreeSet<String> {
    let deny = std::fs::read_to_string(root().join("deny.toml")).unwrap();
    let (_, after) = deny.split_once("[licenses]").unwrap();
    let (_, after) = after.split_once("allow = [").unwrap();
    let (list, _) = after.split_once("\n]").unwrap();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// An SPDX expression: any of the alternatives, each of which is all of its parts.
struct Terms(Vec<Vec<String>>);

impl Terms {
    /// `/` is the old way to write OR. OR binds weaker than AND, and brackets bind strongest.
    fn read(expression: &str) -> Self {
        let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        Self(any(&mut words.as_slice()))
    }

    fn accepted_by(&self, accepted: &BTreeSet<String>) -> bool {
        self.0.iter().any(|parts| !parts.is_empty() && parts.iter().all(|part| accepted.contains(part)))
    }
}

fn any(words: &mut &[&str]) -> Vec<Vec<String>> {
    let mut alternatives = all(words);
    while words.first() == Some(&"OR") {
        *words = &words[1..];
        alternatives.extend(all(words));
    }
    alternatives
}

fn all(words: &mut &[&str]) -> Vec<Vec<String>> {
    let mut together = one(words);
    while words.first() == Some(&"AND") {
        *words = &words[1..];
        let right = one(words);
        let pair =
            |left: &Vec<String>| right.iter().map(|right| [left.clone(), right.clone()].concat()).collect::<Vec<_>>();
        together = together.iter().flat_map(pair).collect();
    }
    together
}

fn one(words: &mut &[&str]) -> Vec<Vec<String>> {
    let Some((first, rest)) = words.split_first() else { return vec![Vec::new()] };
    *words = rest;
    if *first == "(" {
        let inside = any(words);
        *words = words.get(1..).unwrap_or_default();
        return inside;
    }
    let mut licence = (*first).to_owned();
    if let ["WITH", exception, ..] = words {
        licence = format!("{licence} WITH {exception}");
        *words = &words[2..];
    }
    vec![vec![licence]]
}

#[test]
fn terms_are_read_as_their_authors_meant_them() {
    let accepted: BTreeSet<String> = ["MIT", "ISC"].map(str::to_owned).into();
    let accepts = |expression| Terms::read(expression).accepted_by(&accepted);
    assert!(accepts("MIT") && accepts("GPL-3.0/MIT") && accepts("ISC AND (GPL-3.0 OR MIT)"));
    assert!(accepts("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT"));
    assert!(
        !accepts("GPL-3.0") && !accepts("MIT AND GPL-3.0") && !accepts("") && !accepts("ISC AND (GPL-3.0 OR MPL-2.0)")
    );
}
