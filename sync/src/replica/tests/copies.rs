//! What the server's copy of a job does to what was written here.

use super::*;
use schema::wire::Ack;

#[test]
fn a_number_is_never_given_out_twice_although_the_copy_fetched_lacks_what_was_just_written() {
    let (mut office, mut phone) = office_and_phone(1);
    office.resets = false;
    phone.edit(1, note("testing", FORBIDDEN)).unwrap();
    for text in ["一", "二", "三"] {
        let request = phone.request();
        let answer = office.handle(phone.device, &request);
        phone.edit(1, note("accept", text)).unwrap();
        phone.answer(request.id, answer);
    }
    assert_eq!(phone.replica().unsent(), 1);
    phone.sync(&mut office);
    assert_eq!(phone.replica().unsent(), 0);
    assert_eq!(office.quarantine.len() + office.written(job(1)), 4, "each of the four is somewhere");
    assert_eq!(phone.replica().digest(), office.digest_of(phone.device));
}

#[test]
fn what_a_server_acknowledged_and_lost_without_saying_so_is_sent_again_in_its_order() {
    let (mut office, mut phone) = office_and_phone(1);
    let backup = office.back_up();
    for text in ["一", "二", "三"] {
        phone.edit(1, note("repair", text)).unwrap();
    }
    phone.sync(&mut office);
    office.lose(&backup);
    phone.sync(&mut office);
    assert_eq!(office.read(job(1)).notes["repair"], "三");
    assert_eq!(phone.replica().unsent(), 0);
    assert_eq!((office.quarantine.len(), office.written(job(1))), (0, 3));
    assert_eq!(phone.replica().digest(), office.digest_of(phone.device));
}

#[test]
fn what_was_acknowledged_and_fits_no_copy_yet_is_sent_again_to_a_restored_server() {
    let (mut office, mut phone) = office_and_phone(1);
    let backup = office.back_up();
    phone.edit(1, note("testing", FORBIDDEN)).unwrap();
    let request = phone.request();
    let answer = office.handle(phone.device, &request);
    phone.edit(1, note("accept", "在其后")).unwrap();
    let wanted = phone.replica().held(job(1)).unwrap().unsent[1].0;
    phone.answer(request.id, answer);
    let request = phone.request();
    let mut answer = office.handle(phone.device, &request);
    // The server could take it after all, and says so before it says what it builds on.
    answer.refused.clear();
    answer.jobs.clear();
    answer.acks.push(Ack { job: job(1), actor: wanted.actor, seq: wanted.seq });
    phone.answer(request.id, answer);
    assert_eq!(phone.replica().unsent(), 0);
    assert!(phone.request().heads.is_some(), "what is lacking is asked for");
    phone.handset.compact().unwrap();
    phone.reopen();

    office.restore(&backup);
    office.quarantine.clear();
    phone.sync(&mut office);
    assert_eq!(phone.replica().unsent(), 0);
    assert!(office.quarantine.contains(&wanted.hash), "it was sent again");
    assert_eq!(phone.replica().digest(), office.digest_of(phone.device));
}
