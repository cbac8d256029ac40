//! Amounts in the main currency, kept beside the amounts in their own.

use db::{Read, Write};
use model::money::Rates;
use model::{Amount, Currency, Id, Object};

use crate::rules::currency_fields;
use crate::{Ctx, Result, processes};

/// Records converted in one statement.
const CHUNK: u32 = 500;

/// Converts the open amounts of a currency anew, with today's rate. Closed deals keep the rate frozen at their close.
pub(crate) fn convert_open(cx: &Ctx, tx: &mut Write, rates: &Rates, currency: Currency) -> Result<u64> {
    let Some(rate) = rates.on(currency, cx.today()) else { return Ok(0) };
    let mut converted = 0;
    for object in cx.meta.schema.objects() {
        let open_only = processes::concerns(object).then_some(("stage_type", "in_progress"));
        for field in currency_fields(object) {
            let mut after: Option<Id> = None;
            loop {
                let page = db::records::amounts_in(tx, object, field, currency, open_only, after, CHUNK)?;
                let Some((last, _, _)) = page.last() else { break };
                after = Some(*last);
                let changed: Vec<(Id, Amount)> = page
                    .iter()
                    .filter_map(|(id, amount, main)| rates.at_rate(*amount, rate).filter(|new| Some(*new) != *main).map(|new| (*id, new)))
                    .collect();
                converted += changed.len() as u64;
                db::records::set_mains(tx, object, field, &changed)?;
            }
        }
    }
    Ok(converted)
}

/// True when any record holds an amount.
pub(crate) fn has_money(cx: &Ctx, tx: &mut Read) -> Result<bool> {
    for object in cx.meta.schema.objects() {
        let object: &Object = object;
        for field in currency_fields(object) {
            if db::records::holds_any(tx, object, field)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
