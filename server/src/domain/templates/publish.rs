//! Publishing a checklist: a body is taken whole or not at all, as the version after the last.

use super::{Checklist, find, newest, published_version};
use crate::auth::Caller;
use crate::db::{self, Conn};
use schema::binary::Hash;
use schema::limits::TEMPLATES_MAX;
use schema::problem::{Kind, Problem};
use schema::rows::templates::{TemplateHeadRow, TemplateRow};
use schema::template::{Template, TemplateCheck, TemplateVersion, difference, read};
use schema::time::Timestamp;

/// What is wrong with the body, or what it would change.
pub fn check(conn: &mut Conn, body: &[u8]) -> Result<TemplateCheck, Problem> {
    let template = parse(body)?;
    let last = newest(conn, &template.id)?;
    let difference = last.as_deref().map(|last| difference(last, &template));
    Ok(TemplateCheck { id: template.id, version: template.version, version_due: due(last.as_ref()), difference })
}

/// Publishes the body. Jobs that have begun keep their version; those that open from now on begin with this one.
pub fn publish(conn: &mut Conn, caller: &Caller, now: Timestamp, body: &[u8]) -> Result<TemplateVersion, Problem> {
    let template = parse(body)?;
    // Publishers come one after the other: this row stays locked until the commit.
    db::meta::next_number(conn, "template")?;
    let last = newest(conn, &template.id)?;
    if template.version != due(last.as_ref()) {
        return match find(conn, &template.id, template.version)? {
            Some(known) if *known == template => again(conn, &template),
            _ => Err(not_due(last.as_ref())),
        };
    }
    if let Some(last) = last.as_deref().filter(|last| difference(last, &template).is_empty()) {
        let zh = format!("与现行第 {} 版相同，无需发布", last.version);
        return Err(Problem::because(Kind::Conflict, zh, format!("This is the same as version {}", last.version)));
    }
    if db::templates::count_templates(conn)? >= TEMPLATES_MAX {
        let (zh, en) = ("已发布的流程版本过多，请联系供应商", "Too many versions were published; call your supplier");
        return Err(Problem::because(Kind::Conflict, zh, en));
    }
    let row = row(conn, caller, now, &template)?;
    db::templates::insert_template(conn, &row)?;
    let version = published_version(head(row), Some(caller.name.clone()));
    Ok(TemplateVersion { is_newest: true, ..version })
}

fn parse(body: &[u8]) -> Result<Template, Problem> {
    read(body).map_err(|errors| Problem { errors, ..Problem::new(Kind::InvalidField) })
}

fn due(last: Option<&Checklist>) -> u32 {
    last.map_or(1, |last| last.version.saturating_add(1))
}

/// Somebody published meanwhile, or the file was made from an older version.
fn not_due(last: Option<&Checklist>) -> Problem {
    let due = due(last);
    let (zh, en) = match last {
        Some(last) => (
            format!(
                "现行版本是第 {} 版，新版本应为第 {due} 版；可能有人刚发布过，请对照现行版本后再发布",
                last.version
            ),
            format!(
                "The last version is {}, so the next is {due}; somebody may have published meanwhile: compare with it, then publish",
                last.version
            ),
        ),
        None => (format!("新流程从第 {due} 版开始"), format!("A new checklist begins with version {due}")),
    };
    Problem::because(Kind::Conflict, zh, en)
}

/// The answer was lost and the same comes again.
fn again(conn: &mut Conn, template: &Template) -> Result<TemplateVersion, Problem> {
    let versions = super::list_versions(conn)?;
    let known = versions.into_iter().find(|known| (&known.id, known.version) == (&template.id, template.version));
    known.ok_or_else(|| Problem::internal("a version that was found is not listed"))
}

fn row(conn: &mut Conn, caller: &Caller, now: Timestamp, template: &Template) -> Result<TemplateRow, Problem> {
    let body = serde_json::to_string(template).map_err(Problem::internal)?;
    let number = |count: usize| i32::try_from(count).map_err(Problem::internal);
    let after = db::templates::find_last_time(conn)?.map(|last| last.plus(1));
    Ok(TemplateRow {
        id: template.id.clone(),
        version: i32::try_from(template.version).map_err(Problem::internal)?,
        name_zh: template.name.zh.clone(),
        name_en: template.name.en.clone(),
        steps: number(template.steps.len())?,
        sha256: Hash::of(body.as_bytes()),
        body,
        published_by: caller.person,
        published_at: after.map_or(now, |after| now.max(after)),
    })
}

fn head(row: TemplateRow) -> TemplateHeadRow {
    let TemplateRow { id, version, name_zh, name_en, steps, sha256, published_by, published_at, body: _ } = row;
    TemplateHeadRow { id, version, name_zh, name_en, steps, sha256, published_by, published_at }
}
