//! Arithmetic of quotes: whole minor units, one rule for rounding, the same on phone and server.

use crate::binary::Hash;
use crate::id::EntryId;
use crate::record::{Consent, JobRecord, MatterKind, Quote, QuoteLine, SetUpTerm, WarrantyKind, Withdrawal};

/// Unit price × quantity, half a minor unit rounded up. None where it overflows or a number is negative.
pub fn line_amount(unit_minor: i64, quantity_milli: i64) -> Option<i64> {
    if unit_minor < 0 || quantity_milli < 0 {
        return None;
    }
    let thousandths = i128::from(unit_minor) * i128::from(quantity_milli);
    i64::try_from((thousandths + 500) / 1000).ok()
}

/// Why a quote's figures don't hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadQuote {
    #[error("a quote needs a line")]
    Empty,
    #[error("a line's amount is not unit price times quantity, nor less under warranty")]
    Line,
    #[error("the total is not the sum of the lines")]
    Total,
}

/// Checks lines and total. Under warranty a line may cost less than the list says, never more; set-up that is free costs nothing.
pub fn check(quote: &Quote) -> Result<(), BadQuote> {
    if quote.lines.is_empty() {
        return Err(BadQuote::Empty);
    }
    let is_free = |line: &QuoteLine| line.setup.as_ref().is_some_and(|setup| setup.term == SetUpTerm::Free);
    let in_order = |line: &QuoteLine| match line_amount(line.unit_minor, line.quantity_milli) {
        Some(_) if is_free(line) => line.amount_minor == 0,
        Some(full) if quote.warranty.kind == WarrantyKind::None => line.amount_minor == full,
        Some(full) => (0..=full).contains(&line.amount_minor),
        None => false,
    };
    if !quote.lines.values().all(in_order) {
        return Err(BadQuote::Line);
    }
    let total = quote.lines.values().try_fold(0i64, |sum, line| sum.checked_add(line.amount_minor));
    if total == Some(quote.total_minor) { Ok(()) } else { Err(BadQuote::Total) }
}

/// The hash by which a consent names exactly the lines and the total that were shown: SHA-256 of the quote's JSON, whose keys
/// stand in the order of the fields here.
pub fn quote_hash(quote: &Quote) -> Hash {
    Hash::of(&serde_json::to_vec(quote).unwrap_or_default())
}

impl JobRecord {
    /// The consents that hold: each to a quote that is on record, for that quote's lines and total, and not overruled.
    pub fn valid_consents(&self) -> impl Iterator<Item = (&EntryId, &Consent)> {
        let mut overruled = self.overruled(MatterKind::Consent);
        overruled.extend(self.overruled(MatterKind::Withdrawal));
        self.consents.iter().filter(move |(id, consent)| {
            !overruled.contains(id)
                && self.quotes.get(&consent.quote).is_some_and(|quote| {
                    consent.quote_hash == quote_hash(quote)
                        && consent.total_minor == quote.total_minor
                        && consent.currency == quote.currency
                })
        })
    }

    /// The withdrawals of a quote that nobody overruled.
    pub fn withdrawals_of(&self, quote: &EntryId) -> impl Iterator<Item = (&EntryId, &Withdrawal)> {
        let overruled = self.overruled(MatterKind::Withdrawal);
        self.withdrawals.iter().filter(move |(id, withdrawal)| withdrawal.quote == *quote && !overruled.contains(id))
    }

    /// Who took the quote back first; none while it stands.
    pub fn withdrawal(&self, quote: &EntryId) -> Option<&Withdrawal> {
        self.withdrawals_of(quote).min_by_key(|(id, withdrawal)| (withdrawal.at, *id)).map(|(_, withdrawal)| withdrawal)
    }

    /// Whether a later offer of the same option took the quote's place. One that was taken back itself takes nobody's place.
    pub fn is_replaced(&self, quote: &Quote) -> bool {
        let newer = self.quotes.iter().filter(|(_, other)| other.option == quote.option && other.at > quote.at);
        newer.into_iter().any(|(id, _)| self.withdrawal(id).is_none())
    }

    /// The quote in force: the one that the latest valid consent accepted, unless a newer offer of the same option stands
    /// beside it, for a changed quote needs a new consent. Where it was taken back at the same time, the consent holds until the supervisor
    /// says otherwise.
    pub fn accepted_quote(&self) -> Option<(&EntryId, &Quote)> {
        let (_, consent) = self.valid_consents().max_by_key(|(id, consent)| (consent.at, *id))?;
        let (id, accepted) = self.quotes.get_key_value(&consent.quote)?;
        (!self.is_replaced(accepted)).then_some((id, accepted))
    }

    /// What the customer owes: the accepted quote less what the centre waived of it, never below zero.
    pub fn due_minor(&self) -> Option<i64> {
        let (id, quote) = self.accepted_quote()?;
        let waived = self.waivers.values().filter(|waiver| waiver.quote == *id);
        let waived = waived.fold(0i64, |sum, waiver| sum.saturating_add(waiver.minor.max(0)));
        Some(quote.total_minor.saturating_sub(waived).max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{at, id, person, reported};
    use crate::record::Waiver;

    #[test]
    fn half_a_fen_is_rounded_up_and_nothing_overflows() {
        assert_eq!(line_amount(1_001, 500), Some(501));
        assert_eq!(line_amount(12_000, 2_500), Some(30_000));
        assert_eq!(line_amount(i64::MAX, 2_000), None);
        assert_eq!(line_amount(-1, 1_000), None);
    }

    #[test]
    fn a_newer_offer_of_the_same_option_needs_a_new_consent_and_an_alternative_does_not() {
        let accepted = reported().with_quote(1, 8_000, 10).with_consent(1, 20);
        let mut alternative = accepted.clone().with_quote(2, 60_000, 30);
        alternative.quotes.get_mut(&id(2)).unwrap().option = Some("换新".to_owned());
        assert_eq!(alternative.due_minor(), Some(8_000), "an alternative stands beside what was accepted");
        let changed = accepted.with_quote(2, 9_000, 30);
        assert_eq!(changed.due_minor(), None);
        assert_eq!(changed.with_consent(2, 40).due_minor(), Some(9_000));
    }

    #[test]
    fn a_quote_that_was_taken_back_takes_nobodys_place() {
        let accepted = reported().with_quote(1, 8_000, 10).with_consent(1, 20);
        let slip = accepted.with_quote(2, 80_000, 30);
        assert_eq!(slip.due_minor(), None);
        assert_eq!(slip.with_withdrawal(3, 2, 40).due_minor(), Some(8_000));
    }

    #[test]
    fn waivers_lower_what_is_due_to_nothing_and_never_raise_it() {
        let mut record = reported().with_quote(1, 8_000, 10).with_consent(1, 20);
        for (number, (minor, due)) in (1u8..).zip([(3_000, 5_000), (-9_000, 5_000), (i64::MAX, 0), (i64::MAX, 0)]) {
            let waiver = Waiver { quote: id(1), minor, reason: "迟到".to_owned(), by: person(100), at: at(30) };
            record.waivers.insert(id(number), waiver);
            assert_eq!(record.due_minor(), Some(due));
        }
    }
}
