//! The server asked by a program that takes its description at its word: schemathesis makes requests from the OpenAPI document, right ones
//! and wrong ones, and holds every answer against it. `tests/schemathesis.toml` says what is checked.

use crate::authorisation::grounds::Grounds;
use crate::authorisation::requests::asks;
use std::fmt::Write as _;
use std::process::Command;
use tests::expect_ok;

const SETTINGS: &str = include_str!("../../schemathesis.toml");

/// Who asks what: a technician about their own job; a manager, who may do nearly everything, about the same; an administrator about
/// whatever comes to mind. The last may take the first one's log-in away, so they come in this order.
const RUNS: &[(&str, &str, bool)] =
    &[("own", "fuzzing", true), ("mgr", "coverage,fuzzing", true), ("adm", "fuzzing", false)];

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
    let mut text = SETTINGS.to_owned();
    for (operation, ask) in asks(grounds) {
        let names =
            operation.split('{').skip(1).filter_map(|rest| rest.split('}').next()).filter(|name| *name != "token");
        let link = operation.contains("{token}").then(|| ("token", grounds.link()));
        let ids = names.zip(ask.path.iter().map(String::as_str)).chain(link);
        let ids: Vec<String> = ids.map(|(name, id)| format!("\"path.{name}\" = \"{id}\"")).collect();
        if !ids.is_empty() {
            let ids = ids.join(", ");
            write!(text, "\n[[operations]]\ninclude-name = \"{operation}\"\nparameters = {{ {ids} }}\n").unwrap();
        }
    }
    text
}

#[tokio::test]
#[ignore = "asks with schemathesis, a program of Python's: tests/run installs it and runs this"]
async fn every_answer_is_one_that_the_description_promises() {
    let program = program();
    let grounds = Grounds::lay().await;
    let folder = tempfile::tempdir().unwrap();
    for (place, (column, phases, by_id)) in RUNS.iter().enumerate() {
        let caller = grounds.callers.iter().find(|caller| caller.column == *column).unwrap();
        let token = caller.token.as_ref().unwrap();
        let config = folder.path().join(format!("{place}.toml"));
        std::fs::write(&config, if *by_id { settings(&grounds) } else { SETTINGS.to_owned() }).unwrap();
        let mut command = Command::new(&program);
        // What others set for their programs on this machine is none of its business, nor a way around the loopback.
        command.current_dir(folder.path()).env("NO_PROXY", "*").env("no_proxy", "*").env("PYTHONUTF8", "1");
        command.arg("--config-file").arg(&config).arg("run").arg(format!("{}/openapi.json", grounds.server.url));
        command.args(["--no-color", "--phases", phases, "--header", &format!("Authorization: Bearer {token}")]);
        let done = command.output().unwrap_or_else(|error| panic!("{program}: {error}"));
        let (said, cause) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "asked as {column}:\n{said}\n{cause}");
        // Else it would all have been refused at the door.
        expect_ok(grounds.server.get("/v1/me").bearer_auth(token)).await;
    }
}
