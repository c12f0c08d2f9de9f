//! The form of the code, as far as a machine can hold it: what may be named where, how long a file may be, what crates we take.

mod crates;
mod texts;

use std::path::{Path, PathBuf};

/// A word that must not stand in a folder's code, but for the files listed, and why.
struct Rule {
    folders: &'static [&'static str],
    words: &'static [&'static str],
    except: &'static [&'static str],
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        folders: &["schema/src", "sync/src", "server/src"],
        words: &["diesel::", "diesel_migrations"],
        except: &[
            "schema/src/tables.rs",
            "schema/src/tables",
            "schema/src/rows",
            "server/src/db",
            "server/src/db.rs",
            // How their values are stored is part of what the types are.
            "schema/src/binary.rs",
            "schema/src/id.rs",
            "schema/src/time.rs",
            "schema/src/word.rs",
        ],
        why: "queries live in server/src/db, so that a change of the database touches one folder",
    },
    Rule {
        folders: &["server/src/domain", "server/src/db", "server/src/db.rs", "server/src/jobs"],
        words: &["actix_web"],
        // The two doors hand the work to the threads that may block.
        except: &["server/src/db.rs"],
        why: "rules and queries know no HTTP: the simulation calls them without a server",
    },
    Rule {
        folders: &["server/src/domain", "server/src/db", "server/src/db.rs", "server/src/jobs"],
        words: &["crate::routes", "crate::web"],
        except: &[],
        why: "imports go one way: routes, domain, db",
    },
    Rule {
        folders: &["server/src/db", "server/src/db.rs"],
        words: &["crate::domain", "crate::auth"],
        except: &[],
        why: "imports go one way: routes, domain, db",
    },
    Rule {
        folders: &["server/src"],
        words: &["reqwest"],
        except: &["server/src/outbox.rs", "server/src/outbox"],
        why: "only what leaves by the outbox calls others",
    },
    Rule {
        folders: &["schema/src", "sync/src"],
        words: &[
            "SystemTime",
            "Instant::now",
            "Utc::now",
            "Local::now",
            "std::env",
            "env::var",
            "rand::rng",
            "rand::random",
        ],
        except: &["sync/src/bin", "sync/src/client.rs", "sync/src/client", "sync/src/phone.rs", "sync/src/phone"],
        why: "time and chance are arguments: a simulation replays everything from a seed",
    },
    Rule {
        folders: &["schema/src", "sync/src"],
        words: &["std::fs", "std::net", "tokio::", "reqwest::"],
        except: &[
            "sync/src/bin",
            "sync/src/client.rs",
            "sync/src/client",
            "sync/src/phone.rs",
            "sync/src/phone",
            "sync/src/store/file.rs",
        ],
        why: "the words and the engine do no I/O",
    },
    Rule {
        folders: &["schema/src", "sync/src", "server/src"],
        words: &["#[allow(", "#![allow("],
        except: &[],
        why: "#[expect(lint, reason = …)] says why, and goes when it is not needed any more",
    },
];

/// Without exception.
const FILE_LINES_MAX: usize = 400;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] =
    &["utils", "util", "common", "helpers", "helper", "manager", "service", "base", "misc", "dto", "impl", "mod"];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Our Rust files: (path from the root, text).
fn sources() -> Vec<(String, String)> {
    named(["schema", "sync", "server", "tests"].iter().flat_map(|folder| collect_with(&root().join(folder), &["rs"])))
}

/// The pages' files that people write: scripts and styles.
fn page_sources() -> Vec<(String, String)> {
    named(collect_with(&root().join("server/web"), &["ts", "tsx", "mjs", "css"]))
}

fn named(found: impl IntoIterator<Item = PathBuf>) -> Vec<(String, String)> {
    let mut found: Vec<PathBuf> = found.into_iter().collect();
    found.sort();
    let named = |path: PathBuf| {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&path).unwrap())
    };
    found.into_iter().map(named).collect()
}

/// The files below the folder that end in one of these.
fn collect_with(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_made = ["target", "node_modules", "dist"].iter().any(|name| path.ends_with(name));
        if path.is_dir() && is_made {
            // What the fuzz crate is built into, and the pages, and with what.
            continue;
        } else if path.is_dir() {
            found.extend(collect_with(&path, extensions));
        } else if path.extension().is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted)) {
            found.push(path);
        }
    }
    found
}

/// `path` is `place`, or lies below it.
fn lies_in(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A module of tests beside the code: it may measure, and seed as it likes.
fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

#[test]
fn no_word_stands_where_it_must_not() {
    let mut found = Vec::new();
    for (path, text) in sources().into_iter().filter(|(path, _)| !is_test(path)) {
        let rules = RULES.iter().filter(|rule| {
            rule.folders.iter().any(|folder| lies_in(&path, folder))
                && !rule.except.iter().any(|place| lies_in(&path, place))
        });
        for rule in rules {
            let lines = text.lines().enumerate().filter(|(_, line)| !is_comment(line) && !line.contains("cfg_attr"));
            for (number, line) in lines {
                if let Some(word) = rule.words.iter().find(|word| line.contains(**word)) {
                    found.push(format!("{path}:{}: {word}: {}", number + 1, rule.why));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_file_is_longer_than_a_reader_bears() {
    let mut found = Vec::new();
    let made = |path: &str| path.ends_with("/types/schema.d.ts");
    for (path, text) in sources().into_iter().chain(page_sources()).filter(|(path, _)| !made(path)) {
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            found.push(format!("{path}: {lines} lines of at most {FILE_LINES_MAX}"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn files_are_named_after_what_is_in_them() {
    let empty = |path: &String| {
        let name = Path::new(path).file_stem().unwrap().to_string_lossy().into_owned();
        EMPTY_NAMES.contains(&name.as_str())
    };
    let all = sources().into_iter().chain(page_sources());
    let found: Vec<_> = all.map(|(path, _)| path).filter(empty).collect();
    assert!(found.is_empty(), "names that say nothing: {found:?}");
}

#[test]
fn comments_are_sentences_not_banners() {
    let mut found = Vec::new();
    for (path, text) in sources().into_iter().chain(page_sources()) {
        for (number, line) in text.lines().enumerate().filter(|(_, line)| is_comment(line)) {
            let words = line.trim_start().trim_start_matches(['/', '!']).trim();
            let is_banner = words.len() >= 4 && words.bytes().all(|byte| b"=-*#~_".contains(&byte));
            // A heading in the docs of an item; an essay at the head of a module may have its own.
            let is_heading = words.starts_with("# ") && !line.trim_start().starts_with("//!");
            if is_banner || is_heading {
                found.push(format!("{path}:{}: {words}", number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let has_to = |path: &str| path.contains("/src/") && !path.contains("/src/bin/") && !path.ends_with("/tests.rs");
    let silent = |(path, text): &(String, String)| has_to(path) && !text.starts_with("//!");
    let found: Vec<_> = sources().into_iter().filter(silent).map(|(path, _)| path).collect();
    assert!(found.is_empty(), "without a //! of its own: {found:#?}");
}
