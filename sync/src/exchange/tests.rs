use super::*;
use schema::time::Timestamp;

fn job(number: u8) -> JobId {
    JobId::new(Timestamp::from_micros(1), [number; 10])
}

fn phone(number: u8) -> DeviceId {
    DeviceId::new(Timestamp::from_micros(1), [number; 10])
}

fn event(seq: i64, of: u8, kind: EventKind) -> Event {
    Event { seq, job: job(of), kind }
}

fn change(seq: i64, of: u8, from: i64, by: Option<u8>) -> Event {
    event(seq, of, EventKind::Change { from, to: from + 1, device: by.map(phone) })
}

fn needs(events: &[Event]) -> Vec<Need> {
    fold(events, phone(1)).into_iter().map(|wanted| wanted.need).collect()
}

#[test]
fn neighbouring_changes_become_one_range_and_own_ones_are_left_out() {
    let events = [change(1, 1, 0, None), change(2, 1, 1, None), change(3, 1, 2, Some(1)), change(4, 1, 3, Some(2))];
    assert_eq!(needs(&events), [Need::Changes(vec![(0, 2), (3, 4)])]);
}

#[test]
fn a_grant_is_a_snapshot_that_holds_what_came_after_it() {
    let events = [change(1, 1, 0, None), event(2, 1, EventKind::Grant), change(3, 1, 1, None)];
    assert_eq!(needs(&events), [Need::Snapshot { reset: false }]);
}

#[test]
fn a_job_that_left_and_came_back_is_a_snapshot_and_one_that_left_is_gone() {
    let left = event(2, 1, EventKind::Revoke(GoneReason::Reassigned));
    assert_eq!(needs(&[change(1, 1, 0, None), left]), [Need::Gone(GoneReason::Reassigned)]);
    assert_eq!(needs(&[left, event(3, 1, EventKind::Grant)]), [Need::Snapshot { reset: false }]);
}

#[test]
fn a_reset_replaces_the_copy_of_one_device_and_is_a_change_for_the_other() {
    let reset = |device| event(1, 1, EventKind::Reset { from: 4, to: 5, device: phone(device) });
    assert_eq!(needs(&[reset(1), change(2, 1, 5, None)]), [Need::Snapshot { reset: true }]);
    assert_eq!(needs(&[reset(2)]), [Need::Changes(vec![(4, 5)])]);
}

#[test]
fn the_cursor_stops_before_the_first_event_that_was_not_told() {
    let events = [change(5, 1, 0, None), change(6, 2, 0, None), change(7, 1, 1, None), change(8, 3, 0, None)];
    let wanted = fold(&events, phone(1));
    assert_eq!(wanted.len(), 3);
    assert_eq!(cursor_after(&events, &wanted, 1, 4), 5);
    assert_eq!(cursor_after(&events, &wanted, 2, 4), 7);
    assert_eq!(cursor_after(&events, &wanted, 3, 4), 8);
    assert_eq!(cursor_after(&[], &[], 0, 4), 4);
}

#[test]
fn comparing_heads_finds_what_is_missing_different_and_gone() {
    let (a, b) = (Hash::of(b"a"), Hash::of(b"b"));
    let held = [
        JobHeads { job: job(1), heads: vec![b, a] },
        JobHeads { job: job(2), heads: vec![a] },
        JobHeads { job: job(3), heads: vec![a] },
    ];
    let entitled = [(job(4), vec![a]), (job(2), vec![b]), (job(1), vec![a, b])];
    let expected = [Compared::Missing(job(4)), Compared::Differs(job(2), vec![a]), Compared::Gone(job(3))];
    assert_eq!(compare(&held, &entitled), expected);
}
