//! The blows: a server killed, or the database stopped, and what must be there afterwards.

use super::house::House;
use super::ledger::Ledger;
use super::{check, stop_of};
use crate::sim::chance::Chance;
use std::time::{Duration, Instant};

/// Far above what anything here takes on a busy machine: a server that never recovers must fail the test.
const PATIENCE: Duration = Duration::from_secs(120);

impl House {
    /// Waits for a moment, strikes, looks for all that was promised, and sets going again.
    pub(super) async fn strike(
        &mut self,
        chance: &mut Chance,
        ledger: &Ledger,
        starts: &mut Vec<Duration>,
    ) -> Result<(), String> {
        // Somewhere among the requests of the phones, all of which may be under way.
        let most = 1 + self.plan.phones.saturating_mul(3) / 2;
        let moment = ledger.after_begun(u64::try_from(1 + chance.below(most)).unwrap());
        tokio::time::timeout(PATIENCE, moment).await.map_err(|_| "the phones stand still".to_owned())?;
        let micros = u64::try_from(chance.below(20_000)).unwrap();
        tokio::time::sleep(Duration::from_micros(micros)).await;
        if self.plan.cluster.is_some() {
            self.stop_the_database(chance, starts);
            // The server has found its database again.
            let answers = ledger.after_answered(1);
            tokio::time::timeout(PATIENCE, answers).await.map_err(|_| "nobody is answered any more".to_owned())?;
            check::promised(self, ledger)
        } else {
            self.kill_a_server(chance, ledger, starts)
        }
    }

    fn kill_a_server(
        &mut self,
        chance: &mut Chance,
        ledger: &Ledger,
        starts: &mut Vec<Duration>,
    ) -> Result<(), String> {
        let number = chance.below(self.servers.len());
        // It blocks this thread of the runtime only.
        tokio::task::block_in_place(|| {
            let victim = self.servers.get_mut(number).unwrap();
            victim.kill();
            let address = victim.address.clone();
            // Before a phone could send again what is missing.
            check::promised(self, ledger)?;
            let began = Instant::now();
            let started = self.start_server(&address);
            starts.push(began.elapsed());
            *self.servers.get_mut(number).unwrap() = started;
            Ok(())
        })
    }

    fn stop_the_database(&self, chance: &mut Chance, starts: &mut Vec<Duration>) {
        let Some(cluster) = &self.plan.cluster else { return };
        tokio::task::block_in_place(|| {
            cluster.stop(stop_of(chance));
            let began = Instant::now();
            cluster.start();
            starts.push(began.elapsed());
        });
    }
}
