//! Objects as the screens are drawn from them, and whole definitions for administrators.

use db::Read;
use model::field::{Kind, RECOVERABLE, State};
use model::object::{MOST_INDEXES, MOST_OWN_FIELDS};
use model::role::FieldAccess;
use model::{Field, Object};
use serde_json::{Value as Json, json};

use crate::jobs::{self, Job, Kind as Work};
use crate::{Ctx, Error, Result, veil};

/// All objects that the caller may read, in the order of navigation.
pub fn list(cx: &Ctx) -> Json {
    let objects: Vec<Json> = cx.meta.order.iter().filter_map(|key| cx.object(key).ok()).map(|object| show(cx, object)).collect();
    json!({"meta_version": cx.meta.version, "objects": objects})
}

/// One object.
pub fn one(cx: &Ctx, key: &str) -> Result<Json> {
    cx.object(key).map(|object| show(cx, object))
}

fn show(cx: &Ctx, object: &Object) -> Json {
    let fields: Vec<Json> = object
        .fields
        .iter()
        .filter_map(|field| match cx.who.rights.field(&object.key, field) {
            FieldAccess::Hidden => None,
            access => Some(show_field(cx, object, field, access)),
        })
        .collect();
    let acts: Vec<&str> = cx.who.rights.acts(&object.key).into_iter().map(|act| act.key()).collect();
    json!({
        "key": object.key, "label": object.label, "plural": object.plural, "preset": object.preset, "owned": object.owned,
        "base": object.base, "name_field": "name", "acts": acts, "fields": fields, "icon": object.icon, "layout": layout(cx, object),
        "master": object.master().map(|(field, master)| json!({"object": master, "field": field.key})),
    })
}

/// The caller's layout, with the fields that he may know of.
fn layout(cx: &Ctx, object: &Object) -> Json {
    let roles: Vec<&str> = cx.who.rights.roles().iter().map(|role| role.key.as_str()).collect();
    let Some(layout) = object.layout(&roles) else { return Json::Null };
    let known = |key: &&String| object.field(key).is_some_and(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
    let sections: Vec<Json> = layout
        .sections
        .iter()
        .map(|section| {
            let fields: Vec<&String> = section.fields.iter().filter(known).collect();
            json!({"label": section.label, "fields": fields, "collapsed": section.collapsed})
        })
        .collect();
    json!({ "sections": sections })
}

fn show_field(cx: &Ctx, object: &Object, field: &Field, access: FieldAccess) -> Json {
    let mut shown = json!(field);
    // What it depends on is not told where one may not know of that.
    for (when, condition) in [("required_when", &field.required_when), ("visible_when", &field.visible_when)] {
        let hidden = condition.as_ref().is_some_and(|condition| veil::hides_condition(cx, &object.key, condition));
        if let (true, Some(shown)) = (hidden, shown.as_object_mut()) {
            shown.remove(when);
        }
    }
    shown["sortable"] = field.is_sortable().into();
    shown["filterable"] = field.is_stored().into();
    shown["access"] = if field.is_kept_by_product() { json!(FieldAccess::Read) } else { json!(access) };
    shown["own"] = field.is_own().into();
    shown["settling"] = field.settling.into();
    if let Some(target) = field.kind.leads_to() {
        shown["object"] = target.into();
    }
    shown
}

/// Every object, put aside or not, without its fields; administrators only.
pub fn definitions(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("read", "object")?;
    let mut items = Vec::new();
    for object in &cx.meta.definitions {
        let jobs = jobs::open_of(tx, &object.key)?;
        let mut shown = whole(object, &jobs);
        shown["field_count"] = object.fields.iter().filter(|field| !field.system && field.state != State::Hidden).count().into();
        if let Some(map) = shown.as_object_mut() {
            map.remove("fields");
        }
        items.push(shown);
    }
    Ok(json!({ "items": items }))
}

/// The whole definition of an object; administrators only.
pub fn definition(cx: &Ctx, tx: &mut Read, key: &str) -> Result<Json> {
    cx.administrators_only("read", "object")?;
    let object = cx.meta.definitions.iter().find(|object| object.key == key).ok_or(Error::NotFound)?;
    let jobs = jobs::open_of(tx, key)?;
    Ok(whole(object, &jobs))
}

pub(super) fn whole(object: &Object, jobs: &[Job]) -> Json {
    let mut shown = json!(object);
    shown["state"] = json!(object.state);
    shown["drops_at"] = drops_at(object.state, object.hidden_at);
    shown["layouts"] = json!(object.layouts);
    shown["validations"] = json!(object.validations);
    shown["retired"] = json!(object.retired);
    shown["fields"] = object.fields.iter().map(|field| whole_field(object, field, jobs)).collect();
    shown["job"] = job_of(jobs, None);
    let own = object.fields.iter().filter(|field| field.is_own()).count() + object.retired.len();
    shown["room"] = json!({
        "fields": own, "limit": MOST_OWN_FIELDS, "indexes": indexes(object), "index_limit": MOST_INDEXES,
    });
    shown
}

/// One field as its administrators see it.
pub(super) fn whole_field(object: &Object, field: &Field, jobs: &[Job]) -> Json {
    let mut shown = json!(field);
    shown["state"] = json!(field.state);
    shown["settling"] = field.settling.into();
    shown["own"] = field.is_own().into();
    shown["essential"] = object.is_essential(field).into();
    shown["drops_at"] = drops_at(field.state, field.hidden_at);
    shown["sortable"] = field.is_sortable().into();
    shown["filterable"] = field.is_stored().into();
    shown["access"] = json!(if field.is_kept_by_product() { FieldAccess::Read } else { FieldAccess::Write });
    shown["job"] = job_of(jobs, Some(&field.key));
    if let Some(target) = field.kind.leads_to() {
        shown["object"] = target.into();
    }
    shown
}

/// What is being done for it: the work of getting there, not the end that comes by itself.
fn job_of(jobs: &[Job], field: Option<&str>) -> Json {
    let making = |job: &&Job| matches!(job.kind, Work::MakeField | Work::MakeObject | Work::Recalculate);
    jobs.iter().filter(making).find(|job| job.field.as_deref() == field).map_or(Json::Null, Job::show)
}

fn drops_at(state: State, hidden_at: Option<model::Instant>) -> Json {
    match (state, hidden_at) {
        (State::Hidden, Some(at)) => at.plus_seconds(RECOVERABLE).to_string().into(),
        _ => Json::Null,
    }
}

/// Indexes that count against the limit.
pub(super) fn indexes(object: &Object) -> usize {
    let marked = |field: &&Field| field.state != State::Hidden && (field.fast || field.unique) && field.kind.kind() != Kind::LongText;
    object.fields.iter().filter(marked).count()
}
