//! Lines of one record as lines of another.

use db::records::Scope;
use db::{Read, Write};
use model::{Field, FieldType, Id, Object, Patch, Record, Value};

use crate::save::{Change, Deed, Under, save_all};
use crate::{Ctx, Error, Result};

/// Fields that are a line's own and no other's.
fn is_carried(from: &Object, to: &Object, field: &Field) -> bool {
    let alike = to.field(&field.key).is_some_and(|other| other.kind.kind() == field.kind.kind() && other.state.is_live());
    let own = field.system || field.is_reckoned() || field.unique || matches!(field.kind, FieldType::Master { .. } | FieldType::Attachment);
    alike && !own && field.state.is_live() && !reckoned_here(from, &field.key)
}

/// What each line comes to follows from the rest of it.
fn reckoned_here(object: &Object, field: &str) -> bool {
    object.master().is_some() && matches!(field, "amount" | "list_amount")
}

/// The fields that lines of `from` hand on to lines of `to`.
pub(crate) fn carried<'a>(from: &'a Object, to: &'a Object) -> impl Iterator<Item = &'a Field> {
    from.fields.iter().filter(move |field| is_carried(from, to, field))
}

/// The lines that live in a record, in their order.
pub(crate) fn lines_of(cx: &Ctx, tx: &mut Read, object: &Object, scope: &Scope<'_>, master: Id) -> Result<Vec<Record>> {
    let (via, _) = object.master().ok_or(Error::NotFound)?;
    let mut lines = db::records::referring(tx, &cx.meta.schema, object, &via.key, scope, &[master])?;
    lines.sort_by_key(|line| (line.get("position").as_number().map_or(i64::MAX, |position| position.0), line.id));
    Ok(lines)
}

/// What a line hands on, whole.
pub(crate) fn patch_of(line: &Record, from: &Object, to: &Object) -> Patch {
    let values = carried(from, to).map(|field| (field.key.clone(), line.get(&field.key).clone()));
    values.filter(|(_, value)| !value.is_null()).collect()
}

/// Saves such lines in `master`. Errors: what stands against one of them, with its place: `lines/3/price`.
pub(crate) fn save_lines(cx: &Ctx, tx: &mut Write, to: &Object, master: Id, patches: Vec<Patch>, under: Option<Under>) -> Result<()> {
    if patches.is_empty() {
        return Ok(());
    }
    let via = to.master().ok_or(Error::NotFound)?.0.key.clone();
    let changes = patches.into_iter().map(|mut patch| {
        patch.insert(via.clone(), Value::Ref(master));
        Change { patch, under, ..Change::new(&to.key, Deed::Create) }
    });
    tx.next_act();
    for (at, result) in save_all(cx, tx, &to.key, changes.collect())?.into_iter().enumerate() {
        result.map_err(|error| placed(error, &format!("lines/{at}")))?;
    }
    Ok(())
}

/// What stands against a line, at its place.
fn placed(error: Error, place: &str) -> Error {
    match error {
        Error::Invalid(found) => {
            Error::Invalid(found.into_iter().map(|one| model::Violation { path: format!("{place}/{}", one.path), ..one }).collect())
        }
        other => other,
    }
}
