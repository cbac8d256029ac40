//! What a period will bring: a plain method that can be explained, from the organisation's own stage history.
//!
//! 1. *Looking back.* For every week before the cut and every deal that was open then: in which stage it stood, for how long, and what became of
//!    it in the weeks that followed, as far as that is known at the cut. From this comes how likely deals of a stage and age are won in each
//!    week to come ([`Curve`]). Where few stood, the share is drawn towards that of the stage, and of all deals.
//! 2. *What is open.* Each open deal is won in the period with that chance, drawn up or down by how its segment did; it brings its amount, or
//!    what won deals of its segment brought where it has none.
//! 3. *What is coming.* As many new deals a week as lately, each with the chances of a new deal.
//! 4. *The range.* Sums of chances vary, and projections err: by how much, earlier projections of the same organisation tell, made with
//!    what was known then ([`back_test`]).
//!
//! Nothing here looks at what happened after the cut: a deal's course is cut off there.

mod curve;
mod looking;
mod range;
mod testing;

#[cfg(test)]
mod tests;

pub use curve::Curve;
pub use looking::{Chance, History, Projected};
pub use range::{Errors, Range};
pub use testing::{Naive, Reliability, Summary, Tested, Why, Window, back_test, summary};

use crate::{Id, Instant};

/// A day and a week in microseconds.
pub(super) const DAY: i64 = 86_400_000_000;
pub(super) const WEEK: i64 = 7 * DAY;

/// What happened to a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It came into a stage in progress, by its number.
    Stage(u32),
    Won,
    /// It was lost, or turned out to be none.
    Lost,
}

/// The course of a deal.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    pub id: Id,
    /// Deals of one segment have something in common, as their type.
    pub segment: u32,
    /// What happened, in order.
    pub events: Vec<(Instant, Event)>,
    /// What it brought if it was won, in ten-thousandths of the main currency.
    pub worth: Option<i64>,
    /// When its owner expects it to close: for the naive method alone.
    pub expected: Option<Instant>,
}

impl Course {
    /// When it began.
    pub fn began(&self) -> Option<Instant> {
        self.events.first().map(|(at, _)| *at)
    }

    /// Where it stood at an instant and since when; `None` where it had not begun or was closed.
    pub fn stood(&self, at: Instant) -> Option<(u32, Instant)> {
        match self.events.iter().rev().find(|(when, _)| *when <= at)? {
            (since, Event::Stage(stage)) => Some((*stage, *since)),
            _ => None,
        }
    }

    /// When it was won, if that is how it stood at an instant.
    pub fn won_by(&self, at: Instant) -> Option<Instant> {
        match self.events.iter().rev().find(|(when, _)| *when <= at)? {
            (when, Event::Won) => Some(*when),
            _ => None,
        }
    }

    /// How it closed first after an instant, up to another.
    pub(super) fn closes(&self, after: Instant, until: Instant) -> Option<(Instant, bool)> {
        let closing = |(at, event): &&(Instant, Event)| *at > after && *at <= until && !matches!(event, Event::Stage(_));
        self.events.iter().find(closing).map(|(at, event)| (*at, *event == Event::Won))
    }
}
