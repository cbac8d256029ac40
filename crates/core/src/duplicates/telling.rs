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
use super::{Live, judging, token};
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
pub(super) fn violation(cx: &Ctx, tx: &mut Read, hit: &Hit<'_>, facts: &Facts) -> Result<Violation> {
    let mut refs = Refs::default();
    let told = show(cx, hit, facts, &mut refs);
    let violation = Violation::new("duplicate.found", "").with("verdict", told["verdict"].clone());
    let violation = violation.with("rule", told["rule"].clone()).with("matches", told["matches"].clone());
    // An import tells its rows by what they met; names of what that refers to have no place there.
    if cx.via == model::Via::Import { Ok(violation) } else { Ok(violation.with("refs", refs.names(cx, tx)?)) }
}

/// What a rule has found of a record that goes on over it: what the most alike is called, why, and how many more there are.
pub(super) fn note(cx: &Ctx, hit: &Hit<'_>, facts: &Facts) -> Violation {
    let rule = &hit.live.rule;
    let one = |found: &Found| {
        let (object, record) = (cx.meta.schema.object(&found.object)?, facts.of(found)?);
        let rests_on_hidden = rests_on_hidden(cx, found, record);
        let visible = facts.sees(found) && !rests_on_hidden;
        let reasons = reasons(cx, &rule.object, &found.reasons, (object, record));
        let live = Some(hit.live).filter(|_| !rests_on_hidden);
        Some(json!({
            "object": found.object, "id": visible.then(|| found.record.to_string()), "name": name(cx, live, (object, record), visible),
            "score": reasons.iter().map(|reason| reason.score).min(), "reasons": reasons,
        }))
    };
    let matches: Vec<Json> = hit.found.iter().take(1).filter_map(one).collect();
    let named = json!({"id": rule.id.to_string(), "name": rule.name});
    Violation::new("duplicate.found", "").with("rule", named).with("matches", matches).with("more", hit.found.len().saturating_sub(1))
}

/// `{rule, verdict, matches}` of what a rule has found.
pub(super) fn show(cx: &Ctx, hit: &Hit<'_>, facts: &Facts, refs: &mut Refs) -> Json {
    let rule = &hit.live.rule;
    let mut matches: Vec<Json> = hit.found.iter().filter_map(|found| one(cx, hit.live, found, facts, refs)).collect();
    // Their order tells no more than what is told of them.
    matches.sort_by_key(|one| std::cmp::Reverse((one["verdict"] == word(Some(Verdict::Block)), one["score"].as_u64())));
    json!({
        "rule": {"id": rule.id.to_string(), "name": rule.name, "object": rule.object},
        "verdict": word(Some(judging::verdict(cx, hit.live, hit.verdict))),
        "matches": matches,
    })
}

/// A match.
pub(super) fn one(cx: &Ctx, live: &Live, found: &Found, facts: &Facts, refs: &mut Refs) -> Option<Json> {
    let (object, record) = (cx.meta.schema.object(&found.object)?, facts.of(found)?);
    let rests_on_hidden = rests_on_hidden(cx, found, record);
    let visible = facts.sees(found) && !rests_on_hidden;
    let shown = live.rule.shows.iter().find(|shown| shown.object == found.object && !rests_on_hidden);
    let tells = |key: &str| shown.is_some_and(|shown| shown.fields.iter().any(|field| field == key));
    let knows = |key: &str| knows(cx, object, record, key);
    let mut fields = Map::new();
    for key in shown.iter().flat_map(|shown| &shown.fields).filter(|key| knows(key)) {
        let Some(field) = object.field(key) else { continue };
        refs.note_value(&field.kind, record.get(key));
        fields.insert(key.clone(), model::field::show(record.get(key)));
    }
    let owner = record.owner().filter(|_| (visible || tells("owner")) && knows("owner"));
    owner.iter().for_each(|id| refs.note("employee", *id));
    let can = if rests_on_hidden { Vec::new() } else { can(cx, object, record, visible, found.voided) };
    let reasons = reasons(cx, &live.rule.object, &found.reasons, (object, record));
    Some(json!({
        "token": token::seal(live, &found.object, found.record),
        "verdict": word(Some(judging::verdict(cx, live, found.verdict))),
        "object": found.object,
        "id": visible.then(|| found.record.to_string()),
        "name": name(cx, Some(live).filter(|_| !rests_on_hidden), (object, record), visible),
        "score": reasons.iter().map(|reason| reason.score).min(),
        "reasons": reasons,
        "voided": found.voided,
        "visible": visible,
        "fields": fields,
        "owner": owner.map(|id| id.to_string()),
        "pool": can.contains(&"claim").then(|| record.text(model::pool::FIELD)),
        "can": can,
    }))
}

/// True for a match by a field that a pool hides: it tells that something is there, and neither what it is nor what stands in it.
fn rests_on_hidden(cx: &Ctx, found: &Found, record: &Record) -> bool {
    found.reasons.iter().any(|reason| veil::covers(cx, Some(record), &reason.other))
}

/// What a found record is called, where the caller may know: one that he does not see by what its rule shows.
pub(super) fn name(cx: &Ctx, live: Option<&Live>, (object, record): (&Object, &Record), visible: bool) -> Option<String> {
    let named = model::search::name_field(object).map_or("name", |field| field.key.as_str());
    let shown = live.and_then(|live| live.rule.shows.iter().find(|shown| shown.object == object.key));
    let tells = visible || shown.is_some_and(|shown| shown.fields.iter().any(|field| field == named));
    (tells && knows(cx, object, record, named)).then(|| record.text(named).to_owned())
}

/// True for a field of a found record that the caller may know of.
fn knows(cx: &Ctx, object: &Object, record: &Record, key: &str) -> bool {
    let field = object.field(key);
    let by_role = field.is_some_and(|field| cx.who.system.is_some() || cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
    by_role && !veil::covers(cx, Some(record), key)
}

/// Why it is alike; what compares a field that he may not know of is left out.
pub(super) fn reasons<'f>(cx: &Ctx, own: &str, reasons: &'f [Reason], (object, record): (&Object, &Record)) -> Vec<&'f Reason> {
    let known = |reason: &&Reason| !veil::hides(cx, own, &reason.field) && knows(cx, object, record, &reason.other);
    reasons.iter().filter(known).collect()
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
