//! What a customer's link shows: the customer's own job and no more. No internal data, no places, nobody else's phone number, and
//! the customer's own only masked, for a link can be passed on.

use crate::backup;
use crate::binary::Hash;
use crate::body::data;
use crate::delay::{DelayWord, Standing, standing};
use crate::id::EntryId;
use crate::people::{Bilingual, Language};
use crate::price;
use crate::record::{HoldKind, How, JobRecord, MarkKind, Rating, ReplyKind, SignOffKind};
use crate::sheet::{self, Sheet, SheetField, SheetQuote};
use crate::status::{Status, status};
use crate::template::{Stage, StepTemplate, Template};
use crate::time::{Timestamp, Window};
use crate::word::words;
use signing::Signing;
use std::collections::BTreeMap;

mod signing;

words! {
    /// Where the job stands, as the customer cares about it.
    Stand {
        Received = "received",
        Assigned = "assigned",
        Appointed = "appointed",
        OnTheWay = "on_the_way",
        Working = "working",
        /// Tested, and all is done that comes before a signature: the customer looks at the work and signs.
        ReadyToSign = "ready_to_sign",
        Signed = "signed",
        /// The work is done, and the customer did not want to sign for it.
        Declined = "declined",
        /// We wait for something of ours.
        WaitingForUs = "waiting_for_us",
        /// We wait for the customer.
        WaitingForYou = "waiting_for_you",
        InWorkshop = "in_workshop",
        AwaitingProof = "awaiting_proof",
        SolvedRemotely = "solved_remotely",
        Closed = "closed",
        Cancelled = "cancelled",
    }
}

impl From<Status> for Stand {
    fn from(status: Status) -> Self {
        match status {
            Status::Reported | Status::Ready | Status::Reopened => Self::Received,
            Status::Assigned | Status::Accepted => Self::Assigned,
            Status::Appointed => Self::Appointed,
            Status::EnRoute => Self::OnTheWay,
            Status::OnSite | Status::Working => Self::Working,
            Status::Tested => Self::ReadyToSign,
            Status::Signed => Self::Signed,
            Status::Closed => Self::Closed,
            Status::WaitingPart | Status::WaitingPrice => Self::WaitingForUs,
            Status::WaitingCustomer | Status::CustomerAbsent => Self::WaitingForYou,
            Status::InWorkshop => Self::InWorkshop,
            Status::AwaitingProof => Self::AwaitingProof,
            Status::SolvedRemotely => Self::SolvedRemotely,
            Status::Cancelled => Self::Cancelled,
        }
    }
}

impl Stand {
    /// A sentence for the customer.
    pub fn sentence(self) -> Bilingual {
        let (zh, en) = match self {
            Self::Received => ("已受理您的报修，正在安排。", "We have your report and are arranging a visit."),
            Self::Assigned => (
                "已安排服务工程师，上门前会与您电话联系。",
                "A technician has been assigned and will call you before the visit.",
            ),
            Self::Appointed => ("已与您约好上门时间。", "The visit is agreed with you."),
            Self::OnTheWay => ("服务工程师正在路上。", "The technician is on the way."),
            Self::Working => ("服务工程师正在为您服务。", "The technician is at work."),
            Self::ReadyToSign => {
                ("维修已完成并试机，请您验收签字。", "The work is done and tested; please look at it and sign.")
            }
            Self::Signed => ("您已验收，谢谢。", "The work has been signed off. Thank you."),
            Self::Declined => ("已完工，您未签字。", "The work is finished, and you did not sign for it."),
            Self::WaitingForUs => {
                ("我们正在备件或核价，会尽快与您联系。", "We are getting a part or a price, and will call you.")
            }
            Self::WaitingForYou => {
                ("等待您方便的时间，请与我们联系。", "We are waiting for a time that suits you; please call us.")
            }
            Self::InWorkshop => {
                ("产品已拉回维修，修好后送回。", "Your product is in our workshop and will be brought back.")
            }
            Self::AwaitingProof => ("维修已完成，待实际使用验证。", "The work is done and has yet to prove itself."),
            Self::SolvedRemotely => ("已通过电话解决，我们会回访确认。", "Solved by phone; we will call to make sure."),
            Self::Closed => ("服务已结束，谢谢。", "The job is closed. Thank you."),
            Self::Cancelled => ("报修已取消。", "The report was cancelled."),
        };
        Bilingual { zh: zh.to_owned(), en: en.to_owned() }
    }
}

data! {
    /// A job as its customer may see it.
    pub struct PublicJob {
        pub number: String,
        pub stand: Stand,
        pub stand_text: Bilingual,
        pub window: Option<Window>,
        /// The technician will be late.
        pub delay: Option<PublicDelay>,
        /// When the technician set out for the customer, and rang.
        pub departed_at: Option<Timestamp>,
        pub arrived_at: Option<Timestamp>,
        /// As one addresses them: 张师傅. Staff are known to customers no closer.
        pub technician: Option<Bilingual>,
        /// By the field's word; the phone number masked.
        pub report: BTreeMap<String, SheetField>,
        /// What the technician found.
        pub found: Option<String>,
        pub quotes: BTreeMap<EntryId, PublicQuote>,
        pub accepted: Option<EntryId>,
        /// What the accepted work can destroy, to be signed before it begins.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub backup: Option<PublicBackup>,
        /// What a signature would cover, its hash, and the heads it was made at: to be sent back with the signature.
        pub sheet: Sheet,
        pub sheet_hash: Hash,
        pub heads: Vec<Hash>,
        /// A signature for this sheet would be taken, and there is none yet.
        pub can_sign: bool,
        /// In a sentence, what the technician still has to do before the customer can sign; none where it is not that far, or all is done.
        pub before_signing: Option<Bilingual>,
        pub sign_offs: BTreeMap<EntryId, PublicSignOff>,
        /// The last rating given.
        pub rating: Option<Rating>,
        pub company_phone: String,
    }

    pub struct PublicDelay {
        /// To be sent back with the reply.
        pub id: EntryId,
        pub arrives_at: Timestamp,
        /// As the technician gave it.
        pub reason: Option<String>,
        /// Who said so, and when.
        pub by: Option<Bilingual>,
        pub at: Timestamp,
        pub word: DelayWord,
        /// When the customer answered.
        pub replied_at: Option<Timestamp>,
    }

    pub struct PublicQuote {
        #[serde(flatten)]
        pub quote: SheetQuote,
        /// To be sent back with the consent.
        pub hash: Hash,
        /// Waits for the customer's word.
        pub open: bool,
        /// The customer said no; until they accept it after all.
        pub refused: bool,
    }

    /// What is to be signed before work that can destroy data; the words are [`crate::backup::text`].
    pub struct PublicBackup {
        pub quote: EntryId,
        pub quote_hash: Hash,
        /// What will be done, in a line.
        pub work: Bilingual,
    }

    pub struct PublicSignOff {
        pub kind: SignOffKind,
        pub how: How,
        pub name: String,
        pub at: Timestamp,
        pub reason: Option<String>,
        pub rating: Option<Rating>,
        pub remarks: Option<String>,
        /// Covers the sheet as it is shown here; otherwise something was changed since.
        pub covers_this: bool,
    }
}

impl PublicJob {
    /// The offers that stand beside each other: those that can be accepted, and the one that was; in the order of [`PublicJob::offers`].
    pub fn alternatives(&self) -> impl Iterator<Item = (&EntryId, &PublicQuote)> {
        self.offers().into_iter().filter(|(id, quote)| quote.open || self.accepted.as_ref() == Some(*id))
    }

    /// All offers in the order in which they were made, as phone and desk show them: an entry's id says nothing of its time.
    pub fn offers(&self) -> Vec<(&EntryId, &PublicQuote)> {
        let mut offers: Vec<_> = self.quotes.iter().collect();
        offers.sort_by_key(|(id, quote)| (quote.quote.at, *id));
        offers
    }
}

/// What the customer's link shows of the record as it stands at `heads`.
pub fn public_job(record: &JobRecord, template: &Template, heads: &[Hash], company_phone: &str) -> PublicJob {
    let sheet = sheet::sheet(record, template);
    let sheet_hash = sheet.hash();
    let signing = signing::signing(record, template, sheet_hash);
    let stand = match Stand::from(status(record)) {
        Stand::ReadyToSign if matches!(signing, Signing::After(_)) => Stand::Working,
        Stand::Signed if record.is_unsigned() => Stand::Declined,
        stand => stand,
    };
    PublicJob {
        number: record.meta.number.clone(),
        stand,
        stand_text: stand.sentence(),
        window: record.assignment().and_then(|assignment| assignment.window),
        delay: delay(record),
        departed_at: done_at(record, template, |step| step.id == "depart"),
        arrived_at: done_at(record, template, |step| step.stage == Some(Stage::Arrival)),
        technician: record.assignment().map(|assignment| address(&assignment.technician_name)),
        report: sheet.report.clone(),
        found: sheet.cause.clone(),
        quotes: quotes(record, &sheet),
        accepted: sheet.accepted.clone(),
        backup: backup(record),
        sheet_hash,
        heads: heads.to_vec(),
        can_sign: matches!(signing, Signing::Now),
        before_signing: if let Signing::After(what) = signing { Some(what) } else { None },
        sign_offs: sign_offs(record, sheet_hash),
        rating: record.last_rating(),
        company_phone: company_phone.to_owned(),
        sheet,
    }
}

/// While the job is under way and nobody has signed for it.
fn backup(record: &JobRecord) -> Option<PublicBackup> {
    let over = !record.current_sign_offs().is_empty()
        || matches!(status(record), Status::Closed | Status::Cancelled | Status::SolvedRemotely);
    let (id, quote) = record.backup_wanted().filter(|_| !over)?;
    let work = |language| backup::work(quote, language);
    let work = Bilingual { zh: work(Language::Chinese), en: work(Language::English) };
    Some(PublicBackup { quote: id.clone(), quote_hash: price::quote_hash(quote), work })
}

fn delay(record: &JobRecord) -> Option<PublicDelay> {
    let Standing { id, delay, word, reply } = standing(record)?;
    // What the office wrote down is what the technician told it.
    let by = record.assignments.values().find(|assignment| assignment.technician == delay.by).or(record.assignment());
    let own = reply.filter(|reply| matches!(reply.kind, ReplyKind::Agreed | ReplyKind::SomeoneElse));
    Some(PublicDelay {
        id: id.clone(),
        arrives_at: delay.arrives_at,
        reason: delay.reason.clone(),
        by: by.map(|assignment| address(&assignment.technician_name)),
        at: delay.at,
        word,
        replied_at: own.map(|reply| reply.at),
    })
}

/// When a step was done.
fn done_at(record: &JobRecord, template: &Template, is: impl Fn(&StepTemplate) -> bool) -> Option<Timestamp> {
    let step = template.steps.iter().find(|step| is(step))?;
    record.mark(&step.id).filter(|mark| mark.kind == MarkKind::Done).map(|mark| mark.at)
}

/// An offer is open while the customer has not accepted it, nor a later one of the same option replaced it, nor anybody took it back, and no
/// price is awaited.
fn quotes(record: &JobRecord, sheet: &Sheet) -> BTreeMap<EntryId, PublicQuote> {
    let ended = !record.current_sign_offs().is_empty() || matches!(status(record), Status::Closed | Status::Cancelled);
    let repricing = record.lasting_holds().iter().any(|(_, hold)| hold.kind == HoldKind::Price);
    let row = |(id, shown): (&EntryId, &SheetQuote)| {
        let quote = record.quotes.get(id)?;
        let is_over = record.is_replaced(quote) || shown.withdrawn.is_some();
        let open = !ended && !repricing && !is_over && sheet.accepted.as_ref() != Some(id);
        let refused = open && record.refusals.values().any(|refusal| refusal.quote == *id);
        Some((id.clone(), PublicQuote { quote: shown.clone(), hash: price::quote_hash(quote), open, refused }))
    };
    sheet.quotes.iter().filter_map(row).collect()
}

fn sign_offs(record: &JobRecord, sheet_hash: Hash) -> BTreeMap<EntryId, PublicSignOff> {
    let row = |(id, sign_off): (&EntryId, &crate::record::SignOff)| {
        let row = PublicSignOff {
            kind: sign_off.kind,
            how: sign_off.how,
            name: sign_off.name.clone(),
            at: sign_off.at,
            reason: sign_off.reason.clone(),
            rating: sign_off.rating,
            remarks: sign_off.remarks.clone(),
            covers_this: sign_off.sheet_hash == sheet_hash,
        };
        (id.clone(), row)
    };
    record.sign_offs.iter().map(row).collect()
}

const TWO_CHARACTER_SURNAMES: [&str; 9] = ["欧阳", "上官", "司马", "司徒", "诸葛", "夏侯", "皇甫", "尉迟", "慕容"];

/// How one addresses a technician: 张师傅, Technician 张; a name in Latin letters by its first word.
fn address(name: &str) -> Bilingual {
    let name = name.trim();
    if name.chars().next().is_some_and(|first| first.is_ascii()) {
        let first = name.split_whitespace().next().unwrap_or_default().to_owned();
        return Bilingual { en: format!("Technician {first}"), zh: first };
    }
    let long = TWO_CHARACTER_SURNAMES.iter().any(|surname| name.starts_with(surname));
    let surname: String = name.chars().take(if long { 2 } else { 1 }).collect();
    Bilingual { zh: format!("{surname}师傅"), en: format!("Technician {surname}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{at, finished, id, reported, template};

    fn seen(record: &JobRecord) -> PublicJob {
        public_job(record, &template(), &[Hash::of(b"heads")], "400-800-1234")
    }

    #[test]
    fn the_customers_page_holds_no_place_and_no_whole_phone_number() {
        let mut record = finished();
        record.notes.insert("contact".to_owned(), "客户爱砍价".to_owned());
        let place = crate::record::Place { latitude_e6: 31_230_416, longitude_e6: 121_473_701, accuracy_m: 10 };
        record.marks.get_mut("knock").unwrap().place = Some(place);
        record.assignments.get_mut(&id(1)).unwrap().technician_name = "欧阳建国".to_owned();
        let page = seen(&record);
        let json = serde_json::to_string(&page).unwrap();
        for secret in ["31230416", "13812345678", "砍价"] {
            assert!(!json.contains(secret), "{secret} is in {json}");
        }
        assert_eq!(page.technician.unwrap().zh, "欧阳师傅");
        assert_eq!(page.stand, Stand::ReadyToSign);
    }

    #[test]
    fn a_quote_is_open_until_it_is_accepted_or_replaced() {
        let quoted = reported().with_quote(1, 8_000, 10);
        let open = |record: &JobRecord| -> Vec<bool> { seen(record).quotes.values().map(|quote| quote.open).collect() };
        assert_eq!(open(&quoted), [true]);
        assert_eq!(open(&quoted.clone().with_consent(1, 20)), [false]);
        assert_eq!(open(&quoted.clone().with_quote(2, 9_000, 30)), [false, true]);
        assert_eq!(open(&quoted.with_hold(1, HoldKind::Price, 11)), [false]);
    }

    #[test]
    fn offers_stand_in_the_order_in_which_they_were_made() {
        let mut record = reported().with_quote(9, 8_000, 10).with_quote(1, 9_000, 20).with_quote(5, 7_000, 30);
        for (number, option) in [(9, "维修"), (1, "更换"), (5, "只检测")] {
            record.quotes.get_mut(&id(number)).unwrap().option = Some(option.to_owned());
        }
        let page = seen(&record);
        let named: Vec<&EntryId> = page.alternatives().map(|(id, _)| id).collect();
        assert_eq!(named, [&id(9), &id(1), &id(5)]);
    }

    #[test]
    fn nobody_who_declined_to_sign_is_thanked_for_signing() {
        let declined = finished().with_sign_off(1, SignOffKind::Declined, 120);
        assert_eq!(seen(&declined).stand, Stand::Declined);
        assert_eq!(seen(&declined.with_sign_off(2, SignOffKind::Signed, 130)).stand, Stand::Signed);
    }

    #[test]
    fn a_delay_is_shown_with_who_said_so_and_with_what_the_customer_answered() {
        let late = reported().with_assignment(1, 1, 5).with_delay(2, 30, 10);
        let shown = seen(&late).delay.unwrap();
        assert_eq!((shown.arrives_at, shown.by.unwrap().zh.as_str()), (at(40), "技师傅"));
        assert_eq!((shown.word, shown.replied_at), (DelayWord::Untold, None));
        let agreed = late.with_reply(3, 2, ReplyKind::Agreed, 12);
        assert_eq!(seen(&agreed).delay.unwrap().replied_at, Some(at(12)));
        assert_eq!(seen(&agreed.with_mark("knock", MarkKind::Done, 50)).delay, None);
    }

    #[test]
    fn a_signature_for_another_sheet_is_shown_as_such() {
        let page = seen(&finished());
        let mut record =
            finished().with_sign_off(1, SignOffKind::Signed, 120).with_sign_off(2, SignOffKind::Signed, 121);
        record.sign_offs.get_mut(&id(2)).unwrap().sheet_hash = page.sheet_hash;
        let covers: Vec<bool> = seen(&record).sign_offs.values().map(|sign_off| sign_off.covers_this).collect();
        assert_eq!(covers, [false, true], "both stay, and only the second covers what is shown");
        assert_eq!(seen(&record).stand, Stand::Signed);
    }

    #[test]
    fn every_state_has_words_for_the_customer() {
        for status in Status::ALL {
            let sentence = Stand::from(*status).sentence();
            assert!(sentence.zh.ends_with('。') && sentence.en.contains('.'), "{status}");
        }
    }
}
