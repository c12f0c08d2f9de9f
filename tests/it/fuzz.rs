//! The fuzz targets on stable Rust, with the inputs that were kept: a finding stays mended, and a target can't rot unseen. Fuzzing itself
//! is `tests/fuzz/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use tests::fuzz::{TARGETS, kept};

/// As large as the gate's own threads have it.
const STACK_BYTES: usize = 64 << 20;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// All inputs of a target, one after the other.
#[track_caller]
fn replay(name: &str) {
    let (_, target, seeds) = *TARGETS.iter().find(|(known, ..)| *known == name).unwrap();
    let inputs = kept::read(&fs::read_to_string(folder().join("kept").join(name)).unwrap());
    assert!(!inputs.is_empty(), "no input is kept for {name}");
    let run = move || inputs.into_iter().chain(seeds()).for_each(|input| target(&input));
    let outcome = thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap().join();
    assert!(outcome.is_ok(), "an input of {name} fails");
}

macro_rules! replays {
    ($($sentence:ident => $name:literal),+ $(,)?) => {$(
        #[test]
        fn $sentence() {
            replay($name);
        }
    )+};
}

replays! {
    what_the_fuzzer_found_in_backups_stays_mended => "backup",
    what_the_fuzzer_found_in_bundles_stays_mended => "bundle",
    what_the_fuzzer_found_in_checklists_stays_mended => "checklist",
    what_the_fuzzer_found_in_the_gate_stays_mended => "gate",
    what_the_fuzzer_found_in_photos_stays_mended => "photo",
    what_the_fuzzer_found_in_price_lists_stays_mended => "prices",
    what_the_fuzzer_found_in_packed_changes_stays_mended => "slim",
    what_the_fuzzer_found_in_a_phones_store_stays_mended => "store",
    what_the_fuzzer_found_in_tokens_stays_mended => "token",
    what_the_fuzzer_found_on_the_wire_stays_mended => "wire",
}

#[test]
fn every_target_can_be_fuzzed_and_has_inputs_that_are_kept() {
    for (name, ..) in TARGETS {
        for file in [format!("targets/{name}.rs"), format!("kept/{name}")] {
            assert!(folder().join(&file).is_file(), "tests/fuzz/{file} is missing");
        }
        let crate_ = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
        assert!(crate_.contains(&format!("name = \"{name}\"\n")), "tests/fuzz/Cargo.toml does not name {name}");
    }
    let kept: u64 =
        fs::read_dir(folder().join("kept")).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(kept <= 1 << 20, "the inputs kept are {kept} bytes: shrink them");
}
