//! The figures of an own chart: records of an object, counted or measured, by one or two of their fields.
//!
//! One statement tells records apart by the values of the fields, days for instants; what belongs together besides (weeks, months, fiscal
//! years, what remains behind the greatest groups) is put together here. The records behind a figure are found by the condition that
//! says it ([`records`]).

mod groups;
mod records;
mod value;

use db::Read;
use db::records::{Dimension, Figure, Figures};
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::objects::lifecycle;
use model::{Field, Id, Instant, Label, Object, Value, Violation, time};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::behind::Address;
use super::export::{self, Column, Sheet, Told};
use crate::charts::{self, By, Chart, MeasureKind, Stretch};
use crate::records::asked;
use crate::{Ctx, Error, Result};

pub use records::{RecordsRequest, records};

use groups::{Groups, Place, together};
use value::Measured;

/// Pairs of values that are put together at most.
const MOST: u32 = 20_000;

/// The query of `GET /analysis/figures`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiguresRequest {
    /// The id of a chart, or a chart as JSON.
    pub chart: String,
    /// The id of a view of the chart's object, whose filter holds besides.
    pub view: Option<String>,
    /// A condition besides, over the chart's object.
    pub filter: Option<String>,
    pub q: Option<String>,
    /// `csv` or `xlsx`.
    pub format: Option<String>,
}

/// A chart whose request has been read with the caller's eyes.
struct Plan {
    object: Object,
    chart: Chart,
    condition: Resolved,
    words: Option<db::search::Words>,
    measured: Measured,
    clock: Vec<(Instant, i64)>,
}

/// The figures of a chart, or the file that is asked for.
pub fn figures(cx: &Ctx, tx: &mut Read, request: &FiguresRequest) -> Result<Told> {
    let plan = plan(cx, tx, request)?;
    let answer = answer(cx, tx, &plan, request)?;
    export::told(cx, request.format.as_deref(), &plan.object.key, answer, |answer| plan.sheet(answer))
}

/// The figures of a chart, as one asks for them who goes on with them.
pub(super) fn answered(cx: &Ctx, tx: &mut Read, request: &FiguresRequest) -> Result<Json> {
    let plan = plan(cx, tx, request)?;
    answer(cx, tx, &plan, request)
}

fn answer(cx: &Ctx, tx: &mut Read, plan: &Plan, request: &FiguresRequest) -> Result<Json> {
    let address = Address::new("/analysis/figures/records")
        .with("chart", Some(&request.chart))
        .with("view", request.view.as_deref())
        .with("filter", request.filter.as_deref())
        .with("q", request.q.as_deref());
    let rows = plan.rows(cx, tx)?;
    let groups = plan.groups(cx, tx, &rows)?;
    let measured = &plan.measured;
    let figure = |tally: &value::Tally, of: &[(&str, &str)]| json!({"value": measured.show(cx, tally), "records": tally.records, "behind": {"value": address.to(of)}});
    let shown: Vec<Json> = groups
        .groups
        .iter()
        .map(|group| {
            let of_group = group.place.query("group");
            let mut shown = group.show();
            extend(&mut shown, figure(&groups.tally(group, None), &pairs(&of_group)));
            if plan.chart.series.is_some() {
                shown["series"] = groups
                    .series
                    .iter()
                    .map(|series| {
                        let of: Vec<(String, String)> = of_group.iter().cloned().chain(series.place.query("series")).collect();
                        let mut cell = json!({"key": series.place.key(), "rest": series.place == Place::Rest});
                        extend(&mut cell, figure(&groups.tally(group, Some(series)), &pairs(&of)));
                        cell
                    })
                    .collect();
            }
            shown
        })
        .collect();
    let series: Vec<Json> = groups.series.iter().map(|series| series.show()).collect();
    Ok(json!({
        "chart": plan.chart,
        "groups": shown,
        "series": series,
        "total": figure(&groups.total(), &[]),
        "measure": measured.told(&plan.object),
        "main_currency": cx.meta.rates.main().code(),
        "at": cx.at,
    }))
}

fn extend(shown: &mut Json, more: Json) {
    if let (Json::Object(shown), Json::Object(more)) = (shown, more) {
        shown.extend(more);
    }
}

fn pairs(list: &[(String, String)]) -> Vec<(&str, &str)> {
    list.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

/// The chart of a request: one that is kept, or the one that it brings.
fn chart_of(cx: &Ctx, tx: &mut Read, text: &str) -> Result<Chart> {
    let text = text.trim();
    if text.starts_with('{') {
        return serde_json::from_str(text).map_err(|e| Error::Malformed(format!("chart: {e}")));
    }
    let id: Id = text.parse().map_err(|_| Error::NotFound)?;
    Ok(charts::find(cx, tx, id)?.document.chart)
}

fn plan(cx: &Ctx, tx: &mut Read, request: &FiguresRequest) -> Result<Plan> {
    let chart = chart_of(cx, tx, &request.chart)?;
    let object = cx.object(&chart.object)?.clone();
    let found = chart.judge(cx, &object);
    if !found.is_empty() {
        return Err(found.into());
    }
    let mut parts = Vec::new();
    if let Some(own) = chart.filter.as_ref().map(Json::to_string) {
        parts.extend(asked(cx, tx, &object, None, Some(&own), None)?.condition);
    }
    let asked = asked(cx, tx, &object, request.view.as_deref(), request.filter.as_deref(), request.q.as_deref())?;
    parts.extend(asked.condition);
    finish(cx, object, chart, parts, asked.words)
}

fn finish(cx: &Ctx, object: Object, chart: Chart, mut parts: Vec<Resolved>, words: Option<db::search::Words>) -> Result<Plan> {
    let measured = Measured::of(&chart, &object)?;
    if object.field("lifecycle_status").is_some() {
        let out = [lifecycle::VOIDED, lifecycle::UNDER_REVIEW, lifecycle::INEFFECTIVE];
        let out = out.iter().map(|status| Value::Text((*status).to_owned())).collect();
        parts.push(test("lifecycle_status", Kind::Key, Check::NotIn(out)));
    }
    if let (MeasureKind::Average | MeasureKind::Min | MeasureKind::Max, Some((field, kind))) = (measured.kind, measured.field()) {
        // What is blank is unknown: it is in no average, and not among the records behind one.
        parts.push(test(field, kind, Check::NotEmpty));
    }
    let by_instant = [&chart.group, &chart.series].into_iter().flatten().any(|by| field_of(&object, by).is_some_and(is_instant));
    let clock = if by_instant { time::clock(&cx.meta.calendar.zone) } else { Vec::new() };
    Ok(Plan { object, chart, condition: Resolved::All(parts), words, measured, clock })
}

fn is_instant(field: &Field) -> bool {
    field.kind.kind() == Kind::Instant
}

fn field_of<'a>(object: &'a Object, by: &By) -> Option<&'a Field> {
    object.field(&by.field)
}

/// How long the stretches of a day or an instant are; none for other fields.
fn stretch(object: &Object, by: &By) -> Option<Stretch> {
    let kind = field_of(object, by)?.kind.kind();
    matches!(kind, Kind::Date | Kind::Instant).then(|| by.by.unwrap_or_default())
}

fn test(field: &str, kind: Kind, check: Check) -> Resolved {
    Resolved::Test(Test { hops: Vec::new(), field: field.to_owned(), kind, folded: kind == Kind::Text, check })
}

impl Plan {
    /// A row for each group; with series, a column for each of them.
    fn sheet(&self, answer: &Json) -> Sheet {
        let label = |json: &Json| serde_json::from_value::<Label>(json.clone()).unwrap_or_default();
        let named = |by: &Option<By>| by.as_ref().and_then(|by| field_of(&self.object, by)).map(|field| field.label.clone());
        let measure = label(&answer["measure"]["label"]);
        let mut columns: Vec<Column> = named(&self.chart.group).map(|title| Column::text(title, "/label")).into_iter().collect();
        let series = answer["series"].as_array().map_or(&[][..], Vec::as_slice);
        for (at, one) in series.iter().enumerate() {
            let title = match &export::named(one)["label"] {
                Json::String(text) => Label::en(text),
                other => label(other),
            };
            columns.push(Column::figure(title, format!("/series/{at}/value")));
        }
        columns.push(Column::figure(measure, "/value"));
        if self.measured.kind != MeasureKind::Count {
            columns.push(Column::figure(Label::new("Records", "记录数"), "/records"));
        }
        let rows = match answer["groups"].as_array() {
            Some(groups) if self.chart.group.is_some() => groups.iter().map(export::named).collect(),
            _ => vec![answer["total"].clone()],
        };
        Sheet { name: "chart", title: self.object.plural.clone(), columns, rows }
    }

    /// What the database tells of the whole.
    fn rows(&self, cx: &Ctx, tx: &mut Read) -> Result<Vec<Figure>> {
        self.measure(cx, tx, &self.condition, true)
    }

    fn measure<'a>(&'a self, cx: &Ctx, tx: &mut Read, condition: &Resolved, apart: bool) -> Result<Vec<Figure>> {
        let dimension = |by: &'a Option<By>| by.as_ref().filter(|_| apart).map(|by| Dimension { field: &by.field, clock: &self.clock });
        let asked = Figures {
            group: dimension(&self.chart.group),
            series: dimension(&self.chart.series),
            measured: self.measured.field().map(|(field, _)| field),
            extremes: matches!(self.measured.kind, MeasureKind::Min | MeasureKind::Max),
            limit: MOST + 1,
        };
        let rows = db::records::figures(tx, &cx.meta.schema, &self.object, &cx.scope(), Some(condition), self.words.as_ref(), &asked)?;
        if rows.len() as u64 > u64::from(MOST) {
            return Err(Violation::new("chart.too_many_groups", "group/field").with("max", MOST).into());
        }
        Ok(rows)
    }

    fn groups(&self, cx: &Ctx, tx: &mut Read, rows: &[Figure]) -> Result<Groups> {
        together(cx, tx, &self.object, &self.chart, &self.measured, rows)
    }
}
