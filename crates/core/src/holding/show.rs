//! Rules and definitions as administrators see them.

use db::Read;
use model::Id;
use model::holding::{Definition, HoldingRule, Subject};
use serde_json::{Value as Json, json};

use super::{document, told};
use crate::records::Refs;
use crate::{Ctx, Error, Result};

/// The rules of an object, or of all, by name; administrators only. One that looks at a field which the caller may not know of is not there.
pub fn list(cx: &Ctx, tx: &mut Read, object: Option<&str>) -> Result<Json> {
    cx.administrators_only("read", "holding_rule")?;
    let mut refs = Refs::default();
    let known = cx.meta.holding.rules(object).filter(|rule| told::is_known(cx, rule));
    let items: Vec<Json> = known.map(|rule| shown(rule, &mut refs)).collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?}))
}

/// One rule; administrators only.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    cx.administrators_only("read", "holding_rule")?;
    let rule = cx.meta.holding.rules(None).find(|rule| rule.id == id).filter(|rule| told::is_known(cx, rule));
    saved(cx, tx, rule.ok_or(Error::NotFound)?)
}

/// When records of an object count at all; administrators only.
pub fn definition(cx: &Ctx, object: &str) -> Result<Json> {
    cx.administrators_only("read", "holding_definition")?;
    document::limited(&cx.meta, object).map_err(|_| Error::NotFound)?;
    Ok(shown_definition(&cx.meta.holding.definition(object)))
}

pub(super) fn shown_definition(definition: &Definition) -> Json {
    json!({"object": definition.object, "condition": definition.condition, "version": definition.version})
}

/// A rule by itself, with the names of those whom it limits.
pub(super) fn saved(cx: &Ctx, tx: &mut Read, rule: &HoldingRule) -> Result<Json> {
    let mut refs = Refs::default();
    let mut shown = shown(rule, &mut refs);
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

fn shown(rule: &HoldingRule, refs: &mut Refs) -> Json {
    if let Subject::Departments { ids, .. } | Subject::Groups { ids } = &rule.subject {
        ids.iter().for_each(|id| refs.note(told::object_of(&rule.subject), *id));
    }
    let mut shown = json!(rule);
    shown["note"] = json!(rule.note);
    shown["counts"] = json!(rule.counts);
    shown
}
