//! Which deals an analysis is about: a condition, as everywhere. What the memory knows of a deal is asked there; whatever else is asked
//! goes to the database, which names the deals.

use std::collections::HashSet;
use std::hash::Hash;
use std::ops::Range;

use db::Read;
use db::records::Bin;
use jiff::ToSpan;
use model::analysis::Filter;
use model::condition::{Check, Resolved, Test};
use model::{Date, Id, Instant, Object, Value};
use serde::Deserialize;

use super::behind::Address;
use super::sight;
use crate::records::asked;
use crate::{Ctx, Error, Result};

/// The query of `GET /analysis/stage-conversion`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversionRequest {
    /// Id of the process; the first active one when absent.
    pub process: Option<String>,
    /// The id of a view whose filter holds besides.
    pub view: Option<String>,
    /// A condition over the opportunity.
    pub filter: Option<String>,
    pub q: Option<String>,
    /// When a deal first came into the process: `2026-01-01..2026-03-31`, either end left out, both days included.
    pub entered: Option<String>,
    /// `csv` or `xlsx`.
    pub format: Option<String>,
}

impl ConversionRequest {
    /// Where the deals behind its figures are; `process` is the one that it is about.
    pub(super) fn address(&self, process: Id) -> Address {
        Address::new("/analysis/stage-conversion/deals")
            .with("process", Some(&process.to_string()))
            .with("view", self.view.as_deref())
            .with("filter", self.filter.as_deref())
            .with("q", self.q.as_deref())
            .with("entered", self.entered.as_deref())
    }
}

/// The deals that a request is about, in the caller's sight.
pub(crate) fn filter(cx: &Ctx, tx: &mut Read, object: &Object, request: &ConversionRequest) -> Result<Filter> {
    let asked = asked(cx, tx, object, request.view.as_deref(), request.filter.as_deref(), request.q.as_deref())?;
    let mut filter = Filter { sight: sight::of(cx, tx, object)?, except: sight::covered(cx, tx, object)?, ..Filter::default() };
    let mut rest = Vec::new();
    if let Some(condition) = asked.condition {
        let parts = match condition {
            Resolved::All(parts) => flat(parts),
            one => vec![one],
        };
        for part in parts {
            if !known(&mut filter, &part) {
                rest.push(part);
            }
        }
    }
    if let Some(days) = request.entered.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        filter.entered = Some(period(cx, days)?);
    }
    if !rest.is_empty() || asked.words.is_some() {
        let (condition, words) = (Resolved::All(rest), asked.words.as_ref());
        let found = db::records::all_ids(tx, &cx.meta.schema, object, &cx.scope(), Some(&condition), words, Bin::Out)?;
        filter.among = Some(found.into_iter().collect());
    }
    Ok(filter)
}

/// Conditions that all have to hold, without those around them.
fn flat(parts: Vec<Resolved>) -> Vec<Resolved> {
    let mut found = Vec::new();
    for part in parts {
        match part {
            Resolved::All(inner) => found.extend(flat(inner)),
            Resolved::Always(true) => {}
            other => found.push(other),
        }
    }
    found
}

/// Takes a test into the filter that the memory can judge; false for another.
fn known(filter: &mut Filter, part: &Resolved) -> bool {
    let Resolved::Test(test) = part else { return false };
    if !test.hops.is_empty() {
        return false;
    }
    match test.field.as_str() {
        "owner" => narrow(&mut filter.owners, chosen(test, Value::as_id)),
        "owner_department" => narrow(&mut filter.departments, chosen(test, Value::as_id)),
        "opportunity_type" => narrow(&mut filter.opportunity_types, chosen(test, |value| value.as_text().map(str::to_owned))),
        "created_at" => within(&mut filter.created, instants(test)),
        "closed_at" => within(&mut filter.closed, instants(test)),
        "expected_close_date" => within(&mut filter.expected_close_date, days(test)),
        _ => false,
    }
}

fn chosen<T: Hash + Eq>(test: &Test, read: impl Fn(&Value) -> Option<T>) -> Option<HashSet<T>> {
    match &test.check {
        Check::Equal(value) => Some(HashSet::from([read(value)?])),
        Check::In(values) => values.iter().map(read).collect(),
        _ => None,
    }
}

fn narrow<T: Hash + Eq>(slot: &mut Option<HashSet<T>>, to: Option<HashSet<T>>) -> bool {
    let Some(mut to) = to else { return false };
    if let Some(known) = slot.take() {
        to.retain(|value| known.contains(value));
    }
    *slot = Some(to);
    true
}

fn within<T: Ord>(slot: &mut Option<Range<T>>, to: Option<Range<T>>) -> bool {
    let Some(to) = to else { return false };
    *slot = Some(match slot.take() {
        None => to,
        Some(known) => known.start.max(to.start)..known.end.min(to.end),
    });
    true
}

fn instants(test: &Test) -> Option<Range<Instant>> {
    let after = |at: Instant| Instant(at.0.saturating_add(1));
    span(test, Value::as_instant, after, Instant(i64::MIN + 1), Instant(i64::MAX))
}

fn days(test: &Test) -> Option<Range<Date>> {
    span(test, Value::as_date, |day| day.saturating_add(1.day()), Date::MIN, Date::MAX)
}

fn span<T: Copy>(test: &Test, read: impl Fn(&Value) -> Option<T>, after: impl Fn(T) -> T, least: T, most: T) -> Option<Range<T>> {
    Some(match &test.check {
        Check::Between(from, to) => read(from)?..after(read(to)?),
        Check::Equal(value) => read(value)?..after(read(value)?),
        Check::Less(value) => least..read(value)?,
        Check::LessOrEqual(value) => least..after(read(value)?),
        Check::Greater(value) => after(read(value)?)..most,
        Check::GreaterOrEqual(value) => read(value)?..most,
        _ => return None,
    })
}

/// `from..to` in days of the organisation.
fn period(cx: &Ctx, text: &str) -> Result<Range<Instant>> {
    let malformed = || Error::Malformed("entered: two days, as 2026-01-01..2026-03-31; either may be left out".into());
    let (from, to) = text.split_once("..").ok_or_else(malformed)?;
    let day = |text: &str| -> Result<Option<Date>> {
        let text = text.trim();
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| malformed()) }
    };
    let zone = &cx.meta.calendar.zone;
    let start = day(from)?.map_or(Instant(i64::MIN), |day| Instant::start_of(day, zone));
    let end = day(to)?.map_or(Instant(i64::MAX), |day| Instant::start_of(day.saturating_add(1.day()), zone));
    Ok(start..end)
}
