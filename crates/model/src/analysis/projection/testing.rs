//! How projections would have fallen: made of what was known before each period, beside naive methods.

use std::collections::HashMap;
use std::ops::Range as Span;

use super::{Course, Errors, History, Projected, Range};
use crate::{Id, Instant};

/// A period that is past, with what deals were known to be worth when it began.
#[derive(Clone, Debug)]
pub struct Window {
    pub period: Span<Instant>,
    /// The same period a year before.
    pub year_before: Span<Instant>,
    pub known: HashMap<Id, i64>,
}

/// What a naive method would have said; nothing where it could not.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Naive {
    /// Each open deal that is expected to close in the period, or has no such date, with the share of its stage that was won.
    pub stage_rates: f64,
    /// What the same period brought a year before.
    pub last_year: Option<f64>,
    /// What the period before it brought.
    pub period_before: Option<f64>,
}

/// One period, projected from its beginning.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    pub period: Span<Instant>,
    pub actual: f64,
    pub range: Range,
    pub naive: Naive,
    /// Deals that were known to be closed.
    pub closed: u64,
}

impl Tested {
    /// What came lies within the range.
    pub fn within(&self) -> bool {
        self.range.p10 <= self.actual && self.actual <= self.range.p90
    }

    /// By how much an expectation missed, as a share of what came.
    pub fn error(&self, expected: f64) -> Option<f64> {
        (self.actual > 0.0).then(|| (expected - self.actual) / self.actual)
    }
}

/// Projects past periods, in the order of time, each with nothing but what was known when it began; and how they erred, for the next one.
/// Chances are learnt from `learnt`, and what `courses` bring is projected. Periods before `fewest` deals were closed are left out.
pub fn back_test(learnt: &[&Course], courses: &[&Course], windows: &[Window], fewest: u64) -> (Vec<Tested>, Errors) {
    let mut done: Vec<(Span<Instant>, f64, f64, f64)> = Vec::new();
    let mut tested = Vec::new();
    for window in windows {
        let cut = Instant(window.period.start.0 - 1);
        let history = History::of(learnt, cut);
        if history.won + history.lost < fewest {
            continue;
        }
        let projected = history.project(courses, &window.known, &window.period);
        let actual = brought(courses, &window.period);
        let mut errors = Errors::default();
        for (_, expected, variance, came) in done.iter().filter(|(period, ..)| period.end.0 <= window.period.start.0) {
            errors.add(*expected, *variance, *came);
        }
        let expected = projected.expected + projected.coming;
        tested.push(Tested {
            period: window.period.clone(),
            actual,
            range: Range::of(projected.closed_amount as f64, expected, projected.variance, &errors),
            naive: naive(courses, &history, &projected, window),
            closed: history.won + history.lost,
        });
        done.push((window.period.clone(), expected, projected.variance, actual));
    }
    let mut errors = Errors::default();
    done.iter().for_each(|(_, expected, variance, came)| errors.add(*expected, *variance, *came));
    (tested, errors)
}

/// What deals brought that were won in a period.
fn brought(courses: &[&Course], period: &Span<Instant>) -> f64 {
    let won = |course: &&&Course| course.won_by(Instant(i64::MAX)).is_some_and(|at| period.contains(&at));
    courses.iter().filter(won).map(|course| course.worth.unwrap_or(0) as f64).sum()
}

fn naive(courses: &[&Course], history: &History, projected: &Projected, window: &Window) -> Naive {
    let cut = Instant(window.period.start.0 - 1);
    let open: HashMap<Id, f64> = projected.open.iter().map(|deal| (deal.id, deal.amount)).collect();
    let due = |course: &&&Course| course.expected.is_none_or(|at| window.period.contains(&at));
    let worth = |course: &&Course| Some(open.get(&course.id)? * history.stage_rate(course.stood(cut)?.0));
    let known = |period: &Span<Instant>| history.first_closed.filter(|closed| *closed <= period.start).map(|_| brought(courses, period));
    let length = window.period.end.0 - window.period.start.0;
    Naive {
        stage_rates: courses.iter().filter(due).filter_map(worth).sum(),
        last_year: known(&window.year_before),
        period_before: known(&(Instant(window.period.start.0 - length)..window.period.start)),
    }
}

/// Why a projection is not to be relied upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    TooFewClosed,
    TooFewPeriods,
    CoverageLow,
    CoverageHigh,
}

/// Whether a projection can be relied upon.
pub type Reliability = Result<(), Why>;

/// How projections fell, all together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    pub periods: u64,
    /// How often what came lay within the range.
    pub within: u64,
    /// By how much they missed, one with another, as a share of what came.
    pub projection: Option<f64>,
    pub stage_rates: Option<f64>,
    pub last_year: Option<f64>,
    pub period_before: Option<f64>,
}

/// Periods that have to be tested before something can be said.
const FEWEST: u64 = 6;

impl Summary {
    /// The share of periods that lay within the range.
    pub fn coverage(&self) -> Option<f64> {
        (self.periods > 0).then(|| self.within as f64 / self.periods as f64)
    }

    /// The range from ten to ninety percent has to hold what came between 65 and 95 times out of a hundred.
    pub fn reliability(&self) -> Reliability {
        match self.coverage() {
            _ if self.periods < FEWEST => Err(Why::TooFewPeriods),
            Some(coverage) if coverage < 0.65 => Err(Why::CoverageLow),
            Some(coverage) if coverage > 0.95 => Err(Why::CoverageHigh),
            _ => Ok(()),
        }
    }
}

/// Puts tested periods together.
pub fn summary(tested: &[Tested]) -> Summary {
    let mean = |of: &dyn Fn(&Tested) -> Option<f64>| {
        let errors: Vec<f64> = tested.iter().filter_map(|one| one.error(of(one)?)).map(f64::abs).collect();
        (!errors.is_empty()).then(|| errors.iter().sum::<f64>() / errors.len() as f64)
    };
    Summary {
        periods: tested.len() as u64,
        within: tested.iter().filter(|one| one.within()).count() as u64,
        projection: mean(&|one| Some(one.range.expected)),
        stage_rates: mean(&|one| Some(one.naive.stage_rates)),
        last_year: mean(&|one| one.naive.last_year),
        period_before: mean(&|one| one.naive.period_before),
    }
}
