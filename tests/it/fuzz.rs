//! The fuzz targets on stable Rust, with the inputs that were kept: a finding stays mended, and a target can't rot unseen. Fuzzing itself
//! is `tests/fuzz/`.

use schema::edit::Edit;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use sync::admit::{Limits, admit_after};
use sync::bundle::{Trusted, verify};
use sync::record::Record;
use sync::seal::ServerKey;
use sync::store::Entry;
use tests::fuzz::{TARGETS, bundle, job, kept, store};

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

/// What does not fit would be turned away at the first look, and everything behind that look go untried.
#[test]
fn the_seeds_hold_a_backup_consent_that_gate_store_and_bundle_take() {
    let before = job::job();
    let edits = job::crew_edits(&job::job_record(), before.heads());
    let backup: Vec<Edit> = edits.into_iter().filter(|edit| matches!(edit, Edit::Backup { .. })).collect();
    let sent = before.clone().write(job::LI_PHONE, job::at(700), &backup).unwrap().bytes;
    let rules = job::rules(true, Limits::default());
    let admission = admit_after(&before, job::li(false), &rules, &[], &[sent]);
    assert_eq!(admission.refused, [], "the gate");
    assert_eq!(admission.record.read().unwrap().backup_consents.len(), 2);

    let read = |seed: Vec<u8>| minicbor_serde::from_slice::<Vec<Entry>>(seed.strip_prefix(&[1, 0])?.get(2..)?).ok();
    let documents = store::seeds().into_iter().filter_map(read).flatten().filter_map(|entry| match entry {
        Entry::Snapshot { document, .. } => Some(Record::load(&document.0).unwrap().read().unwrap()),
        _ => None,
    });
    assert!(documents.collect::<Vec<_>>().iter().any(|view| !view.backup_consents.is_empty()), "the store");

    let trusted = [Trusted::from(ServerKey::from_seed([8; 32]).unwrap().public_key())];
    let seed = bundle::seeds().remove(0);
    let report = verify(&seed[1..], trusted).unwrap_or_else(|failure| panic!("the bundle: {failure}"));
    assert_eq!((report.backups.len(), report.consents.len()), (1, 2));
}
