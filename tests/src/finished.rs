//! A job that is done and waits for the customer, for tests of what comes after.

use crate::person::Person;
use crate::server::TestServer;
use schema::edit::Edit;
use schema::id::{EntryId, JobId};
use schema::money::Currency;
use schema::price::{line_amount, quote_hash};
use schema::record::{Charge, Consent, How, ItemKind, Mark, MarkKind, Quote, QuoteLine, Warranty, WarrantyKind};
use schema::template::Stage;
use server::domain::{records, templates};
use server::state::random;
use std::collections::BTreeMap;

impl TestServer {
    /// Quotes one item at this price from the office.
    pub async fn quote(&self, job: JobId, by: &Person, price_minor: i64) -> (EntryId, Quote) {
        let line = QuoteLine {
            code: Some("SD-001".to_owned()),
            request: None,
            name: "更换水龙头".to_owned(),
            unit: "个".to_owned(),
            kind: ItemKind::Labour,
            quantity_milli: 1_000,
            unit_minor: price_minor,
            amount_minor: line_amount(price_minor, 1_000).unwrap(),
            risk: None,
            setup: None,
        };
        let quote = Quote {
            total_minor: line.amount_minor,
            lines: BTreeMap::from([("01".to_owned(), line)]),
            currency: Currency::CNY,
            price_list: 1,
            warranty: Warranty { kind: WarrantyKind::None, reason: None, decided_by: None },
            option: None,
            of: None,
            by: by.id,
            at: self.clock.now(),
        };
        let id = EntryId::new(random());
        self.write(job, by.id, vec![Edit::Quote { id: id.clone(), quote: quote.clone() }]).await;
        (id, quote)
    }

    /// Quoted, accepted by phone, charged, every step up to the signature dealt with: only the signature is missing.
    pub async fn finish_work(&self, job: JobId, by: &Person) {
        let (quote_id, quote) = self.quote(job, by, 8_000).await;
        let now = self.clock.now();
        let consent = Consent {
            quote: quote_id.clone(),
            quote_hash: quote_hash(&quote),
            total_minor: quote.total_minor,
            currency: quote.currency,
            how: How::DeskCall,
            name: "王女士".to_owned(),
            strokes: None,
            by: Some(by.id),
            link: None,
            shown: Vec::new(),
            at: now,
        };
        self.write(job, by.id, vec![Edit::Consent { id: EntryId::new(random()), consent }]).await;
        let charge =
            Charge { quote: quote_id, due_minor: quote.total_minor, currency: quote.currency, by: by.id, at: now };
        self.write(job, by.id, vec![Edit::Charge { id: EntryId::new(random()), charge }]).await;
        let of_job = move |conn: &mut server::db::Conn| {
            let view = records::load(conn, job)?.view()?;
            templates::of_job(conn, &view)
        };
        let template = self.state.db.read(of_job).await.unwrap();
        for step in template.steps.iter().take_while(|step| step.stage != Some(Stage::SignOff)) {
            let kind = if step.id == "testing" || step.id == "repair" { MarkKind::Done } else { MarkKind::Skipped };
            let mark = Mark { kind, by: by.id, at: now, reason: Some("测试".to_owned()), place: None };
            self.write(job, by.id, vec![Edit::Mark { step: step.id.clone(), mark }]).await;
        }
    }
}
