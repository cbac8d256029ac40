//! Does what is kept of orders agree with itself? For `stagecraft check`.

use std::collections::BTreeMap;

use db::Read;
use db::records::Scope;
use model::objects::sales_order::{KEY, STATUS, status};
use model::objects::sales_order_line;
use model::{Id, Object, Record};

use crate::rules::currency_fields;
use crate::{Ctx, Result, frozen};

/// What is wrong with these orders, or lines of orders: which check, and where.
pub(crate) fn faults(cx: &Ctx, tx: &mut Read, object: &Object, records: &[Record]) -> Result<Vec<(&'static str, String)>> {
    let mut faults = Vec::new();
    let place = |record: &Record| format!("{} {} ({})", record.object, record.id, record.text("name"));
    if object.key == KEY {
        for order in records {
            let now = order.text(STATUS);
            let since = !order.get("confirmed_at").is_null();
            let stands = match now {
                status::DRAFT => !since && order.get("main_rate").is_null() && order.get("cancelled_at").is_null(),
                status::CONFIRMED => since && !order.get("main_rate").is_null() && order.get("cancelled_at").is_null(),
                _ => !order.get("cancelled_at").is_null(),
            };
            if !stands {
                faults.push(("order_differs_from_status", place(order)));
            }
        }
    }
    if object.key == sales_order_line::KEY {
        let ids: Vec<Id> = records.iter().filter_map(|line| line.reference(KEY)).collect();
        let Some(order) = cx.meta.schema.object(KEY) else { return Ok(faults) };
        let orders = db::records::load(tx, &cx.meta.schema, order, &Scope::All("the whole database is checked"), &ids)?;
        let orders: BTreeMap<Id, Record> = orders.into_iter().map(|order| (order.id, order)).collect();
        for line in records {
            let Some((currency, rate)) = line.reference(KEY).and_then(|id| frozen::rate(orders.get(&id)?)) else { continue };
            for field in currency_fields(object) {
                let money = line.get(field).as_money().filter(|money| money.currency == currency);
                if money.is_some_and(|money| cx.meta.rates.at_rate(money.amount, rate) != line.mains.get(field).copied()) {
                    faults.push(("order_line_not_at_its_rate", format!("{}: {field}", place(line))));
                }
            }
        }
    }
    Ok(faults)
}
