//! The statements of a thread, written down and said again: what a save costs beside its own statements alone.

use std::cell::RefCell;

use crate::connection::Shape;
use crate::param::Param;
use crate::watch::Step;
use crate::{Db, Error};

thread_local! {
    static JOURNAL: RefCell<Option<Vec<Noted>>> = const { RefCell::new(None) };
}

/// A statement that was run.
#[derive(Clone, Debug)]
pub struct Noted {
    sql: String,
    params: Vec<Param>,
    answers: bool,
}

/// From now on the statements of this thread are written down.
pub fn begin() {
    JOURNAL.with_borrow_mut(|journal| *journal = Some(Vec::new()));
}

/// Ends it; the statements since [`begin`], those that begin and end transactions left out.
pub fn end() -> Vec<Noted> {
    JOURNAL.with_borrow_mut(Option::take).unwrap_or_default()
}

/// Writes a statement down, if this thread keeps a journal.
pub(crate) fn note(sql: &str, params: &[Param], answers: bool) {
    JOURNAL.with_borrow_mut(|journal| {
        if let Some(noted) = journal {
            noted.push(Noted { sql: sql.to_owned(), params: params.to_vec(), answers });
        }
    });
}

impl Db {
    /// Runs statements again, prepared, in one transaction: on a copy of the data they were first run on.
    pub fn replay(&self, noted: &[Noted]) -> Result<(), Error> {
        self.write(|tx| {
            tx.run(Step::Write, "-- a journal", |c| {
                for Noted { sql, params, answers } in noted {
                    if *answers {
                        c.query(sql, params, Shape::Fixed)?;
                    } else {
                        c.execute(sql, params, Shape::Fixed)?;
                    }
                }
                Ok(())
            })
        })
    }
}
