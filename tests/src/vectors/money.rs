//! Quotes, consents, charges and signatures: right more often than not, for behind a wrong one nothing follows.

use super::dice::Dice;
use super::visit::Visit;
use chrono::NaiveDate;
use schema::backup::{text, text_hash};
use schema::binary::Hash;
use schema::edit::Edit;
use schema::example::{self, person};
use schema::id::{EntryId, LinkId};
use schema::money::Currency;
use schema::people::Language;
use schema::price::{line_amount, quote_hash};
use schema::record::*;
use schema::setup::{SetUpTerms, judge};
use schema::sheet::sheet;
use std::collections::BTreeMap;

const STROKES: [&str; 6] = ["10,12,0 14,18,16|20,12,90", "10,12,0", "", "10,12", "1,2,3,4", "-1,+2,3 4,x,6"];

fn currency(dice: &mut Dice) -> Currency {
    let codes = ["CNY", "CNY", "CNY", "CNY", "CNY", "CNY", "CNY", "CNY", "CNY", "JPY"];
    Currency::try_from((*dice.pick(&codes)).to_owned()).unwrap()
}

impl Visit<'_> {
    pub(super) fn bill(&mut self) -> Edit {
        match self.dice.below(17) {
            0..=2 => self.quote(),
            3..=5 => self.consent(),
            6 => self.waiver(),
            7 | 8 => self.charge(),
            9 => self.payment(),
            10 if self.dice.one_in(2) => self.withdrawal(),
            10 => self.refusal(),
            11 => self.rating(),
            12 | 13 => self.backup(),
            _ => self.signature(),
        }
    }

    fn withdrawal(&mut self) -> Edit {
        let quote = self.known(|record| &record.quotes);
        let by = if self.dice.one_in(3) { person(100) } else { self.technician() };
        let reason = self.reason().unwrap_or_else(|| "报错价".to_owned());
        Edit::Withdraw { id: self.id(), withdrawal: Withdrawal { quote, reason, by, at: self.moment() } }
    }

    /// For the offer's work, mostly; at times in words of somebody's own, or without a hand under them.
    fn backup(&mut self) -> Edit {
        let quote = self.known(|record| &record.quotes);
        let (copy, language) =
            (*self.dice.pick(BackupCopy::ALL), *self.dice.pick(&[Language::Chinese, Language::English]));
        let words = self.record.quotes.get(&quote).and_then(|of| text(&self.record.meta.number, of, copy, language));
        let mut words = words.unwrap_or_else(|| "随便".to_owned());
        let text_hash = if self.dice.one_in(8) { Hash::ZERO } else { text_hash(&words) };
        if self.dice.one_in(8) {
            words.push('！');
        }
        let how = *self.dice.pick(&[How::Phone, How::Phone, How::Phone, How::Link, How::DeskCall]);
        let strokes = if self.dice.one_in(5) { "" } else { STROKES[0] };
        let backup = BackupConsent {
            quote,
            copy,
            text: words,
            text_hash,
            language,
            how,
            name: if self.dice.one_in(9) { " ".to_owned() } else { "王秀兰".to_owned() },
            strokes: (!self.dice.one_in(4)).then(|| Strokes(strokes.to_owned())),
            by: (how != How::Link).then(|| person(1)),
            link: (how == How::Link).then(|| LinkId::new(example::at(0), [8; 10])),
            at: self.moment(),
        };
        Edit::Backup { id: self.id(), backup }
    }

    /// Set-up of software: right mostly, at times without its dates.
    fn setup(&mut self) -> Option<SetUp> {
        let installed = *self.dice.pick(&["2026-11-01", "2026-07-31", "2025-02-28"]);
        let mut setup = judge(SetUpTerms::default(), Some(installed), NaiveDate::from_ymd_opt(2026, 11, 22).unwrap());
        if self.dice.one_in(6) {
            setup.charged_from = None;
        }
        if self.dice.one_in(6) {
            setup.term = SetUpTerm::Unknown;
        }
        self.dice.one_in(6).then_some(setup)
    }

    fn line(&mut self, warranted: bool) -> QuoteLine {
        let quantity_milli = *self.dice.pick(&[1_000, 1_000, 500, 333, 2_500, 0]);
        let unit_minor = *self.dice.pick(&[8_000, 60_000, 1_001, 15, 0]);
        let full = line_amount(unit_minor, quantity_milli).unwrap_or(0);
        let amount_minor = if warranted && self.dice.one_in(2) { full / 2 } else { full };
        let (setup, risk) = (self.setup(), self.dice.one_in(3).then_some(Risk::Data));
        let is_free = setup.as_ref().is_some_and(|setup| setup.term == SetUpTerm::Free);
        let amount_minor = if is_free && !self.dice.one_in(6) { 0 } else { amount_minor };
        let (code, unit) = ((self.dice.one_in(2)).then(|| "SH-001".to_owned()), "次".to_owned());
        let kind = *self.dice.pick(ItemKind::ALL);
        QuoteLine {
            code,
            request: None,
            name: "更换\"阀芯\"\u{7f}é".to_owned(),
            unit,
            kind,
            quantity_milli,
            unit_minor,
            amount_minor,
            risk,
            setup,
        }
    }

    fn quote(&mut self) -> Edit {
        let kind = *self.dice.pick(&[
            WarrantyKind::None,
            WarrantyKind::None,
            WarrantyKind::None,
            WarrantyKind::Product,
            WarrantyKind::Rework,
        ]);
        let many = match self.dice.below(24) {
            0 => 0,
            1 => 12,
            // One more than a quote may have.
            2 if kind == WarrantyKind::Rework => 101,
            more => 1 + more % 3,
        };
        let lines: BTreeMap<String, QuoteLine> =
            (1..=many).map(|number| (format!("{number:02}"), self.line(kind != WarrantyKind::None))).collect();
        let total = lines.values().map(|line| line.amount_minor).sum::<i64>();
        let free = kind == WarrantyKind::Rework && !self.dice.one_in(4);
        let lines = if free {
            lines.into_iter().map(|(n, line)| (n, QuoteLine { amount_minor: 0, ..line })).collect()
        } else {
            lines
        };
        let off = if self.dice.one_in(10) { 1 } else { 0 };
        let mut quote = Quote {
            lines,
            total_minor: if free { 0 } else { total } + off,
            currency: currency(&mut self.dice),
            price_list: 3,
            warranty: Warranty {
                kind,
                reason: if kind == WarrantyKind::None { None } else { self.reason() },
                decided_by: None,
            },
            option: (self.dice.one_in(3)).then(|| "换新".to_owned()),
            of: None,
            by: person(1),
            at: self.moment(),
        };
        if self.dice.one_in(12)
            && let Some(line) = quote.lines.values_mut().next()
        {
            line.amount_minor += *self.dice.pick(&[1, -1, 1_000]);
        }
        Edit::Quote { id: self.id(), quote }
    }

    fn consent(&mut self) -> Edit {
        let quote = self.known(|record| &record.quotes);
        let consent = self.consent_to(quote);
        Edit::Consent { id: self.id(), consent }
    }

    fn consent_to(&mut self, id: EntryId) -> Consent {
        let quote = self.record.quotes.get(&id).cloned().unwrap_or_else(|| example::quote(100, 0));
        let how = *self.dice.pick(How::ALL);
        let strokes = match how {
            How::Phone if !self.dice.one_in(4) => Some(STROKES[0]),
            _ => self.dice.one_in(3).then(|| *self.dice.pick(&STROKES)),
        };
        let on_link = (how == How::Link) != self.dice.one_in(15);
        let mut consent = Consent {
            quote: id,
            quote_hash: quote_hash(&quote),
            total_minor: quote.total_minor,
            currency: quote.currency,
            how,
            name: if self.dice.one_in(10) { " ".to_owned() } else { "王秀兰".to_owned() },
            strokes: strokes.map(|text| Strokes(text.to_owned())),
            by: (!on_link).then(|| person(1)),
            link: on_link.then(|| LinkId::new(example::at(1), [3; 10])),
            shown: Vec::new(),
            at: self.moment(),
        };
        match self.dice.below(10) {
            0 | 3 => consent.quote_hash = Hash::of(b"another"),
            1 | 4 => consent.total_minor += 1,
            2 => consent.currency = currency(&mut self.dice),
            _ => {}
        }
        consent
    }

    /// A quote and the consent to it, one after the other.
    pub(super) fn agreement(&mut self) -> Vec<Edit> {
        let offer = self.quote();
        let Edit::Quote { id, quote } = &offer else { return Vec::new() };
        self.record.quotes.insert(id.clone(), quote.clone());
        let consent = self.consent_to(id.clone());
        vec![offer, Edit::Consent { id: self.id(), consent }]
    }

    fn waiver(&mut self) -> Edit {
        let (quote, minor) = (self.known(|record| &record.quotes), *self.dice.pick(&[0, -5, 500, 2_000, 1_000_000]));
        let reason = self.reason().unwrap_or_else(|| "迟到".to_owned());
        Edit::Waive { id: self.id(), waiver: Waiver { quote, minor, reason, by: person(100), at: self.moment() } }
    }

    fn charge(&mut self) -> Edit {
        match self.due_charge() {
            Some(charge) if !self.dice.one_in(3) => charge,
            _ => {
                let quote = self.known(|record| &record.quotes);
                let (due_minor, currency) = (*self.dice.pick(&[0, 8_000]), currency(&mut self.dice));
                Edit::Charge {
                    id: self.id(),
                    charge: Charge { quote, due_minor, currency, by: person(1), at: self.moment() },
                }
            }
        }
    }

    /// What is due, as it ought to be charged; None while nothing is agreed.
    pub(super) fn due_charge(&mut self) -> Option<Edit> {
        let quote = self.record.accepted_quote()?.0.clone();
        let (due_minor, currency) = (self.record.due_minor()?, self.record.meta.currency);
        Some(Edit::Charge {
            id: self.id(),
            charge: Charge { quote, due_minor, currency, by: person(1), at: self.moment() },
        })
    }

    fn payment(&mut self) -> Edit {
        let (minor, currency) = (*self.dice.pick(&[8_000, 0, -1]), currency(&mut self.dice));
        let payment =
            Payment { minor, currency, method: "cash".to_owned(), receipt: None, by: person(1), at: self.moment() };
        Edit::Pay { id: self.id(), payment }
    }

    fn refusal(&mut self) -> Edit {
        let (quote, reason) = (self.known(|record| &record.quotes), self.reason().unwrap_or_default());
        let link = LinkId::new(example::at(1), [3; 10]);
        Edit::Refuse { id: self.id(), refusal: Refusal { quote, reason, link, at: self.moment() } }
    }

    fn marks(&mut self) -> Rating {
        let marks = [None, Some(1), Some(3), Some(5), Some(0), Some(6)];
        Rating { quality: *self.dice.pick(&marks), attitude: *self.dice.pick(&marks[..4]) }
    }

    fn rating(&mut self) -> Edit {
        let (rating, link) = (self.marks(), LinkId::new(example::at(1), [3; 10]));
        Edit::Rate { id: self.id(), rating: LaterRating { rating, remarks: None, link, at: self.moment() } }
    }

    /// Under the sheet as it stands; now and then under another.
    pub(super) fn signature(&mut self) -> Edit {
        let kind = if self.dice.one_in(4) { SignOffKind::Declined } else { SignOffKind::Signed };
        let mut sign_off = SignOff {
            sheet_hash: sheet(&self.record, self.template).hash(),
            at: self.moment(),
            how: *self.dice.pick(How::ALL),
            rating: (self.dice.one_in(3)).then(|| self.marks()),
            ..example::sign_off(kind, 0)
        };
        match self.dice.below(12) {
            0 | 7 => sign_off.sheet_hash = Hash::of(b"another"),
            1 => sign_off.covers.clear(),
            2 => sign_off.covers = vec![Hash::ZERO; 65],
            3 => sign_off.strokes = Some(Strokes((*self.dice.pick(&STROKES)).to_owned())),
            4 => sign_off.name = self.reason().unwrap_or_default(),
            5 => sign_off.reason = self.reason(),
            6 => sign_off.strokes = None,
            _ => {}
        }
        Edit::SignOff { id: self.id(), sign_off }
    }
}
