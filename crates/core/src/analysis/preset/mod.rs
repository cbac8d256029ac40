//! Analyses that the product ships besides the stage conversion and the pipeline: won and lost, ageing, leaderboards, activity. Each is one or a
//! few charts over records as anybody could draw them, so their figures, and the records behind them, are those of charts.

mod ageing;
mod people;
mod win_loss;

use db::Read;
use model::period::Period;
use model::time::Days;
use serde_json::{Value as Json, json};

use super::figures::{self, FiguresRequest};
use crate::charts::{By, Chart, ChartType, Measure, MeasureKind};
use crate::{Ctx, Error, Result};

pub use ageing::{AgeingRequest, ageing};
pub use people::{ActivityRequest, LeaderboardRequest, activity, leaderboard};
pub use win_loss::{WinLossRequest, win_loss};

/// Conditions that all have to hold.
fn all(parts: Vec<Json>) -> Json {
    json!({ "all": parts })
}

fn row(field: &str, op: &str, value: impl Into<Json>) -> Json {
    json!({"field": field, "op": op, "value": value.into()})
}

/// The condition that a request brings.
fn brought(filter: Option<&str>) -> Result<Option<Json>> {
    let Some(text) = filter.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    serde_json::from_str(text).map(Some).map_err(|e| Error::Malformed(format!("filter: {e}")))
}

/// A field within some days of the organisation, either end of which may be left out.
fn within(field: &str, days: (Option<model::Date>, Option<model::Date>)) -> Vec<Json> {
    let from = days.0.map(|day| row(field, "ge", day.to_string()));
    let to = days.1.map(|day| row(field, "le", day.to_string()));
    from.into_iter().chain(to).collect()
}

/// `from..to`, either of which may be left out, or a period of the fiscal year: `2026-11`, `2026-Q4`, `2026`.
fn days(cx: &Ctx, name: &str, text: &str) -> Result<(Option<model::Date>, Option<model::Date>)> {
    let malformed = || Error::Malformed(format!("{name}: two days, as 2026-01-01..2026-03-31, or a period, as 2026-11, 2026-Q4 or 2026"));
    if let Some((from, to)) = text.split_once("..") {
        let day = |text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| malformed()),
        };
        return Ok((day(from)?, day(to)?));
    }
    let period: Period = text.trim().parse().map_err(|_| malformed())?;
    let Days { first, last } = period.days(&cx.meta.calendar);
    Ok((Some(first), Some(last)))
}

/// A chart of records of an object by one field, and by a second.
fn chart(object: &str, measure: Option<&str>, group: &str, series: Option<&str>, filter: Json) -> Chart {
    let by = |field: &str| By { field: field.to_owned(), by: None };
    let measure = match measure {
        Some(field) => Measure { kind: MeasureKind::Sum, field: Some(field.to_owned()) },
        None => Measure { kind: MeasureKind::Count, field: None },
    };
    Chart {
        object: object.to_owned(),
        chart_type: ChartType::Table,
        measure,
        group: Some(by(group)),
        series: series.map(by),
        filter: Some(filter),
        sort: None,
        most: None,
    }
}

/// The figures of a chart of the product's own.
fn drawn(cx: &Ctx, tx: &mut Read, chart: &Chart, view: Option<&str>, q: Option<&str>) -> Result<Json> {
    let chart = serde_json::to_string(chart).map_err(|e| Error::Internal(e.to_string()))?;
    let request = FiguresRequest { chart, view: view.map(str::to_owned), q: q.map(str::to_owned), ..FiguresRequest::default() };
    figures::answered(cx, tx, &request)
}

fn list(json: &Json) -> impl Iterator<Item = &Json> {
    json.as_array().into_iter().flatten()
}
