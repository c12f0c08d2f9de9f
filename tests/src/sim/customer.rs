//! The customers: what they do by the links that the office sends them, perhaps on a page that they opened long ago.

use super::house::House;
use super::office::{Act, Done, Office};
use schema::binary::Hash;
use schema::id::EntryId;
use schema::link::{AcceptQuote, CreateLink, DeclineBecause, LinkScope, RateJob, ReplyToDelay, SignSheet};
use schema::public::PublicJob;
use schema::record::Rating;
use schema::time::Timestamp;
use server::domain::links::{self, Made};
use server::domain::public::{self, Visit};

/// A customer's link, and what they remember of its page.
pub(super) struct Link {
    token_hash: Hash,
    /// The delay that the page showed when they last looked.
    delay: Option<EntryId>,
}

impl Office {
    pub(super) fn link(&mut self, act: &Act<'_>) -> Done {
        let token_hash = Hash(self.chance.bytes());
        let scope = vec![LinkScope::Accept, LinkScope::Sign, LinkScope::Rate];
        let (input, made) = (CreateLink { scope, expires_in_days: None }, Made { token_hash, days: 30 });
        let created = act.command(|conn, by, job| links::create(conn, by, job, &input, &made).map(drop));
        self.links.push(Link { token_hash, delay: None });
        created
    }

    /// A customer with a link looks at the page, and then does something there.
    pub fn visit(&mut self, house: &House, now: Timestamp) -> (&'static str, Done) {
        if self.links.is_empty() {
            return ("no customer has a link", Some(Ok(())));
        }
        let link = self.chance.below(self.links.len());
        let token_hash = self.links[link].token_hash;
        let random = self.chance.bytes();
        let visit = Visit { token_hash, address: "::1".to_owned(), browser: "sim".to_owned(), now, random };
        let shown = match house.command(|conn| public::look(conn, &visit)) {
            Some(Ok(shown)) => shown.job,
            Some(Err(problem)) => return ("customer looks", Some(Err(problem))),
            None => return ("customer looks", None),
        };
        // What they do next is another act than that they looked.
        let visit = Visit { random: self.chance.bytes(), ..visit };
        let delay = shown.delay.as_ref().map(|delay| delay.id.clone());
        let remembered = std::mem::replace(&mut self.links[link].delay, delay.clone());
        match self.chance.below(6) {
            0 | 1 => self.accept(house, &visit, &shown),
            2 => {
                let input = DeclineBecause {
                    reason: "太贵".to_owned(),
                    quote: shown.quotes.keys().next().cloned(),
                    name: None,
                    beside: Vec::new(),
                };
                ("customer declines", house.command(|conn| public::decline(conn, &visit, &input).map(drop)))
            }
            3 => {
                let input = RateJob { quality: Some(5), attitude: None, remarks: None };
                ("customer rates", house.command(|conn| public::rate(conn, &visit, &input).map(drop)))
            }
            4 => self.reply(house, &visit, [delay, remembered]),
            _ => {
                let input = SignSheet {
                    name: "王秀英".to_owned(),
                    strokes: None,
                    rating: Some(Rating { quality: Some(4), attitude: Some(5) }),
                    remarks: None,
                    covers: shown.heads,
                    sheet_hash: shown.sheet_hash,
                };
                ("customer signs", house.command(|conn| public::sign(conn, &visit, &input).map(drop)))
            }
        }
    }

    /// One of the offers, chosen among all that stand.
    fn accept(&mut self, house: &House, visit: &Visit, shown: &PublicJob) -> (&'static str, Done) {
        let quotes: Vec<_> = shown.quotes.iter().collect();
        let Some((id, quote)) = self.chance.pick(&quotes).copied() else {
            return ("customer waits", Some(Ok(())));
        };
        let beside = shown.alternatives().map(|(other, _)| other).filter(|other| *other != id).cloned().collect();
        let input = AcceptQuote {
            quote: id.clone(),
            quote_hash: quote.hash,
            total_minor: quote.quote.total_minor,
            name: "王秀英".to_owned(),
            strokes: None,
            beside: self.chance.percent(70).then_some(beside),
        };
        ("customer accepts", house.command(|conn| public::accept(conn, visit, &input).map(drop)))
    }

    /// To the delay on the page, or to the one that stood there before.
    fn reply(
        &mut self,
        house: &House,
        visit: &Visit,
        [shown, remembered]: [Option<EntryId>; 2],
    ) -> (&'static str, Done) {
        let known = if self.chance.percent(70) { shown.or(remembered) } else { remembered.or(shown) };
        let Some(delay) = known else { return ("customer waits", Some(Ok(()))) };
        let input = ReplyToDelay { delay, agrees: self.chance.percent(60), note: None };
        ("customer answers a delay", house.command(|conn| public::reply(conn, visit, &input).map(drop)))
    }
}
