//! The customer signs on their own page that data may be lost, before work that can destroy it begins.

use super::{Visit, show};
use crate::db::Conn;
use crate::domain::form::Form;
use crate::domain::quotes::require_shown;
use schema::backup::{text, text_hash};
use schema::edit::Edit;
use schema::link::{LinkAct, LinkScope, PublicView, SignBackup};
use schema::price::quote_hash;
use schema::problem::{Kind, Problem};
use schema::record::{BackupConsent, How};

/// Signs exactly the words that were shown of this quote. Signing the same again changes nothing.
pub fn sign_backup(conn: &mut Conn, visit: &Visit, input: &SignBackup) -> Result<PublicView, Problem> {
    let opened = visit.open(conn, LinkAct::Backup, LinkScope::Accept)?;
    let view = &opened.view;
    let mut form = Form::default();
    let name = form.field("/name", &input.name);
    form.finish()?;
    crate::domain::jobs::require_open(view)?;
    require_shown(view, &input.quote, |quote| quote_hash(quote) == input.quote_hash)?;
    let quote = view.quotes.get(&input.quote).ok_or_else(|| Problem::new(Kind::QuoteChanged))?;
    let Some(text) = text(&view.meta.number, quote, input.copy, input.language) else {
        let (zh, en) = (
            "此报价的操作不会造成数据丢失，无需签署",
            "Nothing in this quote can destroy data; there is nothing to sign",
        );
        return Err(Problem::because(Kind::GateClosed, zh, en));
    };
    let again = |known: &BackupConsent| {
        known.link == Some(opened.link.id) && known.text == text && known.name == name && view.is_current(known.at)
    };
    if view.backup_consents.values().any(again) {
        return show(conn, visit.now, &opened);
    }
    let backup = BackupConsent {
        quote: input.quote.clone(),
        copy: input.copy,
        text_hash: text_hash(&text),
        text,
        language: input.language,
        how: How::Link,
        name,
        strokes: input.strokes.clone(),
        by: None,
        link: Some(opened.link.id),
        at: visit.now,
    };
    visit.write(conn, opened, None, Edit::Backup { id: visit.entry(), backup })
}
