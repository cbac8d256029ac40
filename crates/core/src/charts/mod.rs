//! Own charts: what is drawn of any object, under a name; for oneself, for everybody or for some roles.
//!
//! A chart shows nobody more than he may see: its figures are reckoned with the reader's eyes, and one that names a field which he may not
//! know of is not there for him. Administrators share charts; everybody else keeps charts of his own.

mod document;
mod drawn;
mod store;
mod uses;

use std::collections::BTreeMap;

use db::{Read, Write};
use model::{Id, Object, Violation, Violations};
use serde_json::{Value as Json, json};

use crate::audit::{self, Note};
use crate::lines::under;
use crate::views::{Scope, judge_filter};
use crate::{Ctx, Error, Result};

pub use document::{Document, Wanted};
pub use drawn::{By, Chart, ChartType, MOST_GROUPS, Measure, MeasureKind, Order, Stretch};
pub use store::Kept;
pub use uses::{ChartUse, of_role, uses_of};

/// Charts that one person keeps to himself.
pub const MOST_PRIVATE: u32 = 200;

/// The charts that the caller may use, by name.
pub fn list(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let charts = within_reach(cx, tx)?;
    Ok(json!({"items": show(cx, tx, &charts)?}))
}

/// The same, for what offers them.
pub(crate) fn within_reach(cx: &Ctx, tx: &mut Read) -> Result<Vec<Kept>> {
    let mut charts: Vec<Kept> = store::within_reach(cx, tx)?.into_iter().filter(|chart| chart.is_known(cx)).collect();
    charts.sort_by_cached_key(|chart| (model::text::fold(&chart.document.name), chart.id));
    Ok(charts)
}

/// One chart.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let chart = find(cx, tx, id)?;
    shown(cx, tx, chart)
}

/// The chart of an id, where the caller may use it.
pub(crate) fn find(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Kept> {
    store::load(tx, id)?.filter(|chart| chart.is_within_reach(cx) && chart.is_known(cx)).ok_or(Error::NotFound)
}

/// Saves a chart: a new one without `id`. `seen` is the version that the caller worked on.
pub fn save(cx: &Ctx, tx: &mut Write, id: Option<Id>, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    cx.at_large()?;
    // Before how many there are is read.
    let mut locks = vec![format!("charts:{}", cx.who.id)];
    locks.extend(id.map(|id| format!("chart:{id}")));
    tx.lock(&locks)?;
    let before = id.map(|id| find(cx, tx, id)).transpose()?;
    if let Some(before) = &before {
        may_change(cx, before, "edit")?;
        if seen.is_some_and(|version| version != before.version) {
            return Err(conflict(cx, tx, before.clone())?);
        }
    }
    let document = wanted.tidy();
    let object = cx.object(&document.chart.object)?.clone();
    let mut found = document.judge(cx);
    found.extend(under("chart", judge(cx, tx, &object, &document.chart)?));
    let taken = before.as_ref().is_some_and(|before| before.document.sharing.scope == Scope::Private);
    if document.sharing.scope == Scope::Private && !taken {
        let owner = before.as_ref().map_or(cx.who.id, |before| before.owner);
        if store::count_private(tx, owner)? >= i64::from(MOST_PRIVATE) {
            found.push(Violation::new("chart.too_many", "").with("max", MOST_PRIVATE));
        }
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    let earlier = before.as_ref().map(|before| before.document.clone());
    let chart = match before {
        None => {
            let chart = Kept { id: cx.new_id(), owner: cx.who.id, version: 1, document };
            store::insert(tx, &chart)?;
            chart
        }
        Some(before) => {
            let chart = Kept { version: before.version + 1, document, ..before.clone() };
            if !store::update(tx, &chart, before.version)? {
                let present = find(cx, tx, before.id)?;
                return Err(conflict(cx, tx, present)?);
            }
            chart
        }
    };
    note(cx, tx, earlier.as_ref(), Some(&chart.document))?;
    shown(cx, tx, chart)
}

/// Removes a chart. A card of a Home that shows it is blank from then on.
pub fn delete(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    cx.at_large()?;
    let chart = find(cx, tx, id)?;
    may_change(cx, &chart, "delete")?;
    note(cx, tx, Some(&chart.document), None)?;
    store::delete(tx, chart.id)
}

/// All that stands against what is drawn, its filter too, for this caller.
pub(crate) fn judge(cx: &Ctx, tx: &mut Read, object: &Object, chart: &Chart) -> Result<Violations> {
    let mut found = chart.judge(cx, object);
    found.extend(under("filter", judge_filter(cx, tx, &object.key, chart.filter.as_ref())?));
    Ok(found)
}

/// What others see is told; what somebody keeps for himself is nobody's business.
fn note(cx: &Ctx, tx: &mut Write, before: Option<&Document>, after: Option<&Document>) -> Result<()> {
    let Some(named) = after.or(before) else { return Ok(()) };
    if [before, after].into_iter().flatten().all(|document| document.sharing.scope == Scope::Private) {
        return Ok(());
    }
    let act = match (before, after) {
        (None, _) => "create",
        (_, None) => "delete",
        _ => "edit",
    };
    let told = Note::new(act, "chart").of(&named.chart.object).subject(named.name.as_str());
    audit::note(cx, tx, told.changed(&before, &after))
}

/// One's own charts are one's own to change, shared ones the administrators'.
fn may_change(cx: &Ctx, chart: &Kept, act: &str) -> Result<()> {
    if can_change(cx, chart) { Ok(()) } else { Err(Error::Forbidden { act: act.to_owned(), object: chart.document.chart.object.clone() }) }
}

fn can_change(cx: &Ctx, chart: &Kept) -> bool {
    chart.document.sharing.lets_change(cx, chart.owner)
}

fn conflict(cx: &Ctx, tx: &mut Read, present: Kept) -> Result<Error> {
    Ok(Error::Conflict { record: Box::new(shown(cx, tx, present)?) })
}

fn shown(cx: &Ctx, tx: &mut Read, chart: Kept) -> Result<Json> {
    Ok(show(cx, tx, &[chart])?.pop().unwrap_or_default())
}

fn show(cx: &Ctx, tx: &mut Read, charts: &[Kept]) -> Result<Vec<Json>> {
    let mut owners: BTreeMap<Id, String> = BTreeMap::from([(cx.who.id, cx.who.name.clone())]);
    let others: Vec<Id> = charts.iter().map(|chart| chart.owner).filter(|owner| *owner != cx.who.id && *owner != Id::SYSTEM).collect();
    if let (false, Ok(employee)) = (others.is_empty(), cx.object("employee")) {
        owners.extend(db::records::names(tx, &cx.meta.schema, employee, &cx.scope(), &others)?);
    }
    let show = |chart: &Kept| {
        let document = &chart.document;
        let mut can: Vec<&str> = Vec::new();
        if can_change(cx, chart) {
            can.extend(["edit", "delete"]);
            can.extend(cx.is_administrator().then_some("share"));
        }
        json!({
            "id": chart.id.to_string(), "name": document.name, "description": document.description, "chart": document.chart,
            "sharing": document.sharing, "owner": owners.get(&chart.owner).map(|name| json!({"id": chart.owner.to_string(), "name": name})),
            "mine": chart.owner == cx.who.id, "can": can, "version": chart.version,
        })
    };
    Ok(charts.iter().map(show).collect())
}
