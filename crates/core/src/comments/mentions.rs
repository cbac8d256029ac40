//! Who is mentioned in a text: people, and all in a department or a group, each as `@[Name](employee:ID)`.

use std::collections::BTreeSet;

use db::Read;
use db::records::Scope;
use model::{Id, Object};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::records;
use crate::seeing::{Facts, Person, everybody};
use crate::{Ctx, Error, Result};

/// Whoever may be mentioned in one answer.
const OFFERED: usize = 20;

/// One of those in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mention {
    pub object: &'static str,
    pub id: Id,
}

const KINDS: [&str; 3] = ["employee", "department", "user_group"];

/// Everybody in a text, each once, in the order of their coming.
pub(super) fn in_text(text: &str) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    for part in text.split("@[").skip(1) {
        // The name has no bracket in it, and what stands in the one behind it is a kind and an id.
        let Some((_, rest)) = part.split_once("](") else { continue };
        let Some((inner, _)) = rest.split_once(')') else { continue };
        let Some((kind, id)) = inner.split_once(':') else { continue };
        let kind = KINDS.iter().find(|known| **known == kind);
        if let (Some(object), Ok(id)) = (kind, id.parse()) {
            let mention = Mention { object, id };
            if !found.contains(&mention) {
                found.push(mention);
            }
        }
    }
    found
}

/// Of those mentioned who work here, those who see the record and those who do not.
pub(super) fn people(cx: &Ctx, tx: &mut Read, object: &Object, record: Id, text: &str) -> Result<(BTreeSet<Id>, BTreeSet<Id>)> {
    let mentions = in_text(text);
    let (mut seeing, mut not_seeing) = (BTreeSet::new(), BTreeSet::new());
    if mentions.is_empty() {
        return Ok((seeing, not_seeing));
    }
    let ids: Vec<Id> = mentions.iter().map(|mention| mention.id).collect();
    let together = mentions.iter().any(|mention| mention.object != "employee");
    let people = if together { everybody(cx, tx)? } else { named(cx, tx, &ids)? };
    let facts = Facts::load(cx, tx, object, &[record])?;
    for person in people.iter().filter(|person| person.active) {
        // Those of a department are mentioned with it, and with those above it.
        if !ids.contains(&person.id) && !person.principals.iter().any(|id| ids.contains(id)) {
            continue;
        }
        let reasons = facts.reasons(person, record);
        match facts.level(person, &reasons) {
            Some(_) => seeing.insert(person.id),
            None => not_seeing.insert(person.id),
        };
    }
    Ok((seeing, not_seeing))
}

fn named(cx: &Ctx, tx: &mut Read, ids: &[Id]) -> Result<Vec<Person>> {
    const WHY: Scope<'static> = Scope::All("those mentioned are told");
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let found = db::records::load(tx, &cx.meta.schema, employee, &WHY, ids)?;
    Ok(found.iter().map(|record| Person::of(cx, record)).collect())
}

/// The query of `GET …/mentionable`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MentionableRequest {
    /// A part of a name.
    pub q: Option<String>,
}

/// Whoever may be mentioned on a record: people who see it first, then other people, departments and groups.
pub fn mentionable(cx: &Ctx, tx: &mut Read, object: &str, id: Id, request: &MentionableRequest) -> Result<Json> {
    let object = cx.object(object)?.clone();
    records::load(cx, tx, &object, id)?;
    let asked = request.q.as_deref().map(model::text::fold).unwrap_or_default();
    let fits = |name: &str| model::text::fold(name).contains(&asked);
    let facts = Facts::load(cx, tx, &object, &[id])?;
    let mut found: Vec<(bool, &'static str, String, Id)> = Vec::new();
    // As far as the caller may know of them.
    if cx.object("employee").is_ok() {
        for person in everybody(cx, tx)?.iter().filter(|person| person.active && person.id != cx.who.id && fits(&person.name)) {
            let sees = facts.level(person, &facts.reasons(person, id)).is_some();
            found.push((sees, "employee", person.name.clone(), person.id));
        }
    }
    let departments: Vec<Id> = cx.meta.departments.keys().filter(|id| !cx.meta.voided_departments.contains(id)).copied().collect();
    let groups: Vec<Id> = cx.meta.groups.iter().map(|group| group.id).collect();
    for (kind, ids) in [("department", departments), ("user_group", groups)] {
        let Ok(of) = cx.object(kind) else { continue };
        let named = records::names_of(cx, tx, of, &ids)?;
        found.extend(named.into_iter().filter(|(_, name)| fits(name)).map(|(id, name)| (false, kind, name, id)));
    }
    let rank = |kind: &str| KINDS.iter().position(|known| *known == kind);
    found.sort_by_cached_key(|(sees, kind, name, id)| (!sees, rank(kind), model::text::fold(name), *id));
    let items: Vec<Json> = found
        .iter()
        .take(OFFERED)
        .map(|(sees, kind, name, id)| json!({"id": id.to_string(), "name": name, "kind": kind, "sees": sees}))
        .collect();
    Ok(json!({"items": items, "more": found.len() > OFFERED}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_in_a_text_are_found_and_nothing_else() {
        let id = |n: u8| Id::from_parts(1, [n; 10]);
        let (a, b) = (id(1), id(2));
        let text = format!(
            "@[Kim](employee:{a}) and @[Sales](department:{b}), @[Kim](employee:{a}) (employee:{b}) @[x](account:{b}) @[y](employee:1) @["
        );
        let found: Vec<(&str, Id)> = in_text(&text).into_iter().map(|mention| (mention.object, mention.id)).collect();
        assert_eq!(found, [("employee", a), ("department", b)]);
    }
}
