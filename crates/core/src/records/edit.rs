//! Creating and editing.

use db::Write;
use model::role::FieldAccess;
use model::{Currency, Id, Object, Patch, Violation, Violations};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::show_one;
use crate::save::{Change, Deed, Saved, save};
use crate::{Ctx, Error, Result};

/// `POST /records/{object}`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Create {
    pub fields: Map<String, Json>,
    #[serde(default)]
    pub external_ids: Vec<ExternalId>,
    #[serde(default)]
    pub reason: Option<String>,
    /// Leaves the approval out that would catch it, where one may; with a reason.
    #[serde(default)]
    pub skip_approval: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// The id of a record in another system.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalId {
    pub source: String,
    pub id: String,
}

/// `PATCH /records/{object}/{id}`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    pub fields: Map<String, Json>,
    #[serde(default)]
    pub reason: Option<String>,
    /// The reason that a stage among the fields needs.
    #[serde(default)]
    pub stage_reason: Option<String>,
    #[serde(default)]
    pub skip_approval: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// Creates a record.
pub fn create(cx: &Ctx, tx: &mut Write, object: &str, wanted: &Create) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let object = cx.object(object)?.clone();
    let mut change = Change::new(&object.key, Deed::Create).skipping(wanted.skip_approval);
    change.reason.clone_from(&wanted.reason);
    change.patch = read_fields(cx, &object, &wanted.fields)?;
    for external in &wanted.external_ids {
        let (source, id) = (external.source.trim(), external.id.trim());
        if source.is_empty()
            || id.is_empty()
            || source.len() > 100
            || id.len() > 255
            || !model::text::storable(source)
            || !model::text::storable(id)
        {
            return Err(Violation::new("field.invalid", "external_ids")
                .with("expected", "a source of 1 to 100 and an id of 1 to 255 characters")
                .into());
        }
        change.external.push((source.to_owned(), id.to_owned()));
    }
    let saved = save(cx, tx, change)?;
    answer(cx, tx, &object, &saved, wanted.dry_run)
}

/// Edits a record. `version` is that of If-Match.
pub fn update(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &Update) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let object = cx.object(object)?.clone();
    let mut change = Change::of(&object.key, id, Deed::Edit).skipping(wanted.skip_approval);
    change.patch = match read_fields(cx, &object, &wanted.fields) {
        Ok(patch) => patch,
        // Whether it is there for the caller comes before what is wrong with his values.
        Err(error) => return Err(super::load(cx, tx, &object, id).map_or_else(|missing| missing, |_| error)),
    };
    change.if_version = version;
    change.reason = wanted.stage_reason.clone().or_else(|| wanted.reason.clone());
    let saved = save(cx, tx, change)?;
    answer(cx, tx, &object, &saved, wanted.dry_run)
}

/// `{result, record}` of a save; a dry run then leaves no trace.
pub(crate) fn answer(cx: &Ctx, tx: &mut Write, object: &Object, saved: &Saved, dry_run: bool) -> Result<Json> {
    let result = match saved.approval {
        Some(_) => "pending_approval",
        None if saved.moved => "moved",
        None => "saved",
    };
    // A new owner may no longer see what he gave away: the answer shows what he still may.
    let shown = match super::load(cx, tx, object, saved.record.id) {
        Ok(record) => show_one(cx, tx, object, &record)?,
        Err(Error::NotFound) => Json::Null,
        Err(other) => return Err(other),
    };
    if dry_run {
        tx.abandon();
    }
    let mut answer = json!({"result": result, "changed": saved.changed, "record": shown, "dry_run": dry_run});
    if let Some(approval) = saved.approval {
        answer["approval"] = approval.to_string().into();
    }
    Ok(answer)
}

/// Typed values from the API's fields; all that is wrong with them at once.
pub(crate) fn read_fields(cx: &Ctx, object: &Object, fields: &Map<String, Json>) -> Result<Patch> {
    read_fields_in(cx, object, fields, cx.meta.organisation.main_currency)
}

/// As [`read_fields`], with the currency of amounts that name none.
pub(crate) fn read_fields_in(cx: &Ctx, object: &Object, fields: &Map<String, Json>, currency: Currency) -> Result<Patch> {
    let (mut patch, mut found) = (Patch::new(), Violations::new());
    for (key, json) in fields {
        let field = object.field(key).filter(|f| cx.who.rights.field(&object.key, f) > FieldAccess::Hidden);
        let Some(field) = field else {
            found.push(Violation::new("field.unknown", key));
            continue;
        };
        match field.parse(json, currency) {
            Ok(value) => {
                patch.insert(key.clone(), value);
            }
            Err(violation) => found.push(violation),
        }
    }
    if found.is_empty() { Ok(patch) } else { Err(found.into()) }
}
