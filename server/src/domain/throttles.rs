//! Log-ins are slowed down after failures, per name and per address. Says the same whether or not anybody has the name.
//!
//! A try is counted before the password is looked at, so that a thousand tries sent at once are a thousand counted; one that
//! succeeds is taken back.

use crate::db::{Conn, throttles};
use schema::limits::LOGIN_CHARS_MAX;
use schema::problem::{Kind, Problem};
use schema::time::{HOUR, SECOND, Timestamp};

/// Failures of one name before the first wait.
const FREE_PER_LOGIN: i64 = 5;
/// Of one address: a whole office may stand behind it.
const FREE_PER_ADDRESS: i64 = 30;
/// The longest wait, so that a stranger can't lock a person out for long.
const WAIT_S_MAX: i64 = 300;
/// After so long without a try the count begins anew.
pub const FORGIVEN_AFTER_US: i64 = HOUR;

/// Counts a try, or says how long to wait.
pub fn count_try(conn: &mut Conn, login: &str, address: &str, now: Timestamp) -> Result<(), Problem> {
    count(conn, &login_key(login), FREE_PER_LOGIN, now)?;
    count(conn, &address_key(address), FREE_PER_ADDRESS, now)
}

fn count(conn: &mut Conn, key: &str, free: i64, now: Timestamp) -> Result<(), Problem> {
    let (failures, until) = throttles::lock_throttle(conn, key)?.unwrap_or((0, now));
    // Within the free tries nobody waits: another's try, counted first, may have been a little later by the clock.
    let wait_us = until.since(now);
    if wait_us > 0 && failures > free {
        let seconds = u32::try_from((wait_us + SECOND - 1).div_euclid(SECOND)).unwrap_or(u32::MAX);
        return Err(Problem { retry_after_s: Some(seconds), ..Problem::new(Kind::TooManyRequests) });
    }
    let failures = if -wait_us > FORGIVEN_AFTER_US { 1 } else { failures + 1 };
    throttles::set_throttle(conn, key, failures, now.plus(wait_s(failures - free) * SECOND))?;
    Ok(())
}

/// 0 within the free tries, then 2, 4, 8 … seconds.
fn wait_s(over: i64) -> i64 {
    match u32::try_from(over.clamp(0, WAIT_S_MAX)) {
        Ok(over) if over > 0 => 2i64.saturating_pow(over).min(WAIT_S_MAX),
        _ => 0,
    }
}

/// The try succeeded: the name begins anew, the address has one failure less.
pub fn forgive(conn: &mut Conn, login: &str, address: &str, now: Timestamp) -> Result<(), Problem> {
    throttles::delete_throttle(conn, &login_key(login))?;
    let key = address_key(address);
    if let Some((failures, _)) = throttles::lock_throttle(conn, &key)? {
        throttles::set_throttle(conn, &key, (failures - 1).max(0), now)?;
    }
    Ok(())
}

fn login_key(login: &str) -> String {
    // What nobody can be called needs no row of its own size.
    format!("login:{}", login.chars().take(LOGIN_CHARS_MAX).collect::<String>())
}

fn address_key(address: &str) -> String {
    format!("address:{address}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_five_minutes() {
        let waits: Vec<i64> = (0..12).map(wait_s).collect();
        assert_eq!(waits, [0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        assert_eq!(wait_s(i64::MAX), 300);
        assert_eq!(wait_s(-5), 0);
    }
}
