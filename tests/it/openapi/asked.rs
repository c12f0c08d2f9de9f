//! The server asked by a program that takes its description at its word: schemathesis makes requests from the OpenAPI document, right ones
//! and wrong ones, and holds every answer against it. `tests/schemathesis.toml` says what is checked.

use crate::authorisation::grounds::Grounds;
use crate::authorisation::requests::asks;
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use tests::expect_ok;

const SETTINGS: &str = include_str!("../../schemathesis.toml");
const HOOKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemathesis_hooks.py");

/// Who asks, and what: a technician about their own job, a manager about the same, who may do nearly everything, and an administrator.
/// Beside each other, each in a process of its own: the program's own workers trip over Python's parser (3.11) now and then.
const RUNS: &[(&str, &[&str])] = &[
    ("own", &["--phases", "fuzzing"]),
    ("mgr", &["--phases", "fuzzing"]),
    ("adm", &["--phases", "fuzzing"]),
    ("mgr", &["--phases", "coverage", "--include-path-regex", "^/v1/jobs"]),
    ("mgr", &["--phases", "coverage", "--include-path-regex", "^/v1/(c|o|pe|ph|pri|q)"]),
    ("mgr", &["--phases", "coverage", "--exclude-path-regex", "^/v1/(jobs|c|o|pe|ph|pri|q)"]),
];

/// The program that `tests/run` installed.
fn program() -> String {
    std::env::var("TEST_SCHEMATHESIS").unwrap_or_else(|_| {
        panic!(
            "TEST_SCHEMATHESIS names no program: run tests/run, or install tests/requirements.txt with pip and set it"
        )
    })
}

/// The settings, with ids of things that are there.
fn settings(grounds: &Grounds) -> String {
    let mut text = format!("hooks = {HOOKS:?}\n{SETTINGS}");
    for (operation, ask) in asks(grounds) {
        let names = operation.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        // A number that is given makes what was to be a wrong one right.
        let (names, link): (Vec<&str>, Vec<&str>) =
            names.filter(|name| *name != "version").partition(|name| *name != "token");
        let ids = ask.path.iter().map(|id| match operation {
            // Whoever asks may be disabled by it, or given another role.
            "PATCH /v1/people/{id}" => grounds.id("agent"),
            _ => id.as_str(),
        });
        let ids = names.into_iter().zip(ids).chain(link.into_iter().map(|name| (name, grounds.link())));
        let ids: Vec<String> = ids.map(|(name, id)| format!("\"path.{name}\" = \"{id}\"")).collect();
        if !ids.is_empty() {
            let ids = ids.join(", ");
            write!(text, "\n[[operations]]\ninclude-name = \"{operation}\"\nparameters = {{ {ids} }}\n").unwrap();
        }
    }
    text
}

/// One run, begun; what it says goes to a file.
fn begin(grounds: &Grounds, folder: &Path, (place, column, more): (usize, &str, &[&str])) -> (Child, PathBuf) {
    let caller = grounds.callers.iter().find(|caller| caller.column == column).unwrap();
    let said = folder.join(format!("{place}.txt"));
    let output = File::create(&said).unwrap();
    let mut command = Command::new(program());
    // What others set for their programs on this machine is none of its business, nor a way around the loopback.
    command.current_dir(folder).env("NO_PROXY", "*").env("no_proxy", "*").env("PYTHONUTF8", "1");
    command.env("PYTHONDONTWRITEBYTECODE", "1").stdout(output.try_clone().unwrap()).stderr(output);
    let description = format!("{}/openapi.json", grounds.server.url);
    let token = format!("Authorization: Bearer {}", caller.token.as_ref().unwrap());
    command.args(["--config-file", "settings.toml", "run", &description, "--no-color", "--header", &token]).args(more);
    (command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program())), said)
}

#[tokio::test]
async fn every_answer_is_one_that_the_description_promises() {
    let grounds = Grounds::lay().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.toml"), settings(&grounds)).unwrap();
    let runs = RUNS.iter().enumerate().map(|(place, (column, more))| (place, *column, *more));
    let begun: Vec<(Child, PathBuf)> = runs.map(|run| begin(&grounds, folder.path(), run)).collect();
    let mut wrong = Vec::new();
    for ((mut run, said), (column, more)) in begun.into_iter().zip(RUNS) {
        if !run.wait().unwrap().success() {
            wrong.push(format!("asked as {column}, {more:?}:\n{}", std::fs::read_to_string(said).unwrap()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Else it would all have been refused at the door.
    for (column, _) in RUNS {
        let caller = grounds.callers.iter().find(|caller| caller.column == *column).unwrap();
        expect_ok(grounds.server.get("/v1/me").bearer_auth(caller.token.as_ref().unwrap())).await;
    }
}
