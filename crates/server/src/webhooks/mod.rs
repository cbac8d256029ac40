//! Telling webhooks what happens: one loop per server plans deliveries and claims those that are due, and a task for each record sends what
//! waits for it. What is sent in which order, and what becomes of it, is the core's.

mod send;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::Id;
use stagecraft_core::webhooks::{self, Pace, Sending};
use stagecraft_core::{House, Result};

use crate::outside::{Exchange, Outside};

/// Between two looks, when there was nothing.
const PAUSE: Duration = Duration::from_millis(250);
/// After a look that failed, mostly because the database is away.
const FAILED: Duration = Duration::from_secs(2);
/// Attempts under way at once.
const AT_ONCE: usize = 32;

/// How webhooks are told.
#[derive(Clone, Debug, Default)]
pub struct Telling {
    pub outside: Outside,
    pub pace: Pace,
}

/// What the loop and its tasks share.
struct Teller {
    house: Arc<House>,
    telling: Telling,
    exchange: Exchange,
    under_way: Mutex<BTreeMap<Id, usize>>,
}

/// Tells webhooks until it is stopped.
pub async fn tell(house: Arc<House>, telling: Telling) {
    let teller = Arc::new(Teller { house, telling, exchange: Exchange::default(), under_way: Mutex::default() });
    loop {
        let rest = match teller.look().await {
            Ok(true) => continue,
            Ok(false) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "webhooks have to wait");
                FAILED
            }
        };
        tokio::time::sleep(rest).await;
    }
}

impl Teller {
    /// Plans a step and begins what is due; true where there may be more at once.
    async fn look(self: &Arc<Teller>) -> Result<bool> {
        let under_way = self.under_way();
        let room = AT_ONCE.saturating_sub(under_way.values().sum());
        let (planned, claimed) = self
            .blocking(move |house| {
                let planned = webhooks::plan(house)?;
                Ok((planned, webhooks::claim(house, room, &under_way)?))
            })
            .await?;
        let any = !claimed.is_empty();
        for sending in claimed {
            self.count(sending.webhook, 1);
            let teller = self.clone();
            tokio::spawn(async move {
                let webhook = sending.webhook;
                teller.send(sending).await;
                teller.count(webhook, -1);
            });
        }
        Ok(planned || any)
    }

    /// Sends what waits for one record, one after the other, for as long as it arrives.
    async fn send(&self, first: Sending) {
        let mut next = Some(first);
        while let Some(sending) = next {
            let outcome = send::attempt(&self.exchange, &self.telling.outside, &sending).await;
            let pace = self.telling.pace.clone();
            next = match self.blocking(move |house| webhooks::finish(house, &sending, &outcome, &pace)).await {
                Ok(next) => next,
                Err(error) => {
                    // Its lease runs out, and it is sent again.
                    tracing::warn!(%error, "what became of a delivery could not be noted");
                    None
                }
            };
        }
    }

    async fn blocking<T: Send + 'static>(&self, work: impl FnOnce(&House) -> Result<T> + Send + 'static) -> Result<T> {
        let house = self.house.clone();
        match tokio::task::spawn_blocking(move || work(&house)).await {
            Ok(done) => done,
            Err(panic) => Err(stagecraft_core::Error::Internal(format!("telling webhooks ended early: {panic}"))),
        }
    }

    fn under_way(&self) -> BTreeMap<Id, usize> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn count(&self, webhook: Id, by: isize) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let n = under_way.entry(webhook).or_default();
        *n = n.saturating_add_signed(by);
        if *n == 0 {
            under_way.remove(&webhook);
        }
    }
}
