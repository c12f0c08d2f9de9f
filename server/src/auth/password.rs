//! Passwords: argon2id with OWASP's parameters, off the async threads and a few at a time, because each costs 19 MiB and 25 ms.
//!
//! The 19 MiB are kept from one hash to the next. Allocated anew each time they made the service grow by as much a log-in and never
//! shrink: glibc, asked for aligned memory, wants a little more than the block that was just freed has, and takes new pages.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use schema::limits::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
use schema::problem::Problem;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Log-ins that may wait for their turn; more are told that we are busy.
const WAITING_MAX: usize = 64;

/// Verified where nobody has the login, so that the time taken does not tell. Fits no password.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm8gb25lIGhhcyB0aGlz$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What one hash works in.
type Memory = Vec<Block>;

/// Hashes and verifies.
pub struct Passwords {
    waiting: Arc<Semaphore>,
    running: Arc<Semaphore>,
    /// Those that no hash works in now: never more than may run at once.
    idle: Arc<Mutex<Vec<Memory>>>,
}

impl Passwords {
    /// As many at once as there are cores, or `at_once`.
    pub fn new(at_once: usize) -> Self {
        let running = Arc::new(Semaphore::new(at_once.max(1)));
        Self { waiting: Arc::new(Semaphore::new(WAITING_MAX)), running, idle: Arc::default() }
    }

    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        self.run(move |memory| hash_in(memory, &password)).await?
    }

    /// Takes as long where there is no `hash`.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Problem> {
        self.run(move |memory| {
            let fits = fits(memory, &password, hash.as_deref().unwrap_or(DECOY));
            fits && hash.is_some()
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Memory) -> T + Send + 'static) -> Result<T, Problem> {
        let place = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| Problem::busy(2))?;
        let turn: OwnedSemaphorePermit =
            Arc::clone(&self.running).acquire_owned().await.map_err(|_| Problem::internal("no turns for passwords"))?;
        let idle = Arc::clone(&self.idle);
        // The work keeps its turn even where the request goes away meanwhile.
        let held = move || {
            let mut memory = idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let done = work(&mut memory);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            drop((place, turn));
            done
        };
        actix_web::web::block(held).await.map_err(|_| Problem::internal("hashing a password panicked"))
    }
}

/// In PHC form, with a salt of its own. Takes 25 ms: not for async threads.
pub fn hash_now(password: &str) -> Result<String, Problem> {
    hash_in(&mut Memory::new(), password)
}

fn hash_in(memory: &mut Memory, password: &str) -> Result<String, Problem> {
    let argon2 = Argon2::default();
    let salt: [u8; Salt::RECOMMENDED_LENGTH] = rand::random();
    let output = run(&argon2, memory, (password, &salt), Params::DEFAULT_OUTPUT_LEN)?;
    let hash = PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(argon2.params()).map_err(Problem::internal)?,
        salt: Some(Salt::new(&salt).map_err(Problem::internal)?),
        hash: Some(output),
    };
    Ok(hash.to_string())
}

fn fits(memory: &mut Memory, password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else { return false };
    let (algorithm, version) = (Algorithm::try_from(hash.algorithm.as_str()), hash.version.unwrap_or_default());
    let (Ok(algorithm), Ok(version), Ok(params)) = (algorithm, Version::try_from(version), Params::try_from(&hash))
    else {
        return false;
    };
    let argon2 = Argon2::new(algorithm, version, params);
    // Two outputs are compared in constant time.
    run(&argon2, memory, (password, salt), expected.len()).is_ok_and(|output| output == *expected)
}

/// Whatever an earlier hash left in the memory makes no difference: the first pass writes over all of it.
fn run(
    argon2: &Argon2<'_>,
    memory: &mut Memory,
    (password, salt): (&str, &[u8]),
    length: usize,
) -> Result<Output, Problem> {
    memory.resize(argon2.params().block_count(), Block::new());
    let mut output = [0; Output::MAX_LENGTH];
    let output = output.get_mut(..length).ok_or_else(|| Problem::internal("this hash is too long"))?;
    let blocks = memory.as_mut_slice();
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, blocks).map_err(Problem::internal)?;
    Output::new(output).map_err(Problem::internal)
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
        let mut memory = Memory::new();
        for _ in 0..2 {
            assert!(fits(&mut memory, "correct horse battery", &hash), "also where another hash has worked before");
            assert!(!fits(&mut memory, "correct horse batterx", &hash));
        }
        assert!(!fits(&mut memory, "anything", "not a hash"));
    }

    /// From the tests of phc-winner-argon2: other parameters, and another hand than ours.
    #[test]
    fn a_hash_of_the_reference_implementation_fits() {
        let hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(fits(&mut Memory::new(), "password", hash));
    }

    #[tokio::test]
    async fn many_log_ins_at_once_work_in_as_much_memory_as_may_run() {
        let passwords = Passwords::new(2);
        let tries = (0..6).map(|_| passwords.verify("wrong".to_owned(), None));
        for fits in futures_util::future::join_all(tries).await {
            assert!(!fits.unwrap());
        }
        assert!((1..=2).contains(&passwords.idle.lock().unwrap().len()));
    }

    #[test]
    fn the_decoy_is_a_readable_hash_of_the_same_cost() {
        let decoy = PasswordHash::new(DECOY).unwrap();
        let own = hash_now("correct horse battery").unwrap();
        let own = PasswordHash::new(&own).unwrap();
        assert_eq!(decoy.params, own.params);
        assert_eq!(decoy.hash.unwrap().len(), own.hash.unwrap().len());
        assert!(!fits(&mut Memory::new(), "", DECOY));
    }
}
