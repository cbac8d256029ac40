//! Confirming and cancelling, as a screen's button does it. An edit of the status is the same.

use db::Write;
use model::objects::sales_order::{KEY, STATUS, status};
use model::{Id, Value, Violation};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::records::{self, answer};
use crate::save::{Change, Deed, save};
use crate::{Ctx, Result};

/// `POST /records/sales_order/{id}/status`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetStatus {
    /// `confirmed` or `cancelled`.
    pub status: String,
    /// Why it is cancelled: kept on the order, and with the history.
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub skip_approval: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// Confirms or cancels an order.
pub fn set_status(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &SetStatus) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let object = cx.object(KEY)?.clone();
    records::load(cx, tx, &object, id)?;
    if !object.options(STATUS).iter().any(|option| option.key == wanted.status) {
        return Err(Violation::new("field.not_an_option", "status").with("value", wanted.status.as_str()).into());
    }
    let mut change = Change::of(KEY, id, Deed::Edit).skipping(wanted.skip_approval);
    change.if_version = version;
    change.reason.clone_from(&wanted.reason);
    change.patch.insert(STATUS.to_owned(), Value::Text(wanted.status.clone()));
    if wanted.status == status::CANCELLED
        && let Some(reason) = change.reason().map(str::to_owned)
    {
        let field = object.field("cancelled_reason");
        let reason = field.map_or(Ok(Value::Text(reason.clone())), |field| field.parse(&reason.into(), cx.meta.organisation.main_currency));
        change.patch.insert("cancelled_reason".to_owned(), reason?);
    }
    let saved = save(cx, tx, change)?;
    answer(cx, tx, &object, &saved, wanted.dry_run)
}
