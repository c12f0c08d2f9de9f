//! Builds the pages with npm and writes a table of their files. `WEB_DIST=folder` takes pages that were built elsewhere; `SKIP_WEB_BUILD=1`
//! leaves a page that says that there are none.
#![expect(clippy::panic, reason = "a build that can't go on says why and ends")]

use std::env;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the pages are made of. What npm installs and writes is not among it: it would build them for ever.
const SOURCES: [&str; 11] = [
    "src",
    "public",
    "phone",
    "desk",
    "build",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "build.rs",
    "embed.rs",
];
const NODE_MIN: (u32, u32) = (20, 19);
const SKIPPED: &str = "<!doctype html><meta charset=\"utf-8\"><title>Doorstep</title><p>This server was built without its pages (SKIP_WEB_BUILD).";

fn main() {
    SOURCES.iter().for_each(|source| println!("cargo:rerun-if-changed={source}"));
    ["WEB_DIST", "SKIP_WEB_BUILD"].iter().for_each(|name| println!("cargo:rerun-if-env-changed={name}"));
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let pages = match (env::var_os("WEB_DIST"), env::var_os("SKIP_WEB_BUILD")) {
        (Some(built), _) => here.join(built),
        (None, Some(_)) => skip(&out.join("pages")),
        (None, None) => build(&here, &out.join("pages")),
    };
    let mut files = Vec::new();
    list(&pages, &mut files);
    fs::write(out.join("assets.rs"), table(&pages, files)).unwrap_or_else(|error| stop(&error.to_string()));
}

fn stop(why: &str) -> ! {
    why.lines().for_each(|line| println!("cargo::error={line}"));
    panic!("the pages could not be built");
}

fn skip(pages: &Path) -> PathBuf {
    println!("cargo:warning=the server is built without its pages (SKIP_WEB_BUILD)");
    drop(fs::remove_dir_all(pages));
    for page in ["phone", "desk"] {
        let folder = pages.join(page);
        let written = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join("index.html"), SKIPPED));
        written.unwrap_or_else(|error| stop(&error.to_string()));
    }
    pages.to_path_buf()
}

fn build(here: &Path, pages: &Path) -> PathBuf {
    require_node();
    // An editor's cargo and a terminal's may come here at once.
    let lock = File::create(here.join(".build.lock")).and_then(|file| file.lock().map(|()| file));
    let _held = lock.unwrap_or_else(|error| stop(&format!("server/web/.build.lock: {error}")));
    install(here);
    npm(here, &["run", "--silent", "build"], Some(pages)).unwrap_or_else(|why| stop(&why));
    pages.to_path_buf()
}

fn require_node() {
    let (major, minor) = NODE_MIN;
    let said = Command::new("node").arg("--version").output();
    let version = said.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    let mut parts = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    if (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) < NODE_MIN {
        let found = if version.is_empty() { "none was found on PATH".to_owned() } else { format!("found {version}") };
        stop(&format!(
            "The pages need Node.js {major}.{minor} or newer, with npm; {found}.\n\
             Install it, or build the server without its pages: SKIP_WEB_BUILD=1 cargo run"
        ));
    }
}

/// What the lock file names, unless it is there already: a copy of the lock file says what was installed last.
fn install(here: &Path) {
    let wanted = fs::read(here.join("package-lock.json")).unwrap_or_else(|error| stop(&error.to_string()));
    let mark = here.join("node_modules/.installed");
    if fs::read(&mark).is_ok_and(|installed| installed == wanted) {
        return;
    }
    let arguments = ["ci", "--no-audit", "--no-fund", "--fetch-retries", "1"];
    let installed = npm(here, &[&arguments[..], &["--prefer-offline"]].concat(), None);
    installed
        .or_else(|why| npm(here, &[&arguments[..], &["--offline"]].concat(), None).map_err(|_| why))
        .and_then(|()| fs::write(&mark, wanted).map_err(|error| error.to_string()))
        .unwrap_or_else(|why| stop(&why));
}

fn npm(here: &Path, arguments: &[&str], pages: Option<&Path>) -> Result<(), String> {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(arguments).current_dir(here);
    if let Some(pages) = pages {
        command.env("WEB_OUT", pages);
    }
    let output = command.output().map_err(|error| format!("npm: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    // The first lines say what is wrong; what follows is where in the tools.
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("npm {}\n{}", arguments.join(" "), said.lines().take(20).collect::<Vec<_>>().join("\n")))
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| stop(&format!("{}: {error}", folder.display())));
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

fn table(pages: &Path, files: Vec<PathBuf>) -> String {
    let name = |file: &Path| {
        let inside = file.strip_prefix(pages).unwrap_or(file);
        inside.to_string_lossy().replace('\\', "/")
    };
    let mut assets: Vec<(String, PathBuf)> = files.into_iter().map(|file| (name(&file), file)).collect();
    assets.sort();
    let mut text = String::from("static ASSETS: &[Asset] = &[\n");
    for (name, file) in assets.iter().filter(|(name, _)| !name.ends_with(".br")) {
        let twin = format!("{name}.br");
        let brotli = match assets.iter().find(|(name, _)| *name == twin) {
            Some((_, twin)) => format!("Some(include_bytes!({twin:?}))"),
            None => "None".to_owned(),
        };
        let _ = writeln!(text, "    Asset {{ path: {name:?}, bytes: include_bytes!({file:?}), brotli: {brotli} }},");
    }
    text.push_str("];\n");
    text
}
