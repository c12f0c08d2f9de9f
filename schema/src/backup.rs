//! The backup consent (数据备份确认): before work that can destroy data, the customer signs what will be done, what may be lost, and whether there is
//! a copy (`domain.md §4`). What they read is a function of the quote and of what they said, the same on phone, page and server; it stands in
//! the record word for word with its hash, so that nobody has to believe a program about it.
//!
//! Whatever changes a word here needs a new version beside this one, and this one stays: consents that were signed must fit for ever.

use crate::binary::Hash;
use crate::id::EntryId;
use crate::people::Language;
use crate::record::{BackupConsent, BackupCopy, JobRecord, Quote, QuoteLine, Risk};
use crate::sheet::quantity;

/// The lines of a quote whose work can destroy data.
pub fn risky_lines(quote: &Quote) -> impl Iterator<Item = &QuoteLine> {
    quote.lines.values().filter(|line| line.risk == Some(Risk::Data))
}

/// What will be done, in a line; empty where nothing in the quote can destroy data.
pub fn work(quote: &Quote, language: Language) -> String {
    let (comma, open, close) = match language {
        Language::Chinese => ("；", "（", "）"),
        Language::English => ("; ", " (", ")"),
    };
    let work = |line: &QuoteLine| format!("{}{open}{} {}{close}", line.name, quantity(line.quantity_milli), line.unit);
    risky_lines(quote).map(work).collect::<Vec<_>>().join(comma)
}

/// What the customer reads before they sign; none where the quote has no work that can destroy data.
pub fn text(number: &str, quote: &Quote, copy: BackupCopy, language: Language) -> Option<String> {
    risky_lines(quote).next()?;
    let (work, copy) = (work(quote, language), said_of_copy(copy, language));
    Some(match language {
        Language::Chinese => format!(
            "数据备份确认\n工单：{number}\n将进行的操作：{work}。\n可能的后果：设备上保存的全部数据都可能丢失，包括文件、照片、聊天记录、已安装的软件及其设置，且可能无法恢复。\n数据备份：{copy}\n我已阅读以上内容，同意进行上述操作。"
        ),
        Language::English => format!(
            "Backup consent\nJob: {number}\nWhat will be done: {work}.\nWhat may be lost: all data on the device, such as files, photos, messages, installed programs and their settings; it may be impossible to recover.\nBackup: {copy}\nI have read this and agree to the work."
        ),
    })
}

/// Whether a copy was made and by whom, as the customer says it.
pub const fn said_of_copy(copy: BackupCopy, language: Language) -> &'static str {
    let (zh, en) = match copy {
        BackupCopy::Customer => {
            ("我已自行备份需要保留的数据。", "I have made a copy myself of the data that I want to keep.")
        }
        BackupCopy::Technician => (
            "服务工程师已为我备份需要保留的数据，我已核对。",
            "The technician has made a copy of the data that I want to keep, and I have checked it.",
        ),
        BackupCopy::None => (
            "没有备份。我不需要保留设备上的数据，或自愿承担数据丢失的后果。",
            "There is no copy. I do not need the data on the device, or I accept that it may be lost.",
        ),
    };
    match language {
        Language::Chinese => zh,
        Language::English => en,
    }
}

/// The hash of what was shown: SHA-256 of the text in UTF-8.
pub fn text_hash(text: &str) -> Hash {
    Hash::of(text.as_bytes())
}

impl JobRecord {
    /// Whether the consent's text is what this quote's customer has to read, to the letter.
    pub fn backup_fits(&self, backup: &BackupConsent, quote: &Quote) -> bool {
        backup.text_hash == text_hash(&backup.text)
            && text(&self.meta.number, quote, backup.copy, backup.language).as_ref() == Some(&backup.text)
    }

    /// The quote that the customer accepted, where its work can destroy data and they have not signed yet that they know. A quote made
    /// anew needs no second signature as long as what can destroy data is the same; a job that was opened again does.
    pub fn backup_wanted(&self) -> Option<(&EntryId, &Quote)> {
        let (id, quote) = self.accepted_quote()?;
        risky_lines(quote).next()?;
        let signed =
            self.backup_consents.values().any(|backup| self.is_current(backup.at) && self.backup_fits(backup, quote));
        (!signed).then_some((id, quote))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{at, id, reported};
    use crate::record::DecisionKind;

    fn reinstalled() -> JobRecord {
        let mut record = reported().with_quote(1, 8_000, 10);
        let line = record.quotes.get_mut(&id(1)).unwrap().lines.get_mut("01").unwrap();
        (line.name, line.risk) = ("系统重装".to_owned(), Some(Risk::Data));
        record.with_consent(1, 20)
    }

    #[test]
    fn the_customer_reads_what_will_be_done_what_may_be_lost_and_what_they_said_of_a_copy() {
        let record = reinstalled();
        let text = |copy, language| text("WX-1", &record.quotes[&id(1)], copy, language).unwrap();
        let zh = text(BackupCopy::None, Language::Chinese);
        assert!(zh.contains("将进行的操作：系统重装（1 次）。") && zh.contains("没有备份。"), "{zh}");
        assert!(text(BackupCopy::Technician, Language::English).contains("The technician has made a copy"));
        let texts: std::collections::BTreeSet<String> = BackupCopy::ALL
            .iter()
            .flat_map(|copy| [Language::Chinese, Language::English].map(|language| text(*copy, language)))
            .collect();
        assert_eq!(texts.len(), 6);
        assert_eq!(super::text("WX-1", &crate::example::quote(1, 1), BackupCopy::None, Language::Chinese), None);
    }

    #[test]
    fn a_consent_holds_for_the_same_work_only_and_until_the_job_is_opened_again() {
        let record = reinstalled();
        assert_eq!(record.backup_wanted().map(|(id, _)| id), Some(&id(1)));
        let signed = record.clone().with_backup_consent(1, 1, 25);
        assert!(signed.backup_wanted().is_none());
        let mut twice = signed.clone();
        let mut dearer = twice.quotes[&id(1)].clone();
        dearer.at = at(30);
        twice.quotes.insert(id(2), dearer.clone());
        assert!(twice.clone().with_consent(2, 31).backup_wanted().is_none(), "the same work, quoted anew");
        dearer.lines.get_mut("01").unwrap().quantity_milli = 2_000;
        twice.quotes.insert(id(2), dearer);
        assert!(twice.with_consent(2, 31).backup_wanted().is_some(), "twice as much of it");
        assert!(signed.with_decision(1, DecisionKind::Reopened, 60).backup_wanted().is_some());
        let mut bent = record.with_backup_consent(1, 1, 25);
        bent.backup_consents.get_mut(&id(1)).unwrap().text.push('。');
        assert!(bent.backup_wanted().is_some());
    }
}
