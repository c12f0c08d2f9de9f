use super::super::memory::Faults;
use super::super::{MemoryDisk, MemoryStore};
use super::*;
use proptest::prelude::*;
use schema::binary::Bytes;
use schema::wire::Cursor;

fn cursor(seq: i64) -> Entry {
    Entry::Cursor(Cursor { epoch: 1, seq })
}

fn key(bytes: usize) -> Entry {
    Entry::Key(Bytes(vec![7; bytes]))
}

/// A log of four batches, with its length after each.
fn log_of_four() -> (MemoryDisk, Vec<(u64, Vec<Entry>)>) {
    let disk = MemoryDisk::default();
    let mut store = LogStore::open(disk.clone()).unwrap();
    let mut so_far = Vec::new();
    let mut marks = vec![(store.bytes(), so_far.clone())];
    for batch in [vec![cursor(1)], vec![cursor(2), key(40)], vec![key(90)], vec![cursor(3)]] {
        store.append(&batch).unwrap();
        so_far.extend(batch);
        marks.push((store.bytes(), so_far.clone()));
    }
    (disk, marks)
}

#[test]
fn a_log_cut_at_any_byte_keeps_every_batch_acknowledged_before_it_and_takes_more() {
    let (disk, marks) = log_of_four();
    let whole = marks.last().unwrap().0;
    for bytes in 0..=usize::try_from(whole).unwrap() {
        let disk = disk.copy();
        disk.harm(LOG, |log| log.truncate(bytes));
        let (_, expected) = marks.iter().rev().find(|(end, _)| *end <= bytes as u64).cloned().unwrap_or_default();

        let mut store = LogStore::open(disk.clone()).unwrap();
        assert_eq!(store.load().unwrap(), expected, "cut to {bytes} bytes");
        store.append(&[cursor(99)]).unwrap();
        drop(store);

        let mut store = LogStore::open(disk).unwrap();
        assert_eq!(store.cut_bytes(), 0);
        assert_eq!(store.load().unwrap(), [expected, vec![cursor(99)]].concat(), "cut to {bytes} bytes");
    }
}

#[test]
fn a_byte_harmed_before_the_last_batch_is_reported_and_nothing_is_cut() {
    let (disk, marks) = log_of_four();
    let last = usize::try_from(marks[3].0).unwrap();
    for at in MAGIC.len()..last {
        let disk = disk.copy();
        disk.harm(LOG, |log| log[at] ^= 0x20);
        let before = disk.clone().read(LOG).unwrap();
        let error = LogStore::open(disk.clone()).map(|_| ()).unwrap_err();
        let start = marks.iter().rev().find(|(end, _)| *end <= at as u64).unwrap().0;
        assert!(matches!(error, StoreError::Damaged { at } if at == start), "byte {at}: {error}");
        assert_eq!(disk.clone().read(LOG).unwrap(), before);
    }
}

#[test]
fn a_tail_of_zeros_as_some_disks_leave_it_is_cut() {
    let (disk, marks) = log_of_four();
    disk.harm(LOG, |log| log.extend([0; 512]));
    let mut store = LogStore::open(disk).unwrap();
    assert_eq!(store.cut_bytes(), 512);
    assert_eq!(store.load().unwrap(), marks.last().unwrap().1);
}

#[test]
fn a_copy_of_a_frame_inside_a_torn_batch_does_not_pass_for_damage() {
    let (disk, marks) = log_of_four();
    let whole = disk.clone().read(LOG).unwrap().unwrap();
    let mut store = LogStore::open(disk.clone()).unwrap();
    store.append(&[Entry::Key(Bytes(whole))]).unwrap();
    disk.harm(LOG, |log| log.truncate(log.len() - 1));
    let mut store = LogStore::open(disk).unwrap();
    assert_eq!(store.load().unwrap(), marks.last().unwrap().1);
}

#[test]
fn a_full_disk_refuses_the_batch_and_keeps_what_was_there() {
    let (disk, marks) = log_of_four();
    let mut store = LogStore::open(disk.clone()).unwrap();
    let capacity = usize::try_from(store.bytes()).unwrap() + 20;
    disk.plan(Faults { capacity_bytes: Some(capacity), ..Faults::default() });
    assert!(matches!(store.append(&[key(100)]), Err(StoreError::Disk(_))));
    assert_eq!(store.load().unwrap(), marks.last().unwrap().1);
    disk.plan(Faults::default());
    store.append(&[cursor(5)]).unwrap();
    assert_eq!(store.load().unwrap().last(), Some(&cursor(5)));
}

#[derive(Debug, Clone)]
enum Step {
    Append(usize),
    Compact,
    Torn(usize, usize),
    FailedSync(usize),
    FailedCut(usize),
    PowerLoss(usize),
}

#[test]
fn what_was_kept_is_read_while_the_disk_can_t_even_cut_off_a_failed_write() {
    let disk = MemoryDisk::default();
    let mut store = LogStore::open(disk.clone()).unwrap();
    store.append(&[cursor(1)]).unwrap();
    disk.plan(Faults { fail_sync: true, fail_truncate: true, ..Faults::default() });
    store.append(&[cursor(2)]).unwrap_err();
    assert_eq!(store.load().unwrap(), [cursor(1)]);
    store.append(&[cursor(3)]).unwrap_err();
    store.append(&[cursor(4)]).unwrap();
    assert_eq!(store.load().unwrap(), [cursor(1), cursor(4)]);
    assert_eq!(LogStore::open(disk).unwrap().load().unwrap(), [cursor(1), cursor(4)]);
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1usize..60).prop_map(Step::Append),
        1 => Just(Step::Compact),
        1 => (1usize..60, 0usize..80).prop_map(|(bytes, kept)| Step::Torn(bytes, kept)),
        1 => (1usize..60).prop_map(Step::FailedSync),
        1 => (1usize..60).prop_map(Step::FailedCut),
        2 => (0usize..80).prop_map(Step::PowerLoss),
    ];
    prop::collection::vec(step, 1..40)
}

/// The store beside a plain list of what it acknowledged.
struct Model {
    disk: MemoryDisk,
    store: MemoryStore,
    acknowledged: Vec<Entry>,
    /// A batch whose write failed: it may come back with the power, whole, and then counts.
    doubtful: Option<Vec<Entry>>,
}

impl Model {
    fn append(&mut self, bytes: usize, faults: Faults) {
        self.disk.plan(faults);
        let batch = vec![key(bytes), cursor(bytes as i64)];
        match self.store.append(&batch) {
            Ok(()) => {
                self.acknowledged.extend(batch);
                self.doubtful = None;
            }
            Err(_) => self.doubtful = Some(batch),
        }
        self.disk.plan(Faults::default());
    }

    fn run(&mut self, step: Step) {
        match step {
            Step::Append(bytes) => self.append(bytes, Faults::default()),
            Step::Torn(bytes, kept) => self.append(bytes, Faults { tear_after_bytes: Some(kept), ..Faults::default() }),
            Step::FailedSync(bytes) => self.append(bytes, Faults { fail_sync: true, ..Faults::default() }),
            Step::FailedCut(bytes) => {
                self.append(bytes, Faults { tear_after_bytes: Some(3), ..Faults::default() });
                self.append(bytes, Faults { fail_truncate: true, ..Faults::default() });
            }
            Step::Compact => {
                self.store.compact(&self.acknowledged).unwrap();
                self.doubtful = None;
            }
            Step::PowerLoss(kept) => {
                self.disk.lose_power(kept);
                self.store = LogStore::open(self.disk.clone()).unwrap();
                let loaded = self.store.load().unwrap();
                if let Some(batch) = self.doubtful.take()
                    && loaded.len() > self.acknowledged.len()
                {
                    self.acknowledged.extend(batch);
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_the_disk_does_what_was_acknowledged_stays_in_order(steps in steps()) {
        let disk = MemoryDisk::default();
        let store = LogStore::open(disk.clone()).unwrap();
        let mut model = Model { disk, store, acknowledged: Vec::new(), doubtful: None };
        for step in steps {
            model.run(step);
            if model.doubtful.is_none() {
                prop_assert_eq!(model.store.load().unwrap(), model.acknowledged.clone());
            }
        }
        model.run(Step::PowerLoss(0));
        prop_assert_eq!(model.store.load().unwrap(), model.acknowledged);
    }
}
