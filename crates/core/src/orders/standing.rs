//! What may become of an order, on every path: draft → confirmed → cancelled, or draft → cancelled. Only a draft is changed.

use std::collections::{BTreeMap, BTreeSet};

use db::records::Scope;
use db::{Read, Write};
use model::field::StageType;
use model::objects::sales_order::{KEY, STATUS, status};
use model::objects::{opportunity, quote, sales_order_line};
use model::{Field, Id, Object, Record, Violation};

use crate::save::{Deed, Under, Working};
use crate::{Ctx, Result};

const WHY: Scope<'static> = Scope::All("what may become of an order depends on its deal");

/// What is said of a confirmed order only later.
const LATER: [&str; 2] = ["delivery_date", "customer_reference"];

/// Collects what stands against changes of orders, of their lines, and of deals that have confirmed ones.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    match object.key.as_str() {
        KEY => orders(cx, tx, object, work),
        sales_order_line::KEY => lines(cx, tx, work),
        opportunity::KEY => {
            work.iter_mut().filter(|item| item.error.is_none()).for_each(|item| deal(object, item));
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What has been is told by imports as it was; what is gone must be let go, and what is merged goes over to another.
fn passes(item: &Working) -> bool {
    item.change.merging || matches!(item.change.deed, Deed::Historic(_) | Deed::LetGo | Deed::Follow { .. } | Deed::Delete)
}

fn orders(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    for item in work.iter_mut().filter(|item| item.error.is_none() && !passes(item)) {
        turn(item);
        content(object, item);
    }
    grounds(cx, tx, work)
}

/// From which state into which.
fn turn(item: &mut Working) {
    let was = item.before.as_ref().map(|order| order.text(STATUS).to_owned());
    if matches!(item.change.deed, Deed::Void) {
        if was.as_deref() == Some(status::CONFIRMED) {
            item.findings.push(Violation::new("order.confirmed", ""));
        }
        return;
    }
    if !item.changes(STATUS) {
        return;
    }
    let to = item.after.text(STATUS).to_owned();
    let goes = match was.as_deref() {
        None => to == status::DRAFT,
        Some(status::DRAFT) => to == status::CONFIRMED || to == status::CANCELLED,
        Some(status::CONFIRMED) => to == status::CANCELLED,
        Some(_) => false,
    };
    if !goes {
        item.findings.push(Violation::new("order.transition", STATUS).with("from", was.unwrap_or_default()).with("to", to));
        return;
    }
    if to == status::CONFIRMED && item.after.get("lines_total").is_null() {
        item.findings.push(Violation::new("order.no_lines", STATUS));
    }
    if to == status::CANCELLED && was.as_deref() == Some(status::CONFIRMED) && item.after.get("cancelled_reason").is_null() {
        item.findings.push(Violation::new("field.required", "cancelled_reason"));
    }
}

/// True for a field that may be changed in an order of this status: fields of an administrator's own always may.
fn may_change(field: &Field, order_status: &str, cancels: bool) -> bool {
    let key = field.key.as_str();
    order_status == status::DRAFT
        || key.starts_with("x_")
        || order_status == status::CONFIRMED && (LATER.contains(&key) || cancels && key == "cancelled_reason")
}

fn content(object: &Object, item: &mut Working) {
    let Some(before) = &item.before else { return };
    let was = before.text(STATUS).to_owned();
    if was == status::DRAFT || !matches!(item.change.deed, Deed::Edit) {
        return;
    }
    let cancels = item.changes(STATUS);
    let fixed = |field: &&Field| field.key != STATUS && !field.is_kept_by_product() && !may_change(field, &was, cancels);
    let found: Vec<Violation> = object
        .fields
        .iter()
        .filter(fixed)
        .filter(|field| item.changes(&field.key))
        .map(|field| Violation::new("order.not_draft", &field.key).with("status", was.as_str()))
        .collect();
    item.findings.extend(found);
}

/// The fields of an order that cannot be changed as it stands.
pub(super) fn frozen<'a>(object: &'a Object, order: &Record) -> Vec<&'a str> {
    let now = order.text(STATUS);
    let fixed = |field: &&Field| field.key != STATUS && !field.is_kept_by_product() && !may_change(field, now, false);
    object.fields.iter().filter(fixed).map(|field| field.key.as_str()).collect()
}

/// True for a confirmed order.
pub(crate) fn is_confirmed(object: &Object, order: &Record) -> bool {
    object.key == KEY && order.text(STATUS) == status::CONFIRMED
}

/// An order is of a won deal, or from an accepted quote of its deal: asked of a new one, of one that comes to another deal or quote, and once
/// more when it is confirmed.
fn grounds(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    let asked = |item: &Working| {
        let turns = item.before.is_none() || item.changes("opportunity") || item.changes("quote");
        // What comes to be with a move that waits is of a deal that is not won yet.
        let along = item.before.is_none() && matches!(item.change.under, Some(Under::Executes(_)));
        let confirms = item.changes(STATUS) && item.after.text(STATUS) == status::CONFIRMED;
        item.error.is_none() && !passes(item) && !along && (turns || confirms)
    };
    let of = |field: &str| work.iter().filter(|item| asked(item)).filter_map(|item| item.after.reference(field)).collect();
    let deals = there(cx, tx, opportunity::KEY, of("opportunity"))?;
    let quotes = there(cx, tx, quote::KEY, of("quote"))?;
    for item in work.iter_mut().filter(|item| asked(item)) {
        // What is not there is told as a reference to nothing.
        let Some(deal) = item.after.reference("opportunity").and_then(|id| deals.get(&id)) else { continue };
        let quote = item.after.reference("quote").and_then(|id| quotes.get(&id));
        match quote {
            Some(quote) if quote.reference("opportunity") != Some(deal.id) => {
                item.findings.push(Violation::new("order.quote_of_other_deal", "quote"));
            }
            Some(quote) if quote.text(quote::STATUS) != quote::status::ACCEPTED => {
                item.findings.push(Violation::new("order.quote_not_accepted", "quote").with("status", quote.text(quote::STATUS)));
            }
            Some(_) => {}
            None if deal.text("stage_type") != "won" => item.findings.push(Violation::new("order.deal_not_won", "opportunity")),
            None => {}
        }
    }
    Ok(())
}

pub(crate) fn there(cx: &Ctx, tx: &mut Read, key: &str, ids: BTreeSet<Id>) -> Result<BTreeMap<Id, Record>> {
    let Some(object) = cx.meta.schema.object(key).filter(|_| !ids.is_empty()) else { return Ok(BTreeMap::new()) };
    let ids: Vec<Id> = ids.into_iter().collect();
    let found = db::records::load(tx, &cx.meta.schema, object, &WHY, &ids)?;
    Ok(found.into_iter().map(|record| (record.id, record)).collect())
}

/// Lines come, change and go in a draft only. Their orders are locked with them.
fn lines(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    let asked = |item: &Working| item.error.is_none() && !passes(item) && !matches!(item.change.deed, Deed::Lock | Deed::Unlock);
    let masters = |item: &Working| -> Vec<Id> {
        let states = item.before.iter().chain([&item.after]);
        states.filter_map(|line| line.reference(KEY)).collect()
    };
    let orders = there(cx, tx, KEY, work.iter().filter(|item| asked(item)).flat_map(masters).collect())?;
    for item in work.iter_mut().filter(|item| asked(item)) {
        let fixed = masters(item).iter().filter_map(|id| orders.get(id)).find(|order| order.text(STATUS) != status::DRAFT);
        if let Some(order) = fixed {
            item.findings.push(Violation::new("order.not_draft", KEY).with("status", order.text(STATUS)));
        }
    }
    Ok(())
}

/// True where confirmed orders hold a deal in its place: what was ordered is kept on it, under its lock.
pub(crate) fn holds_deal(object: &Object, deal: &Record) -> bool {
    object.key == opportunity::KEY && !deal.get("ordered_amount").is_null()
}

/// A deal with confirmed orders stays won and out of the recycle bin.
fn deal(object: &Object, item: &mut Working) {
    let Some(before) = item.before.as_ref().filter(|before| holds_deal(object, before) && !passes(item)) else { return };
    let was_won = before.text("stage_type") == "won";
    let target = item.target.as_deref().and_then(|stage| object.options("stage").iter().find(|option| option.key == stage)?.stage_type);
    let leaves = match target {
        Some(StageType::Won) | None => false,
        Some(StageType::InProgress) => was_won,
        Some(_) => true,
    };
    if leaves {
        item.findings.push(Violation::new("opportunity.has_orders", "stage"));
    } else if matches!(item.change.deed, Deed::Void) {
        item.findings.push(Violation::new("opportunity.has_orders", ""));
    }
}
