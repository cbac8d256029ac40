//! What deals were known to be worth at past instants: amounts as they were then, at the rates of then. Of a deal that was brought in later nothing
//! was known.

use std::collections::HashMap;

use db::Read;
use model::{Id, Instant, Money, Value};

use super::courses::Held;
use crate::analysis::past::rates;
use crate::{Ctx, Result};

/// Changes that are read together.
const CHANGES: u64 = 50_000;

/// How amounts have changed since an instant.
pub(super) struct Worth {
    /// By deal: the changes, the earliest first, each with what the amount was before.
    changes: HashMap<Id, Vec<(Instant, Option<Money>)>>,
    created: HashMap<Id, Instant>,
}

impl Worth {
    /// Everything since an instant.
    pub fn since(tx: &mut Read, since: Instant) -> Result<Worth> {
        let (mut worth, mut before) = (Worth { changes: HashMap::new(), created: HashMap::new() }, Instant(i64::MAX));
        loop {
            let (changes, next) = db::past::changes_back(tx, model::objects::opportunity::KEY, &["amount"], (since, before), CHANGES)?;
            for change in changes {
                match change.field {
                    None => drop(worth.created.insert(change.record, change.at)),
                    Some((_, was)) => {
                        let was = if let Value::Money(money) = was { Some(money) } else { None };
                        worth.changes.entry(change.record).or_default().push((change.at, was));
                    }
                }
            }
            match next {
                Some(next) => before = next,
                None => break,
            }
        }
        worth.changes.values_mut().for_each(|changes| changes.reverse());
        Ok(worth)
    }

    /// What these deals were known to be worth at an instant of a day, in ten-thousandths of the main currency.
    pub fn at(&self, cx: &Ctx, tx: &mut Read, held: &Held, deals: &[Id], (at, day): (Instant, model::Date)) -> Result<HashMap<Id, i64>> {
        let rates = rates(cx, tx, at, day)?;
        let mut known = HashMap::new();
        for id in deals {
            if self.created.get(id).is_some_and(|created| *created > at) {
                continue;
            }
            let was = self.changes.get(id).and_then(|changes| changes.iter().find(|(changed, _)| *changed > at));
            let worth = match was {
                Some((_, was)) => was.and_then(|money| rates.to_main(money, day)).map(|amount| amount.0),
                None => held.deal(*id).and_then(|deal| deal.amount),
            };
            if let Some(worth) = worth {
                known.insert(*id, worth);
            }
        }
        Ok(known)
    }
}
