//! Branches of the company: founded and changed by the administrator.

use crate::auth::Caller;
use crate::db::{self, Conn, outlets};
use crate::domain::clocks;
use crate::domain::form::Form;
use chrono_tz::Tz;
use schema::clock::ClockRule;
use schema::followup::FollowUpSettings;
use schema::id::OutletId;
use schema::outlet::{ChangeOutlet, CreateOutlet, Outlet, OutletDefaults, OutletSettings, is_code};
use schema::page::Page;
use schema::problem::{Kind, Problem};
use schema::rows::outlets::{OutletRow, OutletSettingsRow};
use schema::time::{MINUTE, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

pub fn create(conn: &mut Conn, input: &CreateOutlet, id: OutletId, now: Timestamp) -> Result<OutletRow, Problem> {
    let mut form = Form::default();
    let code = input.code.trim().to_uppercase();
    if !is_code(&code) {
        form.wrong(
            "/code",
            "网点代码为 1 至 10 个大写字母或数字",
            "An outlet's code has 1 to 10 capital letters or digits",
        );
    } else if outlets::find_outlet_by_code(conn, &code)?.is_some() {
        form.wrong("/code", "网点代码已被使用", "This code is taken");
    }
    let row = OutletRow {
        id,
        code,
        name: form.field("/name", &input.name),
        time_zone: time_zone(&mut form, &input.time_zone),
        phone: form.optional_phone("/phone", Some(&input.phone)).unwrap_or_default(),
        settings: settings(&mut form, &input.settings)?,
        created_at: now,
    };
    form.finish()?;
    outlets::insert_outlet(conn, &row)?;
    Ok(row)
}

pub fn change(conn: &mut Conn, id: OutletId, input: &ChangeOutlet, now: Timestamp) -> Result<OutletRow, Problem> {
    let mut row = outlets::find_outlet(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let mut form = Form::default();
    if let Some(name) = &input.name {
        row.name = form.field("/name", name);
    }
    if let Some(phone) = &input.phone {
        row.phone = form.optional_phone("/phone", Some(phone)).unwrap_or_default();
    }
    if let Some(zone) = &input.time_zone {
        row.time_zone = time_zone(&mut form, zone);
    }
    if let Some(input) = &input.settings {
        row.settings = settings(&mut form, input)?;
    }
    form.finish()?;
    outlets::update_outlet(conn, &row, now)?;
    Ok(row)
}

fn time_zone(form: &mut Form, name: &str) -> String {
    let name = name.trim();
    if name.parse::<Tz>().is_err() {
        form.wrong("/time_zone", "没有这个时区，例如 Asia/Shanghai", "There is no such time zone; as in Asia/Shanghai");
    }
    name.to_owned()
}

fn settings(form: &mut Form, settings: &OutletSettings) -> Result<String, Problem> {
    for error in settings.wrong(clocks::shipped()?) {
        form.wrong(&format!("/settings{}", error.at), error.zh, error.en);
    }
    serde_json::to_string(settings).map_err(Problem::internal)
}

pub fn list(conn: &mut Conn, caller: &Caller, after: Option<OutletId>, limit: i64) -> Result<Page<Outlet>, Problem> {
    let rows = outlets::list_outlets(conn, caller.outlet_filter(), after, limit + 1)?;
    Ok(Page::cut(rows, limit, |row| row.id.to_string()).map(shown))
}

pub fn find(conn: &mut Conn, caller: &Caller, id: OutletId) -> Result<Outlet, Problem> {
    caller.require_outlet(id)?;
    Ok(shown(outlets::find_outlet(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?))
}

/// How an outlet works that says nothing else.
pub fn defaults() -> Result<OutletDefaults, Problem> {
    Ok(OutletDefaults::of(clocks::shipped()?))
}

/// Any outlet, whoever asks.
pub fn load(conn: &mut Conn, id: OutletId) -> Result<Outlet, Problem> {
    Ok(shown(outlets::find_outlet(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?))
}

/// How an outlet worked at a moment, ready to use.
pub struct Practice {
    /// The customer's midnight.
    pub zone: Tz,
    pub travel_us: i64,
    pub price_request_minutes: i64,
    pub rules: Vec<ClockRule>,
    pub follow_ups: FollowUpSettings,
}

/// How an outlet worked at this moment.
pub fn practice(conn: &mut Conn, outlet: OutletId, at: Timestamp) -> Result<Rc<Practice>, Problem> {
    practices(conn, &[(outlet, at)])?.pop().ok_or_else(|| Problem::internal("an outlet without a practice"))
}

/// The same for many in one read, because it is asked with every change of a job: one each, in their order.
pub fn practices(conn: &mut Conn, asked: &[(OutletId, Timestamp)]) -> Result<Vec<Rc<Practice>>, Problem> {
    let outlets: BTreeSet<OutletId> = asked.iter().map(|(outlet, _)| *outlet).collect();
    let rows = db::outlets::list_settings(conn, &Vec::from_iter(outlets))?;
    let mut made: BTreeMap<Option<usize>, Rc<Practice>> = BTreeMap::new();
    let mut practices = Vec::new();
    for (outlet, at) in asked {
        let holds = |row: &OutletSettingsRow| row.outlet_id == *outlet && row.since <= *at;
        let place = rows.iter().rposition(holds);
        let practice = match made.get(&place) {
            Some(practice) => Rc::clone(practice),
            None => Rc::new(Practice::new(place.and_then(|place| rows.get(place)))?),
        };
        made.insert(place, Rc::clone(&practice));
        practices.push(practice);
    }
    Ok(practices)
}

impl Practice {
    fn new(row: Option<&OutletSettingsRow>) -> Result<Self, Problem> {
        let settings = row.map_or_else(OutletSettings::default, |row| OutletSettings::read(&row.settings));
        let zone = row.and_then(|row| row.time_zone.parse().ok());
        let rules = settings.rules(clocks::shipped()?);
        Ok(Self {
            zone: zone.unwrap_or(Tz::Asia__Shanghai),
            travel_us: settings.travel_minutes.saturating_mul(MINUTE),
            price_request_minutes: settings.price_request_minutes,
            follow_ups: settings.follow_ups(&rules),
            rules,
        })
    }
}

pub fn shown(row: OutletRow) -> Outlet {
    Outlet {
        id: row.id,
        code: row.code,
        name: row.name,
        time_zone: row.time_zone,
        phone: row.phone,
        settings: OutletSettings::read(&row.settings),
        created_at: row.created_at,
    }
}
