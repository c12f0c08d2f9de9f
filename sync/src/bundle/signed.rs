//! The record that the log makes, and what customers signed in it: the sheet is made again as it stood at the heads that a signature
//! names, and its hash compared.

use super::line::{
    BackupLine, ChangeLine, ConsentLine, HandBackLine, Header, Line, PhotoLine, SignOffLine, TakeBackLine,
};
use super::log::Log;
use super::read::Place;
use super::verify::Verifier;
use super::{LISTED_MAX, Misfit, SIGN_OFFS_MAX};
use crate::record::{Record, unwinding};
use schema::backup::text_hash;
use schema::binary::Hash;
use schema::id::{EntryId, LinkId};
use schema::price::quote_hash;
use schema::record::{JobRecord, Photo};
use schema::sheet::{Change, Sheet, changed_after, sheet, signed_sheet};
use schema::template::Template;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The record, and the lines that it asks for.
pub(super) struct Signed {
    pub(super) view: JobRecord,
    pub(super) conflicts: usize,
    pub(super) entries: Entries,
    /// By sign-off that covers a sheet: how much of it is not as it was signed, and the first of that.
    pub(super) changed: BTreeMap<EntryId, (usize, Vec<Change>)>,
    expected: VecDeque<Line>,
    /// Links that an entry names, and where.
    links: Vec<(LinkId, Place)>,
}

/// What a record holds that a bundle says in lines of their own.
pub(super) struct Entries {
    pub(super) consents: Vec<ConsentLine>,
    pub(super) backups: Vec<BackupLine>,
    pub(super) take_backs: Vec<TakeBackLine>,
    pub(super) hand_backs: Vec<HandBackLine>,
    pub(super) sign_offs: Vec<SignOffLine>,
    pub(super) photos: Vec<PhotoLine>,
}

/// The lines on consents, backup consents, take-backs and their ends, sign-offs and photos that a bundle with these changes must have, in order; or what is wrong with the changes.
pub fn entry_lines(changes: &[ChangeLine], view: &JobRecord) -> Result<Vec<Line>, String> {
    let mut log = Log::default();
    for change in changes {
        let pos = change.pos;
        log.push(change.clone(), &Place::default()).map_err(|misfit| format!("change {pos}: {}", misfit.en))?;
    }
    Ok(Entries::of(view, &log)?.lines().collect())
}

impl Entries {
    fn of(view: &JobRecord, log: &Log) -> Result<Self, String> {
        let writer = |map: &str, id: &EntryId| {
            log.writer(map, id.as_str()).map(|entry| entry.line.hash).ok_or_else(|| format!("nobody wrote {map}/{id}"))
        };
        let consent = |(id, consent)| Ok(ConsentLine::of(id, writer("consents", id)?, consent));
        let backup = |(id, backup)| Ok(BackupLine::of(id, writer("backup_consents", id)?, backup));
        let take_back = |(id, receipt)| Ok(TakeBackLine::of(id, writer("take_backs", id)?, receipt));
        let hand_back = |(id, end)| Ok(HandBackLine::of(id, writer("hand_backs", id)?, end));
        let sign_off = |(id, sign_off)| Ok(SignOffLine::of(id, writer("sign_offs", id)?, sign_off));
        let photo = |(sha256, photo): (&String, &Photo)| Some(PhotoLine::of(sha256.parse().ok()?, photo));
        Ok(Self {
            consents: view.consents.iter().map(consent).collect::<Result<_, String>>()?,
            backups: view.backup_consents.iter().map(backup).collect::<Result<_, String>>()?,
            take_backs: view.take_backs.iter().map(take_back).collect::<Result<_, String>>()?,
            hand_backs: view.hand_backs.iter().map(hand_back).collect::<Result<_, String>>()?,
            sign_offs: view.sign_offs.iter().map(sign_off).collect::<Result<_, String>>()?,
            photos: view.photos.iter().filter_map(photo).collect(),
        })
    }

    fn lines(&self) -> impl Iterator<Item = Line> {
        let consents = self.consents.iter().cloned().map(Line::Consent);
        let backups = self.backups.iter().cloned().map(|line| Line::Backup(Box::new(line)));
        let sign_offs = self.sign_offs.iter().cloned().map(Line::SignOff);
        let take_backs = self.take_backs.iter().cloned().map(|line| Line::TakeBack(Box::new(line)));
        let hand_backs = self.hand_backs.iter().cloned().map(|line| Line::HandBack(Box::new(line)));
        let taken = take_backs.chain(hand_backs);
        consents.chain(backups).chain(taken).chain(sign_offs).chain(self.photos.iter().cloned().map(Line::Photo))
    }
}

impl Signed {
    /// Makes the record again from the whole log.
    pub(super) fn read(from: &Verifier) -> Result<Self, Misfit> {
        let (Some((header, head)), Some((template, template_place))) = (&from.header, &from.template) else {
            return Err(Place::default().line("缺少首行", "the header is missing"));
        };
        if u64::try_from(from.log.entries.len()) != Ok(header.changes) {
            return Err(head.field("changes", "日志里的改动数不符", "the log does not hold that many changes"));
        }
        if from.log.heads() != header.heads {
            return Err(head.field("heads", "日志末端的哈希与此不符", "the log does not end in these heads"));
        }
        let unmade = |why: String| {
            head.field("changes", format!("日志无法还原成工单记录：{why}"), format!("the log makes no record: {why}"))
        };
        let made = unwinding(|| Self::make(header, &template.template, &from.log)).and_then(|made| made);
        let signed = made.map_err(unmade)?;
        let meta = &signed.view.meta;
        if meta.job != header.job {
            return Err(head.field("job", "与记录中的工单不同", "the record is another job's"));
        }
        if meta.number != header.number {
            return Err(head.field("number", "与记录中的工单号不同", "the record has another number"));
        }
        if (meta.template.as_str(), meta.template_version) != (template.template.id.as_str(), template.template.version)
        {
            let en = "the record names another template or version";
            return Err(template_place.field("template", "与记录所用的模板或版本不同", en));
        }
        Ok(signed)
    }

    fn make(header: &Header, template: &Template, log: &Log) -> Result<Self, String> {
        let mut record = Record::new();
        record.apply_trusted(&log.bytes()).map_err(|error| error.to_string())?;
        if record.heads() != header.heads {
            return Err("its heads are others".to_owned());
        }
        let view = record.read().map_err(|error| error.to_string())?;
        if view.sign_offs.len() > SIGN_OFFS_MAX {
            return Err("there are more sign-offs than a record may have".to_owned());
        }
        let entries = Entries::of(&view, log)?;
        let now = sheet(&view, template);
        let changed = |line: &SignOffLine| {
            let mut changed = changed_after(&covered_sheet(&record, template, line)?, &now);
            let count = changed.len();
            changed.truncate(LISTED_MAX);
            Some((line.id.clone(), (count, changed)))
        };
        Ok(Self {
            conflicts: record.conflicts().len(),
            expected: entries.lines().collect(),
            changed: entries.sign_offs.iter().filter_map(changed).collect(),
            links: Vec::new(),
            view,
            entries,
        })
    }

    /// A consent, a sign-off or a photo: what the record says of it, to the letter.
    pub(super) fn take(&mut self, line: &Line, place: Place) -> Result<(), Misfit> {
        let Some(expected) = self.expected.pop_front() else {
            return Err(place.line("记录里没有这一项", "the record holds no such thing"));
        };
        let (zh, en) = ("与由日志还原的记录不符", "the record that the log makes says otherwise");
        if let Some(misfit) = place.differs(&expected, zh, en) {
            return Err(misfit);
        }
        match line {
            Line::Consent(consent) => {
                let fits =
                    self.view.quotes.get(&consent.quote).is_some_and(|quote| quote_hash(quote) == consent.quote_hash);
                if !fits {
                    let en = "the consent does not fit its quote";
                    return Err(place.field("quote_hash", "客户认可的报价与记录中的报价不符", en));
                }
                self.links.extend(consent.link.map(|link| (link, place)));
            }
            Line::Backup(backup) => {
                if text_hash(&backup.text) != backup.text_hash {
                    let en = "this is not the hash of the words above";
                    return Err(place.field("text_hash", "与所签文字算出的哈希值不符", en));
                }
                let signed = self.view.backup_consents.get(&backup.id).zip(self.view.quotes.get(&backup.quote));
                if !signed.is_some_and(|(signed, quote)| self.view.backup_fits(signed, quote)) {
                    let en = "these are not the words that the quote's work asks for";
                    return Err(place.field("text", "所签文字与报价中的操作不符", en));
                }
                self.links.extend(backup.link.map(|link| (link, place)));
            }
            Line::TakeBack(line) => {
                let fits = self.view.take_backs.get(&line.id).is_some_and(|receipt| self.view.receipt_fits(receipt));
                check_words(fits, (&line.text, line.text_hash), &place)?;
            }
            Line::HandBack(line) => {
                let fits = self.view.hand_backs.get(&line.id).is_some_and(|end| self.view.hand_back_fits(end));
                check_words(fits, (&line.text, line.text_hash), &place)?;
            }
            Line::SignOff(sign_off) => {
                if !self.changed.contains_key(&sign_off.id) {
                    let en = "the sheet at the heads that the signature names has another hash";
                    return Err(place.field("sheet_hash", "按签字所指的版本还原的任务单，哈希值与签字所载不符", en));
                }
                self.links.extend(sign_off.link.map(|link| (link, place)));
            }
            _ => {}
        }
        Ok(())
    }

    /// Everything that the record asks for was there.
    pub(super) fn finish(&self, links: &BTreeSet<LinkId>, end: &Place) -> Result<(), Misfit> {
        if !self.expected.is_empty() {
            let en = "a consent, a receipt, a sign-off or a photo of the record is missing before this line";
            return Err(end.line("此前缺少记录中的某项认可、确认、凭证、签字或照片", en));
        }
        match self.links.iter().find(|(link, _)| !links.contains(link)) {
            Some((_, place)) => Err(place.field("link", "没有列出所用的链接", "the link that was used is not listed")),
            None => Ok(()),
        }
    }
}

/// What was signed is what its entry has to say, and the hash is that of the words.
fn check_words(fits: bool, (text, hash): (&str, Hash), place: &Place) -> Result<(), Misfit> {
    if text_hash(text) != hash {
        return Err(place.field("text_hash", "与所签文字算出的哈希值不符", "this is not the hash of the words above"));
    }
    let en = "these are not the words that the entry has to say";
    if fits { Ok(()) } else { Err(place.field("text", "所签文字与记录所载内容不符", en)) }
}

/// The sheet that the signature covers; None where it covers nothing that this record ever was.
fn covered_sheet(record: &Record, template: &Template, line: &SignOffLine) -> Option<Sheet> {
    signed_sheet(&record.read_at(&line.covers).ok()?, template, line.sheet_hash)
}
