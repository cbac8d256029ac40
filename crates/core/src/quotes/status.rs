//! The act of taking a quote a step further: an edit like any other, and judged as one.

use db::Write;
use model::objects::quote::{KEY, STATUS, status};
use model::{Id, Patch};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::records::{answer, load, read_fields, show_one};
use crate::save::{Change, Deed, save};
use crate::{Ctx, Error, Result};

/// `POST /records/quote/{id}/status`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// What it becomes: `sent`, `accepted`, `rejected`.
    pub status: String,
    /// Why it was rejected; why an acceptance is taken back.
    #[serde(default)]
    pub reason: Option<String>,
    /// Leaves the approval out that would catch it, where one may; with a reason.
    #[serde(default)]
    pub skip_approval: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// Takes it there. The answer to an acceptance, and to one taken back, shows the deal too, as the caller sees it.
pub fn turn(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &Turn) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let object = cx.object(KEY)?.clone();
    let before = load(cx, tx, &object, id)?;
    let fields = serde_json::Map::from_iter([(STATUS.to_owned(), wanted.status.as_str().into())]);
    let mut change = Change::of(KEY, id, Deed::Edit).skipping(wanted.skip_approval);
    change.patch = Patch::from_iter(read_fields(cx, &object, &fields)?);
    (change.if_version, change.reason) = (version, wanted.reason.clone());
    let saved = save(cx, tx, change)?;
    let reaches_deal = [before.text(STATUS), saved.record.text(STATUS)].contains(&status::ACCEPTED);
    let deal = match saved.record.reference("opportunity").filter(|_| saved.changed && reaches_deal) {
        Some(deal) => shown(cx, tx, deal)?,
        None => Json::Null,
    };
    let mut told = answer(cx, tx, &object, &saved, wanted.dry_run)?;
    if !deal.is_null() {
        told["opportunity"] = deal;
    }
    Ok(told)
}

fn shown(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    let Ok(object) = cx.object("opportunity").cloned() else { return Ok(Json::Null) };
    match load(cx, tx, &object, id) {
        Ok(deal) => show_one(cx, tx, &object, &deal),
        Err(Error::NotFound) => Ok(Json::Null),
        Err(other) => Err(other),
    }
}
