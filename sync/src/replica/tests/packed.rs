//! A phone that packs its changes, and servers that know of that, and servers that don't.

use super::*;
use crate::slim;
use schema::wire::{JobUpdate, News};

#[test]
fn a_phone_packs_once_it_heard_that_the_server_unpacks_and_remembers_it() {
    let mut office = Office::new(100);
    office.slim = false;
    let mut phone = Phone::new(1, &mut office);
    office.open_job(job(1));
    office.grant(job(1), phone.device);
    assert_eq!(phone.sync(&mut office), 1);
    phone.edit(1, note("accept", "一")).unwrap();
    let plain = phone.request();
    assert_eq!((plain.slim, plain.push[0].changes.len(), &plain.push[0].slim), (slim::VERSION, 1, &None));

    // The server was updated: it says so in the answer, and costs no round trip of its own.
    office.slim = true;
    assert_eq!(phone.sync(&mut office), 1);
    phone.edit(1, note("accept", "二")).unwrap();
    phone.reopen();
    let packed = phone.request();
    assert_eq!((packed.push[0].changes.len(), packed.push[0].slim.is_some()), (0, true));
    assert_eq!(phone.sync(&mut office), 1);
    assert_eq!(office.read(job(1)).notes["accept"], "二");
    phone.handset.compact().unwrap();
    phone.edit(1, note("accept", "三")).unwrap();
    assert!(phone.request().push[0].slim.is_some(), "the shorter log knows it, too");
}

#[test]
fn what_an_older_server_can_t_read_is_sent_again_at_once_as_it_is() {
    let (mut office, mut phone) = office_and_phone(2);
    phone.edit(1, note("accept", "一")).unwrap();
    phone.edit(2, note("accept", "二")).unwrap();
    // Put back to an older release.
    office.slim = false;
    assert!(office.refuses(&phone.request()));
    assert_eq!(phone.sync(&mut office), 2);
    assert_eq!((phone.replica().unsent(), phone.replica().digest()), (0, office.digest_of(phone.device)));
    phone.edit(1, note("accept", "三")).unwrap();
    assert_eq!(phone.sync(&mut office), 1, "it remembers");
    // And forward again: after its next start, the phone packs again.
    office.slim = true;
    phone.sync(&mut office);
    phone.edit(1, note("accept", "四")).unwrap();
    assert!(phone.request().push[0].slim.is_none());
    phone.reopen();
    phone.sync(&mut office);
    phone.edit(1, note("accept", "五")).unwrap();
    assert!(phone.request().push[0].slim.is_some());
}

#[test]
fn a_problem_that_has_nothing_to_do_with_the_form_is_the_callers() {
    let (mut office, mut phone) = office_and_phone(1);
    phone.edit(1, note("accept", "一")).unwrap();
    let request = phone.request();
    let earlier = RequestId::new(samples::at(1), [1; 10]);
    for (request, kind) in [(request.id, Kind::Busy), (request.id, Kind::TokenExpired), (earlier, Kind::BadRequest)] {
        assert_eq!(phone.handle(Input::Problem { request, kind }).unwrap(), []);
    }
    assert!(phone.request().push[0].slim.is_some());
    phone.sync(&mut office);
    let nothing_packed = phone.request().id;
    assert_eq!(phone.handle(Input::Problem { request: nothing_packed, kind: Kind::BadRequest }).unwrap(), []);
}

#[test]
fn news_that_does_not_unpack_is_asked_for_again_as_it_is() {
    let (mut office, mut phone) = office_and_phone(1);
    for text in ["一", "二", "三"] {
        office.write(job(1), &[note("accept", text)]);
    }
    let request = phone.request();
    let mut answer = office.handle(phone.device, &request);
    assert!(matches!(answer.jobs.as_slice(), [_, _, JobUpdate { news: News::Slim(_), .. }]));
    let Some(JobUpdate { news: News::Slim(packed), .. }) = answer.jobs.last_mut() else { unreachable!() };
    packed.0.truncate(20);
    assert!(phone.answer(request.id, answer).contains(&Output::SyncAgain));
    assert_eq!(phone.note_of(1, "accept").as_deref(), Some("二"), "what did unpack is here");
    let again = phone.request();
    assert_eq!((again.slim, again.heads.is_some()), (0, true));
    let answer = office.handle(phone.device, &again);
    assert!(matches!(answer.jobs[0].news, News::Changes(_)));
    phone.answer(again.id, answer);
    assert_eq!(phone.note_of(1, "accept").as_deref(), Some("三"));
    assert_eq!(phone.replica().digest(), office.digest_of(phone.device));
}
