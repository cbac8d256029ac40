//! Rows made ready to be saved: those that are to come while those before them are written, where neither depends on the other.

use std::sync::Arc;

use db::Limits;

use super::super::chunks::RowsIn;
use super::super::lookup::Lookup;
use super::super::rows::{Prepared, Row, Seen};
use super::super::saving::source;
use super::super::table::Line;
use super::Worker;
use super::chunk::{Chunk, Went};
use crate::audit::Origin;
use crate::{Credential, House, Result};

/// Rows that are ready to be saved.
pub(super) struct Ready {
    pub rows: Vec<Row>,
    /// Up to which row of the file they reach, those left out counted.
    pub until: u64,
}

/// What came of the next rows.
pub(super) enum Next {
    Ready(Ready),
    /// The definitions have changed: they are to be read by the new ones.
    Stale(Vec<Arc<Line>>),
    /// There are no more.
    End,
}

/// The rows of a step from where it stands, and what those before them have taught.
pub(super) struct Coming<'w> {
    pub house: &'w House,
    pub credential: Credential,
    pub origin: Origin,
    pub rows: RowsIn,
    pub lookup: &'w mut Lookup,
    pub seen: Seen,
}

impl Coming<'_> {
    /// Makes the next rows ready, at most so many.
    pub fn next(&mut self, prepared: &Prepared, many: usize) -> Result<Next> {
        let lines = self.rows.take(self.house, many)?.into_iter().map(Arc::new).collect();
        self.ready(prepared, lines)
    }

    /// Makes rows ready that come next. What they refer to is looked up first.
    pub fn ready(&mut self, prepared: &Prepared, lines: Vec<Arc<Line>>) -> Result<Next> {
        let Some(last) = lines.last() else { return Ok(Next::End) };
        let until = last.index + 1 - prepared.file.first_row();
        if look_up(self.house, (&self.credential, &self.origin), prepared, self.lookup, &lines)? {
            return Ok(Next::Stale(lines));
        }
        Ok(Next::Ready(Ready { rows: prepared.rows(&lines, self.lookup, &mut self.seen), until }))
    }
}

/// Finds what rows refer to; true where the definitions have changed since they were prepared.
pub(super) fn look_up(
    house: &House,
    (credential, origin): (&Credential, &Origin),
    prepared: &Prepared,
    lookup: &mut Lookup,
    lines: &[Arc<Line>],
) -> Result<bool> {
    let wanted = prepared.references(lines);
    house.read_from(credential, Limits::default(), origin.clone(), |cx, tx| {
        lookup.extend(cx, tx, &wanted, source(prepared))?;
        Ok(cx.meta.version != prepared.meta.version)
    })
}

impl Worker<'_> {
    /// Saves a chunk while another thread makes the next rows ready. Only where no row refers to what one before it makes.
    pub(super) fn chunk_and_next(
        &mut self,
        prepared: &Prepared,
        coming: &mut Coming<'_>,
        many: usize,
        chunk: &Chunk<'_>,
    ) -> Result<(Went, Next)> {
        std::thread::scope(|threads| {
            let next = threads.spawn(|| coming.next(prepared, many));
            // These make nothing of a name, so there is nothing to learn from them.
            let went = self.chunk(prepared, &mut Lookup::default(), chunk);
            let next = next.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            Ok((went?, next?))
        })
    }
}
