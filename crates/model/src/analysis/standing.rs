//! Deals as they stand: the pipeline, and what is expected of a period. The definitions in plain loops; [`super::Columns`] reckons the same.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::{Deal, Filter, between};
use crate::field::StageType;
use crate::{Date, Id, Instant};

/// What some deals come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub count: u64,
    /// Their amounts, and their forecast amounts, in ten-thousandths of the main currency.
    pub amount: i128,
    pub weighted: i128,
    /// How long ago they were created, all together, in microseconds.
    pub age_micros: i128,
}

impl Standing {
    /// With another deal.
    pub(super) fn add(&mut self, amount: Option<i64>, weighted: Option<i64>, age_micros: i64) {
        self.count += 1;
        self.amount += i128::from(amount.unwrap_or(0));
        self.weighted += i128::from(weighted.unwrap_or(0));
        self.age_micros += i128::from(age_micros);
    }

    /// Seconds since they were created, one deal with another; none where there are none.
    pub fn average_age_seconds(&self) -> Option<i64> {
        super::figures::average(self.age_micros, self.count.saturating_mul(1_000_000))
    }
}

impl std::ops::AddAssign for Standing {
    fn add_assign(&mut self, other: Standing) {
        self.count += other.count;
        self.amount += other.amount;
        self.weighted += other.weighted;
        self.age_micros += other.age_micros;
    }
}

/// By what the pipeline is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Stage,
    Owner,
    OwnerDepartment,
    Product,
    LeadSource,
    ForecastCategory,
}

impl By {
    /// The field of the deal.
    pub fn field(self) -> &'static str {
        match self {
            By::Stage => "stage",
            By::Owner => "owner",
            By::OwnerDepartment => "owner_department",
            By::Product => "product",
            By::LeadSource => "lead_source",
            By::ForecastCategory => "forecast_category",
        }
    }

    fn of(self, deal: &Deal) -> Key {
        let id = |id: Option<Id>| id.map_or(Key::Blank, Key::Id);
        let text = |text: Option<&String>| text.map_or(Key::Blank, |text| Key::Option(text.clone()));
        match self {
            By::Stage => Key::Option(deal.stage.clone()),
            By::Owner => id(deal.owner),
            By::OwnerDepartment => id(deal.department),
            By::Product => id(deal.product),
            By::LeadSource => text(deal.lead_source.as_ref()),
            By::ForecastCategory => text(deal.forecast_category.as_ref()),
        }
    }
}

/// What a row of the pipeline is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Id(Id),
    Option(String),
    Blank,
}

/// Deals in progress, divided; and those that are won.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pipeline {
    pub rows: BTreeMap<Key, Standing>,
    pub won: Standing,
}

impl Pipeline {
    /// All deals in progress.
    pub fn total(&self) -> Standing {
        self.rows.values().fold(Standing::default(), |mut total, row| {
            total += *row;
            total
        })
    }
}

/// A period: the days on which deals are expected to close, and the instants in which they have.
#[derive(Clone, Debug)]
pub struct Span {
    pub days: Range<Date>,
    pub instants: Range<Instant>,
}

/// What is expected of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// It will be won.
    Commit,
    /// It may be won if all goes well.
    BestCase,
    /// It is worked on.
    Pipeline,
    /// It is left out.
    Omitted,
    /// It is won.
    Closed,
}

impl Category {
    /// All, in the order in which they are shown.
    pub const ALL: [Category; 5] = [Category::Closed, Category::Commit, Category::BestCase, Category::Pipeline, Category::Omitted];

    /// Of a deal in progress. Whatever is not said otherwise is in the pipeline.
    pub fn in_progress(field: Option<&str>) -> Category {
        match field {
            Some("commit") => Category::Commit,
            Some("best_case") => Category::BestCase,
            Some("omitted") => Category::Omitted,
            _ => Category::Pipeline,
        }
    }

    /// As the API says it.
    pub fn key(self) -> &'static str {
        match self {
            Category::Commit => "commit",
            Category::BestCase => "best_case",
            Category::Pipeline => "pipeline",
            Category::Omitted => "omitted",
            Category::Closed => "closed",
        }
    }
}

/// What one owner's deals, or one department's, come to in a period, by category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standings([Standing; 5]);

impl Standings {
    /// Those of a category.
    pub fn of(&self, category: Category) -> Standing {
        self.0[category as usize]
    }

    pub(super) fn of_mut(&mut self, category: Category) -> &mut Standing {
        &mut self.0[category as usize]
    }
}

impl std::ops::AddAssign for Standings {
    fn add_assign(&mut self, other: Standings) {
        self.0.iter_mut().zip(other.0).for_each(|(stands, more)| *stands += more);
    }
}

/// By owner or by department, for each period asked for.
pub type Forecast = HashMap<Option<Id>, Vec<Standings>>;

/// True for a deal in progress. A stage that is no option any more was one in progress.
pub(super) fn is_open(kind: Option<StageType>) -> bool {
    kind.is_none_or(|kind| kind == StageType::InProgress)
}

/// The pipeline of deals that each came into their process at an instant, in plain loops.
pub fn plain_pipeline(deals: &[(Deal, Instant)], types: &HashMap<String, StageType>, now: Instant, filter: &Filter, by: By) -> Pipeline {
    let mut pipeline = Pipeline::default();
    for (deal, entered) in deals {
        if !filter.meets(deal, *entered) {
            continue;
        }
        let kind = types.get(&deal.stage).copied();
        let age = between(deal.created_at, now);
        if is_open(kind) {
            pipeline.rows.entry(by.of(deal)).or_default().add(deal.amount, deal.forecast_amount, age);
        } else if kind == Some(StageType::Won) {
            pipeline.won.add(deal.amount, deal.forecast_amount, age);
        }
    }
    pipeline
}

/// What is expected of periods: open deals by the day on which they are to close, won ones by when they were, in plain loops.
pub fn plain_forecast(
    deals: &[(Deal, Instant)],
    types: &HashMap<String, StageType>,
    now: Instant,
    filter: &Filter,
    spans: &[Span],
    of: impl Fn(&Deal) -> Option<Id>,
) -> Forecast {
    let mut forecast = Forecast::new();
    for (deal, entered) in deals {
        if !filter.meets(deal, *entered) {
            continue;
        }
        for (at, span) in spans.iter().enumerate() {
            let kind = types.get(&deal.stage).copied();
            let category = if is_open(kind) && deal.expected_close_date.is_some_and(|day| span.days.contains(&day)) {
                Category::in_progress(deal.forecast_category.as_deref())
            } else if kind == Some(StageType::Won) && deal.closed_at.is_some_and(|instant| span.instants.contains(&instant)) {
                Category::Closed
            } else {
                continue;
            };
            let cells = forecast.entry(of(deal)).or_insert_with(|| vec![Standings::default(); spans.len()]);
            cells[at].of_mut(category).add(deal.amount, deal.forecast_amount, between(deal.created_at, now));
        }
    }
    forecast
}
