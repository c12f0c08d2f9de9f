//! Log-ins, their refresh tokens, and who stands behind one.

use crate::db::kept::{load_kept, padded};
use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::binary::{Hash, PublicKey};
use schema::id::{OutletId, PersonId, SessionId};
use schema::people::{Language, Role};
use schema::rows::sessions::{RefreshTokenRow, SessionEnd, SessionRow};
use schema::tables::{devices, people, refresh_tokens, sessions};
use schema::time::Timestamp;

/// Who stands behind a session, and whether it still holds.
#[derive(Clone, Queryable)]
pub struct Standing {
    pub session: SessionId,
    pub person: PersonId,
    pub name: String,
    pub role: Role,
    pub outlet: OutletId,
    pub language: Language,
    pub disabled_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub device_revoked_at: Option<Timestamp>,
    pub device_key: Option<PublicKey>,
    /// Where this person's feed ends, which is all that an idle sync asks about jobs.
    pub feed_seq: i64,
    pub feed_digest: Hash,
}

#[diesel::dsl::auto_type]
fn standings() -> _ {
    sessions::table
        .inner_join(people::table)
        .left_join(devices::table.on(sessions::device_id.eq(devices::id.nullable())))
        .select((
            sessions::id,
            people::id,
            people::name,
            people::role,
            people::outlet_id,
            people::language,
            people::disabled_at,
            sessions::ended_at,
            devices::revoked_at.nullable(),
            devices::public_key.nullable(),
            people::feed_seq,
            people::feed_digest,
        ))
}

/// One query, because every request asks it.
pub fn list_standings(conn: &mut Conn, ids: &[SessionId]) -> Result<Vec<Standing>> {
    Ok(load_kept!(conn, standings().filter(sessions::id.eq_any(padded(ids)))))
}

pub fn insert_session(conn: &mut Conn, session: &SessionRow) -> Result<()> {
    diesel::insert_into(sessions::table).values(session).execute(conn)?;
    Ok(())
}

pub fn find_session(conn: &mut Conn, id: SessionId) -> Result<Option<SessionRow>> {
    Ok(sessions::table.find(id).select(SessionRow::as_select()).first(conn).optional()?)
}

/// A person's sessions that have not ended and were used since `since`, the newest first.
pub fn list_sessions(conn: &mut Conn, person: PersonId, since: Timestamp) -> Result<Vec<SessionRow>> {
    Ok(sessions::table
        .filter(sessions::person_id.eq(person).and(sessions::ended_at.is_null()).and(sessions::used_at.ge(since)))
        .order(sessions::id.desc())
        .select(SessionRow::as_select())
        .load(conn)?)
}

pub fn update_session_used(conn: &mut Conn, id: SessionId, at: Timestamp) -> Result<()> {
    diesel::update(sessions::table.find(id)).set(sessions::used_at.eq(at)).execute(conn)?;
    Ok(())
}

pub fn end_session(conn: &mut Conn, id: SessionId, at: Timestamp, why: SessionEnd) -> Result<()> {
    diesel::update(sessions::table)
        .filter(sessions::id.eq(id).and(sessions::ended_at.is_null()))
        .set((sessions::ended_at.eq(Some(at)), sessions::ended_why.eq(Some(why))))
        .execute(conn)?;
    Ok(())
}

/// Ends a person's sessions, those that `which` names.
pub fn end_sessions_of(conn: &mut Conn, person: PersonId, at: Timestamp, which: Which) -> Result<()> {
    let open = sessions::person_id.eq(person).and(sessions::ended_at.is_null());
    let end = (sessions::ended_at.eq(Some(at)), sessions::ended_why.eq(Some(SessionEnd::Revoked)));
    match which {
        Which::All => {
            diesel::update(sessions::table).filter(open).set(end).execute(conn)?;
        }
        Which::AllBut(session) => {
            diesel::update(sessions::table).filter(open.and(sessions::id.ne(session))).set(end).execute(conn)?;
        }
        Which::NotOnPhones => {
            diesel::update(sessions::table).filter(open.and(sessions::device_id.is_null())).set(end).execute(conn)?;
        }
    }
    Ok(())
}

/// Which of a person's sessions to end.
#[derive(Debug, Clone, Copy)]
pub enum Which {
    All,
    AllBut(SessionId),
    /// A phone's access is taken by revoking the device: what it has not sent yet can then still be quarantined.
    NotOnPhones,
}

pub fn insert_refresh_token(conn: &mut Conn, token: &RefreshTokenRow) -> Result<()> {
    diesel::insert_into(refresh_tokens::table).values(token).execute(conn)?;
    Ok(())
}

pub fn find_refresh_token(conn: &mut Conn, hash: Hash) -> Result<Option<RefreshTokenRow>> {
    Ok(refresh_tokens::table.find(hash).select(RefreshTokenRow::as_select()).first(conn).optional()?)
}

/// Goes on with this token. False where the session went on with another than the one it was given for: then somebody else has a
/// copy. The row's lock makes one of two requests the first.
pub fn go_on_with(conn: &mut Conn, token: &RefreshTokenRow) -> Result<bool> {
    let came_last = sessions::refreshed_with.eq(Some(token.hash));
    let parent_came_last = sessions::refreshed_with.eq(Some(token.parent_hash.unwrap_or(token.hash)));
    let updated = diesel::update(sessions::table)
        .filter(sessions::id.eq(token.session_id).and(came_last.or(parent_came_last)))
        .set(sessions::refreshed_with.eq(Some(token.hash)))
        .execute(conn)?;
    Ok(updated > 0)
}

/// False where it was used before.
pub fn use_refresh_token(conn: &mut Conn, hash: Hash, at: Timestamp) -> Result<bool> {
    let updated = diesel::update(refresh_tokens::table)
        .filter(refresh_tokens::hash.eq(hash).and(refresh_tokens::used_at.is_null()))
        .set(refresh_tokens::used_at.eq(Some(at)))
        .execute(conn)?;
    Ok(updated > 0)
}

/// Forgets tokens that have run out; they are refused as unknown from then on. Says how many.
pub fn delete_refresh_tokens(conn: &mut Conn, expired_before: Timestamp) -> Result<usize> {
    Ok(diesel::delete(refresh_tokens::table).filter(refresh_tokens::expires_at.lt(expired_before)).execute(conn)?)
}

/// Forgets sessions that ended, or were last used, before `before`, with what tokens they have left. Says how many.
pub fn delete_sessions(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    let is_over = || sessions::ended_at.lt(Some(before)).or(sessions::used_at.lt(before).nullable());
    let over = sessions::table.filter(is_over()).select(sessions::id);
    diesel::delete(refresh_tokens::table).filter(refresh_tokens::session_id.eq_any(over)).execute(conn)?;
    Ok(diesel::delete(sessions::table).filter(is_over()).execute(conn)?)
}
