//! What follows once orders are written: lines of a confirmed one count at its rate, and whoever has the deal is told.

use std::collections::BTreeSet;

use db::Write;
use db::records::Scope;
use model::objects::sales_order::{KEY, STATUS, status};
use model::objects::{opportunity, sales_order_line};
use model::{Amount, Id, Object, Record};

use crate::notices::{self, Kind, Notice};
use crate::rules::currency_fields;
use crate::save::Working;
use crate::{Ctx, Result, frozen, reckoning};

/// An order that has become confirmed or cancelled.
pub(crate) struct Turn(Record);

/// The act by which a change of an order is told, where it is more than an edit.
pub(crate) fn act_of(object: &Object, item: &Working) -> Option<&'static str> {
    if object.key != KEY || item.before.is_none() || item.begun.is_some() || !item.changes(STATUS) {
        return None;
    }
    match item.after.text(STATUS) {
        status::CONFIRMED => Some("order_confirmed"),
        status::CANCELLED => Some("order_cancelled"),
        _ => None,
    }
}

impl Turn {
    /// What a change of an order has turned.
    pub fn of(object: &Object, item: &Working) -> Option<Turn> {
        let turned = object.key == KEY && item.changes(STATUS) && item.after.text(STATUS) != status::DRAFT;
        turned.then(|| Turn(item.after.clone()))
    }
}

/// Brings about what follows from orders that are confirmed or cancelled.
pub(crate) fn follow(cx: &Ctx, tx: &mut Write, turns: &[Turn]) -> Result<()> {
    if turns.is_empty() {
        return Ok(());
    }
    let confirmed: Vec<&Record> = turns.iter().map(|turn| &turn.0).filter(|order| order.text(STATUS) == status::CONFIRMED).collect();
    settle_lines(cx, tx, &confirmed)?;
    tell(cx, tx, turns)
}

/// Lines were converted when they were last touched, or when rates were last settled; from now on they count at the order's rate.
fn settle_lines(cx: &Ctx, tx: &mut Write, orders: &[&Record]) -> Result<()> {
    let Some(line) = cx.meta.schema.object(sales_order_line::KEY) else { return Ok(()) };
    let ids: Vec<Id> = orders.iter().map(|order| order.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let scope = Scope::All("lines count at their order's rate");
    let lines = db::records::referring(tx, &cx.meta.schema, line, KEY, &scope, &ids)?;
    for field in currency_fields(line) {
        let mut changed: Vec<(Id, Amount)> = Vec::new();
        for one in &lines {
            let order = orders.iter().find(|order| one.reference(KEY) == Some(order.id));
            let Some((currency, rate)) = order.and_then(|order| frozen::rate(order)) else { continue };
            let money = one.get(field).as_money().filter(|money| money.currency == currency);
            let main = money.and_then(|money| cx.meta.rates.at_rate(money.amount, rate));
            changed.extend(main.filter(|main| one.mains.get(field) != Some(main)).map(|main| (one.id, main)));
        }
        if changed.is_empty() {
            continue;
        }
        db::records::set_mains(tx, line, field, &changed)?;
        if reckoning::follows_amounts(cx, &line.key, field) {
            let ids: Vec<Id> = changed.iter().map(|(id, _)| *id).collect();
            let after = db::records::load(tx, &cx.meta.schema, line, &scope, &ids)?;
            reckoning::revalued(cx, tx, line, field, after)?;
        }
    }
    Ok(())
}

/// Whoever has the deal is told, if it was somebody else.
fn tell(cx: &Ctx, tx: &mut Write, turns: &[Turn]) -> Result<()> {
    let Some(deal) = cx.meta.schema.object(opportunity::KEY) else { return Ok(()) };
    let ids: BTreeSet<Id> = turns.iter().filter_map(|turn| turn.0.reference("opportunity")).collect();
    let ids: Vec<Id> = ids.into_iter().collect();
    let deals = db::records::load(tx, &cx.meta.schema, deal, &Scope::All("who has a deal is told of its orders"), &ids)?;
    let mut notices = Vec::new();
    for Turn(order) in turns {
        let owner = deals.iter().find(|deal| order.reference("opportunity") == Some(deal.id)).and_then(Record::owner);
        let kind = if order.text(STATUS) == status::CONFIRMED { Kind::OrderConfirmed } else { Kind::OrderCancelled };
        notices.extend(owner.map(|owner| Notice::new(owner, kind).about(KEY, order.id)));
    }
    notices::tell_all(cx, tx, notices)
}
