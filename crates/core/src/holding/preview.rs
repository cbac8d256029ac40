//! Whom a rule limits and how full they are; and what a change of it would do, before it is saved.

use std::collections::BTreeMap;

use db::Read;
use model::holding::{Definition, HoldingRule, Subject};
use model::{Id, Violation};
use serde_json::{Value as Json, json};

use super::document::{self, Wanted, WantedDefinition};
use super::live::Live;
use super::{count, standing, told};
use crate::records::Refs;
use crate::{Ctx, Error, Result};

/// Subjects that are told by name, the fullest first; all are counted.
const TOLD: usize = 500;

/// What is held by somebody under a rule.
struct Use {
    limit: Option<i64>,
    held: i64,
}

impl Use {
    fn is_over(&self) -> bool {
        self.limit.is_some_and(|limit| self.held > limit.max(0))
    }
}

/// `GET /holding-rules/{id}/usage`; administrators only.
pub fn usage(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    cx.administrators_only("read", "holding_rule")?;
    let rule = cx.meta.holding.rules(None).find(|rule| rule.id == id).filter(|rule| told::is_known(cx, rule)).ok_or(Error::NotFound)?;
    let rule = rule.clone();
    let definition = cx.meta.holding.definition(&rule.object);
    let uses = uses(cx, tx, &rule, &definition)?;
    let before: BTreeMap<Id, bool> = uses.iter().map(|(id, used)| (*id, used.is_over())).collect();
    told(cx, tx, &rule, uses, &before)
}

/// `POST /holding-rules/preview`: the rule as it would be, beside the one that it would replace; administrators only.
pub fn preview(cx: &Ctx, tx: &mut Read, wanted: &Wanted) -> Result<Json> {
    cx.administrators_only("read", "holding_rule")?;
    let present = match &wanted.id {
        None => None,
        Some(id) => {
            let id: Id = id.parse().map_err(|_| Error::NotFound)?;
            let rule = cx.meta.holding.rules(None).find(|rule| rule.id == id).filter(|rule| told::is_known(cx, rule));
            Some(rule.ok_or(Error::NotFound)?.clone())
        }
    };
    let mut named = wanted.clone();
    if named.name.trim().is_empty() {
        // What it is called changes nothing.
        named.name = "-".to_owned();
    }
    let rule = document::read(cx, tx, &cx.meta, &named, present.as_ref().map_or(Id::SYSTEM, |rule| rule.id), 0)?;
    if present.as_ref().is_some_and(|present| present.object != rule.object) {
        return Err(Violation::new("field.fixed", "object").into());
    }
    let definition = cx.meta.holding.definition(&rule.object);
    let before = match present.filter(|rule| rule.active) {
        Some(present) => uses(cx, tx, &present, &definition)?.iter().map(|(id, used)| (*id, used.is_over())).collect(),
        None => BTreeMap::new(),
    };
    // One that limits nobody puts nobody over.
    let uses = if rule.active { uses(cx, tx, &rule, &definition)? } else { BTreeMap::new() };
    told(cx, tx, &rule, uses, &before)
}

/// `POST /holding-definition/{object}/preview`: what the definition would do to every rule in force; administrators only.
pub fn preview_definition(cx: &Ctx, tx: &mut Read, object: &str, wanted: &WantedDefinition) -> Result<Json> {
    cx.administrators_only("read", "holding_definition")?;
    document::limited(&cx.meta, object).map_err(|_| Error::NotFound)?;
    let present = cx.meta.holding.definition(object);
    let next = document::definition(cx, &cx.meta, object, wanted, 0)?;
    let mut rules = Vec::new();
    let active: Vec<HoldingRule> =
        cx.meta.holding.rules(Some(object)).filter(|rule| rule.active && told::is_known(cx, rule)).cloned().collect();
    for rule in active {
        let before = uses(cx, tx, &rule, &present)?.iter().map(|(id, used)| (*id, used.is_over())).collect();
        let after = uses(cx, tx, &rule, &next)?;
        let mut told = told(cx, tx, &rule, after, &before)?;
        told["rule"] = json!({"id": rule.id.to_string(), "name": rule.name});
        rules.push(told);
    }
    let sum = |key: &str| rules.iter().filter_map(|rule| rule[key].as_i64()).sum::<i64>();
    Ok(json!({"over": sum("over"), "newly_over": sum("newly_over"), "rules": rules}))
}

/// What everybody whom a rule limits holds, by the records as they are.
fn uses(cx: &Ctx, tx: &mut Read, rule: &HoldingRule, definition: &Definition) -> Result<BTreeMap<Id, Use>> {
    // Not counted by what is kept, which is of the rule as it stands.
    let live = Live::of(rule, definition, &cx.system_reading()).map_err(Error::Invalid)?.asked();
    let standing = standing::of(cx, tx)?;
    let subjects: Vec<Id> = match &rule.subject {
        Subject::Departments { ids, .. } | Subject::Groups { ids } => ids.clone(),
        Subject::Employees { .. } => {
            let working = standing.everybody().filter(|person| crate::identity::is_active(&person.record));
            let people: Vec<Id> = working.map(|person| person.record.id).collect();
            standing::meant(cx, tx, &standing, &live, &people)?
        }
    };
    let limits = standing::limits(cx, tx, &standing, &live, &subjects)?;
    let held = count::held(cx, tx, &standing, &[(&live, &subjects)])?;
    let of = |(id, limit): (Id, Option<i64>)| (id, Use { limit, held: held.get(&(rule.id, id)).copied().unwrap_or(0) });
    Ok(limits.into_iter().map(of).collect())
}

fn told(cx: &Ctx, tx: &mut Read, rule: &HoldingRule, uses: BTreeMap<Id, Use>, before: &BTreeMap<Id, bool>) -> Result<Json> {
    let was_over = |id: &Id| before.get(id).copied().unwrap_or(false);
    let over = uses.values().filter(|used| used.is_over()).count();
    let newly = uses.iter().filter(|(id, used)| used.is_over() && !was_over(id)).count();
    let people = match &rule.subject {
        Subject::Employees { .. } => uses.len(),
        shared => {
            let standing = standing::of(cx, tx)?;
            let mut people: Vec<Id> = Vec::new();
            for id in uses.keys() {
                people.extend(standing.members(shared, *id).map(|person| person.record.id));
            }
            people.sort_unstable();
            people.dedup();
            people.len()
        }
    };
    let mut fullest: Vec<(Id, Use)> = uses.into_iter().collect();
    fullest.sort_by_key(|(id, used)| (!used.is_over(), used.limit.map_or(i64::MAX, |limit| limit - used.held), *id));
    let object = told::object_of(&rule.subject);
    let mut refs = Refs::default();
    let subjects: Vec<Json> = fullest
        .iter()
        .take(TOLD)
        .map(|(id, used)| {
            refs.note(object, *id);
            json!({
                "id": id.to_string(), "object": object, "limit": used.limit, "limit_from": told::limit_from(cx, &rule.limit),
                "held": used.held, "over": used.is_over(), "over_before": was_over(id),
            })
        })
        .collect();
    let shared = subjects.len();
    Ok(json!({
        "subjects": subjects, "more": fullest.len() - shared, "people": people, "over": over, "newly_over": newly,
        "refs": refs.names(cx, tx)?,
    }))
}
