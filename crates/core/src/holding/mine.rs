//! What one holds oneself, what the people of a manager hold, and what somebody holds.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::condition::Op;
use model::{Condition, Id};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::live::Live;
use super::places::{self, Place};
use super::{standing, told};
use crate::records::Refs;
use crate::{Ctx, Error, Result, access, identity};

/// People of a page.
const PAGE: usize = 50;

/// The query of `GET /holdings/me`, `GET /holdings/team` and `GET /holdings/people/{id}`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    #[serde(default)]
    pub object: Option<String>,
    /// Members of this department and those below it; for the team.
    #[serde(default)]
    pub department: Option<String>,
    /// This one alone, where he is among them; for the team.
    #[serde(default)]
    pub person: Option<String>,
    #[serde(default)]
    pub cursor: Option<String>,
}

/// `GET /holdings/me`.
pub fn me(cx: &Ctx, tx: &mut Read, wanted: &Request) -> Result<Json> {
    let rules = rules(cx, wanted)?;
    held_by(cx, tx, &rules, cx.who.id)
}

/// `GET /holdings/people/{id}`: for himself, those above him, and those who see everything.
pub fn person(cx: &Ctx, tx: &mut Read, id: Id, wanted: &Request) -> Result<Json> {
    let rules = rules(cx, wanted)?;
    let employee = cx.object("employee")?.clone();
    crate::records::load(cx, tx, &employee, id)?;
    let above = id == cx.who.id || sees_all(cx) || access::subordinates(cx, tx)?.contains(&id);
    if above { held_by(cx, tx, &rules, id) } else { Err(Error::NotFound) }
}

/// `GET /holdings/team`: people below the caller by name, and the departments and groups to which they belong.
pub fn team(cx: &Ctx, tx: &mut Read, wanted: &Request) -> Result<Json> {
    let rules = rules(cx, wanted)?;
    let standing = standing::of(cx, tx)?;
    let below: BTreeSet<Id> = access::subordinates(cx, tx)?.into_iter().chain([cx.who.id]).collect();
    let named = |id: &Option<String>| id.as_deref().map(|id| id.parse::<Id>().map_err(|_| Error::NotFound)).transpose();
    let (department, only) = (named(&wanted.department)?, named(&wanted.person)?);
    let meant = |person: &&standing::Person| {
        let id = person.record.id;
        identity::is_active(&person.record)
            && (sees_all(cx) || below.contains(&id))
            && department.is_none_or(|department| person.chain().contains(&department))
            && only.is_none_or(|only| only == id)
    };
    let mut people: Vec<(String, Id)> =
        standing.everybody().filter(meant).map(|person| (model::text::fold(person.record.text("name")), person.record.id)).collect();
    people.sort_unstable();
    let from: usize = match &wanted.cursor {
        None => 0,
        Some(cursor) => {
            let after: Id = cursor.parse().map_err(|_| Error::invalid("field.invalid", "cursor"))?;
            people.iter().position(|(_, id)| *id == after).map_or(people.len(), |at| at + 1)
        }
    };
    let page: Vec<Id> = people.iter().skip(from).take(PAGE).map(|(_, id)| *id).collect();
    let more = people.len() > from + page.len();
    let found = places::of(cx, tx, &standing, &rules, &page)?;
    let mut refs = Refs::default();
    let mut each: BTreeMap<Id, Vec<Json>> = BTreeMap::new();
    let mut shared: BTreeMap<(Id, Id), Json> = BTreeMap::new();
    for place in &found {
        if place.is_shared() {
            let mut item = shown(cx, place, &mut refs, None);
            // Of what is shared no one of them is "me".
            item["mine"] = Json::Null;
            item["filter"] = Json::Null;
            shared.insert((place.live.rule.id, place.subject), item);
        } else {
            each.entry(place.person).or_default().push(shown(cx, place, &mut refs, None));
        }
    }
    let people: Vec<Json> = page
        .iter()
        .map(|id| {
            refs.note("employee", *id);
            let department = standing.person(*id).and_then(|person| person.record.reference("department"));
            department.iter().for_each(|department| refs.note("department", *department));
            let items = each.remove(id).unwrap_or_default();
            json!({"person": id.to_string(), "department": department.map(|id| id.to_string()), "items": items})
        })
        .collect();
    let next = page.last().filter(|_| more).map(Id::to_string);
    Ok(json!({
        "people": people, "shared": shared.into_values().collect::<Vec<_>>(), "refs": refs.names(cx, tx)?, "next_cursor": next,
    }))
}

fn sees_all(cx: &Ctx) -> bool {
    cx.is_administrator() || cx.who.rights.see_all
}

/// The rules in force that the caller may know of.
fn rules<'a>(cx: &'a Ctx, wanted: &Request) -> Result<Vec<&'a Live>> {
    if let Some(object) = &wanted.object {
        cx.object(object)?;
    }
    let objects = cx.meta.order.iter().filter(|key| wanted.object.as_ref().is_none_or(|object| object == *key) && cx.object(key).is_ok());
    Ok(objects.flat_map(|key| cx.meta.holding.live(key)).filter(|live| told::is_known(cx, &live.rule)).collect())
}

fn held_by(cx: &Ctx, tx: &mut Read, rules: &[&Live], person: Id) -> Result<Json> {
    let standing = standing::of(cx, tx)?;
    let found = places::of(cx, tx, &standing, rules, &[person])?;
    let mut refs = Refs::default();
    let items: Vec<Json> = found.iter().map(|place| shown(cx, place, &mut refs, None)).collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?}))
}

/// A rule as it stands for a person; `asked` is how many more he would get.
pub(super) fn shown(cx: &Ctx, place: &Place<'_>, refs: &mut Refs, asked: Option<i64>) -> Json {
    let rule = &place.live.rule;
    let object = told::object_of(&rule.subject);
    refs.note(object, place.subject);
    let his = Condition::row("owner", Op::Eq, place.person.to_string());
    let filter = Condition::All(vec![rule.meaning(&cx.meta.holding.definition(&rule.object)), his]);
    let mut shown = json!({
        "rule": {"id": rule.id.to_string(), "name": rule.name, "note": rule.note}, "object": rule.object,
        "subject": {"object": object, "id": place.subject.to_string()}, "shared": place.is_shared(), "limit": place.limit,
        "limit_from": told::limit_from(cx, &rule.limit), "held": place.held, "mine": place.mine,
        "room": place.left().map(|left| left.max(0)), "over": place.left().is_some_and(|left| left < 0), "filter": filter.to_json(),
    });
    if let Some(asked) = asked {
        shown["asked"] = asked.into();
    }
    shown
}
