//! Passwords: argon2id with OWASP's parameters, off the async threads and a few at a time, because each costs 19 MiB and 25 ms.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use schema::limits::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
use schema::problem::Problem;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Log-ins that may wait for their turn; more are told that we are busy.
const WAITING_MAX: usize = 64;

/// Verified where nobody has the login, so that the time taken does not tell. Fits no password.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm8gb25lIGhhcyB0aGlz$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and verifies.
pub struct Passwords {
    waiting: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Passwords {
    /// As many at once as there are cores, or `at_once`.
    pub fn new(at_once: usize) -> Self {
        let running = Arc::new(Semaphore::new(at_once.max(1)));
        Self { waiting: Arc::new(Semaphore::new(WAITING_MAX)), running }
    }

    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        self.run(move || hash_now(&password)).await?
    }

    /// Takes as long where there is no `hash`.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Problem> {
        self.run(move || {
            let fits = fits(&password, hash.as_deref().unwrap_or(DECOY));
            fits && hash.is_some()
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let place = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| Problem::busy(2))?;
        let turn: OwnedSemaphorePermit =
            Arc::clone(&self.running).acquire_owned().await.map_err(|_| Problem::internal("no turns for passwords"))?;
        // The work keeps its turn even where the request goes away meanwhile.
        let held = move || {
            let done = work();
            drop((place, turn));
            done
        };
        actix_web::web::block(held).await.map_err(|_| Problem::internal("hashing a password panicked"))
    }
}

/// In PHC form, with a salt of its own. Takes 25 ms: not for async threads.
pub fn hash_now(password: &str) -> Result<String, Problem> {
    let hash: PasswordHash = Argon2::default().hash_password(password.as_bytes()).map_err(Problem::internal)?;
    Ok(hash.to_string())
}

fn fits(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

/// Whether a password may be chosen: its length, and that it is not the login.
pub fn check_new(at: &str, password: &str, login: &str) -> Result<(), Problem> {
    let length = password.chars().count();
    if length < PASSWORD_CHARS_MIN {
        let zh = format!("密码至少 {PASSWORD_CHARS_MIN} 个字符");
        return Err(Problem::field(at, zh, format!("A password has at least {PASSWORD_CHARS_MIN} characters")));
    }
    if length > PASSWORD_CHARS_MAX {
        let zh = format!("密码最多 {PASSWORD_CHARS_MAX} 个字符");
        return Err(Problem::field(at, zh, format!("A password has at most {PASSWORD_CHARS_MAX} characters")));
    }
    if password.to_lowercase().contains(login) {
        return Err(Problem::field(at, "密码不能包含用户名", "A password does not contain the log-in name"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = hash_now("correct horse battery").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(fits("correct horse battery", &hash));
        assert!(!fits("correct horse batterx", &hash));
        assert!(!fits("anything", "not a hash"));
    }

    #[test]
    fn the_decoy_is_a_readable_hash_of_the_same_cost() {
        let decoy = PasswordHash::new(DECOY).unwrap();
        let own = hash_now("correct horse battery").unwrap();
        let own = PasswordHash::new(&own).unwrap();
        assert_eq!(decoy.params, own.params);
        assert_eq!(decoy.hash.unwrap().len(), own.hash.unwrap().len());
        assert!(!fits("", DECOY));
    }
}
