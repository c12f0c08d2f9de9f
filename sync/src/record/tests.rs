use super::samples::*;
use super::*;
use automerge::ROOT;
use automerge::transaction::Transactable as _;
use proptest::collection::vec;
use proptest::prelude::*;
use schema::edit::Edit;
use schema::id::PersonId;
use schema::record::{Decision, DecisionKind, MarkKind, ReportField};

fn decide(id: u8, kind: DecisionKind) -> Edit {
    Edit::Decide { id: entry(id), decision: Decision { kind, by: DISPATCHER, at: at(90), reason: None } }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_written_is_read_back(edits in vec(prop_oneof![crew_edit(LI), office_edit()], 1..30)) {
        let mut record = assigned();
        let mut expected = record.read().unwrap();
        for edit in &edits {
            match record.write(office(), at(100), std::slice::from_ref(edit)) {
                Ok(_) => lay(&mut expected, edit.clone()),
                Err(error) => prop_assert_eq!(error, WriteError::Nothing),
            }
        }
        prop_assert_eq!(record.read().unwrap(), expected);

        let loaded = Record::load(&record.save()).unwrap();
        prop_assert_eq!(loaded.heads(), record.heads());
        prop_assert_eq!(loaded.changes(), record.changes());

        let mut replayed = Record::new();
        let bytes: Vec<_> = record.changes().into_iter().rev().map(|change| change.bytes).collect();
        replayed.apply_trusted(&bytes).unwrap();
        prop_assert_eq!(replayed.read().unwrap(), record.read().unwrap());
    }
}

#[test]
fn several_edits_make_one_change() {
    let mut record = assigned();
    let before = record.heads();
    let change = record.write(LI_PHONE, at(100), &[done("accept", LI, 99), note("accept", "带梯子")]).unwrap();
    assert_eq!(record.changes_since(&before), vec![change.clone()]);
    let info = record.change_info(change.hash).unwrap();
    assert_eq!((info.actor, info.seq, info.deps, info.at), (LI_PHONE, 1, before, at(100)));
    assert_eq!(record.heads(), vec![change.hash]);
}

#[test]
fn two_notes_written_at_once_both_stay() {
    let mut phone = assigned();
    let mut office_copy = phone.clone();
    let from_phone = phone.write(LI_PHONE, at(100), &[note("diagnose", "阀芯坏了")]).unwrap();
    let from_office = office_copy.write(office(), at(101), &[note("diagnose", "客户说是软管")]).unwrap();
    phone.apply_trusted(std::slice::from_ref(&from_office.bytes)).unwrap();
    office_copy.apply_trusted(std::slice::from_ref(&from_phone.bytes)).unwrap();

    assert_eq!(phone.heads(), office_copy.heads());
    let conflicts = phone.conflicts();
    assert_eq!(conflicts, office_copy.conflicts());
    let [conflict] = conflicts.as_slice() else { panic!("{conflicts:?}") };
    assert_eq!(conflict.path, ["notes", "diagnose"]);
    let shown = phone.read().unwrap().notes["diagnose"].clone();
    assert_eq!(conflict.values[0].value, serde_json::Value::from(shown));
    let mut changes = [conflict.values[0].change, conflict.values[1].change];
    let mut expected = [from_phone.hash, from_office.hash];
    changes.sort();
    expected.sort();
    assert_eq!(changes, expected);

    phone.write(LI_PHONE, at(102), &[note("diagnose", "阀芯和软管都坏了")]).unwrap();
    assert_eq!(phone.conflicts(), []);
}

#[test]
fn a_conflict_is_settled_by_writing_the_value_that_shows() {
    let mut phone = assigned();
    let mut other = phone.clone();
    phone.write(LI_PHONE, at(100), &[note("diagnose", "甲")]).unwrap();
    let change = other.write(office(), at(101), &[note("diagnose", "乙")]).unwrap();
    phone.apply_trusted(&[change.bytes]).unwrap();
    let shown = phone.read().unwrap().notes["diagnose"].clone();
    phone.write(LI_PHONE, at(102), &[note("diagnose", &shown)]).unwrap();
    assert_eq!(phone.conflicts(), []);
    assert_eq!(phone.read().unwrap().notes["diagnose"], shown);
}

#[test]
fn a_conflict_of_marks_shows_whole_ticks() {
    let mut phone = assigned();
    let mut other = phone.clone();
    phone.write(LI_PHONE, at(100), &[done("repair", LI, 100)]).unwrap();
    let change = other.write(ZHAO_PHONE, at(101), &[done("repair", ZHAO, 101)]).unwrap();
    phone.apply_trusted(&[change.bytes]).unwrap();
    let conflicts = phone.conflicts();
    let authors: Vec<&str> = conflicts[0].values.iter().map(|value| value.value["by"].as_str().unwrap()).collect();
    let moments: Vec<&str> = conflicts[0].values.iter().map(|value| value.value["at"].as_str().unwrap()).collect();
    let li_first = authors[0] == LI.to_string();
    let (li, zhao) = (at(100).to_string(), at(101).to_string());
    assert_eq!(moments, if li_first { [li, zhao] } else { [zhao, li] });
}

#[test]
fn an_office_edit_on_an_older_view_is_concurrent() {
    let mut record = assigned();
    let seen = record.heads();
    record.write(LI_PHONE, at(100), &[note("repair", "换了阀芯")]).unwrap();
    record.write(office(), at(101), &[note("testing", "待测")]).unwrap();
    let change = record.write_at(&seen, office(), at(102), &[note("repair", "客户要求换新")]).unwrap();

    let info = record.change_info(change.hash).unwrap();
    assert_eq!(info.deps, seen);
    assert_ne!(info.actor, office(), "the office's own actor has written since");
    assert_eq!(record.conflicts().len(), 1);
    assert_eq!(Record::load(&record.save()).unwrap().heads(), record.heads());

    let again = record.write_at(&seen, office(), at(103), &[note("accept", "再写一次")]).unwrap();
    assert_ne!(record.change_info(again.hash).unwrap().actor, info.actor);
    assert_eq!(Record::load(&record.save()).unwrap().heads(), record.heads());
}

#[test]
fn the_office_makes_the_maps_that_a_record_of_before_lacks_and_a_phone_can_then_write_there() {
    let mut doc = assigned().doc().clone();
    let mut transaction = doc.transaction();
    transaction.delete(ROOT, "backup_consents").unwrap();
    transaction.commit();
    let mut old = Record::with(doc);
    let quoted = schema::example::reported().with_quote(1, 1, 1);
    let backup = schema::example::backup_consent(&quoted, 1, 1);
    let signed = Edit::Backup { id: entry(7), backup };
    assert_eq!(old.write(LI_PHONE, at(100), std::slice::from_ref(&signed)), Err(WriteError::NotOpen));
    old.write_completing(office(), at(101), &[note("repair", "待修")]).unwrap();
    old.write(LI_PHONE, at(102), &[signed]).unwrap();
    assert_eq!(old.read().unwrap().backup_consents.len(), 1);
    old.write_completing(office(), at(103), &[note("repair", "在修")]).unwrap();
    assert_eq!(old.read().unwrap().backup_consents.len(), 1, "no map is made a second time");
    assert_eq!(Record::load(&old.save()).unwrap().heads(), old.heads());
}

#[test]
fn the_record_can_be_read_as_it_was() {
    let mut record = assigned();
    record.write(LI_PHONE, at(100), &[note("repair", "先前")]).unwrap();
    let then = record.heads();
    let was = record.read().unwrap();
    record.write(LI_PHONE, at(200), &[note("repair", "后来"), done("repair", LI, 200)]).unwrap();
    assert_eq!(record.read_at(&then).unwrap(), was);
    assert_eq!(record.read_at(&[Hash::ZERO]), Err(ReadError::Unknown(Hash::ZERO)));
}

#[test]
fn the_history_says_who_wrote_what_and_what_stood_there_before() {
    let mut record = assigned();
    record.write(LI_PHONE, at(100), &[note("repair", "先前")]).unwrap();
    record.write(ZHAO_PHONE, at(200), &[note("repair", "后来"), done("repair", ZHAO, 200)]).unwrap();
    let history = record.history();
    assert_eq!(history.len(), 4);
    assert!(history[0].touched.iter().any(|touch| touch.path == ["report", "name"]));
    assert_eq!(history[1].touched.len(), 2, "the assignment and which one is in force");

    let last = &history[3];
    assert_eq!((last.actor, last.seq, last.at), (ZHAO_PHONE, 1, at(200)));
    let [mark, text] = last.touched.as_slice() else { panic!("{last:?}") };
    assert_eq!(mark.path, ["marks", "repair"]);
    assert_eq!((&mark.before, &mark.after.as_ref().unwrap()["by"]), (&None, &ZHAO.to_string().into()));
    assert_eq!(text.path, ["notes", "repair"]);
    assert_eq!((text.before.clone(), text.after.clone()), (Some("先前".into()), Some("后来".into())));
}

#[test]
fn an_entry_is_written_once() {
    let mut record = assigned();
    record.write(office(), at(100), &[decide(5, DecisionKind::Closed)]).unwrap();
    let heads = record.heads();
    let error = record.write(office(), at(101), &[decide(5, DecisionKind::Reopened)]).unwrap_err();
    assert_eq!(error, WriteError::Taken(vec!["decisions".to_owned(), entry(5).to_string()]));
    assert_eq!(record.heads(), heads);
}

#[test]
fn nothing_is_written_where_one_of_the_edits_does_not_fit() {
    let mut record = assigned();
    let heads = record.heads();
    let long = "长".repeat(4001);
    for edit in [note("repair", &long), note("Repair!", "x")] {
        let error = record.write(LI_PHONE, at(1), &[note("accept", "好"), edit]).unwrap_err();
        assert!(matches!(error, WriteError::Unfit { .. }), "{error}");
    }
    let wrong_word = Edit::SetReport { field: ReportField::Urgency, value: Some("soon".to_owned()) };
    assert!(matches!(record.write(office(), at(1), &[wrong_word]), Err(WriteError::Unfit { .. })));
    assert_eq!(record.heads(), heads);
    assert_eq!(record.write(office(), at(1), &[open()]), Err(WriteError::Open));
    assert_eq!(Record::new().write(office(), at(1), &[note("accept", "x")]), Err(WriteError::NotOpen));
}

#[test]
fn an_edit_that_says_what_stands_there_already_makes_no_change() {
    let mut record = assigned();
    record.write(LI_PHONE, at(1), &[note("accept", "好")]).unwrap();
    assert_eq!(record.write(LI_PHONE, at(2), &[note("accept", "好")]), Err(WriteError::Nothing));
}

#[test]
fn taking_a_job_away_leaves_the_assignment_on_record() {
    let mut record = assigned();
    record.write(office(), at(100), &[Edit::Unassign]).unwrap();
    let job = record.read().unwrap();
    assert_eq!((job.assigned, job.assignments.len()), (None, 1));
    let technician: PersonId = job.assignments.values().next().unwrap().technician;
    assert_eq!(technician, LI);
}

#[test]
fn a_mark_taken_back_counts_as_none() {
    let mut record = assigned();
    record.write(LI_PHONE, at(1), &[done("repair", LI, 1)]).unwrap();
    let mut open_again = done("repair", LI, 2);
    if let Edit::Mark { mark, .. } = &mut open_again {
        mark.kind = MarkKind::Open;
    }
    record.write(LI_PHONE, at(2), &[open_again]).unwrap();
    assert!(record.read().unwrap().mark("repair").is_none());
}

#[test]
fn a_gap_or_a_changed_byte_is_refused_and_changes_nothing() {
    let mut source = assigned();
    let mut copy = source.clone();
    let heads = copy.heads();
    let first = source.write(LI_PHONE, at(1), &[note("accept", "一")]).unwrap();
    let second = source.write(LI_PHONE, at(2), &[note("accept", "二")]).unwrap();
    assert_eq!(copy.apply_trusted(std::slice::from_ref(&second.bytes)), Err(ApplyError::Gap(second.hash)));
    let mut broken = first.bytes.clone();
    *broken.0.last_mut().unwrap() ^= 1;
    assert!(matches!(copy.apply_trusted(&[broken]), Err(ApplyError::Malformed(_))));
    assert_eq!(copy.heads(), heads);
    copy.apply_trusted(&[second.bytes, first.bytes]).unwrap();
    assert_eq!(copy.heads(), source.heads());
}

#[test]
fn half_a_saved_record_is_refused() {
    let mut record = assigned();
    record.write(LI_PHONE, at(1), &[note("accept", "一")]).unwrap();
    let saved = record.save();
    for length in 0..saved.len() {
        assert!(Record::load(&saved[..length]).is_err(), "{length} of {} bytes", saved.len());
    }
    let mut trailing = saved.clone();
    trailing.push(0);
    assert!(Record::load(&trailing).is_err());
}

/// Saved by an earlier build: opened, assigned, two notes by two phones, closed. A new version of Automerge that can't read it, or reads something else, must not be taken.
#[test]
fn a_record_saved_by_an_earlier_release_still_loads() {
    let saved = include_bytes!("golden/0.12.0.automerge");
    let heads = include_str!("golden/0.12.0.heads");
    let record = Record::load(saved).unwrap();
    let found: Vec<String> = record.heads().iter().map(ToString::to_string).collect();
    assert_eq!(found, heads.lines().collect::<Vec<_>>());
    assert_eq!(record.read().unwrap().notes["diagnose"], "阀芯坏了");
    assert_eq!(record.changes().len(), 5);
    assert_eq!(Record::load(&record.save()).unwrap().heads(), record.heads());
}

#[test]
fn a_restored_server_writes_under_another_actor() {
    assert_ne!(office_actor(JOB, 1), office_actor(JOB, 2));
    assert_eq!(office_actor(JOB, 1), office_actor(JOB, 1));
}

/// Li and Zhao wrote one note without knowing of each other; both copies hold both.
fn two_values() -> (Record, Record) {
    let (mut li, mut zhao) = (assigned(), assigned());
    let one = li.write(LI_PHONE, at(100), &[note("listen", "异响")]).unwrap();
    let other = zhao.write(ZHAO_PHONE, at(200), &[note("listen", "漏水")]).unwrap();
    li.apply_trusted(&[other.bytes]).unwrap();
    zhao.apply_trusted(&[one.bytes]).unwrap();
    (li, zhao)
}

fn settle(record: &mut Record, actor: Actor, text: &str) -> RawChange {
    let conflict = record.conflicts().remove(0);
    let chosen = conflict.values.iter().find(|value| value.value == text).unwrap().change;
    let edit = record.settling_edit(&conflict.path, chosen).unwrap();
    record.write(actor, at(300), &[edit]).unwrap()
}

#[test]
fn a_settlement_says_who_chose_what_among_which_values() {
    for text in ["异响", "漏水"] {
        let (mut li, _) = two_values();
        let before = li.conflicts().remove(0);
        let change = settle(&mut li, LI_PHONE, text);
        assert_eq!(li.conflicts(), []);
        let [settled] = li.settlements().try_into().unwrap();
        assert_eq!((settled.path, settled.actor, settled.change), (before.path, LI_PHONE, change.hash));
        assert_eq!(settled.values, before.values);
        assert_eq!(settled.value, Some(text.into()));
        let chosen = settled.values.iter().find(|value| Some(value.change) == settled.chosen).unwrap();
        assert_eq!(chosen.value, text);
    }
}

#[test]
fn writing_something_else_over_a_conflict_is_no_choice_of_any_value() {
    let (mut li, _) = two_values();
    li.write(LI_PHONE, at(300), &[note("listen", "异响，也漏水")]).unwrap();
    let [settled] = li.settlements().try_into().unwrap();
    assert_eq!((settled.chosen, settled.values.len()), (None, 2));
}

#[test]
fn two_who_settle_differently_offline_leave_both_choices_to_be_settled_again() {
    let (mut li, mut zhao) = two_values();
    let one = settle(&mut li, LI_PHONE, "异响");
    let other = settle(&mut zhao, ZHAO_PHONE, "漏水");
    li.apply_trusted(&[other.bytes]).unwrap();
    zhao.apply_trusted(&[one.bytes]).unwrap();
    assert_eq!(li.conflicts(), zhao.conflicts());
    let conflict = li.conflicts().remove(0);
    let mut changes: Vec<Hash> = conflict.values.iter().map(|value| value.change).collect();
    changes.sort_unstable();
    let mut settled: Vec<Hash> = li.settlements().iter().map(|settlement| settlement.change).collect();
    settled.sort_unstable();
    assert_eq!(changes, settled, "neither choice won in silence");
    settle(&mut zhao, ZHAO_PHONE, "异响");
    assert_eq!((zhao.conflicts(), zhao.settlements().len()), (Vec::new(), 3));
}

#[test]
fn two_who_settle_alike_offline_have_settled_it() {
    let (mut li, mut zhao) = two_values();
    settle(&mut li, LI_PHONE, "异响");
    let other = settle(&mut zhao, ZHAO_PHONE, "异响");
    li.apply_trusted(&[other.bytes]).unwrap();
    assert_eq!((li.conflicts(), li.read().unwrap().notes["listen"].as_str()), (Vec::new(), "异响"));
}

#[test]
fn what_was_never_a_candidate_settles_nothing() {
    let (li, _) = two_values();
    let opened = li.changes()[0].hash;
    assert_eq!(li.settling_edit(&["notes".to_owned(), "listen".to_owned()], opened), None);
    assert_eq!(li.settling_edit(&["notes".to_owned(), "repair".to_owned()], opened), None);
}
