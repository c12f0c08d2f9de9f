//! What a technician offers, and how the customer consents on their phone: to an offer whole, to one of two alternatives, or to some of an
//! offer's lines.

use super::chance::Chance;
use super::visit::{STROKES, Visit, entry};
use schema::backup::{text, text_hash};
use schema::edit::Edit;
use schema::id::EntryId;
use schema::people::Language;
use schema::price::{line_amount, quote_hash};
use schema::record::{
    BackupConsent, BackupCopy, Consent, How, Quote, QuoteLine, Risk, Strokes, Warranty, WarrantyKind, Withdrawal,
};
use schema::reference::{PriceItem, PriceList};
use std::collections::BTreeMap;

/// What the alternatives are called; an offer without a name stands alone.
const OPTIONS: [&str; 2] = ["修理", "换新"];

impl Visit<'_> {
    /// One offer, or two that stand beside each other.
    pub(super) fn offer(&self, chance: &mut Chance) -> Option<Vec<Edit>> {
        let list = self.replica.price_list()?;
        let names: Vec<Option<&str>> = if chance.percent(30) { OPTIONS.map(Some).to_vec() } else { vec![None] };
        let quotes = names.into_iter().map(|option| {
            let quote = self.quote(list, option, 1 + chance.below(list.items.len().max(1)))?;
            Some(Edit::Quote { id: entry(chance), quote })
        });
        quotes.collect()
    }

    fn quote(&self, list: &PriceList, option: Option<&str>, lines: usize) -> Option<Quote> {
        let lines = (1..).zip(list.items.iter().take(lines)).map(|(number, item): (u8, &PriceItem)| {
            let line = QuoteLine {
                code: Some(item.code.clone()),
                request: None,
                name: item.name.zh.clone(),
                unit: item.unit.clone(),
                kind: item.kind,
                quantity_milli: 1_000,
                unit_minor: item.price_minor,
                amount_minor: line_amount(item.price_minor, 1_000)?,
                risk: item.destroys_data.then_some(Risk::Data),
                setup: None,
            };
            Some((format!("{number:02}"), line))
        });
        let lines: BTreeMap<String, QuoteLine> = lines.collect::<Option<_>>()?;
        Some(Quote {
            total_minor: lines.values().map(|line| line.amount_minor).sum(),
            lines,
            currency: list.currency,
            price_list: list.version,
            warranty: Warranty { kind: WarrantyKind::None, reason: None, decided_by: None },
            option: option.map(str::to_owned),
            of: None,
            by: self.me,
            at: self.at,
        })
    }

    /// The customer takes one of the offers that stand, or the first lines of it.
    pub(super) fn consent(&self, chance: &mut Chance) -> Option<Vec<Edit>> {
        let standing: Vec<(&EntryId, &Quote)> = self.standing().collect();
        let (id, quote) = *chance.pick(&standing)?;
        let shown: Vec<EntryId> = standing.iter().map(|(id, _)| (*id).clone()).collect();
        if quote.lines.len() < 2 || chance.percent(50) {
            return Some(vec![self.accept(chance, (id, quote), shown)]);
        }
        let (picked, some) = (entry(chance), self.some_of(id, quote));
        let consent = self.accept(chance, (&picked, &some), shown);
        Some(vec![Edit::Quote { id: picked, quote: some }, consent])
    }

    /// What the customer signs before the work that they accepted, where it can destroy data.
    pub(super) fn backup(&self, chance: &mut Chance) -> Option<Edit> {
        let (quote, of) = self.record.backup_wanted()?;
        let (copy, language) = (*chance.pick(BackupCopy::ALL)?, Language::Chinese);
        let text = text(&self.record.meta.number, of, copy, language)?;
        let backup = BackupConsent {
            quote: quote.clone(),
            copy,
            text_hash: text_hash(&text),
            text,
            language,
            how: How::Phone,
            name: "王秀英".to_owned(),
            strokes: Some(Strokes(STROKES.to_owned())),
            by: Some(self.me),
            link: None,
            at: self.at,
        };
        Some(Edit::Backup { id: entry(chance), backup })
    }

    /// Offers that nobody took back, and that no newer one of the same name replaced.
    pub(super) fn standing(&self) -> impl Iterator<Item = (&EntryId, &Quote)> {
        let stand = || self.record.quotes.iter().filter(|(id, _)| self.record.withdrawal(id).is_none());
        let replaces = |other: &Quote, quote: &Quote| other.option == quote.option && other.at > quote.at;
        stand().filter(move |(_, quote)| !stand().any(|(_, other)| replaces(other, quote)))
    }

    /// Takes back an offer of one's own that the customer has not accepted.
    pub(super) fn withdraw(&self, chance: &mut Chance) -> Option<Vec<Edit>> {
        let accepted = |id: &EntryId| self.record.valid_consents().any(|(_, consent)| consent.quote == *id);
        let own: Vec<&EntryId> =
            self.standing().filter(|(id, quote)| quote.by == self.me && !accepted(id)).map(|(id, _)| id).collect();
        let quote = (*chance.pick(&own)?).clone();
        let withdrawal = Withdrawal { quote, reason: format!("报错价{}", self.number), by: self.me, at: self.at };
        Some(vec![Edit::Withdraw { id: entry(chance), withdrawal }])
    }

    fn some_of(&self, of: &EntryId, shown: &Quote) -> Quote {
        let mut some = Quote { of: Some(of.clone()), by: self.me, at: self.at, ..shown.clone() };
        some.lines.pop_last();
        some.total_minor = some.lines.values().map(|line| line.amount_minor).sum();
        some
    }

    fn accept(&self, chance: &mut Chance, (id, quote): (&EntryId, &Quote), shown: Vec<EntryId>) -> Edit {
        let consent = Consent {
            quote: id.clone(),
            quote_hash: quote_hash(quote),
            total_minor: quote.total_minor,
            currency: quote.currency,
            how: How::Phone,
            name: "王秀英".to_owned(),
            strokes: Some(Strokes(STROKES.to_owned())),
            by: Some(self.me),
            link: None,
            shown,
            at: self.at,
        };
        Edit::Consent { id: entry(chance), consent }
    }
}
