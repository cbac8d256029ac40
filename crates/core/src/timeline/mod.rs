//! The timeline of a record: everything that happened about it, newest first, from wherever it is kept.
//!
//! Activities, tasks, comments, changes of its fields, moves, what was done about the tasks of a stage, slips, owners, its team, the recycle bin, what it was saved over although alike; what happened on the leads that became it, and what became of the quotes of a deal. Each source gives the next few behind the place
//! where one stands, in an order that its index has, and the page is what is newest of them: so what a page costs does not grow with what
//! has happened. Nobody learns more by it than by the record, its history and its lists: fields that he may not know of are left out, and
//! so is whatever shows nothing but such.

mod moves;
mod place;
mod sources;

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::records::{Bin, Query, Scope, Sort};
use model::condition::{Check, Resolved, Test};
use model::field::Kind as Kept;
use model::lead::PARTS;
use model::objects::{lead, quote};
use model::{Id, Object, Value};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::records::{self, Refs};
use crate::{Ctx, Error, Result, veil};

use place::Place;
use sources::{Item, Kind, Source};

/// In one answer.
const PAGE: u32 = 30;
const MOST: u32 = 100;
/// Opportunities of an account whose timelines are told with its own, and quotes of an opportunity: the newest.
const RELATED: u32 = 25;

/// The query of `GET …/timeline`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimelineRequest {
    pub cursor: Option<String>,
    /// At most 100; 30 when absent.
    pub limit: Option<u32>,
    /// Kinds, divided by commas; all when absent.
    pub kinds: Option<String>,
    /// Of an account: what happened about its opportunities too.
    #[serde(default)]
    pub related: bool,
}

/// A record whose timeline is told.
pub(super) struct Subject {
    pub object: Object,
    pub id: Id,
    /// Fields that are blank to the caller as long as nobody has the record.
    pub covered: BTreeSet<String>,
}

/// What happened about a record that the caller sees.
pub fn timeline(cx: &Ctx, tx: &mut Read, object: &str, id: Id, request: &TimelineRequest) -> Result<Json> {
    let object = Object::clone(cx.object(object)?);
    let record = records::load(cx, tx, &object, id)?;
    let covered = cx.scope().covered(&record).cloned().unwrap_or_default();
    let limit = request.limit.unwrap_or(PAGE).clamp(1, MOST);
    let place = match request.cursor.as_deref() {
        Some(text) => Some(text.parse::<Place>().map_err(|()| Error::Malformed("cursor: not one of this list's".into()))?),
        None => None,
    };
    let kinds = Kind::wanted(request.kinds.as_deref())?;
    let (more, related) = if request.related { deals(cx, tx, &object, id)? } else { (false, Vec::new()) };
    let of_deals = related.len();
    let past = leads(cx, tx, &object, id)?;
    let offered = quotes(cx, tx, &object, id)?;
    let of_quotes: BTreeSet<Kind> = kinds.iter().copied().filter(|kind| matches!(kind, Kind::Created | Kind::Quote)).collect();
    let whole = std::iter::once(Subject { object, id, covered }).chain(related).chain(past).map(|subject| (subject, &kinds));
    let subjects: Vec<(Subject, &BTreeSet<Kind>)> = whole.chain(offered.into_iter().map(|quote| (quote, &of_quotes))).collect();
    let (mut items, mut floor): (Vec<Item>, Option<Place>) = (Vec::new(), None);
    for (subject, kinds) in &subjects {
        for source in Source::ALL.iter().filter(|source| source.gives(kinds)) {
            let (found, end) = source.items(cx, tx, subject, kinds, place, limit + 1)?;
            items.extend(found);
            floor = floor.max(end);
        }
    }
    // Below where one of them has been read to, it may have more.
    items.retain(|item| floor.is_none_or(|floor| item.place >= floor));
    items.sort_by_key(|item| std::cmp::Reverse(item.place));
    let cut = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = if cut { items.last().map(|item| item.place) } else { floor };
    let mut refs = Refs::default();
    let shown = sources::show(cx, tx, items, &mut refs)?;
    Ok(json!({
        "items": shown, "refs": refs.names(cx, tx)?, "next_cursor": next.map(|place| place.to_string()),
        "related": {"records": of_deals, "more": more},
    }))
}

/// The newest opportunities of an account that the caller sees, if he may know whose they are; and whether there are more.
fn deals(cx: &Ctx, tx: &mut Read, object: &Object, id: Id) -> Result<(bool, Vec<Subject>)> {
    let Ok(deal) = cx.object("opportunity") else { return Ok((false, Vec::new())) };
    if object.key != "account" || veil::hides(cx, &deal.key, "account") {
        return Ok((false, Vec::new()));
    }
    let deal = deal.clone();
    referring(cx, tx, &deal, "account", id)
}

/// The quotes of an opportunity that the caller sees: when they were made, sent and answered is told with the deal.
fn quotes(cx: &Ctx, tx: &mut Read, object: &Object, id: Id) -> Result<Vec<Subject>> {
    let Ok(quote) = cx.object(quote::KEY) else { return Ok(Vec::new()) };
    if object.key != "opportunity" || veil::hides(cx, &quote.key, "opportunity") {
        return Ok(Vec::new());
    }
    let quote = quote.clone();
    Ok(referring(cx, tx, &quote, "opportunity", id)?.1)
}

/// The leads that have become this record, as far as the caller sees them: what happened on them stays there and is a part of its past.
fn leads(cx: &Ctx, tx: &mut Read, object: &Object, id: Id) -> Result<Vec<Subject>> {
    let Ok(lead) = cx.object(lead::KEY) else { return Ok(Vec::new()) };
    if !PARTS.contains(&object.key.as_str()) || veil::hides(cx, &lead.key, &object.key) {
        return Ok(Vec::new());
    }
    let lead = lead.clone();
    Ok(referring(cx, tx, &lead, &object.key, id)?.1)
}

/// The newest records that refer to this one by a field, of those that the caller sees; and whether there are more.
fn referring(cx: &Ctx, tx: &mut Read, of: &Object, field: &str, id: Id) -> Result<(bool, Vec<Subject>)> {
    let check = Check::Equal(Value::Ref(id));
    let condition = Resolved::Test(Test { hops: Vec::new(), field: field.into(), kind: Kept::Ref, folded: false, check });
    let query =
        Query { condition: Some(&condition), words: None, sort: Sort::descending("id"), cursor: None, limit: RELATED, bin: Bin::Out };
    let scope: Scope<'_> = cx.scope();
    let (ids, next) = db::records::ids(tx, &cx.meta.schema, of, &scope, &query)?;
    let mut covered = BTreeMap::new();
    if !scope.veils(&of.key).is_empty() {
        let records = db::records::load(tx, &cx.meta.schema, of, &scope, &ids)?;
        covered.extend(records.iter().filter_map(|record| Some((record.id, scope.covered(record)?.clone()))));
    }
    let subject = |id: Id| Subject { object: of.clone(), id, covered: covered.remove(&id).unwrap_or_default() };
    Ok((next.is_some(), ids.into_iter().map(subject).collect()))
}
