//! Locks of a merge and of its undo: everything that is written, all at once and in one order (core rule 3).

use std::sync::Arc;

use db::Write;
use model::{Field, Id, Object, Patch, Record, Value};

use super::Merge;
use crate::reckoning::locks::{Planned, Rows};
use crate::save::references;
use crate::{Ctx, Error, Result, reckoning};

/// The records that become one, what refers to them, and what follows from either. Read without locks, so everything is read again under
/// them.
pub(super) fn to_merge(cx: &Ctx, tx: &mut Write, object: &Object, winner: Id, losers: &[Id], wanted: &Merge) -> Result<()> {
    let ids: Vec<Id> = std::iter::once(winner).chain(losers.iter().copied()).collect();
    let records = super::any(cx, tx, object, &ids)?;
    let whole = cx.meta.schema.object(&object.key).cloned().ok_or(Error::NotFound)?;
    let lost = records.iter().filter(|record| record.id != winner).cloned().collect();
    let referring = references(cx, tx, &vec![(whole, lost)])?;
    let taken = wanted.fields.iter().filter_map(|(field, from)| {
        let from: Id = from.parse().ok()?;
        Some((field.clone(), records.iter().find(|record| record.id == from)?.get(field).clone()))
    });
    all(cx, tx, object, winner, &records, vec![taken.collect()], &referring)?;
    // Whoever is about to refer to a loser is waited for, and nobody begins to.
    tx.lock_to_delete(&object.key, losers)?;
    Ok(())
}

/// Locks records of one object, what refers to them by the given fields, and what follows.
pub(super) fn all(
    cx: &Ctx,
    tx: &mut Write,
    object: &Object,
    winner: Id,
    records: &[Record],
    patches: Vec<Patch>,
    referring: &[(Arc<Object>, Field, Vec<Id>)],
) -> Result<()> {
    let mut rows = Rows::new();
    rows.entry(object.key.clone()).or_default().extend(records.iter().map(|record| record.id));
    let mut touched: Vec<(Arc<Object>, Vec<Record>, Vec<Patch>)> = Vec::new();
    if let Some(whole) = cx.meta.schema.object(&object.key).cloned() {
        touched.push((whole, records.to_vec(), patches));
    }
    for (other, field, ids) in referring {
        rows.entry(other.key.clone()).or_default().extend(ids);
        let led = match field.kind {
            model::field::FieldType::Regarding => Value::Regarding { object: object.key.clone(), id: winner },
            _ => Value::Ref(winner),
        };
        let present = super::any(cx, tx, other, ids)?;
        touched.push((other.clone(), present, vec![Patch::from([(field.key.clone(), led)])]));
    }
    for (other, present, patches) in &touched {
        if reckoning::locks::reaches_out(cx, &other.key) || reckoning::follow_ups::concerns(other) {
            let planned = Planned { patches: patches.iter().collect(), present: present.clone(), fields: None };
            for (key, ids) in reckoning::locks::of(cx, tx, other, &planned)? {
                rows.entry(key).or_default().extend(ids);
            }
        }
        if let Some((field, above)) = other.lives_in() {
            rows.entry(above.to_owned()).or_default().extend(present.iter().filter_map(|record| record.reference(&field.key)));
        }
    }
    let sorted: Vec<(u16, &str, Vec<Id>)> = rows
        .iter()
        .filter_map(|(key, ids)| Some((cx.meta.schema.object(key)?.rank, key.as_str(), ids.iter().copied().collect())))
        .collect();
    tx.next_act();
    tx.lock_rows(&sorted)?;
    Ok(())
}
