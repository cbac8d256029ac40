//! The records behind a figure of a chart.

use db::Read;
use db::records::{Bin, Query};
use jiff::ToSpan;
use model::condition::{Check, Resolved};
use model::field::Kind;
use model::{Id, Instant, Number, Value};
use serde::Deserialize;
use serde_json::Value as Json;

use super::groups::{Place, days_of};
use super::value::Tally;
use super::{FiguresRequest, Plan, field_of, plan, stretch, test};
use crate::analysis::behind;
use crate::charts::{By, MeasureKind};
use crate::records::sort;
use crate::{Ctx, Error, Result};

/// The query of `GET /analysis/figures/records`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordsRequest {
    pub chart: String,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    /// The key of a group, nothing for those without a value; all groups when absent.
    pub group: Option<String>,
    pub series: Option<String>,
    /// What remains behind the groups that are shown.
    pub group_rest: Option<bool>,
    pub series_rest: Option<bool>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// The records behind a figure: those first that are worth most where they are added up, else the newest.
pub fn records(cx: &Ctx, tx: &mut Read, request: &RecordsRequest) -> Result<Json> {
    let of = FiguresRequest {
        chart: request.chart.clone(),
        view: request.view.clone(),
        filter: request.filter.clone(),
        q: request.q.clone(),
        format: None,
    };
    let plan = plan(cx, tx, &of)?;
    let limit = request.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Error::Malformed("limit: a whole number from 1 to 200".into()));
    }
    let rest = (request.group_rest.unwrap_or(false), request.series_rest.unwrap_or(false));
    let condition = narrowed(cx, tx, &plan, request, rest)?;
    let tally = plan.measure(cx, tx, &condition, false)?.iter().fold(Tally::default(), |sum, row| sum.and(Tally::of(row)));
    let by_worth = plan.measured.field().filter(|_| plan.measured.kind != MeasureKind::Count).map(|(field, _)| format!("-{field}"));
    let sort = sort(cx, &plan.object, by_worth.as_deref())?;
    let strange = || Error::Malformed("cursor: not one of this list's".into());
    let cursor = match &request.cursor {
        Some(text) => Some(db::page::Cursor::decode(text, &sort).map_err(|_| strange())?),
        None => None,
    };
    let query = Query { condition: Some(&condition), words: plan.words.as_ref(), sort, cursor, limit, bin: Bin::Out };
    let (ids, next): (Vec<Id>, _) =
        db::records::ids(tx, &cx.meta.schema, &plan.object, &cx.scope(), &query).map_err(|error| match error {
            db::Error::Cursor => strange(),
            other => other.into(),
        })?;
    let mut answer = behind::answer(cx, tx, &plan.object, &ids, (tally.records.unsigned_abs(), None), next.map(|cursor| cursor.encode()))?;
    answer["amount"] = plan.measured.amount(cx, &tally).into();
    Ok(answer)
}

/// The condition of one figure.
fn narrowed(cx: &Ctx, tx: &mut Read, plan: &Plan, request: &RecordsRequest, rest: (bool, bool)) -> Result<Resolved> {
    let mut parts = vec![plan.condition.clone()];
    // What is shown says what the rest is.
    let shown = if rest.0 || rest.1 {
        let rows = plan.rows(cx, tx)?;
        Some(plan.groups(cx, tx, &rows)?)
    } else {
        None
    };
    for (by, key, rest, shown) in [
        (&plan.chart.group, &request.group, rest.0, shown.as_ref().map(|shown| &shown.groups)),
        (&plan.chart.series, &request.series, rest.1, shown.as_ref().map(|shown| &shown.series)),
    ] {
        let Some(by) = by else { continue };
        if rest {
            let mut listed = Vec::new();
            for group in shown.into_iter().flatten().filter(|group| group.place != Place::Rest) {
                listed.push(at(cx, plan, by, group.place.key().unwrap_or(""))?);
            }
            parts.push(Resolved::Not(Box::new(Resolved::Any(listed))));
        } else if let Some(key) = key {
            parts.push(at(cx, plan, by, key)?);
        }
    }
    Ok(Resolved::All(parts))
}

/// The condition of one group; nothing stands for those without a value.
fn at(cx: &Ctx, plan: &Plan, by: &By, key: &str) -> Result<Resolved> {
    let strange = || Error::Malformed(format!("the key of no group: {key}"));
    let field = field_of(&plan.object, by).ok_or(Error::NotFound)?;
    let kind = field.kind.kind();
    let test = |check: Check| test(&by.field, kind, check);
    if key.is_empty() {
        return Ok(test(Check::Empty));
    }
    if let Some(stretch) = stretch(&plan.object, by) {
        let days = days_of(&cx.meta.calendar, key.parse().map_err(|_| strange())?, stretch);
        if kind == Kind::Date {
            return Ok(test(Check::Between(Value::Date(days.first), Value::Date(days.last))));
        }
        let zone = &cx.meta.calendar.zone;
        let (from, until) = (Instant::start_of(days.first, zone), Instant::start_of(days.last.saturating_add(1.day()), zone));
        return Ok(Resolved::All(vec![test(Check::GreaterOrEqual(Value::Instant(from))), test(Check::Less(Value::Instant(until)))]));
    }
    let value = match kind {
        Kind::Text => Value::Text(model::text::fold(key)),
        Kind::Key => Value::Text(key.to_owned()),
        Kind::Number => Value::Number(Number::parse(key).ok_or_else(strange)?),
        Kind::Bool => Value::Bool(key.parse().map_err(|_| strange())?),
        Kind::Ref => Value::Ref(key.parse().map_err(|_| strange())?),
        _ => return Err(strange()),
    };
    Ok(test(Check::Equal(value)))
}
