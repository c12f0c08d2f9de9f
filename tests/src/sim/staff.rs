//! The company of a run: one outlet, a desk, and technicians.

use super::chance::Chance;
use super::house::House;
use super::office::Done;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schema::binary::{Hash, PublicKey};
use schema::id::{DeviceId, OutletId, PersonId, SessionId};
use schema::money::Currency;
use schema::people::{Bilingual, Language, Role};
use schema::problem::Problem;
use schema::rows::outlets::OutletRow;
use schema::rows::people::PersonRow;
use schema::session::NewDevice;
use schema::template::{Gate, Template, all_shipped};
use schema::time::{MINUTE, Timestamp};
use server::auth::Caller;
use server::auth::token::Bearer;
use server::db::{Conn, outlets, people};
use server::domain::price_lists;
use server::domain::sessions::{Draw, LogIn, Opened, Term, open_session};
use server::domain::templates;
use sync::store::entry::{Identity, Session};

/// A technician.
#[derive(Debug, Clone)]
pub struct Hand {
    pub person: PersonId,
    pub outlet: OutletId,
    pub login: String,
    pub name: String,
}

pub struct Staff {
    pub dispatcher: Caller,
    /// Somebody else who decides, at the same time.
    pub second: Caller,
    pub hands: Vec<Hand>,
}

/// How long an access token holds.
const ACCESS_US: i64 = 15 * MINUTE;

impl Staff {
    pub fn hire(house: &House, now: Timestamp, technicians: usize) -> Self {
        let outlet = OutletRow {
            id: OutletId::new(now, house.draw()),
            code: "01".to_owned(),
            name: "徐汇网点".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            phone: "021-55500000".to_owned(),
            settings: "{}".to_owned(),
            created_at: now,
        };
        house.arrange(|conn| Ok(outlets::insert_outlet(conn, &outlet)?));
        let hire = |number: usize, role: Role| {
            let row = person(PersonId::new(now, house.draw()), outlet.id, (number, role), now);
            house.arrange(|conn| Ok(people::insert_person(conn, &row)?));
            row
        };
        let caller = |number: usize| {
            let person = hire(number, Role::ServiceManager);
            Caller {
                person: person.id,
                name: person.name,
                role: person.role,
                outlet: outlet.id,
                session: SessionId::new(now, house.draw()),
                device: None,
                language: Language::Chinese,
            }
        };
        let (dispatcher, second) = (caller(0), caller(99));
        let hands = (1..=technicians).map(|number| hire(number, Role::Technician));
        let hand = |row: PersonRow| Hand { person: row.id, outlet: row.outlet_id, login: row.login, name: row.name };
        let staff = Self { dispatcher, second, hands: hands.map(hand).collect() };
        staff.publish_prices(house, now, 0).unwrap();
        staff
    }

    /// A new price list, where every price is a little higher than in the one before.
    pub fn publish_prices(&self, house: &House, now: Timestamp, round: u64) -> Result<(), Problem> {
        let csv = format!(
            "code,name_zh,name_en,unit,kind,price_fen,destroys_data\nSD-101,更换水龙头,Replace a tap,次,labour,{},\nSD-201,水龙头,Tap,个,part,{},yes\n",
            8_000 + round * 100,
            12_600 + round * 100,
        );
        let import =
            price_lists::Import { csv: csv.into_bytes(), name: None, currency: Currency::CNY, valid_from: None };
        let imported = house.command(|conn| price_lists::import(conn, &self.dispatcher, now, &import).map(drop));
        imported.unwrap_or(Ok(()))
    }

    /// The next version of the checklist, which jobs that open from now on begin with.
    pub fn publish_checklist(&self, house: &House, now: Timestamp, round: u32) -> Done {
        let newest = house.look(|conn| templates::newest(conn, &all_shipped()[0].id)).ok().flatten()?;
        let body = serde_json::to_vec(&checklist(newest.version + 1, round)).unwrap();
        house.command(|conn| templates::publish(conn, &self.second, now, &body).map(drop))
    }
}

/// The home repair as the company makes it in this version: always one step more, which needs a reading, and on and off a gate. No two
/// rounds make the same, so that a version which a restore took away is another one when it is published anew.
fn checklist(version: u32, round: u32) -> Template {
    let mut template = all_shipped()[0].clone();
    let both = |text: &str| Bilingual { zh: format!("{text}{round}"), en: format!("{text} {round}") };
    let testing = template.steps.iter().position(|step| step.id == "testing").unwrap();
    let mut step = template.steps[testing].clone();
    (step.id, step.name, step.stage) = (format!("check_{round}"), both("加查"), None);
    step.evidence.truncate(1);
    step.evidence[0].name = format!("check_{round}");
    template.steps.insert(testing + 1, step);
    if round.is_multiple_of(2) {
        template.steps.iter_mut().filter(|step| step.id == "guide").for_each(|step| step.gates.push(Gate::Tested));
    }
    (template.version, template.warranty_months) = (version, 1 + round % 12);
    template
}

fn person(id: PersonId, outlet: OutletId, (number, role): (usize, Role), now: Timestamp) -> PersonRow {
    PersonRow {
        id,
        outlet_id: outlet,
        login: format!("staff{number}"),
        staff_number: format!("{number:04}"),
        name: format!("员工{number}"),
        phone: "13800000000".to_owned(),
        role,
        skills: "[]".to_owned(),
        language: Language::Chinese,
        password_hash: String::new(),
        feed_seq: 0,
        feed_digest: Hash::ZERO,
        created_at: now,
        disabled_at: None,
    }
}

/// Logs a technician in on the phone of this key; the password was right.
pub fn log_in(conn: &mut Conn, hand: &Hand, key: PublicKey, draw: &Draw, now: Timestamp) -> Result<Opened, Problem> {
    let device = Some(NewDevice { name: "手机".to_owned(), public_key: key });
    let (login, address, client) = (hand.login.clone(), String::new(), "phone".to_owned());
    open_session(conn, &LogIn { login, address, client, device }, hand.person, draw, term(now))
}

pub fn term(now: Timestamp) -> Term {
    Term { now, session_days: 30, phones_max: 16 }
}

/// The tokens of a session, as the phone gets them.
pub fn tokens(house: &House, opened: &Opened, refresh: &[u8; 32], now: Timestamp, chance: &mut Chance) -> Session {
    let access_token = hex(&chance.bytes::<16>());
    let expires_at = now.plus(ACCESS_US);
    house.issue(access_token.clone(), Bearer::trusted(opened.person.id, opened.session, opened.device, expires_at));
    Session { id: opened.session, access_token, expires_at, refresh_token: URL_SAFE_NO_PAD.encode(refresh) }
}

pub fn identity(hand: &Hand, device: DeviceId) -> Identity {
    Identity {
        server: "sim".to_owned(),
        device,
        person: hand.person,
        login: hand.login.clone(),
        name: hand.name.clone(),
        outlet: Some(hand.outlet),
        setup: None,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
