//! What honest phones send is never refused, whatever they write and in whatever order it meets.

use super::*;
use crate::record::WriteError;
use proptest::collection::vec;
use proptest::prelude::*;
use schema::record::{Decision, DecisionKind};

#[derive(Debug, Clone)]
enum Step {
    Phone(usize, Vec<Edit>),
    Office(Box<Edit>),
    Sync(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let office = office_edit()
        .prop_filter("the job stays in Li's hands", |edit| !matches!(edit, Edit::Assign { .. } | Edit::Unassign));
    prop_oneof![
        6 => (0..2usize, vec(crew_edit(LI), 1..4)).prop_map(|(phone, edits)| Step::Phone(phone, edits)),
        2 => office.prop_map(|edit| Step::Office(Box::new(edit))),
        2 => (0..2usize).prop_map(Step::Sync),
    ]
}

/// Li's phone or Li's tablet.
struct Phone {
    actor: Actor,
    writer: Writer,
    record: Record,
    unsent: Vec<Bytes>,
}

impl Phone {
    fn sync(&mut self, server: &mut Record) {
        let changes = std::mem::take(&mut self.unsent);
        let admission = try_admit(server, self.writer, &changes);
        assert_eq!(admission.refused, []);
        assert_eq!(
            admission.accepted.iter().map(|change| &change.bytes).collect::<Vec<_>>(),
            changes.iter().collect::<Vec<_>>()
        );
        *server = admission.record;
        let news: Vec<Bytes> =
            server.changes_since(&self.record.heads()).into_iter().map(|change| change.bytes).collect();
        self.record.apply_trusted(&news).unwrap();
        assert_eq!(self.record.heads(), server.heads());
    }
}

/// A signature covers what its phone showed.
fn signed_as_shown(mut edits: Vec<Edit>, record: &Record) -> Vec<Edit> {
    for edit in &mut edits {
        if let Edit::SignOff { sign_off, .. } = edit {
            sign_off.covers = record.heads();
        }
    }
    edits
}

fn written_or_nothing(record: &mut Record, actor: Actor, edits: &[Edit]) -> Option<Bytes> {
    match record.write(actor, at(500), edits) {
        Ok(change) => Some(change.bytes),
        Err(WriteError::Nothing | WriteError::Taken(_)) => None,
        Err(error) => panic!("{error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn honest_changes_are_never_refused(steps in vec(step(), 1..40)) {
        let mut server = assigned();
        let phone = |actor, device| Phone {
            actor,
            writer: Writer { person: LI, device, revoked: false },
            record: assigned(),
            unsent: Vec::new(),
        };
        let mut phones = [phone(LI_PHONE, LI_DEVICE), phone(ZHAO_PHONE, ZHAO_DEVICE)];
        for step in steps {
            match step {
                Step::Phone(number, edits) => {
                    let phone = &mut phones[number];
                    let edits = signed_as_shown(edits, &phone.record);
                    phone.unsent.extend(written_or_nothing(&mut phone.record, phone.actor, &edits));
                }
                Step::Office(edit) => drop(written_or_nothing(&mut server, office(), &[*edit])),
                Step::Sync(number) => phones[number].sync(&mut server),
            }
        }
        for number in [0, 1, 0] {
            phones[number].sync(&mut server);
        }
        prop_assert_eq!(phones[0].record.heads(), phones[1].record.heads());
        prop_assert_eq!(Record::load(&server.save()).unwrap().read().unwrap(), server.read().unwrap());
    }
}

#[test]
fn a_repeated_push_is_acknowledged_again() {
    let mut record = assigned();
    let change = written(&record, LI_PHONE, &[note("repair", "一")]);
    let first = try_admit(&record, LI_WRITES, std::slice::from_ref(&change));
    record = first.record;
    let again = try_admit(&record, LI_WRITES, std::slice::from_ref(&change));
    assert_eq!((again.accepted.as_slice(), again.refused.as_slice()), (&[][..], &[][..]));
    assert_eq!(again.duplicates, first.accepted);
    assert_eq!(again.record.heads(), record.heads());
}

#[test]
fn a_compressed_change_is_the_same_change() {
    let record = assigned();
    let long = note("repair", &"水管修好了。".repeat(200));
    let change = written(&record, LI_PHONE, &[long]);
    let mut parsed = automerge::Change::try_from(change.0.as_slice()).unwrap();
    let compressed = Bytes(parsed.bytes().into_owned());
    assert!(compressed.0.len() < change.0.len());
    let admission = try_admit(&record, LI_WRITES, &[compressed]);
    assert_eq!(admission.refused, []);
    assert_eq!(admission.accepted[0].bytes, change);
}

#[test]
fn an_actor_seen_for_the_first_time_is_bound_to_the_device() {
    let record = assigned();
    let fresh = Actor([9; 16]);
    let mut phone = record.clone();
    let changes = ["一", "二"].map(|text| phone.write(fresh, at(500), &[note("repair", text)]).unwrap().bytes);
    let admission = try_admit(&record, LI_WRITES, &changes);
    assert_eq!((admission.accepted.len(), admission.new_leases), (2, vec![fresh]));
}

#[test]
fn a_conflict_is_settled_from_a_phone() {
    let mut server = assigned();
    let mut phone = server.clone();
    let mine = phone.write(LI_PHONE, at(500), &[note("repair", "甲")]).unwrap();
    server.write(office(), at(501), &[note("repair", "乙")]).unwrap();
    server = try_admit(&server, LI_WRITES, &[mine.bytes]).record;
    assert_eq!(server.conflicts().len(), 1);
    let shown = server.read().unwrap().notes["repair"].clone();
    let settled = written(&server, LI_PHONE, &[note("repair", &shown)]);
    let admission = try_admit(&server, LI_WRITES, &[settled]);
    assert_eq!(admission.refused, []);
    assert_eq!(admission.record.conflicts(), []);
}

#[test]
fn what_was_written_before_the_move_was_known_stays_under_its_authors_name() {
    let mut server = assigned();
    let mut li = server.clone();
    let offline = li.write(LI_PHONE, at(500), &[done("repair", LI, 500), note("repair", "换了阀芯")]).unwrap();
    server.write(office(), at(510), &[assign(2, ZHAO, "赵敏")]).unwrap();
    let zhao = written(&server, ZHAO_PHONE, &[done("repair", ZHAO, 520)]);
    server = try_admit(&server, ZHAO_WRITES, &[zhao]).record;

    let admission = try_admit(&server, LI_WRITES, &[offline.bytes]);
    assert_eq!(admission.refused, []);
    let conflicts = admission.record.conflicts();
    let authors: Vec<&str> = conflicts[0].values.iter().map(|value| value.value["by"].as_str().unwrap()).collect();
    assert!(authors.contains(&LI.to_string().as_str()) && authors.contains(&ZHAO.to_string().as_str()));
}

#[test]
fn what_was_written_before_the_closing_was_known_stays() {
    let mut server = assigned();
    let offline = written(&server, LI_PHONE, &[note("repair", "换了阀芯")]);
    let decision = Decision { kind: DecisionKind::Cancelled, by: DISPATCHER, at: at(510), reason: None };
    server.write(office(), at(510), &[Edit::Decide { id: entry(5), decision }]).unwrap();
    assert_eq!(try_admit(&server, LI_WRITES, &[offline]).refused, []);
}

#[test]
fn the_pool_turns_work_away_when_its_queue_is_full_and_survives_a_panic() {
    use std::sync::mpsc::channel;
    let pool = Pool::new(1, 1).unwrap();
    let (hold, held) = channel::<()>();
    let (started, starts) = channel();
    let (result, results) = channel();
    let first = result.clone();
    pool.submit(
        move || {
            started.send(()).unwrap();
            held.recv().ok();
            1
        },
        move |value| first.send(value).unwrap(),
    )
    .unwrap();
    starts.recv().unwrap();
    let second = result.clone();
    pool.submit(|| 2, move |value| second.send(value).unwrap()).unwrap();
    assert_eq!(pool.submit(|| 3, |_| ()), Err(Busy));
    drop(hold);
    assert_eq!((results.recv(), results.recv()), (Ok(1), Ok(2)));

    let (lost, loses) = channel::<()>();
    // The queue has room again as soon as its thread took the work before.
    while pool
        .submit(|| panic!("a piece of work that fails"), {
            let lost = lost.clone();
            move |()| lost.send(()).unwrap()
        })
        .is_err()
    {}
    drop(lost);
    assert!(loses.recv().is_err());
    while pool
        .submit(|| 4, {
            let result = result.clone();
            move |value| result.send(value).unwrap()
        })
        .is_err()
    {}
    assert_eq!(results.recv(), Ok(4));
}

#[test]
fn a_long_day_without_network_is_taken_in_one_push() {
    let record = assigned();
    let mut phone = record.clone();
    let text = |number: i64| note("repair", &format!("第{number}条"));
    let edits = (0..schema::limits::PUSH_CHANGES_MAX as i64).map(|number| [done("repair", LI, number), text(number)]);
    let changes: Vec<Bytes> = edits
        .enumerate()
        .map(|(at_second, edits)| phone.write(LI_PHONE, at(at_second as i64), &edits).unwrap().bytes)
        .collect();
    let admission = try_admit(&record, LI_WRITES, &changes);
    assert_eq!((admission.accepted.len(), admission.refused.len()), (changes.len(), 0));
    assert_eq!(admission.record.heads(), phone.heads());

    let one_more = phone.write(LI_PHONE, at(9_999), &[text(9_999)]).unwrap().bytes;
    let push: Vec<Bytes> = changes.into_iter().chain([one_more]).collect();
    assert_eq!(try_admit(&record, LI_WRITES, &push).refused[0].code, RefusalCode::TooLarge);
}

#[test]
fn a_phone_takes_few_new_actors_in_one_push() {
    let record = assigned();
    let change = |number: u8| written(&record, Actor([100 + number; 16]), &[note("repair", "一")]);
    let changes: Vec<Bytes> = (0..9).map(change).collect();
    let admission = try_admit(&record, LI_WRITES, &changes);
    assert_eq!((admission.accepted.len(), admission.new_leases.len()), (8, 8));
    assert_eq!(admission.refused[0].code, RefusalCode::ActorForeign);
}
