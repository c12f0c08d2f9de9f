//! `docs/walkthrough.md` is true: its blocks run one after the other, and each says what stands below it.

use std::path::Path;
use std::process::Command;
use tests::{TestDatabase, free_address, program};

const PAGE: &str = include_str!("../../docs/walkthrough.md");

/// A block of commands, and the lines that its output has in this order.
struct Block {
    /// Where it begins on the page, from 1.
    line: usize,
    commands: String,
    expected: Vec<&'static str>,
}

fn blocks() -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut fence = None;
    for (number, line) in PAGE.lines().enumerate() {
        match (fence, line) {
            (None, "```sh") => {
                blocks.push(Block { line: number + 1, commands: String::new(), expected: Vec::new() });
                fence = Some(line);
            }
            (None, "```text") => fence = Some(line),
            (None, line) => assert!(!line.starts_with("```"), "line {}: neither sh nor text", number + 1),
            (Some(_), "```") => fence = None,
            (Some("```sh"), line) => blocks.last_mut().unwrap().commands.extend([line, "\n"]),
            (Some(_), line) => blocks.last_mut().unwrap().expected.push(line),
        }
    }
    blocks
}

/// Whether the line is as the page says, where `…` stands for anything.
fn fits(line: &str, pattern: &str) -> bool {
    let Some((first, others)) = pattern.split_once('…') else { return line == pattern };
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    let (between, last) = others.rsplit_once('…').unwrap_or(("", others));
    for piece in between.split('…') {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

const MARK: &str = "== block at line ";

#[test]
fn every_command_of_the_walkthrough_does_what_the_page_says() {
    let database = TestDatabase::empty();
    // What the server says for itself is shown where something fails.
    let mut script =
        String::from("exec 2>&1\ntrap 'set +e; tail -n 5 serving.log > last.log; kill -9 ${SERVER_PID:-}' EXIT\n");
    for block in blocks() {
        script.push_str(&format!("echo; echo '{MARK}{}'\n{}", block.line, block.commands));
    }
    // The page kills the server and starts it again at the same address.
    let script = script.replace("127.0.0.1:0", &free_address());
    let ours = program("server");
    assert!(program("phone").is_file());
    let path = format!("{}:{}", ours.parent().unwrap_or(Path::new(".")).display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &script]).current_dir(database.folder()).env_clear();
    bash.env("PATH", path).env("LC_ALL", "C.UTF-8").env("DATABASE_URL", database.url_text());
    let ran = bash.output().unwrap();
    let output = String::from_utf8_lossy(&ran.stdout).into_owned();
    let log = std::fs::read_to_string(database.folder().join("last.log")).unwrap_or_default();
    assert!(ran.status.success(), "{}:\n{output}\n{log}", ran.status);
    for block in blocks() {
        let said = output.split(MARK).find_map(|part| part.strip_prefix(&format!("{}\n", block.line))).unwrap();
        let mut lines = said.lines();
        for expected in &block.expected {
            let found = lines.any(|line| fits(line, expected));
            assert!(found, "the block at line {} does not say \"{expected}\" there:\n{said}", block.line);
        }
    }
}

#[test]
fn what_differs_from_run_to_run_is_left_open_and_the_rest_is_not() {
    assert!(fits("Synced: 1 round trips", "Synced: …") && fits("a b c", "…b…") && fits("total CNY 1.00", "…CNY 1.00"));
    assert!(!fits("Synced", "Synced: …") && !fits("a b c", "a b") && !fits("a b c", "…b"));
}
