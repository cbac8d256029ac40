//! Amounts that stay in the main currency whatever rates do: those of a closed deal, of a confirmed order, and of the lines in either.
//!
//! Such a record keeps the rate of that day (`main_rate`); all that is in its own currency counts at it from then on.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::records::Scope;
use model::objects::{lines as shape, opportunity, sales_order};
use model::{Currency, Id, Number, Object, Record};

use crate::save::Working;
use crate::{Ctx, Result, lines};

/// Whose rate counts for a record of an object.
const SINCE: [(&str, &str); 2] = [(opportunity::KEY, "closed_at"), (sales_order::KEY, "confirmed_at")];

/// The field that tells since when the amounts of records of an object stay; `None` where they never do.
pub(crate) fn since(object: &str) -> Option<&'static str> {
    SINCE.iter().find(|(key, _)| *key == object).map(|(_, field)| *field)
}

/// True once the amounts of a record stay.
pub(crate) fn is(record: &Record) -> bool {
    since(&record.object).is_some_and(|field| !record.get(field).is_null())
}

/// The rate that a record keeps, and of which currency.
pub(crate) fn rate(record: &Record) -> Option<(Currency, Number)> {
    let rate = record.get("main_rate").as_number().filter(|_| is(record))?;
    let currency = match record.object.as_str() {
        sales_order::KEY => record.text(shape::CURRENCY).parse().ok()?,
        _ => record.get("amount").as_money()?.currency,
    };
    Some((currency, rate))
}

/// Puts on lines that are being saved the rate of what they live in.
pub(crate) fn of_lines(cx: &Ctx, tx: &mut Read, object: &Object, work: &mut [Working]) -> Result<()> {
    let Some((field, master)) = object.master().filter(|(_, master)| lines::concerns(object) && since(master).is_some()) else {
        return Ok(());
    };
    let Some(master) = cx.meta.schema.object(master) else { return Ok(()) };
    let sound = work.iter().filter(|item| item.error.is_none());
    let masters: BTreeSet<Id> = sound.filter_map(|item| item.after.reference(&field.key)).collect();
    if masters.is_empty() {
        return Ok(());
    }
    let ids: Vec<Id> = masters.into_iter().collect();
    let scope = Scope::All("a line counts at the rate of what it lives in");
    let rates: BTreeMap<Id, (Currency, Number)> = db::records::load(tx, &cx.meta.schema, master, &scope, &ids)?
        .iter()
        .filter_map(|record| Some((record.id, rate(record)?)))
        .collect();
    for item in work.iter_mut() {
        item.frozen = item.after.reference(&field.key).and_then(|id| rates.get(&id).copied());
    }
    Ok(())
}
