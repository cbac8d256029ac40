//! The pipeline as it stood at the end of a past day.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use db::Read;
use model::analysis::past::FIELDS;
use model::analysis::{By, Key, Standing};
use model::{Object, Value};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::asked::{Question, day};
use super::reading::{Day, Past};
use super::show::{self, Beside};
use crate::analysis::Worth;
use crate::analysis::behind::{Address, Asked, coin};
use crate::analysis::labels::{Labels, from_address, in_address};
use crate::{Ctx, Error, Result, veil};

/// The query of `GET /analysis/as-of`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsOfRequest {
    /// The day at whose end it stood so; today, as it stands now, when absent.
    pub day: Option<String>,
    /// By stage when absent.
    pub by: Option<By>,
    /// Deals of one process; of all when absent.
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    /// `csv` or `xlsx`: as a file.
    pub format: Option<String>,
}

/// The query of `GET /analysis/as-of/deals`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsOfDealsRequest {
    pub day: Option<String>,
    pub by: Option<By>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    /// A row, nothing for the blank one; all deals when absent.
    pub key: Option<String>,
    pub worth: Option<Worth>,
    /// At most 200; 50 when absent.
    pub limit: Option<usize>,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

impl AsOfDealsRequest {
    fn whole(&self) -> AsOfRequest {
        let (view, filter) = (self.view.clone(), self.filter.clone());
        AsOfRequest { day: self.day.clone(), by: self.by, process: self.process.clone(), view, filter, format: None }
    }
}

/// `GET /analysis/as-of`.
pub fn as_of(cx: &Ctx, tx: &mut Read, past: &Past, request: &AsOfRequest) -> Result<Json> {
    let by = request.by.unwrap_or(By::Stage);
    let (question, day) = about(cx, tx, past, request, by)?;
    let mut rows: BTreeMap<Key, Standing> = BTreeMap::new();
    for (value, standing) in day.then().pipeline(by.field(), &question.asked()) {
        *rows.entry(key_of(&value)).or_default() += standing;
    }
    let mut total = Standing::default();
    rows.values().for_each(|row| total += *row);
    let shown = Shown::of(cx, &question.object, request, (&day.day.to_string(), by));
    let labels = Labels::of(cx, tx, &question.object, by, rows.keys())?;
    let process = question.process().and_then(|id| cx.meta.process(&id.to_string()));
    let of_process = |key: &Key| {
        let stages = process.map_or(&[][..], |process| &process.stages);
        stages.iter().position(|rules| *key == Key::Option(rules.stage.clone())).unwrap_or(stages.len())
    };
    let mut rows: Vec<(Key, Standing)> = rows.into_iter().collect();
    rows.sort_by_cached_key(|(key, row)| {
        let worth = if shown.amount { row.amount } else { 0 };
        (
            *key == Key::Blank,
            of_process(key),
            labels.place(key),
            Reverse(worth),
            Reverse(row.count),
            labels.show(key).1.to_string(),
            key.clone(),
        )
    });
    let rows: Vec<Json> = rows
        .iter()
        .map(|(key, standing)| {
            let mut row = shown.figures(standing, &[("key", &in_address(key))]);
            (row["key"], row["label"], row["colour"]) = labels.show(key);
            row
        })
        .collect();
    let known_fields: Vec<&str> = FIELDS.into_iter().filter(|field| !veil::hides(cx, &question.object.key, field)).collect();
    let began = db::past::began(tx, &question.object.key)?;
    Ok(json!({
        "day": day.day.to_string(),
        "at": day.at,
        "by": by,
        "process": process.map(|process| json!({"id": process.id.to_string(), "name": process.name})),
        "rows": rows,
        "total": shown.figures(&total, &[]),
        "main_currency": cx.meta.rates.main().code(),
        "known_fields": known_fields,
        "known_from": began.map(|at| at.date_in(&cx.meta.calendar.zone).to_string()),
    }))
}

/// `GET /analysis/as-of/deals`: the deals behind a figure.
pub fn as_of_deals(cx: &Ctx, tx: &mut Read, past: &Past, request: &AsOfDealsRequest) -> Result<Json> {
    let page = Asked::new(request.limit, request.cursor.as_deref())?;
    let by = request.by.unwrap_or(By::Stage);
    let (question, day) = about(cx, tx, past, &request.whole(), by)?;
    let value = request.key.as_deref().map(|key| value_of(&from_address(by, key)));
    let found = day.then().behind(value.as_ref().map(|value| (by.field(), value)), &question.asked());
    let tells = |worth: Worth| worth.is_told(cx, &question.object);
    let then = |amount: i64, weighted: i64| {
        let told = |worth: Worth, amount: i64| tells(worth).then(|| coin(cx, i128::from(amount)));
        json!({"amount": told(Worth::Amount, amount), "weighted": told(Worth::Weighted, weighted)})
    };
    let beside: HashMap<_, Json> = found.iter().map(|(id, amount, weighted)| (*id, then(*amount, *weighted))).collect();
    let worth = request.worth.unwrap_or_default();
    let found = found.into_iter().map(|(id, amount, weighted)| worth.of((amount, weighted, id))).collect();
    show::page(cx, tx, &question.object, found, tells(worth), page, Beside { name: Some("then"), of: &beside })
}

fn about(cx: &Ctx, tx: &mut Read, past: &Past, request: &AsOfRequest, by: By) -> Result<(Question, Day)> {
    let day = past.day(cx, tx, day(cx, request.day.as_deref(), "day")?)?;
    let question = Question::of(cx, tx, day.at, request.process.as_deref(), request.view.as_deref(), request.filter.as_deref())?;
    if veil::hides(cx, &question.object.key, by.field()) {
        return Err(Error::invalid("field.unknown", "by"));
    }
    Ok((question, day))
}

fn key_of(value: &Value) -> Key {
    match value {
        Value::Ref(id) => Key::Id(*id),
        Value::Text(key) => Key::Option(key.clone()),
        _ => Key::Blank,
    }
}

fn value_of(key: &Key) -> Value {
    match key {
        Key::Id(id) => Value::Ref(*id),
        Key::Option(key) => Value::Text(key.clone()),
        Key::Blank => Value::Null,
    }
}

/// What the caller may know of, and where the deals behind it are.
struct Shown<'a> {
    cx: &'a Ctx,
    deals: Address,
    amount: bool,
    weighted: bool,
    age: bool,
}

impl Shown<'_> {
    fn of<'a>(cx: &'a Ctx, object: &Object, request: &AsOfRequest, (day, by): (&str, By)) -> Shown<'a> {
        let deals = Address::new("/analysis/as-of/deals")
            .with("day", Some(day))
            .with("by", Some(by.field()))
            .with("process", request.process.as_deref())
            .with("view", request.view.as_deref())
            .with("filter", request.filter.as_deref());
        let told = |field: &str| !veil::hides(cx, &object.key, field);
        Shown { cx, deals, amount: told("amount"), weighted: told("forecast_amount"), age: told("created_at") }
    }

    fn figures(&self, of: &Standing, key: &[(&str, &str)]) -> Json {
        let weighted: Vec<(&str, &str)> = key.iter().copied().chain([("worth", "weighted")]).collect();
        let (all, weighted) = (self.deals.to(key), self.deals.to(&weighted));
        json!({
            "count": of.count,
            "amount": self.amount.then(|| coin(self.cx, of.amount)),
            "weighted": self.weighted.then(|| coin(self.cx, of.weighted)),
            "average_age_seconds": self.age.then(|| of.average_age_seconds()).flatten(),
            "behind": {"count": all, "amount": all, "weighted": weighted, "average_age_seconds": all},
        })
    }
}
