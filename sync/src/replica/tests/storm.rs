//! Whatever happens between two phones and the office, in the end all agree and nothing that was written is lost.

use super::*;
use proptest::prelude::*;
use schema::binary::Hash;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
enum Event {
    Edit {
        phone: usize,
        job: u128,
        step: usize,
    },
    Forbidden {
        phone: usize,
        job: u128,
    },
    OfficeEdit {
        job: u128,
        step: usize,
    },
    Sync {
        phone: usize,
    },
    /// The office took the request; its answer never arrives.
    LoseAnswer {
        phone: usize,
    },
    /// The phone's technician writes between request and answer, which then comes twice.
    SlowAnswer {
        phone: usize,
        job: u128,
    },
    /// A request sets out; whether and when it arrives is for the events after it.
    Ask {
        phone: usize,
    },
    /// One of the requests on their way arrives, the newest first; it may arrive once more. Its answer sets out.
    Arrive {
        back: usize,
        again: bool,
    },
    /// One of the answers on their way is heard, the newest first; it may be heard once more.
    Hear {
        back: usize,
        again: bool,
    },
    Crash {
        phone: usize,
        kept: usize,
    },
    Compact {
        phone: usize,
    },
    Move {
        job: u128,
    },
    BackUp,
    Restore,
    /// The office goes to another release, from before or after packed changes.
    OtherRelease,
    /// A phone is lost: what it still sends goes to quarantine.
    RevokeDevice {
        phone: usize,
    },
}

const STEPS: [&str; 3] = ["accept", "diagnose", "repair"];
const JOBS: u128 = 3;

fn event() -> impl Strategy<Value = Event> {
    let (phone, job, step) = (0usize..2, 1..=JOBS, 0usize..3);
    prop_oneof![
        6 => (phone.clone(), job.clone(), step.clone()).prop_map(|(phone, job, step)| Event::Edit { phone, job, step }),
        2 => (phone.clone(), job.clone()).prop_map(|(phone, job)| Event::Forbidden { phone, job }),
        2 => (job.clone(), step).prop_map(|(job, step)| Event::OfficeEdit { job, step }),
        3 => phone.clone().prop_map(|phone| Event::Sync { phone }),
        2 => phone.clone().prop_map(|phone| Event::LoseAnswer { phone }),
        2 => (phone.clone(), job.clone()).prop_map(|(phone, job)| Event::SlowAnswer { phone, job }),
        2 => (phone.clone(), 0usize..300).prop_map(|(phone, kept)| Event::Crash { phone, kept }),
        3 => phone.clone().prop_map(|phone| Event::Ask { phone }),
        3 => (0usize..3, any::<bool>()).prop_map(|(back, again)| Event::Arrive { back, again }),
        3 => (0usize..3, any::<bool>()).prop_map(|(back, again)| Event::Hear { back, again }),
        1 => phone.clone().prop_map(|phone| Event::Compact { phone }),
        2 => job.prop_map(|job| Event::Move { job }),
        1 => Just(Event::BackUp),
        1 => Just(Event::Restore),
        1 => Just(Event::OtherRelease),
        1 => phone.prop_map(|phone| Event::RevokeDevice { phone }),
    ]
}

struct Storm {
    office: Office,
    phones: Vec<Phone>,
    backup: office::Backup,
    /// Every change that a phone acknowledged to its technician. No two have the same number of one actor.
    written: BTreeMap<(JobId, Actor, u64), Hash>,
    requests: Vec<(usize, SyncRequest)>,
    answers: Vec<(usize, RequestId, SyncResponse)>,
    texts: u32,
}

/// The newest but `back`; it stays where it may come again.
fn pick<T: Clone>(on_their_way: &mut Vec<T>, back: usize, again: bool) -> Option<T> {
    let place = on_their_way.len().checked_sub(back + 1)?;
    Some(if again { on_their_way[place].clone() } else { on_their_way.remove(place) })
}

impl Storm {
    fn new(resets: bool) -> Self {
        let mut office = Office::new(2);
        office.resets = resets;
        let mut phones: Vec<Phone> = (1..=2).map(|number| Phone::new(number, &mut office)).collect();
        for number in 1..=JOBS {
            office.open_job(job(number));
            office.grant(job(number), phones[0].device);
            office.grant(job(number), phones[1].device);
        }
        phones.iter_mut().for_each(|phone| {
            phone.sync(&mut office);
        });
        let backup = office.back_up();
        let (written, requests, answers) = Default::default();
        Self { office, phones, backup, written, requests, answers, texts: 0 }
    }

    fn text(&mut self) -> String {
        self.texts += 1;
        format!("第{}条", self.texts)
    }

    fn edit(&mut self, phone: usize, number: u128, edit: Edit) {
        let phone = &mut self.phones[phone];
        match phone.edit(number, edit) {
            Ok(_) => {
                let own = phone.replica().held(job(number)).unwrap().unsent.last().unwrap().0;
                let same = self.written.insert((job(number), own.actor, own.seq), own.hash);
                assert_eq!(same, None, "a number was given out twice");
            }
            Err(HandsetError::Replica(
                ReplicaError::Gone(_) | ReplicaError::NotHeld(_) | ReplicaError::Write(WriteError::Nothing),
            )) => {}
            Err(error) => panic!("{error}"),
        }
    }

    fn run(&mut self, event: &Event) {
        match *event {
            Event::Edit { phone, job, step } => {
                let text = self.text();
                self.edit(phone, job, note(STEPS[step], &text));
            }
            Event::Forbidden { phone, job } => self.edit(phone, job, note("testing", FORBIDDEN)),
            Event::OfficeEdit { job: number, step } => {
                let text = self.text();
                self.office.write(job(number), &[note(STEPS[step], &text)]);
            }
            Event::Sync { phone } => {
                self.phones[phone].round_trip(&mut self.office);
            }
            Event::LoseAnswer { phone } => {
                let request = self.phones[phone].request();
                if !self.office.refuses(&request) {
                    self.office.handle(self.phones[phone].device, &request);
                }
            }
            Event::SlowAnswer { phone, job } => {
                let request = self.phones[phone].request();
                if self.office.refuses(&request) {
                    return drop(self.phones[phone].send(&mut self.office, &request));
                }
                let answer = self.office.handle(self.phones[phone].device, &request);
                let text = self.text();
                self.edit(phone, job, note("accept", &text));
                self.phones[phone].answer(request.id, answer.clone());
                self.phones[phone].answer(request.id, answer);
            }
            Event::Ask { phone } => {
                let request = self.phones[phone].request();
                self.requests.push((phone, request));
            }
            Event::Arrive { back, again } => {
                let Some((phone, request)) = pick(&mut self.requests, back, again) else { return };
                if self.office.refuses(&request) {
                    return;
                }
                let answer = self.office.handle(self.phones[phone].device, &request);
                self.answers.push((phone, request.id, answer));
            }
            Event::Hear { back, again } => {
                let Some((phone, id, answer)) = pick(&mut self.answers, back, again) else { return };
                self.phones[phone].answer(id, answer);
            }
            Event::Crash { phone, kept } => {
                self.phones[phone].disk.lose_power(kept);
                self.phones[phone].reopen();
            }
            Event::Compact { phone } => self.phones[phone].handset.compact().unwrap(),
            Event::Move { job: number } => {
                let device = self.phones[0].device;
                if self.office.jobs_of(device).contains(&job(number)) {
                    self.office.revoke(job(number), device);
                } else {
                    self.office.grant(job(number), device);
                }
            }
            Event::BackUp => self.backup = self.office.back_up(),
            Event::Restore => self.office.restore(&self.backup),
            Event::OtherRelease => self.office.slim = !self.office.slim,
            Event::RevokeDevice { phone } => {
                self.office.revoked.insert(self.phones[phone].device);
            }
        }
    }

    /// Both phones sync until nothing moves any more.
    fn heal(&mut self) {
        for _ in 0..4 {
            for phone in &mut self.phones {
                phone.sync(&mut self.office);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn after_any_storm_phones_and_office_agree_and_every_change_is_accounted_for(resets: bool, events in prop::collection::vec(event(), 1..40)) {
        let mut storm = Storm::new(resets);
        events.iter().for_each(|event| storm.run(event));
        storm.heal();
        for phone in &storm.phones {
            prop_assert_eq!(phone.replica().unsent(), 0);
            if !storm.office.revoked.contains(&phone.device) {
                prop_assert_eq!(phone.replica().digest(), storm.office.digest_of(phone.device));
            }
            let reopened = Replica::open(&phone.replica().compacted()).unwrap();
            prop_assert_eq!(reopened.digest(), phone.replica().digest());
            prop_assert_eq!(reopened.compacted(), phone.replica().compacted());
        }
        for hash in storm.written.values() {
            let held = storm.office.records.values().any(|record| record.has(*hash));
            prop_assert!(held || storm.office.quarantine.contains(hash), "{} is lost", hash);
        }
    }
}
