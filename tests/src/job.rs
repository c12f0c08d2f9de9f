//! Jobs for tests, opened and given to somebody through the domain, as the desk's and the dispatcher's routes do.

use crate::person::Person;
use crate::phone::TestPhone;
use crate::server::TestServer;
use schema::binary::Hash;
use schema::edit::Edit;
use schema::id::{EntryId, JobId, PersonId, ReportId};
use schema::money::Currency;
use schema::people::Role;
use schema::problem::Problem;
use schema::record::{Assignment, Meta, Report, Urgency};
use server::domain::records::rebuild::{self, Difference};
use server::domain::records::{self, Office};
use server::state::random;
use std::sync::{Arc, Mutex};

/// A technician's phone that holds one job, given by a dispatcher, and is up to date.
pub struct Errand {
    pub dispatcher: Person,
    pub technician: Person,
    pub job: JobId,
    pub phone: TestPhone,
}

impl TestServer {
    /// A job of the first outlet in the hands of a technician, on whose phone it is.
    pub async fn errand(&self) -> Errand {
        let (dispatcher, technician) = (self.person(Role::Dispatcher).await, self.person(Role::Technician).await);
        let job = self.job(&dispatcher).await;
        self.assign(job, &dispatcher, &technician).await;
        let mut phone = self.phone(&technician).await;
        phone.sync().await;
        Errand { dispatcher, technician, job, phone }
    }

    /// A job of the first outlet with everything that dispatch needs, in nobody's hands.
    pub async fn job(&self, by: &Person) -> JobId {
        self.jobs(by, 1).await.pop().unwrap()
    }

    /// So many of them, in one transaction.
    pub async fn jobs(&self, by: &Person, count: usize) -> Vec<JobId> {
        let (now, opened_by, outlet) = (self.clock.now(), by.id, by.outlet);
        let office = Office { person: Some(by.id), now };
        let told = Report {
            name: Some("王女士".to_owned()),
            phone: Some("13900000001".to_owned()),
            address: Some("上海市徐汇区漕溪北路 18 号 302 室".to_owned()),
            fault: Some("燃气壁挂炉不点火".to_owned()),
            urgency: Some(Urgency::General),
            ..Report::default()
        };
        let open = move |conn: &mut server::db::Conn| {
            let mut jobs = Vec::new();
            for _ in 0..count {
                let (job, report) = (JobId::new(now, random()), ReportId::new(now, random()));
                let meta = Meta {
                    job,
                    number: format!("WX-{}", EntryId::new(random())),
                    outlet,
                    report,
                    customer: None,
                    customer_class: None,
                    template: "home_repair".to_owned(),
                    template_version: 1,
                    currency: Currency::CNY,
                    reported_at: now,
                    opened_by,
                    rework_of: None,
                };
                records::open(conn, office, meta, told.clone(), None)?;
                jobs.push(job);
            }
            Ok(jobs)
        };
        self.state.db.write(open).await.unwrap()
    }

    /// Puts the job into a technician's hands.
    pub async fn assign(&self, job: JobId, by: &Person, to: &Person) {
        let now = self.clock.now();
        let assignment = Assignment {
            technician: to.id,
            technician_name: to.name.clone(),
            window: None,
            by: by.id,
            at: now,
            reason: None,
        };
        self.write(job, by.id, vec![Edit::Assign { id: EntryId::new(random()), assignment }]).await;
    }

    /// Writes from the office.
    pub async fn write(&self, job: JobId, by: PersonId, edits: Vec<Edit>) {
        let office = Office { person: Some(by), now: self.clock.now() };
        self.state.db.write(move |conn| records::write(conn, office, job, &edits)).await.unwrap();
    }

    /// Where the projections stand otherwise than the log has it, row by row.
    pub async fn differences(&self) -> Vec<Difference> {
        let found = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&found);
        let compare = move |conn: &mut server::db::Conn| {
            *kept.lock().unwrap() = rebuild::compare(conn, &mut |_| {})?.1;
            Err::<(), _>(Problem::internal("only compared"))
        };
        self.state.db.write(compare).await.unwrap_err();
        std::mem::take(&mut *found.lock().unwrap())
    }

    /// The heads of the server's record.
    pub async fn heads(&self, job: JobId) -> Vec<Hash> {
        self.state.db.read(move |conn| Ok(records::load(conn, job)?.record.heads())).await.unwrap()
    }
}
