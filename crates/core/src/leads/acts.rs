//! Acts on leads: giving one to somebody, saying that nothing will come of it, taking it up again.

use db::Write;
use model::objects::lead::KEY;
use model::{Id, Violation};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::records::{self, answer};
use crate::save::{Change, Deed, save};
use crate::{Ctx, Error, Result};

/// `POST /records/{object}/{id}/assign`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// Who gets it; whoever the rules name when absent, with `by_rules`.
    #[serde(default)]
    pub owner: Option<String>,
    #[serde(default)]
    pub by_rules: bool,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// `POST /records/lead/{id}/mark-invalid`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkInvalid {
    /// An option of the field `invalid_reason`.
    #[serde(default)]
    pub invalid_reason: String,
    /// More in words.
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// `POST /records/lead/{id}/reopen`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeUp {
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// Gives a record that lies without an owner to somebody.
pub fn assign(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &Assign) -> Result<Json> {
    if !cx.object(object)?.ownerless {
        return Err(Error::NotFound);
    }
    let to = receiver(object, wanted.owner.as_deref(), wanted.by_rules)?;
    turn(cx, tx, object, id, version, Deed::Assign { to }, wanted.reason.as_ref(), wanted.dry_run)
}

/// Who gets it: somebody named, or nobody, which is left to the rules.
pub(crate) fn receiver(object: &str, owner: Option<&str>, by_rules: bool) -> Result<Option<Id>> {
    let unreadable = |_| Error::from(Violation::new("field.invalid", "owner").with("expected", "the id of a record"));
    match owner {
        Some(owner) => owner.parse().map(Some).map_err(unreadable),
        None if by_rules && object == KEY => Ok(None),
        None => Err(Violation::new("field.required", "owner").into()),
    }
}

/// Says that nothing will come of a lead, and why.
pub fn mark_invalid(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &MarkInvalid) -> Result<Json> {
    let why = wanted.invalid_reason.trim().to_owned();
    turn(cx, tx, KEY, id, version, Deed::MarkInvalid { why }, wanted.reason.as_ref(), wanted.dry_run)
}

/// Takes an invalid lead up again, where it stood.
pub fn take_up(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &TakeUp) -> Result<Json> {
    turn(cx, tx, KEY, id, version, Deed::Revive, wanted.reason.as_ref(), wanted.dry_run)
}

#[allow(clippy::too_many_arguments)]
fn turn(
    cx: &Ctx,
    tx: &mut Write,
    object: &str,
    id: Id,
    version: Option<i64>,
    deed: Deed,
    reason: Option<&String>,
    dry_run: bool,
) -> Result<Json> {
    cx.only_asks(dry_run);
    let object = cx.object(object)?.clone();
    records::load(cx, tx, &object, id)?;
    let mut change = Change::of(&object.key, id, deed);
    change.if_version = version;
    change.reason = reason.cloned();
    let saved = save(cx, tx, change)?;
    answer(cx, tx, &object, &saved, dry_run)
}
