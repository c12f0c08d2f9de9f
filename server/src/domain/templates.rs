//! Checklists: those that come with the product, and those that the company published. A version never changes, so a job is judged by
//! the one that it began with whatever is published later ([`of_job`]), and what was parsed once is kept.

mod publish;

pub use publish::{check, publish};

use crate::db::{self, Conn};
use crate::domain::jobs::name_of;
use lru::LruCache;
use schema::binary::Hash;
use schema::id::{JobId, PersonId};
use schema::people::Bilingual;
use schema::problem::Problem;
use schema::record::JobRecord;
use schema::rows::templates::TemplateHeadRow;
use schema::template::{Template, TemplateVersion, all_shipped, find_shipped};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::ops::Deref;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Checklists kept parsed, some hundred kilobytes each: more than a company has in use at once.
const PARSED_MAX: NonZeroUsize = NonZeroUsize::new(32).unwrap();

/// By the hash of their bodies, so that it is right for every database that this process has to do with.
static PARSED: LazyLock<Mutex<LruCache<Hash, Arc<Template>>>> = LazyLock::new(|| Mutex::new(LruCache::new(PARSED_MAX)));

/// A checklist in one version.
#[derive(Debug, Clone)]
pub enum Checklist {
    Shipped(&'static Template),
    Published(Arc<Template>),
}

impl Deref for Checklist {
    type Target = Template;
    fn deref(&self) -> &Template {
        match self {
            Self::Shipped(template) => template,
            Self::Published(template) => template,
        }
    }
}

/// One version; none where there is no such thing.
pub fn find(conn: &mut Conn, id: &str, version: u32) -> Result<Option<Checklist>, Problem> {
    if let Some(shipped) = find_shipped(id, version) {
        return Ok(Some(Checklist::Shipped(shipped)));
    }
    // An id is a few letters; what else somebody asks for, as with a NUL in it, no database is bothered with.
    let Some(version) = i32::try_from(version).ok().filter(|_| schema::shape::Keys::Step.accept(id)) else {
        return Ok(None);
    };
    match db::templates::find_hash(conn, id, version)? {
        Some(hash) => Ok(Some(parsed(conn, (id, version), hash)?)),
        None => Ok(None),
    }
}

fn parsed(conn: &mut Conn, (id, version): (&str, i32), hash: Hash) -> Result<Checklist, Problem> {
    let kept = || PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept().get(&hash) {
        return Ok(Checklist::Published(Arc::clone(known)));
    }
    let row = db::templates::find_template(conn, id, version)?;
    let row = row.ok_or_else(|| Problem::internal(format!("the checklist {id} {version} is gone")))?;
    let template: Arc<Template> = Arc::new(serde_json::from_str(&row.body).map_err(Problem::internal)?);
    kept().put(hash, Arc::clone(&template));
    Ok(Checklist::Published(template))
}

/// The checklist that a job began with.
pub fn of_job(conn: &mut Conn, view: &JobRecord) -> Result<Checklist, Problem> {
    let (id, version) = (&view.meta.template, view.meta.template_version);
    find(conn, id, version)?.ok_or_else(|| Problem::internal(format!("no checklist {id} {version}")))
}

/// The version that a job begins with now; none where there is no such checklist.
pub fn newest(conn: &mut Conn, id: &str) -> Result<Option<Checklist>, Problem> {
    if !schema::shape::Keys::Step.accept(id) {
        return Ok(None);
    }
    match db::templates::find_newest(conn, id)? {
        Some(row) => Ok(Some(parsed(conn, (&row.id, row.version), row.sha256)?)),
        None => Ok(shipped_newest(id).map(Checklist::Shipped)),
    }
}

fn shipped_newest(id: &str) -> Option<&'static Template> {
    all_shipped().iter().filter(|template| template.id == id).max_by_key(|template| template.version)
}

/// The checklists of some jobs, for whoever judges where there is no database.
#[derive(Debug, Clone, Default)]
pub struct Checklists(BTreeMap<(String, u32), Checklist>);

impl Checklists {
    pub fn of_jobs(conn: &mut Conn, jobs: &[JobId]) -> Result<Self, Problem> {
        let mut found = BTreeMap::new();
        for (id, version, hash) in db::templates::list_of_jobs(conn, jobs)? {
            let checklist = parsed(conn, (&id, version), hash)?;
            found.insert((id, checklist.version), checklist);
        }
        Ok(Self(found))
    }

    /// The checklist that this job began with, if it is here.
    pub fn of(&self, view: &JobRecord) -> Option<&Template> {
        let (id, version) = (&view.meta.template, view.meta.template_version);
        find_shipped(id, version).or_else(|| self.0.get(&(id.clone(), version)).map(Deref::deref))
    }
}

/// Tells phones whether there is anything new: the moment of the last publication. It only grows, and a number that was lost with an
/// old backup is not given out again for something else.
pub fn stamp(conn: &mut Conn) -> Result<i64, Problem> {
    let shipped = all_shipped().iter().map(|template| i64::from(template.version)).max().unwrap_or(0);
    let last = db::templates::find_last_time(conn)?;
    Ok(last.map_or(shipped, |at| at.micros().max(shipped)))
}

/// What phones carry, by name: what comes with the product, the newest of each, and what jobs that are not over began with.
pub fn list_carried(conn: &mut Conn) -> Result<Vec<(String, u32)>, Problem> {
    let mut carried: BTreeSet<(String, i32)> = BTreeSet::new();
    for row in db::templates::list_heads(conn)? {
        // The newest of an id comes first.
        if !carried.iter().any(|(id, _)| *id == row.id) {
            carried.insert((row.id, row.version));
        }
    }
    carried.extend(db::templates::list_in_use(conn)?);
    let shipped = all_shipped().iter().map(|template| (template.id.clone(), template.version));
    let published = carried.into_iter().filter_map(|(id, version)| Some((id, u32::try_from(version).ok()?)));
    Ok(shipped.chain(published).collect())
}

/// The same with their bodies.
pub fn carried(conn: &mut Conn) -> Result<Vec<Template>, Problem> {
    let mut found = Vec::new();
    for (id, version) in list_carried(conn)? {
        found.extend(find(conn, &id, version)?.map(|checklist| Template::clone(&checklist)));
    }
    Ok(found)
}

/// Every version, by id, the newest first.
pub fn list_versions(conn: &mut Conn) -> Result<Vec<TemplateVersion>, Problem> {
    let rows = db::templates::list_heads(conn)?;
    let mut names: BTreeMap<PersonId, String> = BTreeMap::new();
    for person in rows.iter().map(|row| row.published_by).collect::<BTreeSet<_>>() {
        names.insert(person, name_of(conn, person)?.name);
    }
    let mut versions: Vec<TemplateVersion> = all_shipped().iter().map(shipped_version).collect();
    for row in rows {
        let name = names.get(&row.published_by).cloned();
        versions.push(published_version(row, name));
    }
    versions.sort_by(|a, b| a.id.cmp(&b.id).then(b.version.cmp(&a.version)));
    let mut last: Option<String> = None;
    for version in &mut versions {
        version.is_newest = last.as_ref() != Some(&version.id);
        last = Some(version.id.clone());
    }
    Ok(versions)
}

fn shipped_version(template: &Template) -> TemplateVersion {
    TemplateVersion {
        id: template.id.clone(),
        version: template.version,
        name: template.name.clone(),
        steps: u32::try_from(template.steps.len()).unwrap_or(u32::MAX),
        is_newest: false,
        published_by: None,
        published_by_name: None,
        published_at: None,
    }
}

fn published_version(row: TemplateHeadRow, published_by_name: Option<String>) -> TemplateVersion {
    TemplateVersion {
        id: row.id,
        version: u32::try_from(row.version).unwrap_or(0),
        name: Bilingual { zh: row.name_zh, en: row.name_en },
        steps: u32::try_from(row.steps).unwrap_or(0),
        is_newest: false,
        published_by: Some(row.published_by),
        published_by_name,
        published_at: Some(row.published_at),
    }
}
