//! What is expected of a month, a quarter or a year: what deals promise by category, what people say, what those above them make of it, and
//! what is to be reached.
//!
//! Figures of deals come from the memory of the analysis, by owner, and are added up along the chain of managers or the tree of departments
//! ([`chart`], [`plan`]); what people have said is kept for good ([`entries`]); what is to be reached are documents of a fiscal year
//! ([`targets`]). Every sum is over people whom the caller sees.

mod acts;
mod chart;
mod deals;
mod entries;
mod figures;
mod file;
mod grid;
mod plan;
mod show;
mod targets;

use std::ops::Range;

use jiff::ToSpan;
use model::analysis::Span;
use model::period::{Length, Period};
use model::{Date, Instant};
use serde::{Deserialize, Serialize};

use crate::{Ctx, Error, Result};

pub use acts::{Adjust, HistoryRequest, Submit, Withdraw, adjust, figures_now, history, submit, withdraw};
pub use deals::{DealsRequest, deals};
pub use file::forecast_told;
pub use grid::{GridRequest, Wanted, grid, save};
pub use show::{ForecastRequest, forecast};

pub(crate) use figures::won_by_owner;
pub(crate) use targets::are_there as has_amounts;

/// What targets are set for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Amounts of deals won.
    #[default]
    WonAmount,
    /// What confirmed orders come to, by the day of order.
    OrderedAmount,
    /// How many deals were won.
    WonCount,
}

impl Metric {
    /// As it is kept, and as the API says it.
    pub fn key(self) -> &'static str {
        match self {
            Metric::WonAmount => "won_amount",
            Metric::OrderedAmount => "ordered_amount",
            Metric::WonCount => "won_count",
        }
    }
}

/// The period that a request names; this month where it names none.
fn period(cx: &Ctx, text: Option<&str>) -> Result<Period> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(Period::of(Length::Month, cx.today(), &cx.meta.calendar)),
        Some(text) => text.parse().map_err(|_| Error::Malformed("period: a month (2026-11), a quarter (2026-Q4) or a year (2026)".into())),
    }
}

/// The days and instants of a period in the organisation's time zone.
fn span(cx: &Ctx, period: Period) -> Span {
    let days = period.days(&cx.meta.calendar);
    let after = days.last.saturating_add(1.day());
    let instants: Range<Instant> = Instant::start_of(days.first, &cx.meta.calendar.zone)..Instant::start_of(after, &cx.meta.calendar.zone);
    Span { days: days.first..after, instants }
}

/// True once the last day of a period has passed.
fn is_over(cx: &Ctx, period: Period) -> bool {
    let last: Date = period.days(&cx.meta.calendar).last;
    last < cx.today()
}
