//! Where flows name what somebody is about to change or take away.

use std::sync::Arc;

use db::{Read, Write};
use model::approval::{Effect, Flow, Named, Trigger};
use model::condition::Reading;
use model::{Id, Object, Violation};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};

use super::facts;
use crate::save::{Deed, Working};
use crate::{Ctx, Meta, Result};

/// The screen of a flow; that of all approvals, where only such are left of it.
pub(crate) fn link(meta: &Meta, flow: &Flow) -> String {
    match super::find(meta, flow.id) {
        Some(_) => format!("/admin/approval-flows/{}", flow.id),
        None => "/approvals?which=all".to_owned(),
    }
}

/// Every flow, and what earlier versions by which approvals still run have before them.
pub(crate) fn in_use(meta: &Meta, tx: &mut Read) -> Result<Vec<Arc<Flow>>> {
    let mut flows = meta.flows.clone();
    let select =
        Query::select().distinct().columns(["flow", "flow_version"]).from("approval").and_where(Expr::col("ended_at").is_null()).to_owned();
    for row in tx.all(&select)? {
        let (id, version): (Id, i64) = (row.get("flow")?, row.get("flow_version")?);
        if super::find(meta, id).is_none_or(|flow| flow.version != version) {
            // What it catches is of the past.
            let run = Flow { condition: None, fields: Vec::new(), stages: Vec::new(), ..facts::flow_of(tx, id, version)? };
            flows.push(Arc::new(run));
        }
    }
    Ok(flows)
}

/// Those of these flows that name a field of an object, with the places.
pub(crate) fn uses<'a>(flows: &'a [Arc<Flow>], schema: &model::Schema, object: &str, field: &str) -> Vec<(&'a Flow, String)> {
    let of_flow = |flow: &'a Flow| flow.uses_of(object, field, schema).into_iter().map(move |place| (flow, place));
    once_each(flows.iter().flat_map(|flow| of_flow(flow)).collect())
}

/// What two versions of a flow say alike is told once.
fn once_each(mut found: Vec<(&Flow, String)>) -> Vec<(&Flow, String)> {
    let mut told = std::collections::BTreeSet::new();
    found.retain(|(flow, place)| told.insert((flow.id, place.clone())));
    found
}

/// Those of these flows of other objects that look at records of this one.
pub(crate) fn uses_of_object<'a>(flows: &'a [Arc<Flow>], schema: &model::Schema, object: &str) -> Vec<(&'a Flow, String)> {
    let mut found = Vec::new();
    for flow in flows.iter().filter(|flow| flow.object != object) {
        for (named, place) in flow.names() {
            let looks = match named {
                Named::Path(path) => model::condition::of_path(path, &flow.object, schema),
                Named::Catches(condition) | Named::Way(condition) => condition.mentions(&flow.object, schema),
                _ => continue,
            };
            if looks.iter().any(|(of, _)| of == object) {
                found.push((&**flow, place));
            }
        }
    }
    once_each(found)
}

/// True where a flow could not be read any more, or would do what cannot be done, without an option of a field: as the schema is `now`, and as
/// it is `then`.
pub(crate) fn names_option(flows: &[Arc<Flow>], now: &Reading<'_>, then: &Reading<'_>, object: &Object, field: &str, key: &str) -> bool {
    let broken = |flow: &Flow| {
        let resolves = |reading: &Reading<'_>, named: &Named<'_>| match named {
            Named::Catches(condition) if flow.trigger == Trigger::Edit => condition.resolve_for_change(&flow.object, reading).is_ok(),
            Named::Catches(condition) | Named::Way(condition) => condition.resolve(&flow.object, reading).is_ok(),
            _ => true,
        };
        let own = flow.object == object.key;
        let sets = |effect: &Effect| match effect {
            Effect::Set { field: of, value } if of == field => match value {
                Json::Array(keys) => keys.iter().any(|one| one == key),
                one => one == key,
            },
            _ => false,
        };
        flow.names().iter().any(|(named, _)| match named {
            Named::Stage(stage) => own && field == "stage" && *stage == key,
            named => resolves(now, named) && !resolves(then, named),
        }) || own && flow.approved.iter().chain(&flow.rejected).any(sets)
    };
    flows.iter().any(|flow| broken(flow))
}

/// The flows that ask people with a role, or follow a line up to one.
pub(crate) fn of_role<'a>(flows: &'a [Arc<Flow>], role: &'a str) -> impl Iterator<Item = &'a Flow> {
    naming(flows, move |named| *named == Named::Role(role))
}

/// The flows that ask whoever plays a part in the team.
pub(crate) fn of_team_role<'a>(flows: &'a [Arc<Flow>], role: &'a str) -> impl Iterator<Item = &'a Flow> {
    naming(flows, move |named| *named == Named::TeamRole(role))
}

/// The flows that name a person.
pub(crate) fn of_person(flows: &[Arc<Flow>], id: Id) -> impl Iterator<Item = &Flow> {
    naming(flows, move |named| *named == Named::Person(id))
}

/// The flows whose conditions speak of a pool.
pub(crate) fn of_pool(flows: &[Arc<Flow>], pool: Id) -> impl Iterator<Item = &Flow> {
    let id = pool.to_string();
    naming(flows, move |named| match named {
        Named::Catches(condition) | Named::Way(condition) => condition.to_json().to_string().contains(&id),
        _ => false,
    })
}

fn naming<'a>(flows: &'a [Arc<Flow>], meant: impl Fn(&Named<'_>) -> bool + 'a) -> impl Iterator<Item = &'a Flow> {
    flows.iter().map(|flow| &**flow).filter(move |flow| flow.names().iter().any(|(named, _)| meant(named)))
}

/// As it is told beside what is taken away.
pub(crate) fn told<'a>(flows: impl Iterator<Item = &'a Flow>) -> Vec<Json> {
    flows.map(|flow| json!({"id": flow.id.to_string(), "name": flow.name, "object": flow.object, "active": flow.active})).collect()
}

/// People, departments and groups that a flow names do not go into the recycle bin.
pub(crate) fn keep_named(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let named: fn(Id) -> Named<'static> = match object.key.as_str() {
        "employee" => Named::Person,
        "department" => Named::Department,
        "user_group" => Named::Group,
        _ => return Ok(()),
    };
    let voided = |item: &Working| item.error.is_none() && item.change.deed == Deed::Void;
    if !work.iter().any(voided) {
        return Ok(());
    }
    let flows = in_use(&cx.meta, tx)?;
    for item in work.iter_mut().filter(|item| voided(item)) {
        let meant = named(item.after.id);
        let mut naming: Vec<&Flow> = naming(&flows, move |named| *named == meant).collect();
        naming.dedup_by_key(|flow| flow.id);
        let found = naming
            .into_iter()
            .map(|flow| Violation::new("approval.names_it", "").with("flow", flow.name.as_str()).with("link", link(&cx.meta, flow)));
        item.findings.extend(found);
    }
    Ok(())
}
