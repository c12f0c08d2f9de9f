//! What the database knows of a phone and of the jobs that it pushes to, for many phones at once: a lane's handler.

use crate::auth::token::Bearer;
use crate::auth::{SyncCaller, admit_all};
use crate::db::{self, Conn, Many};
use crate::domain::photos;
use crate::domain::price_lists::reference_versions;
use crate::domain::records::{self, Known, Memory};
use crate::domain::templates::Checklists;
use schema::binary::{Actor, Hash};
use schema::id::{DeviceId, JobId, PersonId};
use schema::limits::{CHANGE_DEPS_MAX, HEADS_JOBS_MAX, PUSH_JOBS_MAX};
use schema::problem::{Kind, Problem};
use schema::rows::records::{QuarantineRow, RecordEnd};
use schema::time::Timestamp;
use schema::wire::SyncRequest;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Who syncs, and which jobs it pushes to.
pub struct Ask {
    bearer: Bearer,
    jobs: Vec<JobId>,
    now: Timestamp,
}

impl Ask {
    /// Refuses what no honest phone sends.
    pub fn new(bearer: Bearer, request: &SyncRequest, now: Timestamp) -> Result<Self, Problem> {
        let jobs: BTreeSet<JobId> = request.push.iter().map(|push| push.job).collect();
        if request.push.len() > PUSH_JOBS_MAX || jobs.len() < request.push.len() {
            return Err(Problem::because(
                Kind::BadRequest,
                "同一工单重复或工单过多",
                "A job stands twice, or there are too many",
            ));
        }
        let heads = request.heads.as_deref().unwrap_or_default();
        if heads.len() > HEADS_JOBS_MAX || heads.iter().any(|job| job.heads.len() > CHANGE_DEPS_MAX) {
            return Err(Problem::because(
                Kind::BadRequest,
                "核对的工单过多",
                "It compares more jobs than a phone carries",
            ));
        }
        Ok(Self { bearer, jobs: Vec::from_iter(jobs), now })
    }
}

/// The answer to an [`Ask`].
pub struct Found {
    pub caller: SyncCaller,
    pub epoch: i64,
    /// What this person took and nobody has sent.
    pub photos_owed: Vec<Hash>,
    /// The newest version of each kind of reference data.
    pub reference: BTreeMap<String, i64>,
    pub pushed: Pushed,
}

/// The jobs that are pushed to.
#[derive(Default)]
pub struct Pushed {
    pub(super) records: BTreeMap<JobId, (RecordEnd, Held)>,
    pub(super) leases: BTreeMap<(JobId, Actor), DeviceId>,
    /// What this device pushed before and was refused: a repeated push is answered the same.
    pub(super) quarantined: BTreeMap<(JobId, Hash), QuarantineRow>,
    /// Those that the company published; the shipped ones are everywhere.
    pub(super) checklists: Arc<Checklists>,
}

/// A record, or what it is made of.
#[derive(Clone)]
pub(super) enum Held {
    Loaded(Arc<Known>),
    Stored { snapshot: Vec<u8>, since: Vec<Vec<u8>>, conflicts: Option<i64> },
}

impl Held {
    /// Costs CPU where it was not loaded.
    pub(super) fn into_known(self) -> Result<Arc<Known>, Problem> {
        match self {
            Self::Loaded(known) => Ok(known),
            Self::Stored { snapshot, since, conflicts } => {
                let record = records::assemble(&snapshot, since)?;
                let counted = conflicts.and_then(|count| usize::try_from(count).ok());
                Ok(Arc::new(Known { conflicts: counted.unwrap_or_else(|| record.conflicts().len()), record }))
            }
        }
    }
}

/// Answers many phones from one view of the database.
pub fn load(conn: &mut Conn, memory: &Memory, asks: &[Ask]) -> Many<Found> {
    let epoch = records::epoch(conn)?;
    let Some(now) = asks.iter().map(|ask| ask.now).max() else { return Ok(Vec::new()) };
    let reference = reference_versions(conn, now)?;
    let callers = admit_all(conn, &asks.iter().map(|ask| ask.bearer).collect::<Vec<_>>())?;
    let everything = Everything::load(conn, memory, asks)?;
    let persons: Vec<PersonId> = asks.iter().map(|ask| ask.bearer.person).collect();
    let owed = photos::owed_by(conn, &persons)?;
    let found = |(ask, caller): (&Ask, Result<SyncCaller, Problem>)| {
        let pushed = everything.of(ask);
        let photos_owed = owed.get(&ask.bearer.person).cloned().unwrap_or_default();
        caller.map(|caller| Found { caller, epoch, photos_owed, reference: reference.clone(), pushed })
    };
    Ok(asks.iter().zip(callers).map(found).collect())
}

/// What all of them ask for.
#[derive(Default)]
struct Everything {
    records: BTreeMap<JobId, (RecordEnd, Held)>,
    leases: Vec<(JobId, Actor, DeviceId)>,
    quarantined: Vec<QuarantineRow>,
    checklists: Arc<Checklists>,
}

impl Everything {
    fn load(conn: &mut Conn, memory: &Memory, asks: &[Ask]) -> Result<Self, Problem> {
        let jobs: BTreeSet<JobId> = asks.iter().flat_map(|ask| ask.jobs.iter().copied()).collect();
        if jobs.is_empty() {
            return Ok(Self::default());
        }
        let jobs = Vec::from_iter(jobs);
        let devices: Vec<DeviceId> = asks.iter().filter_map(|ask| ask.bearer.device).collect();
        Ok(Self {
            records: load_records(conn, memory, &jobs)?,
            leases: db::records::list_actors(conn, &jobs)?,
            quarantined: db::quarantine::list_of_devices(conn, &devices, &jobs)?,
            checklists: Arc::new(Checklists::of_jobs(conn, &jobs)?),
        })
    }

    /// One phone's share.
    fn of(&self, ask: &Ask) -> Pushed {
        let record = |job: &JobId| self.records.get(job).map(|held| (*job, held.clone()));
        let leases = self.leases.iter().filter(|(job, ..)| ask.jobs.contains(job));
        let is_own = |row: &&QuarantineRow| Some(row.device_id) == ask.bearer.device && ask.jobs.contains(&row.job_id);
        let quarantined = self.quarantined.iter().filter(is_own);
        Pushed {
            records: ask.jobs.iter().filter_map(record).collect(),
            leases: leases.map(|(job, actor, device)| ((*job, *actor), *device)).collect(),
            quarantined: quarantined.map(|row| ((row.job_id, row.first_hash), row.clone())).collect(),
            checklists: Arc::clone(&self.checklists),
        }
    }
}

fn load_records(
    conn: &mut Conn,
    memory: &Memory,
    jobs: &[JobId],
) -> Result<BTreeMap<JobId, (RecordEnd, Held)>, Problem> {
    let (mut found, mut cold) = (BTreeMap::new(), BTreeMap::new());
    for end in db::records::list_ends(conn, jobs)? {
        match memory.find(end.job_id, end.length) {
            Some(known) => drop(found.insert(end.job_id, (end, Held::Loaded(known)))),
            None => drop(cold.insert(end.job_id, end)),
        }
    }
    if cold.is_empty() {
        return Ok(found);
    }
    let missing: Vec<JobId> = cold.keys().copied().collect();
    let mut since: BTreeMap<JobId, Vec<Vec<u8>>> = BTreeMap::new();
    for (job, bytes) in db::records::list_since_snapshots(conn, &missing)? {
        since.entry(job).or_default().push(bytes);
    }
    for (job, snapshot, conflicts) in db::records::list_snapshots(conn, &missing)? {
        let Some(end) = cold.remove(&job) else { continue };
        let since = since.remove(&job).unwrap_or_default();
        found.insert(job, (end, Held::Stored { snapshot, since, conflicts }));
    }
    Ok(found)
}
