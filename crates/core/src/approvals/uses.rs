//! Where flows name what somebody is about to change or take away.

use db::Write;
use model::approval::{Effect, Flow, Named, Trigger};
use model::condition::Reading;
use model::{Id, Object, Violation};
use serde_json::{Value as Json, json};

use crate::save::{Deed, Working};
use crate::{Ctx, Meta, Result};

/// The screen of a flow.
pub(crate) fn link(flow: &Flow) -> String {
    format!("/admin/approval-flows/{}", flow.id)
}

/// The flows that name a field of an object, with the places.
pub(crate) fn uses<'a>(meta: &'a Meta, schema: &model::Schema, object: &str, field: &str) -> Vec<(&'a Flow, String)> {
    let of_flow = |flow: &'a Flow| flow.uses_of(object, field, schema).into_iter().map(move |place| (flow, place));
    meta.flows.iter().flat_map(|flow| of_flow(flow)).collect()
}

/// The flows of other objects that look at records of this one.
pub(crate) fn uses_of_object<'a>(meta: &'a Meta, schema: &model::Schema, object: &str) -> Vec<(&'a Flow, String)> {
    let mut found = Vec::new();
    for flow in meta.flows.iter().filter(|flow| flow.object != object) {
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
    found
}

/// True where a flow could not be read any more, or would do what cannot be done, without an option of a field: as the schema is `now`, and as
/// it is `then`.
pub(crate) fn names_option(meta: &Meta, now: &Reading<'_>, then: &Reading<'_>, object: &Object, field: &str, key: &str) -> bool {
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
    meta.flows.iter().any(|flow| broken(flow))
}

/// The flows that ask people with a role, or follow a line up to one.
pub(crate) fn of_role<'a>(meta: &'a Meta, role: &'a str) -> impl Iterator<Item = &'a Flow> {
    naming(meta, move |named| *named == Named::Role(role))
}

/// The flows that ask whoever plays a part in the team.
pub(crate) fn of_team_role<'a>(meta: &'a Meta, role: &'a str) -> impl Iterator<Item = &'a Flow> {
    naming(meta, move |named| *named == Named::TeamRole(role))
}

/// The flows that name a person.
pub(crate) fn of_person(meta: &Meta, id: Id) -> impl Iterator<Item = &Flow> {
    naming(meta, move |named| *named == Named::Person(id))
}

/// The flows whose conditions speak of a pool.
pub(crate) fn of_pool(meta: &Meta, pool: Id) -> impl Iterator<Item = &Flow> {
    let id = pool.to_string();
    naming(meta, move |named| match named {
        Named::Catches(condition) | Named::Way(condition) => condition.to_json().to_string().contains(&id),
        _ => false,
    })
}

fn naming<'a>(meta: &'a Meta, meant: impl Fn(&Named<'_>) -> bool + 'a) -> impl Iterator<Item = &'a Flow> {
    meta.flows.iter().map(|flow| &**flow).filter(move |flow| flow.names().iter().any(|(named, _)| meant(named)))
}

/// As it is told beside what is taken away.
pub(crate) fn told<'a>(flows: impl Iterator<Item = &'a Flow>) -> Vec<Json> {
    flows.map(|flow| json!({"id": flow.id.to_string(), "name": flow.name, "object": flow.object, "active": flow.active})).collect()
}

/// People, departments and groups that a flow names do not go into the recycle bin.
pub(crate) fn keep_named(cx: &Ctx, _tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let named: fn(Id) -> Named<'static> = match object.key.as_str() {
        "employee" => Named::Person,
        "department" => Named::Department,
        "user_group" => Named::Group,
        _ => return Ok(()),
    };
    for item in work.iter_mut().filter(|item| item.error.is_none() && item.change.deed == Deed::Void) {
        let meant = named(item.after.id);
        let flows = naming(&cx.meta, move |named| *named == meant);
        let found = flows.map(|flow| Violation::new("approval.names_it", "").with("flow", flow.name.as_str()).with("link", link(flow)));
        item.findings.extend(found);
    }
    Ok(())
}
