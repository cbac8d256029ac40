//! Why a deal ended as it did.

use std::collections::{BTreeMap, BTreeSet};

use db::{Read, Write};
use model::objects::opportunity;
use model::process::Fill;
use model::role::FieldAccess;
use model::{Id, Object, Patch, Record, Value, Violation};

use crate::processes::filling;
use crate::save::{Deed, Under, Working};
use crate::{Ctx, Result, orders, veil};

pub(super) const KEY: &str = model::objects::win_loss_review::KEY;

/// Reasons for which a deal was lost, with the main reason that a review begins with.
const REASONS: [(&str, &str); 6] = [
    ("price", "price"),
    ("competitor", "competitor"),
    ("no_budget", "budget"),
    ("timing", "timing"),
    ("product_fit", "product"),
    ("other", "other"),
];

/// What is not given follows from the deal: how it ended, against whom and why; who reviews, and when.
pub(super) fn begin(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let is_new = |item: &&mut Working| item.error.is_none() && item.before.is_none();
    let ids: BTreeSet<Id> = work.iter_mut().filter(is_new).filter_map(|item| item.after.reference(opportunity::KEY)).collect();
    let ids: Vec<Id> = ids.into_iter().collect();
    let Some(deal) = cx.meta.schema.object(opportunity::KEY).filter(|_| !ids.is_empty()) else { return Ok(()) };
    let deals: BTreeMap<Id, Record> =
        db::records::load(tx, &cx.meta.schema, deal, &cx.scope(), &ids)?.into_iter().map(|deal| (deal.id, deal)).collect();
    for item in work.iter_mut().filter(is_new) {
        let Some(deal) = item.after.reference(opportunity::KEY).and_then(|id| deals.get(&id)) else { continue };
        for (field, value) in values(cx, tx, deal, object)? {
            if !item.change.patch.contains_key(&field) && item.after.get(&field).is_null() {
                item.after.set(&field, value);
                item.carried.insert(field);
            }
        }
    }
    Ok(())
}

fn values(cx: &Ctx, tx: &mut Read, deal: &Record, object: &Object) -> Result<Patch> {
    let fill = ["name", "competitor"].map(|field| Fill { field: field.to_owned(), from: field.to_owned() });
    let filled = filling::values(cx, tx, deal, object, &fill)?;
    let mut values: Patch = filled.his.into_iter().chain(filled.products).collect();
    let mut put = |field: &str, value: Value| {
        values.insert(field.to_owned(), value);
    };
    let ended = deal.text("stage_type");
    if matches!(ended, "won" | "lost" | "invalid") && !veil::hides(cx, opportunity::KEY, "stage_type") {
        put("outcome", Value::Text(ended.to_owned()));
    }
    let reason = REASONS.iter().find(|(reason, _)| *reason == deal.text("lost_reason"));
    let offered = |key: &str| object.options("main_reason").iter().any(|option| option.key == key && option.active);
    if let Some((_, main)) = reason.filter(|(_, main)| offered(main) && !veil::hides(cx, opportunity::KEY, "lost_reason")) {
        put("main_reason", Value::Text((*main).to_owned()));
    }
    put("reviewed_by", cx.who.id.into());
    put("reviewed_on", cx.today().into());
    Ok(values)
}

/// What the form begins with: what the caller may write himself.
pub(super) fn prefilled(cx: &Ctx, tx: &mut Read, deal: &Record, object: &Object) -> Result<Patch> {
    let mut values = values(cx, tx, deal, object)?;
    values.retain(|key, _| object.field(key).is_some_and(|field| cx.who.rights.field(KEY, field) == FieldAccess::Write));
    Ok(values)
}

/// A review is of a deal that has ended, and says how it did.
pub(super) fn judge(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    let asked = |item: &Working| {
        let along = item.before.is_none() && matches!(item.change.under, Some(Under::Executes(_)));
        let turns = item.before.is_none() || item.changes("outcome") || item.changes(opportunity::KEY);
        let passes = along || item.change.merging || matches!(item.change.deed, Deed::LetGo | Deed::Historic(_));
        item.error.is_none() && turns && !passes
    };
    let ids = work.iter().filter(|item| asked(item)).filter_map(|item| item.after.reference(opportunity::KEY)).collect();
    let deals = orders::there(cx, tx, opportunity::KEY, ids)?;
    for item in work.iter_mut().filter(|item| asked(item)) {
        let Some(deal) = item.after.reference(opportunity::KEY).and_then(|id| deals.get(&id)) else { continue };
        match deal.text("stage_type") {
            "in_progress" => item.findings.push(Violation::new("review.deal_open", opportunity::KEY)),
            ended if !item.after.get("outcome").is_null() && item.after.text("outcome") != ended => {
                item.findings.push(Violation::new("review.outcome_differs", "outcome").with("outcome", ended));
            }
            _ => {}
        }
    }
    Ok(())
}
