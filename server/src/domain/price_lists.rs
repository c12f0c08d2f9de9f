//! Price lists: imported whole or not at all, each with a version that quotes name.

pub mod table;

use crate::auth::Caller;
use crate::db::jobs::JobFilter;
use crate::db::{self, Conn};
use crate::domain::form::Form;
use crate::domain::{day, outlets, records, templates};
use schema::binary::Hash;
use schema::id::PersonId;
use schema::money::Currency;
use schema::page::{Page, rows};
use schema::people::Bilingual;
use schema::price_list::PriceListVersion;
use schema::problem::{Kind, Problem};
use schema::reference::{PriceItem, PriceList, Reference, SHIPPED};
use schema::rows::price_lists::{PriceItemRow, PriceListRow};
use schema::template::shipped_digest;
use schema::time::Timestamp;
use std::collections::BTreeMap;

/// Jobs that are looked through at a time.
const PAGE_ROWS: i64 = 500;

/// A file to import, and what is said beside it.
#[derive(Debug, Clone)]
pub struct Import {
    pub csv: Vec<u8>,
    pub name: Option<String>,
    pub currency: Currency,
    /// From now where nothing is said.
    pub valid_from: Option<Timestamp>,
}

/// Imports a price list. Everything that is wrong is told at once, by row and column; then nothing is imported.
pub fn import(conn: &mut Conn, caller: &Caller, now: Timestamp, import: &Import) -> Result<PriceListVersion, Problem> {
    let sha256 = Hash::of(&import.csv);
    if let Some(known) = db::price_lists::find_by_sha256(conn, sha256)? {
        let zh = format!("此文件已导入过，版本号 {}", known.version);
        return Err(Problem::because(
            Kind::Conflict,
            zh,
            format!("This file was imported as version {}", known.version),
        ));
    }
    let mut form = Form::default();
    let name = form.optional_field("/name", import.name.as_deref());
    form.finish()?;
    let time_zone = day::time_zone(&outlets::load(conn, caller.outlet)?);
    let items = table::read(&import.csv, time_zone)?;
    let version = db::meta::next_number(conn, "price_list")?;
    let row = PriceListRow {
        version,
        name: name.unwrap_or_else(|| format!("V{version}")),
        currency: import.currency.as_str().to_owned(),
        valid_from: import.valid_from.unwrap_or(now),
        sha256,
        imported_by: caller.person,
        imported_at: now,
    };
    db::price_lists::insert_list(conn, &row)?;
    let items: Vec<PriceItemRow> = items.into_iter().map(|item| item_row(version, item)).collect();
    db::price_lists::insert_items(conn, &items)?;
    project_again(conn, version)?;
    let current = db::price_lists::find_current(conn, now)?.map(|row| row.version);
    describe(row, i64::try_from(items.len()).unwrap_or(i64::MAX), current)
}

/// A phone may have named a version that there was not yet: what stands of such a job follows from the list, now that it is there.
fn project_again(conn: &mut Conn, version: i64) -> Result<(), Problem> {
    let filter = JobFilter { matters: true, ..JobFilter::default() };
    let mut after = None;
    loop {
        let found = db::jobs::list_jobs(conn, &filter, after, PAGE_ROWS)?;
        let Some(last) = found.last() else { return Ok(()) };
        after = Some(last.id);
        for job in found.iter().map(|row| row.id) {
            let view = records::load(conn, job)?.view()?;
            if view.quotes.values().any(|quote| quote.price_list == version) {
                records::project_again(conn, job)?;
            }
        }
    }
}

/// Newest first.
pub fn list_versions(
    conn: &mut Conn,
    now: Timestamp,
    before: Option<i64>,
    limit: Option<i64>,
) -> Result<Page<PriceListVersion>, Problem> {
    let limit = rows(limit);
    let current = db::price_lists::find_current(conn, now)?.map(|row| row.version);
    let found = db::price_lists::list_versions(conn, before, limit.saturating_add(1))?;
    let page = Page::cut(found, limit, |(row, _)| row.version.to_string());
    let items: Result<Vec<_>, _> = page.items.into_iter().map(|(row, items)| describe(row, items, current)).collect();
    Ok(Page { items: items?, next: page.next })
}

/// One version; the one in force where none is named.
pub fn find_version(conn: &mut Conn, now: Timestamp, version: Option<i64>) -> Result<PriceListVersion, Problem> {
    let current = db::price_lists::find_current(conn, now)?;
    let current_version = current.as_ref().map(|row| row.version);
    let row = match version {
        Some(version) => db::price_lists::find_version(conn, version)?,
        None => current,
    };
    let row = row.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let items = db::price_lists::count_items(conn, row.version)?;
    describe(row, items, current_version)
}

/// What the items of a list are searched for.
#[derive(Debug, Clone, Default)]
pub struct ItemSearch {
    /// Part of a code or a name.
    pub text: Option<String>,
    pub after: Option<String>,
    pub limit: Option<i64>,
}

pub fn list_items(conn: &mut Conn, version: i64, search: &ItemSearch) -> Result<Page<PriceItem>, Problem> {
    db::price_lists::find_version(conn, version)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let limit = rows(search.limit);
    let mut form = Form::default();
    let text = form.optional_field("q", search.text.as_deref());
    let after = form.optional_field("after", search.after.as_deref());
    form.finish()?;
    let part = text.map(|text| text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let found = db::price_lists::list_items(conn, version, part.as_deref(), after.as_deref(), limit.saturating_add(1))?;
    Ok(Page::cut(found, limit, |row| row.code.clone()).map(item))
}

/// Names what a phone gets from [`reference`]: it changes when that does.
pub fn reference_versions(conn: &mut Conn, now: Timestamp) -> Result<BTreeMap<String, i64>, Problem> {
    let mut versions = BTreeMap::new();
    versions.insert("template".to_owned(), templates::stamp(conn)?);
    versions.insert(SHIPPED.to_owned(), shipped_digest());
    let current = db::price_lists::find_current(conn, now)?;
    versions.extend(current.map(|list| ("price_list".to_owned(), list.version)));
    Ok(versions)
}

/// The same, with every checklist that is in it: more are when a job is opened again that began with an old one.
pub fn reference_name(conn: &mut Conn, now: Timestamp) -> Result<String, Problem> {
    let versions = reference_versions(conn, now)?;
    let kinds = versions.iter().map(|(kind, version)| format!("{kind}={version}"));
    let carried = templates::list_carried(conn)?.into_iter().map(|(id, version)| format!("{id}/{version}"));
    Ok(kinds.chain(carried).collect::<Vec<_>>().join(" "))
}

/// What phones carry beside the records: the checklists that jobs begin with or have begun with, and the price list in force.
pub fn reference(conn: &mut Conn, now: Timestamp) -> Result<Reference, Problem> {
    let versions = reference_versions(conn, now)?;
    let price_list = match db::price_lists::find_current(conn, now)? {
        Some(row) => {
            let items = db::price_lists::list_all_items(conn, row.version)?;
            let currency = currency(&row.currency)?;
            let items = items.into_iter().map(item).collect();
            Some(PriceList { version: row.version, name: row.name, currency, items })
        }
        None => None,
    };
    Ok(Reference { versions, templates: templates::carried(conn)?, price_list })
}

pub(super) fn currency(text: &str) -> Result<Currency, Problem> {
    Currency::try_from(text.to_owned()).map_err(Problem::internal)
}

fn describe(row: PriceListRow, items: i64, current: Option<i64>) -> Result<PriceListVersion, Problem> {
    let imported_by: PersonId = row.imported_by;
    Ok(PriceListVersion {
        version: row.version,
        name: row.name,
        currency: currency(&row.currency)?,
        valid_from: row.valid_from,
        imported_by,
        imported_at: row.imported_at,
        items,
        is_current: current == Some(row.version),
    })
}

fn item_row(version: i64, item: PriceItem) -> PriceItemRow {
    PriceItemRow {
        version,
        code: item.code,
        name_zh: item.name.zh,
        name_en: item.name.en,
        unit: item.unit,
        kind: item.kind,
        price_minor: item.price_minor,
        valid_from: item.valid_from,
        valid_to: item.valid_to,
        barcode: item.barcode,
        destroys_data: item.destroys_data,
        setup: item.setup,
    }
}

fn item(row: PriceItemRow) -> PriceItem {
    PriceItem {
        code: row.code,
        name: Bilingual { zh: row.name_zh, en: row.name_en },
        unit: row.unit,
        kind: row.kind,
        price_minor: row.price_minor,
        barcode: row.barcode,
        destroys_data: row.destroys_data,
        setup: row.setup,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
    }
}
