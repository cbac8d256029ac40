//! What tasks are done on: the record that is edited, the records that are linked, the rows of a grid.

use db::Read;
use db::records::Scope;
use model::condition::Resolved;
use model::field::FieldType;
use model::{Id, Object, Record, Value};

use crate::{Ctx, Error, Result, access, world};

const COUNT: Scope<'static> = Scope::All("whether a task is done does not depend on who looks");

/// The record that a deal refers to by a field.
pub(super) fn target(object: &Object, deal: &Record, of: &str) -> Option<(String, Id)> {
    object.field(of).and_then(|field| access::parent(field, deal))
}

/// What the field of a new record holds that refers to the deal.
pub(super) fn link(object: &Object, field: &str, deal: Id) -> Option<Value> {
    let field = object.field(field)?;
    match &field.kind {
        FieldType::Regarding => Some(Value::Regarding { object: "opportunity".to_owned(), id: deal }),
        kind => (kind.target() == Some("opportunity")).then_some(Value::Ref(deal)),
    }
}

/// To which record it refers by its link.
pub(super) fn linked_to(object: &Object, field: &str, record: &Record) -> Option<(String, Id)> {
    object.field(field).and_then(|field| access::parent(field, record))
}

/// How many sub-objects of a sort a deal has; those in the recycle bin are none.
pub(super) fn rows(cx: &Ctx, tx: &mut Read, deal: Id, key: &str) -> Result<usize> {
    let Some(object) = cx.meta.schema.object(key) else { return Ok(0) };
    let Some((via, _)) = object.master() else { return Ok(0) };
    let found = db::records::referring(tx, &cx.meta.schema, object, &via.key, &COUNT, &[deal])?;
    Ok(found.iter().filter(|record| record.text("lifecycle_status") != "voided").count())
}

/// How many of these records still are what they were linked for.
pub(super) fn standing(cx: &Ctx, tx: &mut Read, object: &str, records: &[Id]) -> Result<usize> {
    let Some(object) = cx.meta.schema.object(object) else { return Ok(0) };
    let found = db::records::load(tx, &cx.meta.schema, object, &COUNT, records)?;
    Ok(found.iter().filter(|record| record.text("lifecycle_status") != "voided").count())
}

/// The condition of records that may be chosen, as rules are read.
pub(super) fn choice(cx: &Ctx, object: &str, condition: Option<&model::Condition>) -> Result<Option<Resolved>> {
    condition.map(|condition| condition.resolve(object, &cx.system_reading())).transpose().map_err(Error::Invalid)
}

/// Which of these records may be chosen: they are not in the recycle bin, are linked to this deal or to none, and are such as the task wants.
pub(super) fn choosable(
    cx: &Ctx,
    tx: &mut Read,
    object: &Object,
    link: &str,
    deal: Id,
    condition: Option<&Resolved>,
    records: Vec<Record>,
) -> Result<Vec<Record>> {
    let world = match condition {
        Some(condition) => world::around(cx, tx, &records.iter().collect::<Vec<_>>(), std::iter::once(condition))?,
        None => model::condition::World::default(),
    };
    let fits = |record: &Record| {
        let free = linked_to(object, link, record).is_none_or(|(_, id)| id == deal);
        free && record.text("lifecycle_status") != "voided" && condition.is_none_or(|condition| condition.holds(record, &world))
    };
    Ok(records.into_iter().filter(fits).collect())
}
