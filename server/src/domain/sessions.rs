//! Logging in, staying logged in, and the end of it. Tokens are random; their hashes are kept, they themselves are not.
//!
//! A session is a chain of refresh tokens: each gets a successor, and may get it again as long as no successor was used, because the
//! answer may have been lost, on a phone in a cellar for hours. The first use of a successor is the proof that it arrived. What comes
//! then and is neither the token that came last nor one that was given for it is a copy: the session ends, whoever came with it.

use crate::db::{Conn, devices, people, sessions};
use crate::domain::{outlets, throttles};
use crate::feed::{self, Notice};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schema::binary::{Hash, Signature};
use schema::id::{DeviceId, PersonId, SessionId};
use schema::limits::FIELD_CHARS_MAX;
use schema::people::Permission;
use schema::problem::{Kind, Problem};
use schema::rows::devices::DeviceRow;
use schema::rows::people::PersonRow;
use schema::rows::sessions::{RefreshTokenRow, SessionEnd, SessionRow};
use schema::session::{Me, MyOutlet, NewDevice, refresh_message};
use schema::time::{DAY, SECOND, Timestamp};

/// Within this a client that is no phone repeats a refresh whose answer was lost. It has no key to show that it is the same.
const RETRY_GRACE_US: i64 = 30 * SECOND;

/// The random parts of a log-in, drawn by the caller.
#[derive(Clone, Copy)]
pub struct Draw {
    pub session: [u8; 10],
    pub device: [u8; 10],
    pub refresh: [u8; 32],
}

/// A log-in that is asked for: who, and from where.
#[derive(Clone)]
pub struct LogIn {
    pub login: String,
    pub address: String,
    pub client: String,
    pub device: Option<NewDevice>,
}

/// A session that is open.
pub struct Opened {
    pub person: PersonRow,
    pub session: SessionId,
    pub device: Option<DeviceId>,
}

/// When it is, and how long what is issued now is good for.
#[derive(Clone, Copy)]
pub struct Term {
    pub now: Timestamp,
    pub session_days: i64,
    /// Phones that a person may have, those that were given up not counted.
    pub phones_max: usize,
}

/// The person as they see themselves.
pub fn me(conn: &mut Conn, person: PersonRow) -> Result<Me, Problem> {
    let outlet = outlets::load(conn, person.outlet_id)?;
    let outlet = MyOutlet {
        travel: outlet.settings.travel(),
        setup: outlet.settings.setup(),
        name: outlet.name,
        phone: outlet.phone,
        time_zone: outlet.time_zone,
    };
    Ok(Me {
        id: person.id,
        skills: person.skill_list(),
        login: person.login,
        name: person.name,
        role: person.role,
        outlet_id: person.outlet_id,
        staff_number: person.staff_number,
        language: person.language,
        permissions: Permission::ALL.iter().copied().filter(|permission| person.role.may(*permission)).collect(),
        outlet: Some(outlet),
    })
}

/// Counts the try; gives the person whose password is to be compared, if there is one.
pub fn begin_log_in(conn: &mut Conn, log_in: &LogIn, now: Timestamp) -> Result<Option<PersonRow>, Problem> {
    throttles::count_try(conn, &log_in.login, &log_in.address, now)?;
    let person = people::find_person_by_login(conn, &log_in.login)?;
    Ok(person.filter(|person| person.disabled_at.is_none()))
}

/// Opens a session for a person whose password was right.
pub fn open_session(
    conn: &mut Conn,
    log_in: &LogIn,
    person: PersonId,
    draw: &Draw,
    term: Term,
) -> Result<Opened, Problem> {
    let person = people::find_person(conn, person)?.filter(|person| person.disabled_at.is_none());
    let person = person.ok_or_else(|| Problem::new(Kind::BadCredentials))?;
    throttles::forgive(conn, &log_in.login, &log_in.address, term.now)?;
    let device = match &log_in.device {
        Some(device) => Some(enrol(conn, &person, device, draw.device, term)?),
        None => None,
    };
    let session = SessionId::new(term.now, draw.session);
    let client = log_in.client.chars().take(FIELD_CHARS_MAX).collect();
    sessions::insert_session(
        conn,
        &SessionRow {
            id: session,
            person_id: person.id,
            device_id: device,
            client,
            created_at: term.now,
            used_at: term.now,
            ended_at: None,
            ended_why: None,
            // The first token counts as having come: so it and what it gets go on.
            refreshed_with: Some(Hash::of(&draw.refresh)),
        },
    )?;
    issue(conn, (session, None), &draw.refresh, term)?;
    Ok(Opened { person, session, device })
}

/// The phone of this log-in: known by its key, or new.
fn enrol(
    conn: &mut Conn,
    person: &PersonRow,
    device: &NewDevice,
    random: [u8; 10],
    term: Term,
) -> Result<DeviceId, Problem> {
    if !person.role.may(Permission::CarryPhone) {
        let zh = "此岗位不使用手机端，请直接登录";
        return Err(Problem::because(Kind::Forbidden, zh, "This role carries no phone; log in without one"));
    }
    let known = devices::list_devices(conn, person.id)?;
    if let Some(row) = known.iter().find(|row| row.public_key == device.public_key) {
        // A lost phone that is found again makes a new key; this one may be in other hands.
        return if row.revoked_at.is_some() { Err(Problem::new(Kind::DeviceRevoked)) } else { Ok(row.id) };
    }
    if known.iter().filter(|row| row.revoked_at.is_none()).count() >= term.phones_max {
        return Err(too_many_phones(term.phones_max));
    }
    let id = DeviceId::new(term.now, random);
    devices::insert_device(
        conn,
        &DeviceRow {
            id,
            person_id: person.id,
            name: device.name.clone(),
            public_key: device.public_key,
            enrolled_at: term.now,
            revoked_at: None,
            revoked_by: None,
        },
    )?;
    Ok(id)
}

fn too_many_phones(phones_max: usize) -> Problem {
    let zh = format!("名下已有 {phones_max} 部手机，请先由本人或调度停用不再使用的手机");
    let en = format!("You have {phones_max} phones already; end one that is not used any more, or ask dispatch to");
    Problem::because(Kind::Conflict, zh, en)
}

fn issue(
    conn: &mut Conn,
    (session_id, parent_hash): (SessionId, Option<Hash>),
    refresh: &[u8; 32],
    term: Term,
) -> Result<(), Problem> {
    let (hash, issued_at) = (Hash::of(refresh), term.now);
    let expires_at = issued_at.plus(term.session_days * DAY);
    let token = RefreshTokenRow { hash, session_id, issued_at, expires_at, used_at: None, parent_hash };
    Ok(sessions::insert_refresh_token(conn, &token)?)
}

/// What came of a refresh. A session that ends by it is written, so it is no error of the transaction.
pub enum Refreshed {
    Renewed(Box<Opened>),
    /// The token had been replaced by one that was used: the session has been ended.
    Reused,
}

/// A refresh token as it came.
#[derive(Clone)]
pub struct Shown {
    pub token: String,
    /// By the phone's key, where it is a phone's session.
    pub signature: Option<Signature>,
}

/// A new refresh token for an old one.
pub fn refresh(conn: &mut Conn, shown: &Shown, new: &[u8; 32], term: Term) -> Result<Refreshed, Problem> {
    let (now, old) = (term.now, hash_of(&shown.token)?);
    let ended = || Problem::new(Kind::SessionEnded);
    let token = sessions::find_refresh_token(conn, old)?.filter(|token| now < token.expires_at).ok_or_else(ended)?;
    let session = sessions::find_session(conn, token.session_id)?.filter(|session| session.ended_at.is_none());
    let session = session.ok_or_else(ended)?;
    let person = people::find_person(conn, session.person_id)?.ok_or_else(ended)?;
    // A phone of someone who left is let in for one thing: to hand in what it wrote. See `auth::admit`.
    if person.disabled_at.is_some() && session.device_id.is_none() {
        return Err(ended());
    }
    check_possession(conn, &session, shown)?;
    let is_late = session.device_id.is_none() && token.used_at.is_some_and(|at| now.since(at) > RETRY_GRACE_US);
    if is_late || !sessions::go_on_with(conn, &token)? {
        sessions::end_session(conn, session.id, now, SessionEnd::Reused)?;
        feed::post(Notice::Access(session.person_id));
        return Ok(Refreshed::Reused);
    }
    sessions::use_refresh_token(conn, old, now)?;
    issue(conn, (session.id, Some(old)), new, term)?;
    sessions::update_session_used(conn, session.id, now)?;
    Ok(Refreshed::Renewed(Box::new(Opened { person, session: session.id, device: session.device_id })))
}

fn hash_of(token: &str) -> Result<Hash, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Problem::new(Kind::SessionEnded))?;
    Ok(Hash::of(&bytes))
}

/// A phone shows that it is the one that logged in. Whoever only read a token off ends nothing by trying.
fn check_possession(conn: &mut Conn, session: &SessionRow, shown: &Shown) -> Result<(), Problem> {
    let Some(device) = session.device_id else { return Ok(()) };
    let key = devices::find_device(conn, device)?.map(|device| device.public_key);
    let message = refresh_message(device, &shown.token);
    let is_signed =
        key.zip(shown.signature).is_some_and(|(key, signature)| ::sync::seal::verify(key, &message, signature));
    if is_signed { Ok(()) } else { Err(Problem::new(Kind::SignatureInvalid)) }
}

/// Ends one of a person's own sessions.
pub fn end_session(conn: &mut Conn, id: SessionId, own: (PersonId, SessionId), now: Timestamp) -> Result<(), Problem> {
    let (person, current) = own;
    let session = sessions::find_session(conn, id)?.filter(|session| session.person_id == person);
    let session = session.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let why = if id == current { SessionEnd::LogOut } else { SessionEnd::Revoked };
    sessions::end_session(conn, session.id, now, why)?;
    feed::post(Notice::Access(person));
    Ok(())
}

/// Counts the try: it is a guess at the password like one at the log-in.
pub fn begin_password_change(
    conn: &mut Conn,
    person: PersonId,
    address: &str,
    now: Timestamp,
) -> Result<PersonRow, Problem> {
    let person = people::find_person(conn, person)?.ok_or_else(|| Problem::new(Kind::SessionEnded))?;
    throttles::count_try(conn, &person.login, address, now)?;
    Ok(person)
}

/// Sets a new password; whoever else is logged in as this person is not any more.
pub fn set_password(
    conn: &mut Conn,
    own: (PersonId, SessionId),
    (address, login, hash): (&str, &str, &str),
    now: Timestamp,
) -> Result<(), Problem> {
    let (person, current) = own;
    throttles::forgive(conn, login, address, now)?;
    let changes = people::PersonChanges { password_hash: Some(hash.to_owned()), ..Default::default() };
    people::update_person(conn, person, &changes)?;
    sessions::end_sessions_of(conn, person, now, sessions::Which::AllBut(current))?;
    feed::post(Notice::Access(person));
    Ok(())
}
