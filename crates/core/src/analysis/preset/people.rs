//! What people have brought in and done: leaderboards, and activities by kind.

use db::Read;
use model::Label;
use model::field::StageType;
use model::objects::{activity as activities, opportunity, sales_order};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{all, brought, chart, days, drawn, list, row, within};
use crate::analysis::export::{self, Column, Sheet, Told};
use crate::{Ctx, Error, Result, veil};

/// What people are put in order by: the object, what is summed, when it counts.
const METRICS: [(&str, &str, Option<&str>, &str); 5] = [
    ("won_amount", opportunity::KEY, Some("amount"), "closed_at"),
    ("won_count", opportunity::KEY, None, "closed_at"),
    ("ordered_amount", sales_order::KEY, Some("total"), "confirmed_at"),
    ("activities", activities::KEY, None, "happened_at"),
    ("new_deals", opportunity::KEY, None, "created_at"),
];

/// The query of `GET /analysis/leaderboard`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaderboardRequest {
    /// `won_amount` when absent.
    pub metric: Option<String>,
    /// `2026-01-01..2026-03-31` or `2026-Q1`; this quarter when absent.
    pub period: Option<String>,
    /// A condition over what is counted.
    pub filter: Option<String>,
    /// `csv` or `xlsx`.
    pub format: Option<String>,
}

/// The query of `GET /analysis/activity`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityRequest {
    /// `2026-01-01..2026-03-31` or `2026-Q1`; this quarter when absent.
    pub period: Option<String>,
    /// A condition over the activity.
    pub filter: Option<String>,
    /// `csv` or `xlsx`.
    pub format: Option<String>,
}

/// `GET /analysis/leaderboard`.
pub fn leaderboard(cx: &Ctx, tx: &mut Read, request: &LeaderboardRequest) -> Result<Told> {
    let asked = request.metric.as_deref().unwrap_or("won_amount");
    let Some((metric, object, summed, when)) = METRICS.iter().copied().find(|(metric, ..)| *metric == asked) else {
        return Err(Error::Malformed(format!("metric: one of {}", METRICS.map(|(metric, ..)| metric).join(", "))));
    };
    cx.object(object)?;
    if summed.into_iter().chain([when, "owner"]).any(|field| veil::hides(cx, object, field)) {
        return Err(Error::NotFound);
    }
    let (from, to) = period(cx, request.period.as_deref())?;
    let mut parts = within(when, (from, to));
    match metric {
        "won_amount" | "won_count" => parts.push(row("stage_type", "eq", StageType::Won.key())),
        "ordered_amount" => parts.push(row(sales_order::STATUS, "eq", sales_order::status::CONFIRMED)),
        _ => {}
    }
    parts.extend(brought(request.filter.as_deref())?);
    let figures = drawn(cx, tx, &chart(object, summed, "owner", None, all(parts)), None, None)?;
    let rows: Vec<Json> = list(&figures["groups"])
        .map(|group| {
            json!({
                "key": group["key"], "label": group["label"], "rest": group["rest"], "value": group["value"], "records": group["records"],
                "behind": group["behind"],
            })
        })
        .collect();
    let answer = json!({
        "metric": metric, "object": object, "from": from.map(|day| day.to_string()), "to": to.map(|day| day.to_string()), "rows": rows,
        "total": figures["total"], "measure": figures["measure"], "main_currency": figures["main_currency"], "at": figures["at"],
    });
    export::told(cx, request.format.as_deref(), object, answer, |answer| {
        let title = |metric: &str| match metric {
            "won_amount" => Label::new("Won amount", "赢单金额"),
            "won_count" => Label::new("Deals won", "赢单数量"),
            "ordered_amount" => Label::new("Ordered amount", "订单金额"),
            "activities" => Label::new("Activities", "跟进次数"),
            _ => Label::new("New deals", "新建商机"),
        };
        let mut columns = vec![Column::text(person(), "/label"), Column::figure(title(metric), "/value")];
        if summed.is_some() {
            columns.push(Column::figure(Label::new("Records", "记录数"), "/records"));
        }
        Sheet { name: "leaderboard", title: title(metric), columns, rows: list(&answer["rows"]).map(export::named).collect() }
    })
}

/// `GET /analysis/activity`: how often each person has done what.
pub fn activity(cx: &Ctx, tx: &mut Read, request: &ActivityRequest) -> Result<Told> {
    let object = cx.object(activities::KEY)?.clone();
    if ["owner", "happened_at", "activity_type"].iter().any(|field| veil::hides(cx, &object.key, field)) {
        return Err(Error::NotFound);
    }
    let (from, to) = period(cx, request.period.as_deref())?;
    let mut parts = within("happened_at", (from, to));
    parts.extend(brought(request.filter.as_deref())?);
    let mut drawing = chart(&object.key, None, "owner", Some("activity_type"), all(parts));
    drawing.sort = Some(crate::charts::Order::Value);
    let figures = drawn(cx, tx, &drawing, None, None)?;
    let kinds: Vec<&Json> = list(&figures["series"]).collect();
    let rows: Vec<Json> = list(&figures["groups"])
        .map(|group| {
            let of_kind = |one: &Json| json!({"key": one["key"], "records": one["records"], "behind": {"records": one["behind"]["value"]}});
            json!({
                "key": group["key"], "label": group["label"], "rest": group["rest"], "records": group["records"],
                "behind": {"records": group["behind"]["value"]}, "kinds": list(&group["series"]).map(of_kind).collect::<Vec<Json>>(),
            })
        })
        .collect();
    let total = json!({"records": figures["total"]["records"], "behind": {"records": figures["total"]["behind"]["value"]}});
    let answer = json!({
        "from": from.map(|day| day.to_string()), "to": to.map(|day| day.to_string()), "kinds": kinds, "rows": rows, "total": total,
        "at": figures["at"],
    });
    export::told(cx, request.format.as_deref(), &object.key, answer, |answer| {
        let mut columns = vec![Column::text(person(), "/label")];
        for (at, kind) in list(&answer["kinds"]).enumerate() {
            columns.push(Column::figure(Label::en(export::named(kind)["label"].as_str().unwrap_or("–")), format!("/kinds/{at}/records")));
        }
        columns.push(Column::figure(Label::new("All", "合计"), "/records"));
        Sheet { name: "activity", title: object.plural.clone(), columns, rows: list(&answer["rows"]).map(export::named).collect() }
    })
}

fn person() -> Label {
    Label::new("Person", "人员")
}

/// The days asked for; this quarter where none are.
fn period(cx: &Ctx, asked: Option<&str>) -> Result<(Option<model::Date>, Option<model::Date>)> {
    match asked.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => days(cx, "period", text),
        None => {
            let quarter = cx.meta.calendar.days("this_quarter", 0, cx.today());
            Ok((quarter.map(|days| days.first), quarter.map(|days| days.last)))
        }
    }
}
