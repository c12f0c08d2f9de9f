//! What happens to phones and company now and then, beside what happens to bytes.

use super::fault::Fault;
use super::world::{Event, World};
use schema::rows::sessions::SessionEnd;
use schema::time::{MINUTE, SECOND};
use server::domain::devices;

impl World {
    pub fn mishap(&mut self) {
        self.steps += 1;
        if self.is_healing {
            return;
        }
        let delay = self.network.between(5 * MINUTE, 20 * MINUTE);
        self.after(delay, Event::Mishap);
        let phone = self.network.below(self.phones.len());
        for fault in Fault::ALL {
            // Each has its own stream, so asking all of them changes nothing for the others.
            if is_mishap(*fault) && self.sky.borrow_mut().strikes(*fault) {
                self.befall(*fault, phone);
            }
        }
        if self.network.percent(30) && !self.house.is_down() {
            self.house.back_up();
        }
        if self.network.percent(20) {
            self.phones[phone].image = Some(self.phones[phone].disk.copy());
        }
    }

    fn befall(&mut self, fault: Fault, phone: usize) {
        self.note(|| format!("{} (phone {phone})", fault.name()));
        let now = self.now;
        match fault {
            Fault::ServerRestored => self.restore_server(),
            Fault::ImageRestored => self.restore_image(phone),
            Fault::DeviceRevoked => self.revoke(phone),
            Fault::SessionEnded => {
                let session = self.phones[phone].replica().and_then(|replica| replica.session()).cloned();
                if let Some(session) = session.filter(|_| !self.house.is_down()) {
                    self.house.arrange(|conn| {
                        Ok(server::db::sessions::end_session(conn, session.id, now, SessionEnd::Revoked)?)
                    });
                }
            }
            Fault::PricesChanged if !self.house.is_down() => {
                let round = u64::from(self.steps);
                let published = self.staff.publish_prices(&self.house, now, round);
                self.judge("office publishes prices", Some(published));
            }
            Fault::TemplateChanged if !self.house.is_down() => {
                let published = self.staff.publish_checklist(&self.house, now, self.steps);
                self.judge("office publishes a checklist", published);
            }
            Fault::ClockJumped => self.phones[phone].jump(),
            Fault::DiskFull => {
                let is_full = !self.phones[phone].is_full;
                self.phones[phone].set_full(is_full);
            }
            Fault::OldProtocol => self.phones[phone].is_old ^= true,
            Fault::SecondTab => self.look_twice(phone),
            Fault::OtherRelease => self.house.change_release(),
            _ => {}
        }
    }

    fn restore_server(&mut self) {
        self.serving.clear();
        if let Err(wrong) = self.ledger.note_numbers(&self.house) {
            self.blame(wrong);
        }
        if self.house.restore() {
            self.note(|| "server has what the backup had".to_owned());
            self.ledger.unmake();
            self.phones.iter_mut().for_each(|phone| phone.may_drift = true);
        }
    }

    fn restore_image(&mut self, phone: usize) {
        let Some(image) = self.phones[phone].image.clone() else { return };
        self.phones[phone].put_image(&image);
        self.note(|| format!("phone {phone} has what its image had"));
        if self.phones[phone].start(self.now).is_ok() {
            self.ledger.drop_missing(phone, &self.phones[phone]);
        }
        self.after(MINUTE, Event::Wake(phone));
    }

    /// The phone is lost; its technician gets another.
    fn revoke(&mut self, phone: usize) {
        let device = self.phones[phone].replica().and_then(|replica| replica.identity()).map(|held| held.device);
        let Some(device) = device.filter(|_| !self.house.is_down() && self.phones.len() < 6) else { return };
        let (caller, now) = (self.staff.dispatcher.clone(), self.now);
        let revoked = self.house.command(|conn| devices::revoke(conn, &caller, device, now));
        let done = matches!(revoked, Some(Ok(())));
        self.judge("office revokes a device", revoked);
        let person = self.phones[phone].hand.person;
        let hand = self.staff.hands.iter().position(|hand| hand.person == person);
        if let Some(hand) = hand.filter(|_| done) {
            self.phones[phone].may_drift = true;
            self.add_phone(hand);
            let new = self.phones.len() - 1;
            self.after(SECOND, Event::Wake(new));
            self.after(MINUTE, Event::Tap(new));
        }
    }

    /// A second tab may not write; what it reads is what the first one knows.
    fn look_twice(&mut self, phone: usize) {
        if self.phones[phone].in_doubt {
            return;
        }
        let Some((digest, unsent)) = self.phones[phone].replica().map(|replica| (replica.digest(), replica.unsent()))
        else {
            return;
        };
        match self.phones[phone].second_look() {
            Ok(second) if (second.digest(), second.unsent()) == (digest, unsent) => {}
            Ok(_) => self.blame(format!("phone {phone} knows otherwise than its disk")),
            Err(error) => self.blame(format!("phone {phone} has a disk that does not read: {error}")),
        }
    }
}

fn is_mishap(fault: Fault) -> bool {
    matches!(
        fault,
        Fault::ServerRestored
            | Fault::ImageRestored
            | Fault::DeviceRevoked
            | Fault::SessionEnded
            | Fault::PricesChanged
            | Fault::TemplateChanged
            | Fault::ClockJumped
            | Fault::DiskFull
            | Fault::OldProtocol
            | Fault::SecondTab
            | Fault::OtherRelease
    )
}
