//! What can be done with a quote at present, told with it, so that whoever shows it needs no rules.

use db::Read;
use model::objects::quote::{CONTENT, STATUS, status};
use model::quote::{Step, judge_version};
use model::role::{Act, FieldAccess};
use model::{Object, Record};
use serde_json::{Value as Json, json};

use super::facts::{self, Wanted};
use super::{KEY, LINE, concerns, standing};
use crate::{Ctx, Result};

/// Of an opportunity: a quote may be made of it.
const CREATE_QUOTE: &str = "create_quote";
/// Another version of it.
const NEW_VERSION: &str = "new_version";
/// Its lines may be changed.
const EDIT_LINES: &str = "edit_lines";

/// Adds to a quote that is shown the steps that are open (`send`, `accept`, `reject`, `reopen`, `new_version`, `edit_lines`), those that a rule
/// stands against, and in `frozen` the fields that cannot be changed as it stands.
pub(crate) fn tell(cx: &Ctx, tx: &mut Read, object: &Object, record: &Record, shown: &mut Json) -> Result<()> {
    if object.key == "opportunity" {
        make(cx, record, shown);
    }
    if !concerns(object) {
        return Ok(());
    }
    let stands = record.text(STATUS);
    let frozen: Vec<&str> = if stands == status::DRAFT { vec!["opportunity"] } else { CONTENT.to_vec() };
    let frozen: Vec<&str> = frozen.into_iter().filter(|field| shown["fields"].get(field).is_some()).collect();
    let held = shown["cannot"].as_array().and_then(|acts| acts.iter().find(|one| one["act"] == "edit")).map(|one| one["code"].clone());
    let edits = shown["can"].as_array().is_some_and(|acts| acts.iter().any(|act| act == "edit"));
    let (mut can, mut cannot): (Vec<&str>, Vec<(&str, Json)>) = (Vec::new(), Vec::new());
    if edits || held.is_some() {
        for (act, code) in open(cx, tx, record)? {
            match held.clone().or(code.map(Json::from)) {
                None => can.push(act),
                Some(code) => cannot.push((act, code)),
            }
        }
    }
    let nothing_left = edits && stands != status::DRAFT && !object.fields.iter().any(|field| may_edit(cx, object, field, stands));
    if nothing_left {
        cannot.push(("edit", "quote.not_draft".into()));
    }
    if let Some(acts) = shown["can"].as_array_mut() {
        acts.retain(|act| !(nothing_left && act == "edit"));
        acts.extend(can.into_iter().map(Json::from));
    }
    if let Some(acts) = shown["cannot"].as_array_mut() {
        acts.extend(cannot.into_iter().map(|(act, code)| json!({"act": act, "code": code})));
    }
    shown["frozen"] = frozen.into();
    Ok(())
}

/// Whoever may change a deal may make a quote of it, also while a lock or an approval holds the deal itself: a quote is no part of it.
fn make(cx: &Ctx, deal: &Record, shown: &mut Json) {
    let may_change = ["can", "cannot"]
        .iter()
        .any(|which| shown[*which].as_array().is_some_and(|acts| acts.iter().any(|one| one == "edit" || one["act"] == "edit")));
    let makes = may_change && deal.text("lifecycle_status") != "voided" && cx.who.rights.may(Act::Create, KEY);
    if let Some(acts) = shown["can"].as_array_mut().filter(|_| makes) {
        acts.push(CREATE_QUOTE.into());
    }
}

/// The steps that begin where it stands and are the caller's to take, each with what stands against it.
fn open(cx: &Ctx, tx: &mut Read, record: &Record) -> Result<Vec<(&'static str, Option<&'static str>)>> {
    let stands = record.text(STATUS);
    let may_write_status = cx
        .meta
        .schema
        .object(KEY)
        .and_then(|object| object.field(STATUS))
        .is_some_and(|field| cx.who.rights.field(KEY, field) == FieldAccess::Write);
    let steps: Vec<Step> = Step::ALL.into_iter().filter(|step| may_write_status && step.begins_in(stands)).collect();
    let versions = !matches!(stands, status::DRAFT | status::IN_REVIEW) && cx.who.rights.may(Act::Create, KEY);
    let of_steps = steps.iter().map(|step| standing::wanted(*step)).fold(Wanted::default(), Wanted::and);
    let wanted = of_steps.and(Wanted { deal: versions, ..Wanted::default() });
    let Some(facts) = facts::of(cx, tx, &[(record, wanted)])?.remove(&record.id) else { return Ok(Vec::new()) };
    let may_change_deal = !standing::may_change_deals(cx, tx, &[record])?.is_empty();
    let reaches_deal = |step: &Step| *step == Step::Accept || *step == Step::Reopen && stands == status::ACCEPTED;
    let mut open: Vec<(&str, Option<&str>)> = steps
        .iter()
        .filter(|step| may_change_deal || !reaches_deal(step))
        .map(|step| (step.key(), standing::stands_against(*step, record, &facts)))
        .collect();
    if versions {
        open.push((NEW_VERSION, judge_version(stands, &facts).first().map(|violation| violation.code)));
    }
    if stands == status::DRAFT && [Act::Create, Act::Edit].iter().any(|act| cx.who.rights.may(*act, LINE)) {
        open.push((EDIT_LINES, None));
    }
    Ok(open)
}

/// True for a field that may be changed by an edit in a state that is no draft.
fn may_edit(cx: &Ctx, object: &Object, field: &model::Field, stands: &str) -> bool {
    let is_answer = field.key == "rejected_reason" && stands != status::REJECTED;
    let kept = field.system || field.read_only || field.is_reckoned() || matches!(field.key.as_str(), "owner" | STATUS);
    !kept && !is_answer && !CONTENT.contains(&field.key.as_str()) && cx.who.rights.field(&object.key, field) == FieldAccess::Write
}
