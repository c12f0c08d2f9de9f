//! Verifying a bundle line by line: form, order, signatures over pushes, receipts, leases, the log; then, once the log is whole, the
//! record that it makes ([`super::signed`]).

use super::line::*;
use super::log::Log;
use super::read::{Found, Lines, Place};
use super::report::{self, Report};
use super::signed::Signed;
use super::{FORMAT, Failure, LINES_MAX, Misfit, PUSHED_MAX, end_message};
use crate::seal;
use schema::binary::{Actor, Hash, PublicKey};
use schema::id::{DeviceId, LinkId, PersonId, PushId};
use schema::published_key::PublishedKey;
use schema::time::Timestamp;
use schema::wire::{push_leaf, push_message, receipt_message};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::BufRead;

/// A server's key as the reader of a bundle knows it from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trusted {
    pub key: PublicKey,
    /// When it was retired: what it closes later is not the server's.
    pub until: Option<Timestamp>,
}

impl From<PublicKey> for Trusted {
    fn from(key: PublicKey) -> Self {
        Self { key, until: None }
    }
}

impl From<PublishedKey> for Trusted {
    fn from(published: PublishedKey) -> Self {
        Self { key: published.key, until: published.until }
    }
}

/// Reads the whole bundle and answers what it holds; or the first thing that does not fit. `trusted` are the server's keys as the
/// reader knows them from elsewhere; without any the file only vouches for itself.
pub fn verify(input: impl BufRead, trusted: impl IntoIterator<Item = Trusted>) -> Result<Report, Failure> {
    let mut lines = Lines::new(input);
    let mut verifier = Verifier { trusted: trusted.into_iter().collect(), ..Verifier::default() };
    while let Some(mut found) = lines.next()? {
        let (begins, changed) = (found.place.offset, found.changed.take());
        match (verifier.take(found), changed) {
            // What does not fit further up may well fit once this line is as it was.
            (Err(misfit), Some(changed)) if misfit.offset < begins => return Err(changed.into()),
            (Err(misfit), _) | (Ok(()), Some(misfit)) => return Err(misfit.into()),
            (Ok(()), None) => {}
        }
    }
    let (zh, en) = match lines.number {
        0 => ("文件是空的", "the file is empty"),
        _ => ("文件在此结束，缺少结尾行", "the file ends here: the closing line is missing"),
    };
    match verifier.report {
        Some(report) => Ok(report),
        None => {
            Err(Misfit { offset: lines.offset, line: lines.number + 1, field: None, zh: zh.into(), en: en.into() }
                .into())
        }
    }
}

/// What was read so far.
#[derive(Default)]
pub(super) struct Verifier {
    trusted: Vec<Trusted>,
    rank: u8,
    pub(super) header: Option<(Header, Place)>,
    pub(super) template: Option<(TemplateLine, Place)>,
    pub(super) people: BTreeMap<PersonId, PersonLine>,
    pub(super) devices: BTreeMap<DeviceId, DeviceLine>,
    leases: BTreeMap<Actor, LeaseLine>,
    pub(super) pushes: BTreeMap<PushId, Push>,
    pushed: usize,
    pub(super) log: Log,
    signed: Option<Signed>,
    links: BTreeSet<LinkId>,
    pub(super) opens: BTreeMap<LinkId, Vec<OpenLine>>,
    pub(super) refused: Vec<RefusedLine>,
    report: Option<Report>,
}

pub(super) struct Push {
    pub(super) line: PushLine,
    place: Place,
    pushed: HashSet<Hash>,
}

type Checked = Result<(), Misfit>;

impl Verifier {
    fn take(&mut self, found: Found) -> Checked {
        let Found { line, place, before, .. } = found;
        self.check_order(&line, &place)?;
        if line.rank() > 6 && self.signed.is_none() {
            self.signed = Some(Signed::read(self)?);
        }
        match line {
            Line::Bundle(header) => self.take_header(header, place)?,
            Line::Template(template) => self.template = Some((template, place)),
            Line::Person(person) => self.take_person(person, &place)?,
            Line::Device(device) => self.take_device(device, &place)?,
            Line::Lease(lease) => self.take_lease(lease, &place)?,
            Line::Push(push) => self.take_push(*push, place)?,
            Line::Change(change) => self.take_change(change, &place)?,
            line @ (Line::Consent(_)
            | Line::Backup(_)
            | Line::TakeBack(_)
            | Line::HandBack(_)
            | Line::SignOff(_)
            | Line::Photo(_)) => self.take_entry(&line, place)?,
            Line::Link(link) => self.take_link(&link, &place)?,
            Line::Open(open) => self.take_open(open, &place)?,
            Line::Refused(refused) => self.take_refused(refused, &place)?,
            Line::End(end) => self.take_end(&end, &place, before)?,
        }
        Ok(())
    }

    fn check_order(&mut self, line: &Line, place: &Place) -> Checked {
        let rank = line.rank();
        if self.report.is_some() {
            return Err(place.line("结尾行之后不应再有内容", "nothing may follow the closing line"));
        }
        if place.number > LINES_MAX {
            return Err(place.line("行数超出上限", "there are more lines than a bundle may have"));
        }
        let expected_first = if place.number <= 2 { Some(place.number - 1) } else { None };
        let is_alone = rank < 2 && place.number > 2;
        if expected_first.is_some_and(|first| u64::from(rank) != first) || is_alone || rank < self.rank {
            let (zh, en) = ("这种行不应出现在这里", "a line of this kind does not belong here");
            return Err(place.field("line", zh, en));
        }
        self.rank = rank;
        Ok(())
    }

    fn take_header(&mut self, header: Header, place: Place) -> Checked {
        if header.format != FORMAT {
            let zh = format!("不认识的格式版本 {}", header.format);
            return Err(place.field("format", zh, format!("format {} is not known here", header.format)));
        }
        if header.server_keys.is_empty() {
            return Err(place.field("server_keys", "没有服务器公钥", "there is no key of the server"));
        }
        self.header = Some((header, place));
        Ok(())
    }

    fn is_server_key(&self, key: PublicKey) -> bool {
        self.header.as_ref().is_some_and(|(header, _)| header.server_keys.iter().any(|known| known.key == key))
    }

    fn take_person(&mut self, person: PersonLine, place: &Place) -> Checked {
        match self.people.insert(person.id, person) {
            None => Ok(()),
            Some(_) => Err(place.field("id", "此人出现两次", "this person stands here twice")),
        }
    }

    fn take_device(&mut self, device: DeviceLine, place: &Place) -> Checked {
        if !self.people.contains_key(&device.person) {
            return Err(place.field("person", "前面没有列出此人", "this person is not listed"));
        }
        match self.devices.insert(device.id, device) {
            None => Ok(()),
            Some(_) => Err(place.field("id", "此设备出现两次", "this device stands here twice")),
        }
    }

    fn take_lease(&mut self, lease: LeaseLine, place: &Place) -> Checked {
        if !self.devices.contains_key(&lease.device) {
            return Err(place.field("device", "前面没有列出此设备", "this device is not listed"));
        }
        match self.leases.insert(lease.actor, lease) {
            None => Ok(()),
            Some(_) => Err(place.field("actor", "此写入者已租给别的设备", "this actor is leased already")),
        }
    }

    fn take_push(&mut self, push: PushLine, place: Place) -> Checked {
        let Some((header, _)) = &self.header else { return Ok(()) };
        let job = header.job;
        let Some(device) = self.devices.get(&push.device) else {
            return Err(place.field("device", "前面没有列出此设备", "this device is not listed"));
        };
        if !push.leaves.contains(&push_leaf(job, &push.pushed)) {
            let en = "no leaf that the device signed is made of these changes";
            return Err(place.field("pushed", "设备签过的各叶哈希中，没有一个由这些改动算出", en));
        }
        let message = push_message(push.device, push.request, &push.leaves);
        if !seal::verify(device.key, &message, push.signature) {
            return Err(place.field("signature", "设备签名不符", "the device's signature does not fit"));
        }
        if !self.is_server_key(push.receipt_key) {
            return Err(place.field("receipt_key", "首行没有列出此公钥", "the header does not list this key"));
        }
        let message = receipt_message(push.id, push.received_at, &push.leaves);
        if !seal::verify(push.receipt_key, &message, push.receipt) {
            return Err(place.field("receipt", "服务器回执的签名不符", "the server's receipt does not fit"));
        }
        self.pushed = self.pushed.saturating_add(push.pushed.len()).saturating_add(push.leaves.len());
        if self.pushed > PUSHED_MAX {
            return Err(place.field(
                "pushed",
                "推送内容超出上限",
                "there are more pushed changes than a bundle may have",
            ));
        }
        let (id, pushed) = (push.id, push.pushed.iter().copied().collect());
        match self.pushes.insert(id, Push { line: push, place: place.clone(), pushed }) {
            None => Ok(()),
            Some(_) => Err(place.field("id", "此推送出现两次", "this push stands here twice")),
        }
    }

    fn take_change(&mut self, change: ChangeLine, place: &Place) -> Checked {
        if change.person.is_some_and(|person| !self.people.contains_key(&person)) {
            return Err(place.field("person", "前面没有列出此人", "this person is not listed"));
        }
        match (change.device, change.push) {
            (Some(device), Some(push)) => self.check_pushed(&change, device, push, place)?,
            (None, None) if self.leases.contains_key(&change.actor) => {
                let en = "this actor is leased to a device, and no device signed the change";
                return Err(place.field("actor", "此写入者属于某台设备，但这条改动没有设备签名", en));
            }
            (None, None) => {}
            (None, Some(_)) => return Err(place.field("device", "有推送而没有设备", "there is a push and no device")),
            (Some(_), None) => return Err(place.field("push", "有设备而没有推送", "there is a device and no push")),
        }
        self.log.push(change, place)
    }

    /// A device's change: signed by it, held by the server since, under an actor that is leased to it.
    fn check_pushed(&self, change: &ChangeLine, device: DeviceId, push: PushId, place: &Place) -> Checked {
        let Some(push) = self.pushes.get(&push) else {
            return Err(place.field("push", "前面没有列出此推送", "this push is not listed"));
        };
        if push.line.device != device {
            return Err(place.field("device", "该推送来自另一台设备", "the push came from another device"));
        }
        let owner = self.devices.get(&device).map(|device| device.person);
        if change.person != owner {
            return Err(place.field("person", "该设备属于另一人", "the device is another person's"));
        }
        if push.line.received_at != change.received_at {
            return Err(place.field("received_at", "与推送的收到时间不同", "the push was received at another time"));
        }
        if !push.pushed.contains(&change.hash) {
            return Err(place.field(
                "hash",
                "设备签过的推送里没有这条改动",
                "the device signed no such change in this push",
            ));
        }
        match self.leases.get(&change.actor) {
            Some(lease) if lease.device == device => Ok(()),
            Some(_) => Err(place.field("actor", "此写入者租给了另一台设备", "this actor is leased to another device")),
            None => Err(place.field("actor", "此写入者没有租给任何设备", "this actor is leased to no device")),
        }
    }

    fn take_entry(&mut self, line: &Line, place: Place) -> Checked {
        match &mut self.signed {
            Some(signed) => signed.take(line, place),
            None => Ok(()),
        }
    }

    fn take_link(&mut self, link: &LinkLine, place: &Place) -> Checked {
        if !self.people.contains_key(&link.created_by) {
            return Err(place.field("created_by", "前面没有列出此人", "this person is not listed"));
        }
        if self.links.insert(link.id) {
            Ok(())
        } else {
            Err(place.field("id", "此链接出现两次", "this link stands here twice"))
        }
    }

    fn take_open(&mut self, open: OpenLine, place: &Place) -> Checked {
        if !self.links.contains(&open.link) {
            return Err(place.field("link", "前面没有列出此链接", "this link is not listed"));
        }
        self.opens.entry(open.link).or_default().push(open);
        Ok(())
    }

    fn take_refused(&mut self, refused: RefusedLine, place: &Place) -> Checked {
        if !self.devices.contains_key(&refused.device) {
            return Err(place.field("device", "前面没有列出此设备", "this device is not listed"));
        }
        if refused.salvaged_as.is_some_and(|hash| self.log.find(hash).is_none()) {
            let en = "what was saved of it is not in the log";
            return Err(place.field("salvaged_as", "日志里没有抢救出来的那条改动", en));
        }
        self.pushed = self.pushed.saturating_add(refused.held.len());
        if self.pushed > PUSHED_MAX {
            let en = "there are more refused changes than a bundle may have";
            return Err(place.field("held", "拒收内容超出上限", en));
        }
        self.refused.push(refused);
        Ok(())
    }

    /// Whatever a device signed, and the server signed for, is in the log or was refused.
    fn check_nothing_left_out(&self) -> Checked {
        for push in self.pushes.values() {
            let of_device = || self.refused.iter().filter(|refused| refused.device == push.line.device);
            let first: HashSet<Hash> = of_device().map(|refused| refused.first_hash).collect();
            let held: HashSet<Hash> = of_device().flat_map(|refused| refused.held.iter().copied()).collect();
            // What an entry holds that does not say so can be anything that came after its first change. One that says so excuses no more
            // than it holds: after a refusal other actors of the same push were taken over, and must be here.
            let says_nothing: HashSet<Hash> =
                of_device().filter(|refused| refused.held.is_empty()).map(|refused| refused.first_hash).collect();
            let mut after_refusal = false;
            for hash in &push.line.pushed {
                after_refusal |= says_nothing.contains(hash);
                let is_refused = after_refusal || first.contains(hash) || held.contains(hash);
                if !is_refused && self.log.find(*hash).is_none() {
                    let en = "the device signed a change that is neither in the log nor refused";
                    return Err(push.place.field("pushed", "设备签过的改动，既不在日志里，也没有被拒收的记录", en));
                }
            }
        }
        Ok(())
    }

    fn check_trusted(&self, key: PublicKey, place: &Place) -> Checked {
        if self.trusted.is_empty() {
            return Ok(());
        }
        let Some(trusted) = self.trusted.iter().find(|trusted| trusted.key == key) else {
            let en = "the closing key is none of those that you trust";
            return Err(place.field("key", "结尾所用公钥不在您指定信任的公钥之中", en));
        };
        let exported_at = self.header.as_ref().map(|(header, _)| header.exported_at);
        if trusted.until.zip(exported_at).is_some_and(|(until, exported_at)| exported_at > until) {
            let en = "the closing key had been retired when the bundle was exported";
            return Err(place.field("key", "导出此文件时，结尾所用公钥已经停用", en));
        }
        Ok(())
    }

    fn take_end(&mut self, end: &EndLine, place: &Place, before: Hash) -> Checked {
        if end.lines != place.number - 1 {
            return Err(place.field("lines", "行数不符", "there are not that many lines before this one"));
        }
        if end.sha256 != before {
            return Err(place.field("sha256", "与前文算出的哈希值不符", "this is not the hash of what stands before"));
        }
        if !self.is_server_key(end.key) {
            return Err(place.field("key", "首行没有列出此公钥", "the header does not list this key"));
        }
        if !seal::verify(end.key, &end_message(end.sha256), end.signature) {
            return Err(place.field(
                "signature",
                "服务器的结尾签名不符",
                "the server's closing signature does not fit",
            ));
        }
        self.check_trusted(end.key, place)?;
        self.check_nothing_left_out()?;
        let Some(signed) = self.signed.take() else { return Ok(()) };
        signed.finish(&self.links, place)?;
        self.report = Some(report::report(self, signed, end, place, !self.trusted.is_empty()));
        Ok(())
    }
}
