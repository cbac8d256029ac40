//! What histories do not tell is kept with the act itself: what a deal was when it was deleted for good, and the rates that were in force.

use std::collections::BTreeMap;

use db::Write;
use db::past::Rate;
use model::analysis::past::FIELDS;
use model::objects::opportunity;
use model::{Currency, Date, Id, Instant, Number, Object, Record, Value};

use crate::{Ctx, Result};

/// Keeps what deals were that are deleted for good, each as of the instant of its last entry.
pub(crate) fn bury(tx: &mut Write, object: &Object, records: &[(&Record, Instant)]) -> Result<()> {
    if object.key != opportunity::KEY {
        return Ok(());
    }
    let values = |record: &Record| -> BTreeMap<String, Value> {
        FIELDS.iter().map(|field| ((*field).to_owned(), record.get(field).clone())).filter(|(_, value)| !value.is_null()).collect()
    };
    let deals: Vec<(Id, Instant, BTreeMap<String, Value>)> = records.iter().map(|(record, at)| (record.id, *at, values(record))).collect();
    Ok(db::past::bury(tx, &deals)?)
}

/// Keeps that a rate was set for a day, or taken away.
pub(crate) fn rate(cx: &Ctx, tx: &mut Write, currency: Currency, day: Date, rate: Option<Number>) -> Result<()> {
    Ok(db::past::keep_rate(tx, &Rate { currency, day, at: cx.at, rate }, cx.who.id)?)
}
