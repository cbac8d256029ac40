//! What is told of a found record, and to whom.
//!
//! Whoever may open it is told its name and may go there. Whoever may not is told the fields that the rule's administrator chose to show, and
//! nothing else: that is the only thing that crosses the scope. No choice crosses a role: fields that somebody's roles hide stay hidden.

use db::Read;
use model::duplicate::{Found, Reason, Verdict};
use model::role::{Act, FieldAccess};
use model::{Object, Record, Violation};
use serde_json::{Map, Value as Json, json};

use super::finding::{Facts, Hit};
use super::{Live, token};
use crate::records::Refs;
use crate::{Ctx, Result, veil};

/// The stored word of a verdict.
pub(crate) fn word(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        None => "none",
        Some(Verdict::Warn) => "warn",
        Some(Verdict::Block) => "block",
    }
}

/// What a rule has found, as a reason against a save.
pub(super) fn violation(cx: &Ctx, tx: &mut Read, hit: &Hit<'_>, verdict: Verdict, facts: &Facts) -> Result<Violation> {
    let mut refs = Refs::default();
    let told = show(cx, hit, facts, &mut refs);
    let violation = Violation::new("duplicate.found", "").with("verdict", word(Some(verdict)));
    let violation = violation.with("rule", told["rule"].clone()).with("matches", told["matches"].clone());
    // An import tells its rows by what they met; names of what that refers to have no place there.
    if cx.via == model::Via::Import { Ok(violation) } else { Ok(violation.with("refs", refs.names(cx, tx)?)) }
}

/// `{rule, verdict, matches}` of what a rule has found.
pub(super) fn show(cx: &Ctx, hit: &Hit<'_>, facts: &Facts, refs: &mut Refs) -> Json {
    let rule = &hit.live.rule;
    let matches: Vec<Json> = hit.found.iter().filter_map(|found| one(cx, hit.live, found, facts, refs)).collect();
    json!({
        "rule": {"id": rule.id.to_string(), "name": rule.name, "object": rule.object},
        "verdict": word(Some(hit.verdict)),
        "matches": matches,
    })
}

/// A match.
pub(super) fn one(cx: &Ctx, live: &Live, found: &Found, facts: &Facts, refs: &mut Refs) -> Option<Json> {
    let (object, record) = (cx.meta.schema.object(&found.object)?, facts.of(found)?);
    // What rests on a field that a pool hides tells that something is there, and neither what it is nor what stands in it.
    let rests_on_hidden = found.reasons.iter().any(|reason| veil::covers(cx, Some(record), &reason.other));
    let visible = facts.sees(found) && !rests_on_hidden;
    let shown = live.rule.shows.iter().find(|shown| shown.object == found.object && !rests_on_hidden);
    let tells = |key: &str| shown.is_some_and(|shown| shown.fields.iter().any(|field| field == key));
    let knows = |key: &str| {
        let field = object.field(key);
        let by_role = field.is_some_and(|field| cx.who.system.is_some() || cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
        by_role && !veil::covers(cx, Some(record), key)
    };
    let mut fields = Map::new();
    for key in shown.iter().flat_map(|shown| &shown.fields).filter(|key| knows(key)) {
        let Some(field) = object.field(key) else { continue };
        refs.note_value(&field.kind, record.get(key));
        fields.insert(key.clone(), model::field::show(record.get(key)));
    }
    let named = model::search::name_field(object).map(|field| field.key.as_str()).unwrap_or("name");
    let name = ((visible || tells(named)) && knows(named)).then(|| record.text(named).to_owned());
    let owner = record.owner().filter(|_| (visible || tells("owner")) && knows("owner"));
    owner.iter().for_each(|id| refs.note("employee", *id));
    let can = if rests_on_hidden { Vec::new() } else { can(cx, object, record, visible, found.voided) };
    Some(json!({
        "token": token::seal(live, &found.object, found.record),
        "object": found.object,
        "id": visible.then(|| found.record.to_string()),
        "name": name,
        "score": found.score,
        "reasons": reasons(cx, live, record, found),
        "voided": found.voided,
        "visible": visible,
        "fields": fields,
        "owner": owner.map(|id| id.to_string()),
        "pool": can.contains(&"claim").then(|| record.text(model::pool::FIELD)),
        "can": can,
    }))
}

/// Why it is alike; what compares a field that his roles or a pool hide is left out.
fn reasons(cx: &Ctx, live: &Live, record: &Record, found: &Found) -> Vec<Json> {
    let hides = |object: &str, field: &str| veil::hides(cx, object, field);
    let known = |reason: &&Reason| {
        let other = &reason.other;
        !hides(&live.rule.object, &reason.field) && !hides(&found.object, other) && !veil::covers(cx, Some(record), other)
    };
    let reasons = found.reasons.iter().filter(known);
    reasons.map(|reason| json!({"field": reason.field, "other": reason.other, "score": reason.score})).collect()
}

/// What the caller may do about it.
fn can(cx: &Ctx, object: &Object, record: &Record, visible: bool, voided: bool) -> Vec<&'static str> {
    let mut can = Vec::new();
    let others = record.owner().is_some_and(|owner| owner != cx.who.id);
    let may = |act| cx.who.rights.may(act, &object.key);
    if visible {
        can.push("open");
    }
    if crate::pools::claimable(cx, object, record) {
        can.push("claim");
    }
    if !visible && others && !voided && may(Act::Read) {
        can.push("join");
    }
    if visible && voided && may(Act::Restore) {
        can.push("restore");
    }
    can
}
