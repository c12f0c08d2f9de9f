//! What becomes of refused work.

use super::*;
use schema::record::{Decision, DecisionKind, How, ReportField, SignOff, SignOffKind};

fn rename() -> Edit {
    Edit::SetReport { field: ReportField::Name, value: Some("别人".to_owned()) }
}

#[test]
fn what_was_allowed_is_saved_and_what_was_not_is_shown() {
    let record = assigned();
    let mut phone = record.clone();
    let changes: Vec<Bytes> = [
        vec![note("accept", "好")],
        vec![note("repair", "换了阀芯"), rename(), done("repair", LI, 4)],
        vec![note("repair", "换了阀芯和软管")],
        vec![note("testing", "不漏了")],
    ]
    .iter()
    .map(|edits| phone.write(LI_PHONE, at(1), edits).unwrap().bytes)
    .collect();
    let admission = try_admit(&record, LI_WRITES, &changes);
    assert_eq!(admission.accepted.len(), 1);
    let refusal = &admission.refused[0];
    assert_eq!((refusal.code, refusal.raw.as_slice()), (RefusalCode::Forbidden, &changes[1..]));
    assert!(refusal.replays());
    assert_eq!(refusal.denied.len(), 1);
    assert_eq!((refusal.denied[0].path.join("/").as_str(), &refusal.denied[0].value), ("report/name", &"别人".into()));

    let salvage = refusal.salvage.clone().unwrap();
    assert_eq!(salvage.edits, [done("repair", LI, 4), note("repair", "换了阀芯和软管"), note("testing", "不漏了")]);
    let mut server = admission.record;
    assert_eq!(salvage.base, server.heads());
    server.write_at(&salvage.base, office(), at(9), &salvage.edits).unwrap();
    let job = server.read().unwrap();
    assert_eq!((job.notes["repair"].as_str(), job.report.name.as_deref()), ("换了阀芯和软管", Some("王芳")));
}

#[test]
fn a_refusal_of_one_actor_does_not_hold_up_another() {
    let record = assigned();
    let mut phone = record.clone();
    let mut tablet = record.clone();
    let bad = phone.write(LI_PHONE, at(1), &[rename()]).unwrap().bytes;
    let after = phone.write(LI_PHONE, at(2), &[note("repair", "一")]).unwrap().bytes;
    let good = tablet.write(Actor([9; 16]), at(3), &[note("testing", "二")]).unwrap().bytes;
    // Something that builds on what was refused.
    tablet.apply_trusted(&[bad.clone(), after.clone()]).unwrap();
    let depends = tablet.write(Actor([9; 16]), at(4), &[note("testing", "三")]).unwrap().bytes;

    let admission = try_admit(&record, LI_WRITES, &[bad.clone(), good.clone(), after.clone(), depends.clone()]);
    assert_eq!(admission.accepted.iter().map(|change| &change.bytes).collect::<Vec<_>>(), [&good]);
    let [first, second] = admission.refused.as_slice() else { panic!("{:?}", admission.refused) };
    assert_eq!((first.code, first.raw.as_slice()), (RefusalCode::Forbidden, &[bad, after][..]));
    assert_eq!((second.code, second.raw.as_slice()), (RefusalCode::Gap, &[depends][..]));
}

#[test]
fn what_a_replaced_technician_wrote_knowing_it_waits_for_the_dispatcher() {
    let mut server = assigned();
    server.write(office(), at(10), &[assign(2, ZHAO, "赵敏")]).unwrap();
    let mut phone = server.clone();
    let first = phone.write(LI_PHONE, at(20), &[note("repair", "我修的"), done("repair", LI, 20)]).unwrap().bytes;
    let second = phone.write(LI_PHONE, at(21), &[note("repair", "真是我修的")]).unwrap().bytes;
    let admission = try_admit(&server, LI_WRITES, &[first, second]);
    assert_eq!(admission.record.heads(), server.heads());
    let refusal = &admission.refused[0];
    assert_eq!((refusal.code, refusal.replays(), refusal.raw.len()), (RefusalCode::JobMoved, false, 2));
    let salvage = refusal.salvage.as_ref().unwrap();
    assert_eq!(salvage.edits, [done("repair", LI, 20), note("repair", "真是我修的")]);
    assert_eq!(salvage.base, server.heads());
}

#[test]
fn what_is_written_on_a_closed_job_waits_for_the_dispatcher() {
    for kind in [DecisionKind::Closed, DecisionKind::Cancelled, DecisionKind::SolvedRemotely] {
        let mut server = assigned();
        let decide = |id, kind, second| Edit::Decide {
            id: entry(id),
            decision: Decision { kind, by: DISPATCHER, at: at(second), reason: None },
        };
        server.write(office(), at(10), &[decide(5, kind, 10)]).unwrap();
        let late = written(&server, LI_PHONE, &[note("repair", "补记")]);
        let refusal = refused(&server, LI_WRITES, late);
        assert_eq!(refusal.code, RefusalCode::JobClosed);
        assert_eq!(refusal.salvage.unwrap().edits, [note("repair", "补记")]);

        server.write(office(), at(11), &[decide(6, DecisionKind::Reopened, 11)]).unwrap();
        let again = written(&server, LI_PHONE, &[note("repair", "又来了")]);
        assert_eq!(try_admit(&server, LI_WRITES, &[again]).refused, []);
    }
}

#[test]
fn a_person_who_never_had_the_job_changes_nothing() {
    let record = assigned();
    let change = written(&record, ZHAO_PHONE, &[note("repair", "我路过")]);
    assert_eq!(refused(&record, ZHAO_WRITES, change).code, RefusalCode::JobMoved);
}

#[test]
fn what_can_t_be_read_is_kept_raw_and_the_rest_goes_on() {
    let record = assigned();
    let garbage = Bytes(b"garbage".to_vec());
    let good = written(&record, LI_PHONE, &[note("repair", "一")]);
    let admission = try_admit(&record, LI_WRITES, &[garbage.clone(), good]);
    assert_eq!(admission.accepted.len(), 1);
    let refusal = &admission.refused[0];
    assert_eq!((refusal.actor, refusal.raw.as_slice()), (Actor([0; 16]), &[garbage.clone()][..]));
    assert_eq!((refusal.change, refusal.salvage.as_ref()), (Hash::of(&garbage.0), None));
}

#[test]
fn what_was_written_on_after_an_unheard_refusal_is_saved_by_itself() {
    let record = assigned();
    let mut phone = record.clone();
    let bad = phone.write(LI_PHONE, at(1), &[rename(), note("repair", "一")]).unwrap().bytes;
    let then = phone.write(LI_PHONE, at(2), &[note("testing", "二")]).unwrap().bytes;
    let first = try_admit(&record, LI_WRITES, &[bad.clone(), then.clone()]).refused.remove(0);
    let earlier = Earlier { change: first.change, code: first.code, raw: first.raw.clone() };

    let new = phone.write(LI_PHONE, at(3), &[note("cleanup", "三")]).unwrap().bytes;
    let earlier = [earlier];
    let again = admit_after(&record, LI_WRITES, &rules(), &earlier, &[bad.clone(), then.clone(), new.clone()]);
    let [repeated, newer] = again.refused.as_slice() else { panic!("{:?}", again.refused) };
    assert_eq!((repeated.change, repeated.raw.as_slice()), (first.change, &[bad, then][..]));
    assert_eq!((newer.code, newer.raw.as_slice()), (RefusalCode::Forbidden, std::slice::from_ref(&new)));
    let salvage = newer.salvage.as_ref().unwrap();
    assert_eq!(salvage.edits, [note("cleanup", "三")]);
    assert_eq!((newer.denied.as_slice(), &salvage.base), (&[][..], &record.heads()));

    // The same alone: its predecessors were heard of as refused, and it was tapped a moment before that.
    let alone = admit_after(&record, LI_WRITES, &rules(), &earlier, &[new]);
    assert_eq!(alone.refused[0].salvage.as_ref().unwrap().edits, [note("cleanup", "三")]);
}

#[test]
fn nothing_is_replayed_that_was_written_after_the_move_was_known() {
    let mut server = assigned();
    let mut phone = server.clone();
    let bad = phone.write(LI_PHONE, at(1), &[rename(), note("repair", "一")]).unwrap().bytes;
    let moved = server.write(office(), at(2), &[assign(2, ZHAO, "赵敏")]).unwrap().bytes;
    phone.apply_trusted(&[moved]).unwrap();
    let after = phone.write(LI_PHONE, at(3), &[note("testing", "二")]).unwrap().bytes;
    let refusal = try_admit(&server, LI_WRITES, &[bad, after]).refused.remove(0);
    assert_eq!(refusal.salvage.unwrap().edits, [note("repair", "一")]);
    let denied: Vec<String> = refusal.denied.iter().map(|denied| denied.path.join("/")).collect();
    assert_eq!(denied, ["report/name", "notes/testing"]);
}

#[test]
fn what_is_sent_again_is_answered_under_the_refusal_where_it_lies() {
    let record = assigned();
    let mut phone = record.clone();
    let bad = phone.write(LI_PHONE, at(1), &[rename()]).unwrap().bytes;
    let then = phone.write(LI_PHONE, at(2), &[note("testing", "二")]).unwrap();
    let [first, second] = [&bad, &then.bytes].map(|bytes| {
        let change = hash_of(bytes, &Limits::default());
        Earlier { change, code: RefusalCode::Forbidden, raw: vec![bytes.clone()] }
    });
    // The answer to the second push was lost, and the phone has settled the first: it sends the second alone.
    let again = admit_after(&record, LI_WRITES, &rules(), &[first, second], &[then.bytes]);
    assert_eq!(again.refused.iter().map(|refusal| refusal.change).collect::<Vec<_>>(), [then.hash]);
}

#[test]
fn changes_to_a_job_that_nobody_knows_are_refused_actor_by_actor() {
    let record = assigned();
    let [old, new] = [LI_PHONE, Actor([9; 16])].map(|actor| written(&record, actor, &[note("repair", "一")]));
    let garbage = Bytes(b"garbage".to_vec());
    let admission = refuse_unknown(&[old.clone(), new.clone(), garbage.clone()], &Limits::default());
    let told: Vec<_> = admission.refused.iter().map(|refusal| (refusal.actor, refusal.raw.as_slice())).collect();
    assert_eq!(
        told,
        [(LI_PHONE, &[old][..]), (Actor([9; 16]), &[new][..]), (Actor([0; 16]), std::slice::from_ref(&garbage))]
    );
}

fn sign(covers: Vec<Hash>) -> Edit {
    let sign_off = SignOff {
        kind: SignOffKind::Declined,
        how: How::Phone,
        name: "王芳".to_owned(),
        reason: Some("赶时间".to_owned()),
        strokes: None,
        rating: None,
        remarks: None,
        covers,
        sheet_hash: Hash::ZERO,
        by: Some(LI),
        link: None,
        at: at(2),
    };
    Edit::SignOff { id: entry(7), sign_off }
}

#[test]
fn a_signature_stands_for_nothing_else_than_what_was_shown() {
    let record = assigned();
    let invented = written(&record, LI_PHONE, &[sign(vec![Hash::of(b"nothing")])]);
    assert_eq!(refused(&record, LI_WRITES, invented).code, RefusalCode::GateClosed);
    let shown = written(&record, LI_PHONE, &[sign(record.heads())]);
    assert_eq!(try_admit(&record, LI_WRITES, &[shown]).refused, []);

    // What she signed for is refused: her signature is kept for the dispatcher, and not written for anything else.
    let mut phone = record.clone();
    let bad = phone.write(LI_PHONE, at(1), &[rename()]).unwrap();
    let signed = phone.write(LI_PHONE, at(2), &[sign(vec![bad.hash]), note("card", "再见")]).unwrap();
    let refusal = try_admit(&record, LI_WRITES, &[bad.bytes, signed.bytes]).refused.remove(0);
    assert_eq!(refusal.salvage.unwrap().edits, [note("card", "再见")]);
    let denied: Vec<&str> = refusal.denied.iter().map(|denied| denied.path[0].as_str()).collect();
    assert_eq!(denied, ["report", "sign_offs"]);
}
