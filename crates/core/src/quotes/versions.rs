//! Versions of a quote: another draft with the same number, and which of them is the latest.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use model::objects::quote::{KEY, STATUS};
use model::quote::judge_version;
use model::role::Act;
use model::{Field, FieldType, Id, Number, Object, Patch, Record, Value};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::copying::{lines_of, patch_of, save_lines};
use super::facts::{self, Wanted};
use super::{ALL, LINE, goes_through, is_progress};
use crate::records::{self, show_one};
use crate::save::{Change, Deed, Working, save};
use crate::{Ctx, Error, Result, access};

const WHY: &str = "another version of a quote";

/// `POST /records/quote/{id}/version`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewVersion {
    #[serde(default)]
    pub dry_run: bool,
}

/// Makes another version of the latest one of a quote, with all that it offers: a draft that takes its place.
///
/// Errors: `quote.still_draft`, `quote.newer_version` with the version that is the latest.
pub fn version(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>, wanted: &NewVersion) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let object = cx.object(KEY)?.clone();
    // Of two who make one at once the second finds the first's.
    let deal = records::load(cx, tx, &object, id)?.reference("opportunity");
    let rank = cx.meta.schema.object("opportunity").map_or(0, |deal| deal.rank);
    tx.lock_rows(&[(rank, "opportunity", deal.into_iter().collect()), (object.rank, KEY, vec![id])])?;
    let from = records::load(cx, tx, &object, id)?;
    cx.attempts(Act::Create.key(), KEY, Some((id, from.text("name"))));
    cx.must_be_allowed(Act::Create, KEY)?;
    if !access::writable(cx, tx, &object, &[&from])?.contains(&id) {
        return Err(Error::Forbidden { act: Act::Create.key().to_owned(), object: KEY.to_owned() });
    }
    if seen.is_some_and(|version| version != from.version) {
        return Err(Error::Conflict { record: Box::new(show_one(cx, tx, &object, &from)?) });
    }
    let known = facts::of(cx, tx, &[(&from, Wanted { deal: true, ..Wanted::default() })])?;
    let found = known.get(&id).map(|facts| judge_version(from.text(STATUS), facts)).unwrap_or_default();
    if !found.is_empty() {
        return Err(found.into());
    }
    // A version is the same quote: all of it comes along, whatever of it the caller may write.
    let made = copy(&cx.as_system(WHY), tx, &object, &from)?;
    let record = records::load(cx, tx, &object, made)?;
    let shown = show_one(cx, tx, &object, &record)?;
    if wanted.dry_run {
        tx.abandon();
    }
    Ok(json!({"result": "saved", "changed": true, "record": shown, "dry_run": wanted.dry_run}))
}

fn copy(cx: &Ctx, tx: &mut Write, object: &Object, from: &Record) -> Result<Id> {
    tx.next_act();
    let patch = Patch::from([("current".to_owned(), false.into())]);
    save(cx, tx, Change { patch, ..Change::of(KEY, from.id, Deed::Edit) })?;
    let kept = object.fields.iter().filter(|field| comes_along(object, field));
    let mut patch: Patch = kept.map(|field| (field.key.clone(), from.get(&field.key).clone())).collect();
    let next = from.get("version_no").as_number().unwrap_or_default().0 + Number::whole(1).0;
    patch.retain(|_, value| !value.is_null());
    patch.insert("owner".to_owned(), from.get("owner").clone());
    patch.insert("number".to_owned(), from.get("number").clone());
    patch.insert("version_no".to_owned(), Number(next).into());
    patch.insert("replaces".to_owned(), from.id.into());
    tx.next_act();
    let made = save(cx, tx, Change { patch, ..Change::new(KEY, Deed::Create) })?.record.id;
    let line = cx.object(LINE)?.clone();
    let lines = lines_of(cx, tx, &line, &ALL, from.id)?.iter().map(|one| patch_of(one, &line, &line)).collect();
    save_lines(cx, tx, &line, made, lines, None)?;
    Ok(made)
}

/// What one offers the next one offers too, until somebody changes it.
fn comes_along(object: &Object, field: &Field) -> bool {
    let own = field.system || field.read_only || field.is_reckoned() || field.unique || field.key == "owner";
    !own && field.state.is_live() && !is_progress(object, &field.key) && field.kind != FieldType::Attachment
}

/// Says anew which version is the latest where some go into the recycle bin or come out of it.
pub(super) fn follow(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let turned: Vec<usize> =
        (0..work.len()).filter(|at| goes_through(&work[*at]) && matches!(work[*at].change.deed, Deed::Void | Deed::Restore)).collect();
    if turned.is_empty() {
        return Ok(());
    }
    let ids: BTreeSet<Id> = turned.iter().map(|at| work[*at].after.id).collect();
    let deals: BTreeSet<Id> = turned.iter().filter_map(|at| work[*at].after.reference("opportunity")).collect();
    let mut others = db::records::referring(tx, &cx.meta.schema, object, "opportunity", &ALL, &deals.into_iter().collect::<Vec<_>>())?;
    others.retain(|other| !ids.contains(&other.id));
    let mut latest: BTreeMap<(Id, String), (i64, Id)> = BTreeMap::new();
    let stays = turned.iter().map(|at| &work[*at]).filter(|item| item.change.deed == Deed::Restore).map(|item| &item.after);
    for (of, no) in others.iter().chain(stays).filter_map(|quote| Some((of(quote)?, no(quote)))) {
        let top = latest.entry(of).or_insert(no);
        *top = std::cmp::max(*top, no);
    }
    let is_latest = |quote: &Record| of(quote).and_then(|of| latest.get(&of)).is_some_and(|(_, id)| *id == quote.id);
    for at in &turned {
        let current = work[*at].change.deed == Deed::Restore && is_latest(&work[*at].after);
        work[*at].after.set("current", current);
    }
    let concerned: BTreeSet<(Id, String)> = turned.iter().filter_map(|at| of(&work[*at].after)).collect();
    let inner = cx.as_system("which version of a quote is the latest");
    for other in others.iter().filter(|other| of(other).is_some_and(|of| concerned.contains(&of))) {
        let current = is_latest(other);
        if other.get("current").is_true() != current {
            tx.next_act();
            let patch = Patch::from([("current".to_owned(), Value::from(current))]);
            save(&inner, tx, Change { patch, ..Change::of(KEY, other.id, Deed::Edit) })?;
        }
    }
    Ok(())
}

/// By what versions of one quote belong together.
fn of(quote: &Record) -> Option<(Id, String)> {
    Some((quote.reference("opportunity")?, quote.text("number").to_owned()))
}

fn no(quote: &Record) -> (i64, Id) {
    (quote.get("version_no").as_number().unwrap_or_default().0, quote.id)
}
