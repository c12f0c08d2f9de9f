//! Requests that bring something at the moment, in the order in which they came. One of them gives way where another comes for which it has to:
//! a phone whose line broke knows it before we do, and need not wait for us to notice.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// All of them, each with what is known of it.
pub struct Bringers<T>(Arc<Mutex<All<T>>>);

struct All<T> {
    of: BTreeMap<u64, T>,
    /// Dropped when one has to give way.
    holds: BTreeMap<u64, oneshot::Sender<()>>,
    /// How many there have been: no two bear the same number, though one be over long before it is dropped.
    count: u64,
}

/// One that brings; it is over when dropped, or when it has to give way.
pub struct Bringer<T> {
    all: Bringers<T>,
    number: u64,
    over: oneshot::Receiver<()>,
}

impl<T> Bringers<T> {
    /// One more. `makes_way` looks at those that there are, by number, and says which of them gives way, or that the new one may not begin.
    pub fn begin<E>(
        &self,
        one: T,
        makes_way: impl FnOnce(&BTreeMap<u64, T>) -> Result<Option<u64>, E>,
    ) -> Result<Bringer<T>, E> {
        let mut all = self.lock();
        if let Some(number) = makes_way(&all.of)? {
            all.remove(number);
        }
        let (hold, over) = oneshot::channel();
        all.count += 1;
        let number = all.count;
        all.of.insert(number, one);
        all.holds.insert(number, hold);
        Ok(Bringer { all: self.clone(), number, over })
    }

    /// Lets the one give way that is picked, if any is; whether one was.
    pub fn end(&self, picked: impl FnOnce(&BTreeMap<u64, T>) -> Option<u64>) -> bool {
        let mut all = self.lock();
        let number = picked(&all.of);
        number.is_some_and(|number| all.remove(number))
    }

    fn lock(&self) -> MutexGuard<'_, All<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> All<T> {
    fn remove(&mut self, number: u64) -> bool {
        self.holds.remove(&number);
        self.of.remove(&number).is_some()
    }
}

impl<T> Bringer<T> {
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Resolves once, when this one has to give way.
    pub async fn is_over(&mut self) {
        // Nothing is ever sent: the other end is dropped.
        drop((&mut self.over).await);
    }
}

impl<T> Drop for Bringer<T> {
    fn drop(&mut self) {
        self.all.lock().remove(self.number);
    }
}

impl<T> Clone for Bringers<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Bringers<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(All { of: BTreeMap::new(), holds: BTreeMap::new(), count: 0 })))
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    /// Whether it has to give way, as far as is known now.
    pub async fn is_over<T>(bringer: &mut Bringer<T>) -> bool {
        let mut over = pin!(bringer.is_over());
        poll_fn(|cx| Poll::Ready(over.as_mut().poll(cx).is_ready())).await
    }

    #[tokio::test]
    async fn who_gave_way_and_lingers_ends_nobody_else() {
        let all = Bringers::default();
        let begin = || all.begin((), |of| Ok::<_, Infallible>(of.keys().next().copied())).unwrap();
        let (mut lingering, done) = (begin(), begin());
        assert!(is_over(&mut lingering).await);
        drop(done);
        let mut third = begin();
        drop(lingering);
        assert!(!is_over(&mut third).await);
        assert!(all.end(|of| of.keys().next().copied()) && is_over(&mut third).await);
        assert!(!all.end(|of| of.keys().next().copied()), "nobody is left");
    }
}
