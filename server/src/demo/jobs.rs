//! Reports of two weeks, and what became of them: the desk takes them, dispatch sends somebody, the visit runs its course.

use super::chance::Chance;
use super::plan::{Planned, plan};
use super::staff::{Company, Member};
use super::table::{self, CustomerLine, FaultLine, PRICE_LIST, PriceLine};
use super::visit::{End, Scene, Visit};
use crate::db::{self, Conn};
use crate::domain::jobs::By;
use crate::domain::price_lists::Import;
use crate::domain::records::{self, Office};
use crate::domain::reports::{Desk, Draw};
use crate::domain::{assignments, customers, decisions, follow_ups, price_lists, price_requests, reports};
use schema::call::{CreateCall, FollowUpState};
use schema::customer::CreateCustomer;
use schema::dispatch::AssignJob;
use schema::edit::Edit;
use schema::id::{CustomerId, EntryId, JobId, PersonId, PriceRequestId};
use schema::money::Currency;
use schema::people::Role;
use schema::price_request::CreatePriceRequest;
use schema::problem::{Kind, Problem};
use schema::record::Payment;
use schema::status::Status;
use schema::time::{DAY, HOUR, MINUTE, Timestamp, Window};
use serde_json::json;
use std::collections::BTreeMap;

/// What every story draws on.
struct Stage<'a> {
    company: &'a Company,
    prices: BTreeMap<String, PriceLine>,
    price_list: i64,
    customers: Vec<(CustomerId, CustomerLine)>,
    faults: Vec<FaultLine>,
}

/// Plays all stories.
pub fn play(conn: &mut Conn, chance: &mut Chance, company: &Company, now: Timestamp) -> Result<(), Problem> {
    let opening = now.plus(-(super::DAYS + 20) * DAY);
    let stage = Stage {
        company,
        prices: table::prices()?.into_iter().map(|line| (line.code.clone(), line)).collect(),
        price_list: import_prices(conn, company, opening)?,
        customers: meet_customers(conn, chance, company, opening)?,
        faults: table::faults()?,
    };
    let lines: Vec<CustomerLine> = table::customers()?;
    for planned in plan(chance, now, &lines, &stage.faults)? {
        let mut story = Story { conn, chance, stage: &stage, planned, now };
        story.play()?;
    }
    Ok(())
}

fn import_prices(conn: &mut Conn, company: &Company, at: Timestamp) -> Result<i64, Problem> {
    let import = Import {
        csv: PRICE_LIST.as_bytes().to_vec(),
        name: Some("维修项目收费标准 2026".to_owned()),
        currency: Currency::CNY,
        valid_from: None,
    };
    let by = company.of("SH", Role::EngineeringSupervisor)?;
    Ok(price_lists::import(conn, &by.caller, at, &import)?.version)
}

fn meet_customers(
    conn: &mut Conn,
    chance: &mut Chance,
    company: &Company,
    at: Timestamp,
) -> Result<Vec<(CustomerId, CustomerLine)>, Problem> {
    let mut met = Vec::new();
    for (line, days) in table::customers()?.into_iter().zip(0..) {
        let at = at.plus(days * 6 * HOUR);
        let input = CreateCustomer {
            name: line.name.clone(),
            phone: line.phone.clone(),
            address: line.address.clone(),
            class: Some(line.class),
            latitude_e6: Some(line.latitude_e6),
            longitude_e6: Some(line.longitude_e6),
            refuses_calls: false,
        };
        let desk = company.of(&line.outlet, Role::DeskAgent)?;
        let id = CustomerId::new(at, chance.bytes());
        customers::create(conn, &desk.caller, id, at, &input)?;
        met.push((id, line));
    }
    Ok(met)
}

struct Story<'a, 'b> {
    conn: &'a mut Conn,
    chance: &'a mut Chance,
    stage: &'a Stage<'b>,
    planned: Planned,
    now: Timestamp,
}

impl Story<'_, '_> {
    fn customer(&self) -> Result<&(CustomerId, CustomerLine), Problem> {
        self.stage.customers.get(self.planned.customer).ok_or_else(|| Problem::internal("no such customer in the demo"))
    }

    fn fault(&self) -> Result<&FaultLine, Problem> {
        self.stage.faults.get(self.planned.fault).ok_or_else(|| Problem::internal("no such fault in the demo"))
    }

    fn somebody(&self, role: Role) -> Result<&Member, Problem> {
        let outlet = &self.customer()?.1.outlet;
        self.stage.company.of(outlet, role)
    }

    fn play(&mut self) -> Result<(), Problem> {
        let job = self.report()?;
        let after = self.planned.taken_at.plus(20 * MINUTE);
        match self.planned.story {
            Status::Reported | Status::Ready => Ok(()),
            Status::Cancelled => {
                let reasons = ["客户已自行修好", "客户临时外出，改日再报", "客户改由物业处理", "重复下单"];
                let reason = *self.chance.pick(&reasons)?;
                self.decide(after, |conn, by| decisions::cancel(conn, by, job, reason).map(drop))
            }
            Status::SolvedRemotely => {
                let reason = "电话指导客户断电重启并恢复设置，现已正常";
                self.decide(after, |conn, by| decisions::solve_remotely(conn, by, job, reason).map(drop))
            }
            _ => {
                let technician = self.assign(job)?;
                self.visit(job, technician)?;
                self.settle(job)
            }
        }
    }

    /// The desk takes it down; a repair has its job at once.
    fn report(&mut self) -> Result<JobId, Problem> {
        let channels = ["phone", "phone", "phone", "phone", "web", "visit", "api"];
        let channel = *self.chance.pick(&channels)?;
        let (customer, fault) = (self.customer()?, self.fault()?);
        let half_told = self.planned.story == Status::Reported;
        // The call broke off before the address was said; whose it is remains to be asked.
        let name = half_told.then_some(&customer.1.name);
        let phone = half_told.then(|| customer.1.phone.replace("1380000", "1380001"));
        let told = json!({
            "class": "B", "channel": channel, "fault": fault.fault, "fault_class": fault.class,
            "product": fault.product, "model": Some(&fault.model).filter(|model| !model.is_empty()),
            "area": "own", "repeated_back": channel != "web",
            "customer": (!half_told).then_some(customer.0), "name": name, "phone": phone,
        });
        let input = serde_json::from_value(told).map_err(Problem::internal)?;
        let draw = draw(self.chance);
        let caller = self.somebody(Role::DeskAgent)?.caller.clone();
        let desk = Desk { caller: &caller, now: self.planned.taken_at, draw };
        let report = reports::create(self.conn, desk, &input)?;
        report.job.ok_or_else(|| Problem::internal("a repair without a job in the demo"))
    }

    /// Runs an office command as a dispatcher.
    fn decide(
        &mut self,
        at: Timestamp,
        command: impl FnOnce(&mut Conn, &By) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let caller = self.somebody(Role::Dispatcher)?.caller.clone();
        let by = By { caller, now: at, random: self.chance.bytes() };
        command(self.conn, &by)
    }

    /// Sends whoever can do it and is free; the last of them is sent even where something speaks against it.
    fn assign(&mut self, job: JobId) -> Result<PersonId, Problem> {
        let skill = schema::fault::find(&self.fault()?.class).and_then(|class| class.skill);
        let able = self.stage.company.technicians(&self.customer()?.1.outlet, skill);
        let able: Vec<PersonId> = able.into_iter().map(|member| member.caller.person).collect();
        let first = self.chance.between(0, 11);
        let start = self.planned.start;
        let window = Window { from: start, to: start.plus(2 * HOUR) };
        let mut left = able.len();
        let turn = able.iter().cycle().skip(usize::try_from(first).unwrap_or(0)).take(able.len());
        for technician in turn {
            left -= 1;
            let overrides = left == 0;
            let reason = overrides.then(|| "客户指定该时段，已与师傅电话确认".to_owned());
            let input =
                AssignJob { technician: *technician, instead_of: None, window: Some(window), reason, overrides };
            let at = self.planned.taken_at.plus(12 * MINUTE);
            let caller = self.somebody(Role::Dispatcher)?.caller.clone();
            let by = By { caller, now: at, random: self.chance.bytes() };
            match assignments::assign(self.conn, &by, job, &input) {
                Ok(_) => return Ok(*technician),
                Err(problem) if problem.kind == Kind::Conflict && !overrides => {}
                Err(problem) => return Err(problem),
            }
        }
        Err(Problem::internal("nobody in the demo can do this"))
    }

    fn visit(&mut self, job: JobId, technician: PersonId) -> Result<(), Problem> {
        let stage = self.stage;
        let technician = stage.company.staff.iter().find(|member| member.caller.person == technician);
        let technician = technician.ok_or_else(|| Problem::internal("nobody of this id in the demo"))?;
        let (_, customer) =
            stage.customers.get(self.planned.customer).ok_or_else(|| Problem::internal("no customer"))?;
        let fault = stage.faults.get(self.planned.fault).ok_or_else(|| Problem::internal("no fault"))?;
        let scene = Scene {
            job,
            customer: &customer.name,
            technician,
            fault,
            prices: &stage.prices,
            price_list: stage.price_list,
            accepted_at: self.planned.taken_at.plus(18 * MINUTE),
            start: self.planned.start,
        };
        let declines = self.planned.story == Status::Signed && self.chance.is(50);
        let visit = Visit { scene, conn: self.conn, chance: self.chance };
        visit.play(self.planned.story, if declines { End::Declines } else { End::Signs })
    }

    /// What the office does afterwards: takes the money, closes, opens again.
    fn settle(&mut self, job: JobId) -> Result<(), Problem> {
        let story = self.planned.story;
        if story == Status::WaitingPrice {
            return self.ask_price(job);
        }
        if !matches!(story, Status::Closed | Status::Reopened) {
            return Ok(());
        }
        let at = self.planned.start.plus(2 * HOUR);
        self.take_payment(job, at)?;
        self.decide(at.plus(20 * MINUTE), |conn, by| decisions::close(conn, by, job, None).map(drop))?;
        if story == Status::Reopened {
            let reason = "回访时客户反映故障又出现了";
            return self.decide(at.plus(20 * HOUR), |conn, by| decisions::reopen(conn, by, job, reason).map(drop));
        }
        self.call_back(job)
    }

    /// The desk asks whether it holds; a few are still to be called.
    fn call_back(&mut self, job: JobId) -> Result<(), Problem> {
        for due in follow_ups::of_job(self.conn, job, self.now)? {
            let at = due.not_before.plus(self.chance.between(30, 300) * MINUTE);
            if due.state != FollowUpState::Open || at > self.now || self.chance.is(15) {
                continue;
            }
            let reached = self.chance.is(90);
            let input = CreateCall {
                reached,
                satisfied: reached.then_some(true),
                remarks: reached.then(|| "使用正常，对服务满意".to_owned()),
                complaint: false,
                refuses_calls: false,
            };
            let caller = self.somebody(Role::DeskAgent)?.caller.clone();
            let by = By { caller, now: at, random: self.chance.bytes() };
            follow_ups::call(self.conn, &by, due.id, &input)?;
        }
        Ok(())
    }

    /// What is not on the list is asked of the engineering supervisor.
    fn ask_price(&mut self, job: JobId) -> Result<(), Problem> {
        let at = self.planned.start.plus(16 * MINUTE);
        let caller = &self.somebody(Role::Dispatcher)?.caller.clone();
        let id = PriceRequestId::new(at, self.chance.bytes());
        let input = CreatePriceRequest { text: "非标安装支架制作，现场尺寸 60×45 cm".to_owned() };
        price_requests::create(self.conn, caller, (id, at), job, &input)?;
        Ok(())
    }

    fn take_payment(&mut self, job: JobId, at: Timestamp) -> Result<(), Problem> {
        let due = records::load(self.conn, job)?.view()?.due_minor().unwrap_or(0);
        // Some are still owed.
        if due == 0 || self.chance.is(12) {
            return Ok(());
        }
        let person = self.somebody(Role::DeskAgent)?.caller.person;
        let method = (*self.chance.pick(&["微信", "支付宝", "现金", "银行转账"])?).to_owned();
        let receipt = db::meta::next_number(self.conn, "receipt")?;
        let payment = Payment {
            minor: due,
            currency: Currency::CNY,
            method,
            receipt: Some(format!("SJ{receipt:06}")),
            by: person,
            at,
        };
        let id = EntryId::new(self.chance.bytes());
        records::write(self.conn, Office { person: Some(person), now: at }, job, &[Edit::Pay { id, payment }])?;
        Ok(())
    }
}

pub fn draw(chance: &mut Chance) -> Draw {
    Draw { report: chance.bytes(), job: chance.bytes(), owner: chance.bytes(), entry: chance.bytes() }
}
