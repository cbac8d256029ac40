//! What stands against a flow that can be read, all of it at once.

use std::collections::BTreeMap;

use db::Read;
use db::records::Scope;
use model::approval::{Effect, Flow, Kind, Named, Source, Trigger, check, is_filled_in};
use model::condition::Reading;
use model::role::FieldAccess;
use model::{Condition, Id, Object, Record, Schema, Violation, Violations};

use super::document::{NOBODY, placed};
use super::fitting;
use crate::{Ctx, Meta, Result, identity};

const LONGEST_NAME: usize = 100;
const LONGEST_DESCRIPTION: usize = 500;
/// Characters of an instruction, of what people are told, of a task's subject.
const LONGEST_TEXT: usize = 500;
const LONGEST_SUBJECT: usize = 255;
/// Flows altogether.
const MOST_FLOWS: usize = 200;
/// Whom one node names, and what follows from one outcome.
const MOST_SOURCES: usize = 50;
const MOST_EFFECTS: usize = 20;
const MOST_DAYS: u32 = 3650;
const WHY: Scope<'static> = Scope::All("whom an approval flow names");

/// Everything that stands against a flow. `before` is what it was; `whole` says that all of its graph could be read.
pub(super) fn judge(cx: &Ctx, tx: &mut Read, meta: &Meta, flow: &Flow, before: Option<&Flow>, whole: bool) -> Result<Violations> {
    let mut found = Violations::new();
    texts(meta, flow, before, &mut found);
    let object = match fitting::fitting(meta, &flow.object, flow.trigger) {
        Ok(object) => Some(object),
        Err(violation) => {
            let unfit = meta.schema.object(&flow.object).filter(|_| violation.code == "approval.trigger_unfit");
            found.push(violation);
            unfit.map(AsRef::as_ref)
        }
    };
    named(cx, tx, meta, flow, object, &mut found)?;
    sizes(flow, &mut found);
    if let Some(object) = object {
        effects(cx, object, flow, &mut found);
        if whole {
            found.extend(check(flow, object));
        }
    }
    Ok(found)
}

fn texts(meta: &Meta, flow: &Flow, before: Option<&Flow>, found: &mut Violations) {
    let others = || meta.flows.iter().filter(|other| other.id != flow.id);
    text(&flow.name, "name", LONGEST_NAME, true, found);
    text(&flow.description, "description", LONGEST_DESCRIPTION, false, found);
    if before.is_some_and(|before| before.api_name != flow.api_name) {
        found.push(Violation::new("field.fixed", "api_name"));
    } else if flow.api_name.is_empty() {
        found.push(Violation::new("field.required", "api_name"));
    } else if !model::text::is_key(&flow.api_name) || flow.api_name.len() > LONGEST_NAME {
        found.push(Violation::new("field.invalid", "api_name").with("expected", "a key: small letters, digits and underscores"));
    } else if others().any(|other| other.api_name == flow.api_name) {
        found.push(Violation::new("field.not_unique", "api_name").with("value", flow.api_name.as_str()));
    }
    if before.is_some_and(|before| before.object != flow.object) {
        found.push(Violation::new("field.fixed", "object"));
    }
    if others().count() >= MOST_FLOWS {
        found.push(Violation::new("approval.too_many_flows", "").with("max", MOST_FLOWS));
    }
}

fn text(text: &str, path: impl Into<String>, max: usize, required: bool, found: &mut Violations) {
    if required && text.trim().is_empty() {
        found.push(Violation::new("field.required", path));
    } else if !model::text::storable(text) {
        found.push(Violation::new("field.invalid", path).with("expected", "text without the character U+0000"));
    } else if text.chars().count() > max {
        found.push(Violation::new("field.too_long", path).with("max", max));
    }
}

/// Fields, stages, people and conditions: each is there, and fits.
fn named(cx: &Ctx, tx: &mut Read, meta: &Meta, flow: &Flow, object: Option<&Object>, found: &mut Violations) -> Result<()> {
    let names = flow.names();
    let people = names.iter().filter_map(|(named, _)| if let Named::Person(id) = named { Some(*id) } else { None });
    let people = there(tx, meta, "employee", people.collect())?;
    let groups = names.iter().filter_map(|(named, _)| if let Named::Group(id) = named { Some(*id) } else { None });
    let groups = there(tx, meta, "user_group", groups.collect())?;
    let seen = known_to(cx, meta);
    let reading = cx.reading_of(meta, &seen);
    for (named, at) in names {
        let unknown = |key: &str| Violation::new("field.unknown", at.as_str()).with("field", key);
        let gone = |id: Id| Violation::new("field.reference_not_found", at.as_str()).with("id", id.to_string());
        let no_option = |key: &str| Violation::new("field.not_an_option", at.as_str()).with("value", key);
        match named {
            // It has been told that nobody is named here.
            Named::Person(NOBODY) | Named::Department(NOBODY) | Named::Group(NOBODY) => {}
            Named::Person(id) => match people.get(&id) {
                None => found.push(gone(id)),
                Some(person) if !identity::is_active(person) => {
                    found.push(Violation::new("approval.person_not_active", at).with("person", person.text("name")));
                }
                Some(_) => {}
            },
            Named::Department(id) if !meta.departments.contains_key(&id) || meta.voided_departments.contains(&id) => found.push(gone(id)),
            Named::Group(id) if groups.get(&id).is_none_or(|group| group.text("lifecycle_status") == "voided") => found.push(gone(id)),
            Named::Department(_) | Named::Group(_) => {}
            Named::Role(key) if meta.role(key).is_none() => found.push(no_option(key)),
            Named::TeamRole(key) if !meta.organisation.team_roles.iter().any(|role| role.key == key && role.active) => {
                found.push(no_option(key));
            }
            Named::Role(_) | Named::TeamRole(_) => {}
            Named::Stage(key) => {
                let stages = object.and_then(|object| object.field("stage")?.kind.options());
                if !stages.is_some_and(|stages| stages.iter().any(|stage| stage.key == key)) {
                    found.push(no_option(key));
                }
            }
            // Those of nodes and effects are judged with what is done with them.
            Named::Field(key) if at.starts_with("fields[") => {
                let field = seen.object(&flow.object).and_then(|object| object.field(key));
                if object.is_some() && !field.is_some_and(|field| field.state.is_live()) {
                    found.push(unknown(key));
                }
            }
            Named::Field(_) => {}
            Named::Path(path) => found.extend(object.and_then(|object| leads_to_people(&seen, object, path, &at))),
            Named::Catches(condition) if object.is_some() => resolves(condition, flow, &reading, flow.trigger == Trigger::Edit, &at, found),
            Named::Way(condition) if object.is_some() => resolves(condition, flow, &reading, false, &at, found),
            Named::Catches(_) | Named::Way(_) => {}
        }
    }
    Ok(())
}

/// What the author may know of.
fn known_to(cx: &Ctx, meta: &Meta) -> Schema {
    match cx.who.system {
        Some(_) => meta.schema.clone(),
        None => meta.schema.seen_through(|of, field| cx.who.rights.field(&of.key, field) > FieldAccess::Hidden),
    }
}

fn there(tx: &mut Read, meta: &Meta, object: &str, mut ids: Vec<Id>) -> Result<BTreeMap<Id, Record>> {
    ids.sort_unstable();
    ids.dedup();
    let Some(object) = meta.schema.object(object).filter(|_| !ids.is_empty()) else { return Ok(BTreeMap::new()) };
    let found = db::records::load(tx, &meta.schema, object, &WHY, &ids)?;
    Ok(found.into_iter().map(|record| (record.id, record)).collect())
}

fn resolves(condition: &Condition, flow: &Flow, reading: &Reading<'_>, of_a_change: bool, at: &str, found: &mut Violations) {
    let resolved = match of_a_change {
        true => condition.resolve_for_change(&flow.object, reading),
        false => condition.resolve(&flow.object, reading),
    };
    found.extend(resolved.err().into_iter().flatten().map(|violation| placed(violation, at)));
}

/// A path of fields must end with people: `account.owner`.
fn leads_to_people(schema: &Schema, object: &Object, path: &str, at: &str) -> Option<Violation> {
    let unknown = || Some(Violation::new("field.unknown", at).with("field", path));
    if path.is_empty() {
        return Some(Violation::new("field.required", at));
    }
    let mut here = object;
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        let Some(field) = schema.object(&here.key).and_then(|seen| seen.field(part)) else { return unknown() };
        let last = parts.peek().is_none();
        // A list of records ends the path, as it does in conditions.
        let target = if last { field.kind.leads_to() } else { field.kind.target() };
        match target {
            Some("employee") if last => return None,
            Some(target) if !last => match schema.object(target) {
                Some(next) => here = next,
                None => return unknown(),
            },
            _ => return Some(Violation::new("approval.path_without_people", at).with("field", path)),
        }
    }
    unknown()
}

fn sizes(flow: &Flow, found: &mut Violations) {
    let whom = |who: &[Source], path: String, found: &mut Violations| {
        if who.len() > MOST_SOURCES {
            found.push(Violation::new("field.too_long", path).with("max", MOST_SOURCES));
        }
    };
    for (n, node) in flow.nodes.iter().enumerate() {
        text(&node.key, format!("nodes[{n}].key"), LONGEST_NAME, false, found);
        text(&node.name, format!("nodes[{n}].name"), LONGEST_NAME, false, found);
        whom(node.sources(), format!("nodes[{n}].does.who"), found);
        match &node.does {
            Kind::Task { instruction, .. } => text(instruction, format!("nodes[{n}].does.instruction"), LONGEST_TEXT, false, found),
            Kind::Branch { ways, .. } => {
                for (k, way) in ways.iter().enumerate() {
                    text(&way.name, format!("nodes[{n}].does.ways[{k}].name"), LONGEST_NAME, false, found);
                }
            }
            _ => {}
        }
    }
    for (place, effects) in [("approved", &flow.approved), ("rejected", &flow.rejected)] {
        if effects.len() > MOST_EFFECTS {
            found.push(Violation::new("field.too_long", place).with("max", MOST_EFFECTS));
        }
        for (k, effect) in effects.iter().enumerate() {
            if let Effect::Notify { who, .. } | Effect::CreateTask { who, .. } = effect {
                whom(who, format!("{place}[{k}].who"), found);
            }
        }
    }
}

/// What follows from an outcome can be done.
fn effects(cx: &Ctx, object: &Object, flow: &Flow, found: &mut Violations) {
    for (place, effects) in [("approved", &flow.approved), ("rejected", &flow.rejected)] {
        for (k, effect) in effects.iter().enumerate() {
            let at = |rest: &str| format!("{place}[{k}].{rest}");
            match effect {
                Effect::Set { field, value } => match object.field(field).filter(|field| field.state.is_live()) {
                    None if field.is_empty() => found.push(Violation::new("field.required", at("field"))),
                    None => found.push(Violation::new("field.unknown", at("field")).with("field", field.as_str())),
                    Some(known) if !is_filled_in(known) => {
                        found.push(Violation::new("field.read_only", at("field")).with("field", field.as_str()));
                    }
                    Some(known) => match known.parse(value, cx.meta.organisation.main_currency) {
                        Ok(value) if value.is_null() && known.required => found.push(Violation::new("field.required", at("value"))),
                        Ok(_) => {}
                        Err(violation) => found.push(placed(violation, &at("value"))),
                    },
                },
                Effect::ChangeOwner { .. } if !object.owned => {
                    found.push(Violation::new("approval.effect_unfit", at("to")).with("object", object.key.as_str()));
                }
                Effect::Notify { who, text: said } => {
                    text(said, at("text"), LONGEST_TEXT, true, found);
                    somebody(who, at("who"), found);
                }
                Effect::CreateTask { subject, who, due_in_days } => {
                    text(subject, at("subject"), LONGEST_SUBJECT, true, found);
                    somebody(who, at("who"), found);
                    if *due_in_days > MOST_DAYS {
                        found.push(Violation::new("field.out_of_range", at("due_in_days")).with("min", 0).with("max", MOST_DAYS));
                    }
                }
                Effect::Webhook { name } => text(name, at("name"), LONGEST_NAME, true, found),
                Effect::ChangeOwner { .. } | Effect::Lock | Effect::Unlock => {}
            }
        }
    }
}

fn somebody(who: &[Source], at: String, found: &mut Violations) {
    if who.is_empty() {
        found.push(Violation::new("field.required", at));
    }
}
