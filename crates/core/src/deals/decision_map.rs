//! The map of a decision: who has a say in a deal, how each stands, and what is missing.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::objects::opportunity;
use model::role::Act;
use model::{Id, Object, Record};
use serde_json::{Value as Json, json};

use super::people::{KEY, UPWARD};
use crate::records::{self, Refs};
use crate::{Ctx, Result, veil};

/// Roles shown at most.
const MOST: usize = 500;

/// `{people, gaps, more, can, refs}` of a deal that the caller sees; what is hidden from him is blank, and nothing is concluded from it.
pub fn decision_map(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let deal = records::load(cx, tx, &cx.object(opportunity::KEY)?.clone(), id)?;
    let object = cx.object(KEY)?.clone();
    let mut roles = if veil::hides(cx, KEY, opportunity::KEY) {
        Vec::new()
    } else {
        db::records::referring(tx, &cx.meta.schema, &object, opportunity::KEY, &cx.scope(), &[deal.id])?
    };
    let more = roles.len() > MOST;
    roles.truncate(MOST);
    let contacts = contacts(cx, tx, &roles)?;
    let there: BTreeSet<Id> = roles.iter().map(|role| role.id).collect();
    let mut refs = Refs::default();
    let people: Vec<Json> = roles.iter().map(|role| person(cx, role, &contacts, &there, &mut refs)).collect();
    let may = |act: Act| cx.who.rights.may(act, KEY);
    let writes = !crate::access::writable(cx, tx, &cx.object(opportunity::KEY)?.clone(), &[&deal])?.is_empty();
    let can: Vec<&str> = [(Act::Create, "create"), (Act::Edit, "edit"), (Act::Void, "void")]
        .into_iter()
        .filter(|(act, _)| writes && may(*act))
        .map(|(_, key)| key)
        .collect();
    Ok(json!({"people": people, "gaps": gaps(cx, &roles), "more": more, "can": can, "refs": refs.names(cx, tx)?}))
}

fn contacts(cx: &Ctx, tx: &mut Read, roles: &[Record]) -> Result<BTreeMap<Id, (Record, Object)>> {
    let Ok(contact) = cx.object("contact").cloned() else { return Ok(BTreeMap::new()) };
    if veil::hides(cx, KEY, "contact") {
        return Ok(BTreeMap::new());
    }
    let ids: BTreeSet<Id> = roles.iter().filter_map(|role| role.reference("contact")).collect();
    let ids: Vec<Id> = ids.into_iter().collect();
    let found = db::records::load(tx, &cx.meta.schema, &contact, &cx.scope(), &ids)?;
    Ok(found.into_iter().map(|record| (record.id, (record, contact.clone()))).collect())
}

fn person(cx: &Ctx, role: &Record, contacts: &BTreeMap<Id, (Record, Object)>, there: &BTreeSet<Id>, refs: &mut Refs) -> Json {
    let of_role = |field: &str| if veil::hides(cx, KEY, field) { Json::Null } else { model::field::show(role.get(field)) };
    let contact = role.reference("contact").filter(|_| !veil::hides(cx, KEY, "contact"));
    let of_contact = |field: &str| match contact.and_then(|id| contacts.get(&id)) {
        Some((record, object)) if !veil::hides(cx, &object.key, field) && !veil::covers(cx, Some(record), field) => {
            model::field::show(record.get(field))
        }
        _ => Json::Null,
    };
    contact.into_iter().for_each(|id| refs.note("contact", id));
    let above = role.reference(UPWARD).filter(|id| there.contains(id) && !veil::hides(cx, KEY, UPWARD));
    json!({
        "id": role.id.to_string(), "version": role.version, "contact": contact.map(|id| id.to_string()),
        "name": of_contact("name"), "title": of_contact("title"),
        "role": of_role("role"), "attitude": of_role("attitude"), "influence": of_role("influence"), "note": of_role("note"),
        UPWARD: above.map(|id| id.to_string()),
    })
}

/// What is missing in the map, each a code with the roles that it concerns.
fn gaps(cx: &Ctx, roles: &[Record]) -> Vec<Json> {
    let knows = |fields: &[&str]| fields.iter().all(|field| !veil::hides(cx, KEY, field));
    let is = |field: &'static str, key: &'static str| move |role: &&Record| role.text(field) == key;
    let ids = |found: Vec<&Record>| found.iter().map(|role| role.id.to_string()).collect::<Vec<_>>();
    let mut gaps = Vec::new();
    if knows(&["role"]) && !roles.iter().any(|role| role.text("role") == "decision_maker") {
        gaps.push(json!({"code": "no_decision_maker", "people": []}));
    }
    if knows(&["role", "attitude"]) {
        let decides = |role: &&Record| matches!(role.text("role"), "decision_maker" | "economic_buyer");
        let unknown: Vec<&Record> = roles.iter().filter(decides).filter(|role| role.get("attitude").is_null()).collect();
        if !unknown.is_empty() {
            gaps.push(json!({"code": "attitude_unknown", "people": ids(unknown)}));
        }
    }
    if knows(&["attitude"]) && !roles.is_empty() && !roles.iter().any(|role| role.text("attitude") == "supporter") {
        gaps.push(json!({"code": "no_supporter", "people": []}));
    }
    if knows(&["attitude", "influence", UPWARD]) {
        let supports = |role: &Record| role.text("attitude") == "supporter";
        let weighty = roles.iter().any(|role| supports(role) && role.text("influence") == "high");
        let above = |role: &Record| role.reference(UPWARD).and_then(|id| roles.iter().find(|other| other.id == id));
        // Nobody of equal weight supports us, nor does anybody above the opponent.
        let unanswered = |role: &&Record| {
            let (mut at, mut steps) = (above(role), 0);
            while let Some(one) = at.filter(|one| !supports(one) && steps < roles.len()) {
                (at, steps) = (above(one), steps + 1);
            }
            !weighty && !at.is_some_and(supports)
        };
        let found: Vec<&Record> =
            roles.iter().filter(is("attitude", "opponent")).filter(is("influence", "high")).filter(unanswered).collect();
        if !found.is_empty() {
            gaps.push(json!({"code": "opponent_unanswered", "people": ids(found)}));
        }
    }
    gaps
}
