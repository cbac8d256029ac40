//! The deal's amount that follows its lines, where the organisation has chosen that.
//!
//! It follows where the total of the lines changes: with the roll-up, in the transaction that changes a line. So whatever follows from an
//! amount follows, and no way of changing a line can leave it behind. Typing another amount is refused by [`judge`].

use std::collections::BTreeSet;

use db::Write;
use model::objects::opportunity;
use model::organisation::DealAmount;
use model::process::figures;
use model::{Object, Record, Violation};

use crate::processes::moving;
use crate::save::{Deed, Working};
use crate::{Ctx, Result, frozen, records, rules};

/// The roll-up that it follows.
pub(super) const TOTAL: &str = "lines_total";
const AMOUNT: &str = "amount";
/// What is reckoned from an amount without a formula.
const FIGURES: [&str; 3] = [AMOUNT, "forecast_amount", "analysis_amount"];

/// True where the organisation lets amounts follow lines.
pub(crate) fn is_on(cx: &Ctx) -> bool {
    cx.meta.organisation.deal_amount == DealAmount::Lines
}

/// True of a deal whose amount follows its lines: one of them comes to something. A deal that was closed under a typed amount keeps that.
pub(crate) fn follows(cx: &Ctx, object: &Object, deal: &Record) -> bool {
    let closed_otherwise = || !deal.get("closed_at").is_null() && deal.get(AMOUNT) != deal.get(TOTAL);
    is_on(cx) && object.key == opportunity::KEY && !deal.get(TOTAL).is_null() && !closed_otherwise()
}

/// Nobody types another amount than the lines come to. What makes deals one leaves it to the lines.
pub(crate) fn judge(cx: &Ctx, work: &mut [Working]) {
    for item in work.iter_mut().filter(|item| is_on(cx) && item.error.is_none() && item.changes(AMOUNT)) {
        let Some(before) = item.before.as_ref() else { continue };
        let total = before.get(TOTAL).clone();
        let was_closed_otherwise = !before.get("closed_at").is_null() && *before.get(AMOUNT) != total;
        if total.is_null() || was_closed_otherwise || *item.after.get(AMOUNT) == total {
            continue;
        }
        if item.change.merging {
            item.after.set(AMOUNT, before.get(AMOUNT).clone());
        } else {
            item.findings.push(Violation::new("amount.follows_lines", AMOUNT));
        }
    }
}

/// Puts the amount right of an open deal, or one that is opened again, that had a typed one.
pub(crate) fn keep(cx: &Ctx, work: &mut [Working]) {
    for item in work.iter_mut().filter(|item| is_on(cx) && item.is_sound()) {
        let open = item.after.get("closed_at").is_null() || matches!(item.change.deed, Deed::Reopen { .. });
        let total = item.after.get(TOTAL).clone();
        if open && !total.is_null() && *item.after.get(AMOUNT) != total {
            item.after.set(AMOUNT, total);
        }
    }
}

/// Puts on deals whose lines have come to something else the amount that follows, with its forecast, its amount in analysis and all of
/// these in the main currency. Of lines that come to nothing any more the amount stays.
pub(crate) fn follow(cx: &Ctx, object: &Object, pairs: &mut [(Record, Record)]) -> Result<()> {
    if !is_on(cx) || object.key != opportunity::KEY {
        return Ok(());
    }
    for (before, after) in pairs.iter_mut().filter(|(before, after)| before.get(TOTAL) != after.get(TOTAL)) {
        put(cx, object, before, after)?;
    }
    Ok(())
}

/// What the administrator's own rules say of an amount that a change of lines has brought: as of one that is typed.
pub(crate) fn judge_what_follows(cx: &Ctx, tx: &mut Write, object: &Object, pairs: &[(Record, Record)]) -> Result<()> {
    if !is_on(cx) || object.key != opportunity::KEY {
        return Ok(());
    }
    let brought: Vec<(Record, Record)> = pairs.iter().filter(|(before, after)| before.get(AMOUNT) != after.get(AMOUNT)).cloned().collect();
    if brought.is_empty() { Ok(()) } else { rules::stand_against_what_follows(cx, tx, object, &brought) }
}

/// As [`follow`], of one deal whatever its lines came to before.
pub(super) fn put(cx: &Ctx, object: &Object, before: &Record, after: &mut Record) -> Result<()> {
    if after.get(TOTAL).is_null() || after.get(TOTAL) == after.get(AMOUNT) {
        return Ok(());
    }
    after.set(AMOUNT, after.get(TOTAL).clone());
    figures::follow_amount(after);
    moving::outside(after);
    moving::freeze_rate(cx, Some(before), after);
    let fields = object.fields.iter().filter(|field| FIGURES.contains(&field.key.as_str()));
    let kept = frozen::rate(after);
    let found = records::in_main_currency(cx, fields, after, kept);
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

/// Where the total of lines is among the fields that change, so is what follows from it.
pub(crate) fn add_what_follows(cx: &Ctx, object: &str, fields: &mut BTreeSet<String>) {
    if is_on(cx) && object == opportunity::KEY && fields.contains(TOTAL) {
        fields.extend(FIGURES.map(str::to_owned));
    }
}
