//! The trace: what was done that is no change of a record, and what was refused. Changes of records have their history beside it.
//!
//! Whoever does something worth a line calls [`note`] in the transaction that does it; refusals are kept by [`crate::House`] itself. Rows
//! are added only: nothing in the product changes or removes one.

mod difference;
mod export;
mod log;
mod note;
mod origin;
mod refusals;
mod tokens;

pub use export::{AuditExport, AuditWords, export, judge_export};
pub use log::{AuditRequest, log};
pub(crate) use note::note_of_person;
pub use note::{Note, note};
pub use origin::Origin;
pub(crate) use refusals::{Attempt, Refusals};
pub(crate) use tokens::Tokens;

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use db::{Db, Limits};
use model::Instant;

use crate::{Error, Result};

/// Origins remembered before all are forgotten; each is then written once more, which changes nothing.
const REMEMBERED: usize = 10_000;

/// Origins whose address and program are stored already.
#[derive(Default)]
pub(crate) struct Origins(Mutex<HashSet<i64>>);

impl Origins {
    /// Stores what an origin's number stands for, the first time that it is met: after the change itself, so that nobody waits for it with
    /// locks in hand. Should the process end in between, the next change from there stores it.
    pub fn remember(&self, db: &Db, origin: &Origin) -> Result<()> {
        let Some((id, from)) = origin.place() else { return Ok(()) };
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&id) {
            return Ok(());
        }
        db.write_with(Limits::default(), |tx| {
            let now: Instant = tx.now();
            db::audit::put_origin(tx, id, from, now).map_err(Error::from)
        })?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(id);
        Ok(())
    }
}
