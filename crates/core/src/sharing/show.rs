//! Rules as administrators see them.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::Id;
use model::sharing::SharingRule;
use serde_json::{Value as Json, json};

use super::document::is_known;
use super::live;
use crate::jobs::{self, Kind};
use crate::records::Refs;
use crate::{Ctx, Error, Result};

/// The rules of an object, or of all, by name; administrators only. One that looks at a field which the caller may not know of is not there.
pub fn list(cx: &Ctx, tx: &mut Read, object: Option<&str>) -> Result<Json> {
    cx.administrators_only("read", "sharing_rule")?;
    let rules: Vec<SharingRule> = live::all_of(tx, object)?.into_iter().filter(|rule| is_known(cx, rule)).collect();
    let given = db::access::shared_by_rule(tx)?;
    let mut settling = BTreeSet::new();
    for object in rules.iter().map(|rule| rule.object.as_str()).collect::<BTreeSet<_>>() {
        settling.extend(jobs::open_of(tx, object)?.into_iter().filter(|job| job.kind == Kind::Share).filter_map(|job| job.field));
    }
    let mut refs = Refs::default();
    let items: Vec<Json> = rules.iter().map(|rule| show(rule, &given, &settling, &mut refs)).collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?}))
}

/// One rule; administrators only.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    cx.administrators_only("read", "sharing_rule")?;
    let rule = live::all_of(tx, None)?.into_iter().find(|rule| rule.id == id).filter(|rule| is_known(cx, rule));
    saved(cx, tx, &rule.ok_or(Error::NotFound)?)
}

/// A rule by itself, with the names of those to whom it gives.
pub(super) fn saved(cx: &Ctx, tx: &mut Read, rule: &SharingRule) -> Result<Json> {
    let given = db::access::shared_by_rule(tx)?;
    let open = jobs::open_of(tx, &rule.object)?.into_iter().filter(|job| job.kind == Kind::Share);
    let settling: BTreeSet<String> = open.filter_map(|job| job.field).collect();
    let mut refs = Refs::default();
    let mut shown = show(rule, &given, &settling, &mut refs);
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

fn show(rule: &SharingRule, given: &BTreeMap<String, i64>, settling: &BTreeSet<String>, refs: &mut Refs) -> Json {
    rule.to.iter().for_each(|to| refs.note(to.kind.object(), to.id));
    let mut shown = json!(rule);
    shown["condition"] = json!(rule.condition);
    shown["settling"] = settling.contains(&rule.id.to_string()).into();
    shown["records"] = given.get(&live::why(rule.id)).copied().unwrap_or(0).into();
    shown
}
