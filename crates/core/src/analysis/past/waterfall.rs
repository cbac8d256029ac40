//! What became of the pipeline between the ends of two days.

use std::collections::{BTreeMap, HashMap};

use db::Read;
use jiff::ToSpan;
use model::analysis::past::{self as definition, Delta, Ends, Part};
use model::period::{Length, Period};
use model::{Date, Id, Violation};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::asked::{Question, any_day, day};
use super::reading::Past;
use super::show::{self, Beside};
use crate::analysis::Worth;
use crate::analysis::behind::{Address, Asked, coin};
use crate::{Ctx, Result, veil};

/// The query of `GET /analysis/waterfall`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaterfallRequest {
    /// The day before this quarter began when absent.
    pub from: Option<String>,
    /// Today when absent.
    pub to: Option<String>,
    /// Expected to close from this day on.
    pub period_from: Option<String>,
    pub period_to: Option<String>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    /// `csv` or `xlsx`: as a file.
    pub format: Option<String>,
}

/// The query of `GET /analysis/waterfall/deals`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaterfallDealsRequest {
    pub from: Option<String>,
    pub to: Option<String>,
    pub period_from: Option<String>,
    pub period_to: Option<String>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    /// What is there at the end when absent.
    pub part: Option<Part>,
    pub worth: Option<Worth>,
    /// At most 200; 50 when absent.
    pub limit: Option<usize>,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

impl WaterfallDealsRequest {
    fn whole(&self) -> WaterfallRequest {
        let (period_from, period_to) = (self.period_from.clone(), self.period_to.clone());
        let (process, view, filter) = (self.process.clone(), self.view.clone(), self.filter.clone());
        WaterfallRequest { from: self.from.clone(), to: self.to.clone(), period_from, period_to, process, view, filter, format: None }
    }
}

/// What a part comes to.
#[derive(Clone, Copy, Default)]
struct Sum {
    deals: u64,
    count: i64,
    amount: i128,
    weighted: i128,
}

/// `GET /analysis/waterfall`.
pub fn waterfall(cx: &Ctx, tx: &mut Read, past: &Past, request: &WaterfallRequest) -> Result<Json> {
    let (question, found) = about(cx, tx, past, request)?;
    let mut sums: BTreeMap<Part, Sum> = BTreeMap::new();
    for (part, _, delta) in &found {
        let sum = sums.entry(*part).or_default();
        sum.deals += 1;
        sum.count += delta.count;
        sum.amount += i128::from(delta.amount);
        sum.weighted += i128::from(delta.weighted);
    }
    let told = |worth: Worth| worth.is_told(cx, &question.object);
    let (amount, weighted) = (told(Worth::Amount), told(Worth::Weighted));
    let (from, to) = days(cx, request)?;
    let (from, to) = (from.to_string(), to.to_string());
    let address = address(request, &from, &to);
    let show = |part: Part| {
        let (sum, key) = (sums.get(&part).copied().unwrap_or_default(), json!(part));
        let key = key.as_str().unwrap_or_default();
        let (all, by_weight) = (address.to(&[("part", key)]), address.to(&[("part", key), ("worth", "weighted")]));
        json!({
            "part": key,
            "count": sum.count,
            "deals": sum.deals,
            "amount": amount.then(|| coin(cx, sum.amount)),
            "weighted": weighted.then(|| coin(cx, sum.weighted)),
            "behind": {"count": all, "deals": all, "amount": all, "weighted": by_weight},
        })
    };
    Ok(json!({
        "from": from,
        "to": to,
        "period_from": any_day(request.period_from.as_deref(), "period_from")?.map(|day| day.to_string()),
        "period_to": any_day(request.period_to.as_deref(), "period_to")?.map(|day| day.to_string()),
        "opening": show(Part::Opening),
        "parts": Part::BETWEEN.map(show),
        "closing": show(Part::Closing),
        "main_currency": cx.meta.rates.main().code(),
    }))
}

/// `GET /analysis/waterfall/deals`: the deals behind a part, each with what it adds to it.
pub fn waterfall_deals(cx: &Ctx, tx: &mut Read, past: &Past, request: &WaterfallDealsRequest) -> Result<Json> {
    let page = Asked::new(request.limit, request.cursor.as_deref())?;
    let (question, found) = about(cx, tx, past, &request.whole())?;
    let told = |worth: Worth| worth.is_told(cx, &question.object);
    let show = |delta: &Delta| {
        let coin = |worth: Worth, amount: i64| told(worth).then(|| coin(cx, i128::from(amount)));
        json!({"count": delta.count, "amount": coin(Worth::Amount, delta.amount), "weighted": coin(Worth::Weighted, delta.weighted)})
    };
    let found: Vec<(Id, Delta)> =
        found.into_iter().filter(|(part, ..)| *part == request.part.unwrap_or(Part::Closing)).map(|(_, id, delta)| (id, delta)).collect();
    let beside: HashMap<Id, Json> = found.iter().map(|(id, delta)| (*id, show(delta))).collect();
    let worth = request.worth.unwrap_or_default();
    let found = found.into_iter().map(|(id, delta)| worth.of((delta.amount, delta.weighted, id))).collect();
    show::page(cx, tx, &question.object, found, told(worth), page, Beside { name: Some("change"), of: &beside })
}

type Found = Vec<(Part, Id, Delta)>;

fn about(cx: &Ctx, tx: &mut Read, past: &Past, request: &WaterfallRequest) -> Result<(Question, Found)> {
    let (from, to) = days(cx, request)?;
    let period = (any_day(request.period_from.as_deref(), "period_from")?, any_day(request.period_to.as_deref(), "period_to")?);
    if from > to {
        return Err(Violation::new("analysis.days_reversed", "to").with("from", from.to_string()).into());
    }
    let period = match period {
        (None, None) => None,
        (first, last) => Some(first.unwrap_or(Date::MIN)..=last.unwrap_or(Date::MAX)),
    };
    // The later one first: the earlier is reckoned back from it.
    let later = past.day(cx, tx, to)?;
    let earlier = past.day(cx, tx, from)?;
    let question = Question::of(cx, tx, earlier.at, request.process.as_deref(), request.view.as_deref(), request.filter.as_deref())?;
    if period.is_some() && veil::hides(cx, &question.object.key, "expected_close_date") {
        return Err(Violation::new("field.unknown", "period_from").into());
    }
    let ends = Ends { from: earlier.then(), to: later.then(), period };
    let mut found = definition::waterfall(&ends, &question.asked());
    // That an amount became more or less tells of it.
    let (amount, weighted) = (Worth::Amount.is_told(cx, &question.object), Worth::Weighted.is_told(cx, &question.object));
    found.retain(|(part, _, delta)| match part {
        Part::Grown | Part::Shrunk | Part::Revalued => amount && (delta.amount != 0 || weighted),
        _ => true,
    });
    Ok((question, found))
}

/// The two days that are asked for.
fn days(cx: &Ctx, request: &WaterfallRequest) -> Result<(Date, Date)> {
    let to = day(cx, request.to.as_deref(), "to")?;
    let from = match request.from.as_deref().filter(|from| !from.trim().is_empty()) {
        Some(from) => day(cx, Some(from), "from")?,
        None => Period::of(Length::Quarter, to, &cx.meta.calendar).days(&cx.meta.calendar).first.saturating_sub(1.day()),
    };
    Ok((from, to))
}

fn address(request: &WaterfallRequest, from: &str, to: &str) -> Address {
    Address::new("/analysis/waterfall/deals")
        .with("from", Some(from))
        .with("to", Some(to))
        .with("period_from", request.period_from.as_deref())
        .with("period_to", request.period_to.as_deref())
        .with("process", request.process.as_deref())
        .with("view", request.view.as_deref())
        .with("filter", request.filter.as_deref())
}
