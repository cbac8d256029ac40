//! Stage conversion: how many deals came to each stage of a process, what became of them there, and how long it took.
//!
//! [`Conversion`] is what the chart shows. The product reckons it from [`Columns`], which hold every deal of a process in memory, folded to
//! one visit for each stage; [`plain`] says the same in a few loops over the stays themselves, and is what the product is held against in
//! tests and by `stagecraft check stays`.

mod columns;
mod figures;
pub mod past;
mod places;
mod plain;
pub mod projection;
mod standing;
#[cfg(test)]
mod tests;
mod visits;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

pub use columns::Columns;
pub use figures::{Conversion, Part, StageFigures};
pub use plain::plain;
pub use standing::{By, Category, Forecast, Key, Pipeline, Span, Standing, Standings, plain_forecast, plain_pipeline};

use crate::field::StageType;
use crate::{Date, Id, Instant};

/// A deal as it is now, as far as the analysis asks of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deal {
    pub id: Id,
    /// Where it stands.
    pub process: Id,
    pub stage: String,
    pub owner: Option<Id>,
    pub department: Option<Id>,
    pub opportunity_type: Option<String>,
    pub created_at: Instant,
    pub expected_close_date: Option<Date>,
    pub closed_at: Option<Instant>,
    /// What it counts in analysis, and what it is worth, in ten-thousandths of the main currency.
    pub analysis_amount: Option<i64>,
    pub amount: Option<i64>,
    /// The amount as far as it is likely to come.
    pub forecast_amount: Option<i64>,
    pub forecast_category: Option<String>,
    pub product: Option<Id>,
    pub lead_source: Option<String>,
}

/// What holds for a whole process.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    pub process: Id,
    /// The stages of the version in force that are in progress, in order.
    pub stages: &'a [String],
    /// What kind of stage each option is.
    pub types: &'a HashMap<String, StageType>,
    /// Visits that are still going on end now.
    pub now: Instant,
}

/// Microseconds from one instant to a later one; none where a clock went back.
fn between(earlier: Instant, later: Instant) -> i64 {
    (later.0 - earlier.0).max(0)
}

/// Which deals count; what is left out does not ask.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub owners: Option<HashSet<Id>>,
    pub departments: Option<HashSet<Id>>,
    pub opportunity_types: Option<HashSet<String>>,
    pub created: Option<Range<Instant>>,
    /// When it first came into the process.
    pub entered: Option<Range<Instant>>,
    pub closed: Option<Range<Instant>>,
    pub expected_close_date: Option<Range<Date>>,
    /// Those that meet a condition of any kind.
    pub among: Option<HashSet<Id>>,
    /// Those that do not count, whatever else holds.
    pub except: HashSet<Id>,
    /// Those that the reader sees.
    pub sight: Sight,
}

/// Which deals a reader sees.
#[derive(Clone, Debug, Default)]
pub enum Sight {
    #[default]
    Every,
    /// Those of these owners, and these.
    Of { owners: HashSet<Id>, given: HashSet<Id> },
}

impl Sight {
    fn sees(&self, deal: Id, owner: Option<Id>) -> bool {
        match self {
            Sight::Every => true,
            Sight::Of { owners, given } => owner.is_some_and(|owner| owners.contains(&owner)) || given.contains(&deal),
        }
    }
}

impl Filter {
    /// True for a deal that counts; `entered`: when it first came into the process.
    fn meets(&self, deal: &Deal, entered: Instant) -> bool {
        fn within<T: PartialOrd>(range: Option<&Range<T>>, value: Option<&T>) -> bool {
            range.is_none_or(|range| value.is_some_and(|value| range.contains(value)))
        }
        let among = |ids: Option<&HashSet<Id>>, id: Option<Id>| ids.is_none_or(|ids| id.is_some_and(|id| ids.contains(&id)));
        among(self.owners.as_ref(), deal.owner)
            && among(self.departments.as_ref(), deal.department)
            && among(self.among.as_ref(), Some(deal.id))
            && self.opportunity_types.as_ref().is_none_or(|types| deal.opportunity_type.as_ref().is_some_and(|one| types.contains(one)))
            && within(self.created.as_ref(), Some(&deal.created_at))
            && within(self.entered.as_ref(), Some(&entered))
            && within(self.closed.as_ref(), deal.closed_at.as_ref())
            && within(self.expected_close_date.as_ref(), deal.expected_close_date.as_ref())
            && !self.except.contains(&deal.id)
            && self.sight.sees(deal.id, deal.owner)
    }
}
