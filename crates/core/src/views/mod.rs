//! Saved views of lists: a filter, columns, an order and a grouping under a name; for oneself, for everybody or for some roles.
//!
//! A view is read in the transaction of the request that uses it, so what was saved a moment ago holds at once. It shows nobody more
//! than he may see: its filter is resolved with the reader's eyes, and one that names a field which he may not know of is not there
//! for him. Administrators share views and say with which one a role begins; everybody else keeps views of his own.

mod document;
mod shipped;
mod store;
mod uses;

use std::collections::BTreeMap;

use db::{Read, Write};
use model::{Id, Object, Violation, Violations};
use serde_json::{Value as Json, json};

use crate::audit::{self, Note};
use crate::{Ctx, Error, Result, records};

pub use document::{Document, Scope, Sharing, Wanted};
pub(crate) use document::{is_groupable, is_sortable};
pub(crate) use shipped::install;
pub use store::View;
pub use uses::{ViewUse, of_role, uses_of};

/// Views that one person keeps to himself.
pub const MOST_PRIVATE: u32 = 200;

/// The views that the caller may use, of one object or of all, by name; `default` is the one with which the first of his roles begins
/// that has one for the object.
pub fn list(cx: &Ctx, tx: &mut Read, object: Option<&str>) -> Result<Json> {
    if let Some(object) = object {
        cx.object(object)?;
    }
    let mut views: Vec<View> = store::within_reach(cx, tx, object)?.into_iter().filter(|view| view.is_known(cx)).collect();
    views.sort_by_cached_key(|view| (model::text::fold(view.document.called(&cx.who.language)), view.id));
    let defaults = store::defaults(tx, object)?;
    let default = object.and_then(|_| {
        let of_role = |role: &model::role::Role| {
            let wanted = views.iter().find(|view| defaults.get(&view.id).is_some_and(|roles| roles.contains(&role.key)));
            wanted.map(|view| view.id.to_string())
        };
        cx.who.rights.roles().iter().find_map(of_role)
    });
    let items = show(cx, tx, &views, &defaults)?;
    Ok(json!({"items": items, "default": default}))
}

/// One view.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let view = find(cx, tx, id)?;
    shown(cx, tx, view)
}

/// The view of an id, where the caller may use it.
pub(crate) fn find(cx: &Ctx, tx: &mut Read, id: Id) -> Result<View> {
    store::load(tx, id)?.filter(|view| view.is_within_reach(cx) && view.is_known(cx)).ok_or(Error::NotFound)
}

/// The view that a list of `object` names.
pub(crate) fn named(cx: &Ctx, tx: &mut Read, object: &Object, id: &str) -> Result<View> {
    let view = find(cx, tx, id.parse().map_err(|_| Error::NotFound)?)?;
    if view.document.object == object.key { Ok(view) } else { Err(Error::NotFound) }
}

/// Saves a view: a new one without `id`. `seen` is the version that the caller worked on.
pub fn save(cx: &Ctx, tx: &mut Write, id: Option<Id>, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    cx.at_large()?;
    // Before anything is read that these guard: how many views one has, and which view a role begins with.
    tx.lock(&[format!("views:{}", cx.who.id), format!("view_defaults:{}", wanted.object)])?;
    let before = id.map(|id| find(cx, tx, id)).transpose()?;
    if let Some(before) = &before {
        may_change(cx, before, "edit")?;
        if seen.is_some_and(|version| version != before.version) {
            return Err(conflict(cx, tx, before.clone())?);
        }
    }
    let object = cx.object(&wanted.object)?.clone();
    let mut document = wanted.tidy();
    if let Some(before) = &before {
        document.keep_names(&before.document);
    }
    let mut found = document.judge(cx, &object);
    if before.as_ref().is_some_and(|before| before.document.object != document.object) {
        found.push(Violation::new("field.read_only", "object"));
    }
    found.extend(judge_filter(cx, tx, &document.object, document.filter.as_ref())?);
    let taken = before.as_ref().is_some_and(|before| before.document.sharing.scope == Scope::Private);
    if document.sharing.scope == Scope::Private && !taken {
        let owner = before.as_ref().map_or(cx.who.id, |before| before.owner);
        if store::count_private(tx, owner)? >= i64::from(MOST_PRIVATE) {
            found.push(Violation::new("view.too_many", "").with("max", MOST_PRIVATE));
        }
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    let earlier = before.as_ref().map(|before| before.document.clone());
    let view = match before {
        None => {
            let view = View { id: cx.new_id(), owner: cx.who.id, version: 1, document };
            store::insert(tx, &view)?;
            view
        }
        Some(before) => {
            let view = View { version: before.version + 1, document, ..before.clone() };
            if !store::update(tx, &view, before.version)? {
                let present = find(cx, tx, before.id)?;
                return Err(conflict(cx, tx, present)?);
            }
            view
        }
    };
    store::set_defaults(tx, &view, &wanted.default_for)?;
    note(cx, tx, earlier.as_ref(), Some(&view.document), &view)?;
    shown(cx, tx, view)
}

/// Removes a view.
pub fn delete(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    cx.at_large()?;
    let view = find(cx, tx, id)?;
    may_change(cx, &view, "delete")?;
    note(cx, tx, Some(&view.document), None, &view)?;
    store::delete(tx, view.id)
}

/// What others see is told; what somebody keeps for himself is nobody's business.
fn note(cx: &Ctx, tx: &mut Write, before: Option<&Document>, after: Option<&Document>, view: &View) -> Result<()> {
    if [before, after].into_iter().flatten().all(|document| document.sharing.scope == Scope::Private) {
        return Ok(());
    }
    let act = match (before, after) {
        (None, _) => "create",
        (_, None) => "delete",
        _ => "edit",
    };
    let told = Note::new(act, "view").of(&view.document.object).subject(view.document.name.as_str());
    audit::note(cx, tx, told.changed(&before, &after))
}

/// What stands against a condition over an object that its writer is to use himself.
pub(crate) fn judge_filter(cx: &Ctx, tx: &mut Read, object: &str, filter: Option<&Json>) -> Result<Violations> {
    let Some(filter) = filter.filter(|filter| !filter.is_null()) else { return Ok(Violations::new()) };
    match records::resolve(cx, tx, object, filter, &cx.meta.calendar) {
        Ok(_) => Ok(Violations::new()),
        Err(Error::Invalid(found)) => Ok(found),
        Err(other) => Err(other),
    }
}

/// One's own views are one's own to change, shared ones the administrators'.
fn may_change(cx: &Ctx, view: &View, act: &str) -> Result<()> {
    if can_change(cx, view) { Ok(()) } else { Err(Error::Forbidden { act: act.to_owned(), object: view.document.object.clone() }) }
}

fn can_change(cx: &Ctx, view: &View) -> bool {
    view.document.sharing.lets_change(cx, view.owner)
}

fn conflict(cx: &Ctx, tx: &mut Read, present: View) -> Result<Error> {
    Ok(Error::Conflict { record: Box::new(shown(cx, tx, present)?) })
}

fn shown(cx: &Ctx, tx: &mut Read, view: View) -> Result<Json> {
    let defaults = store::defaults(tx, Some(&view.document.object))?;
    Ok(show(cx, tx, &[view], &defaults)?.pop().unwrap_or_default())
}

fn show(cx: &Ctx, tx: &mut Read, views: &[View], defaults: &BTreeMap<Id, Vec<String>>) -> Result<Vec<Json>> {
    let mut owners: BTreeMap<Id, String> = BTreeMap::from([(cx.who.id, cx.who.name.clone())]);
    let others: Vec<Id> = views.iter().map(|view| view.owner).filter(|owner| *owner != cx.who.id && *owner != Id::SYSTEM).collect();
    if let (false, Ok(employee)) = (others.is_empty(), cx.object("employee")) {
        owners.extend(db::records::names(tx, &cx.meta.schema, employee, &cx.scope(), &others)?);
    }
    let show = |view: &View| {
        let document = &view.document;
        let mut can: Vec<&str> = Vec::new();
        if can_change(cx, view) {
            can.extend(["edit", "delete"]);
            can.extend(cx.is_administrator().then_some("share"));
        }
        json!({
            "id": view.id.to_string(), "object": document.object, "name": document.called(&cx.who.language), "kind": document.kind,
            "filter": document.filter, "columns": view.known_columns(cx), "sort": document.sort, "group": document.group,
            "sharing": document.sharing, "default_for": defaults.get(&view.id).map_or(&[][..], Vec::as_slice),
            "owner": owners.get(&view.owner).map(|name| json!({"id": view.owner.to_string(), "name": name})),
            "mine": view.owner == cx.who.id, "can": can, "version": view.version,
        })
    };
    Ok(views.iter().map(show).collect())
}
