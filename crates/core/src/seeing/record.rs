//! Who sees this record, and why; why somebody does, or does not.

use db::Read;
use model::role::Act;
use model::sharing::Level;
use model::{Id, Object};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::facts::{Facts, Person, Reason, everybody, one_person};
use crate::records::{self, Refs};
use crate::{Ctx, Error, Result};

/// People in one answer.
const PAGE: usize = 50;

/// The query of `GET …/access`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRequest {
    /// A part of a name.
    pub q: Option<String>,
    pub cursor: Option<String>,
}

/// Everybody who sees a record, with every reason: the owner first, then those above him, the team, those to whom it is shared, those whose role
/// sees all. Where everybody sees it, those are told who see it for another reason too.
pub fn everyone(cx: &Ctx, tx: &mut Read, object: &str, id: Id, request: &AccessRequest) -> Result<Json> {
    let object = cx.object(object)?.clone();
    records::load(cx, tx, &object, id)?;
    let from: usize = match request.cursor.as_deref() {
        None => 0,
        Some(text) => text.parse().map_err(|_| Error::Malformed("cursor: not one of this list's".into()))?,
    };
    let facts = Facts::load(cx, tx, &object, &[id])?;
    let people = everybody(cx, tx)?;
    let asked = request.q.as_deref().map(model::text::fold).unwrap_or_default();
    let mut open: Option<Level> = None;
    let mut seeing: Vec<(u8, String, &Person, Vec<Reason>, Level)> = Vec::new();
    for person in people.iter().filter(|person| person.active) {
        let reasons = facts.reasons(person, id);
        for reason in reasons.iter().filter(|reason| reason.is_for_everybody()) {
            open = open.max(Some(reason.level()));
        }
        let Some(level) = facts.level(person, &reasons) else { continue };
        let name = model::text::fold(&person.name);
        let all = reasons.iter().all(Reason::is_for_everybody);
        if !all && name.contains(&asked) {
            let rank = if facts.hides_owner() { 0 } else { reasons.first().map_or(0, Reason::rank) };
            seeing.push((rank, name, person, reasons, level));
        }
    }
    seeing.sort_by(|a, b| (a.0, &a.1, a.2.id).cmp(&(b.0, &b.1, b.2.id)));
    let mut refs = Refs::default();
    let page = seeing.iter().skip(from).take(PAGE);
    let shown: Vec<Json> = page
        .map(|(_, _, person, reasons, level)| {
            refs.note("employee", person.id);
            json!({
                "person": person.id.to_string(), "level": level, "acts": acts(person, &object, *level),
                "reasons": facts.show(reasons, &mut refs),
            })
        })
        .collect();
    let next = (seeing.len() > from + PAGE).then(|| (from + PAGE).to_string());
    Ok(json!({
        "base": object.base, "everybody": open, "people": shown, "refs": refs.names(cx, tx)?, "next_cursor": next, "count": seeing.len(),
    }))
}

/// The acts that a person's roles allow him on a record that he sees to this level.
fn acts(person: &Person, object: &Object, level: Level) -> Vec<&'static str> {
    let open = |act: &Act| level == Level::ReadWrite || matches!(act, Act::Read | Act::Export);
    person.rights.acts(&object.key).into_iter().filter(open).map(Act::key).collect()
}

/// Why a person sees a record, or what stands against it.
pub fn one(cx: &Ctx, tx: &mut Read, object: &str, id: Id, person: Id) -> Result<Json> {
    let object = cx.object(object)?.clone();
    records::load(cx, tx, &object, id)?;
    let person = Person::of(cx, &one_person(cx, tx, person)?);
    let facts = Facts::load(cx, tx, &object, &[id])?;
    let reasons = facts.reasons(&person, id);
    let level = facts.level(&person, &reasons);
    let mut missing = Vec::new();
    if level.is_none() {
        if !person.active {
            missing.push(json!({"code": "inactive", "params": {}}));
        }
        if !person.rights.may(Act::Read, &object.key) {
            let roles: Vec<&str> = person.rights.roles().iter().map(|role| role.key.as_str()).collect();
            missing.push(json!({"code": "no_read_right", "params": {"object": object.key, "roles": roles}}));
        }
        if reasons.is_empty() {
            missing.push(json!({"code": "not_given", "params": {"base": object.base}}));
        }
    }
    let mut refs = Refs::default();
    refs.note("employee", person.id);
    let acts = level.map_or_else(Vec::new, |level| acts(&person, &object, level));
    Ok(json!({
        "person": person.id.to_string(), "sees": level.is_some(), "level": level.map_or("none", Level::key), "acts": acts,
        "reasons": facts.show(&reasons, &mut refs), "missing": missing, "refs": refs.names(cx, tx)?,
    }))
}
