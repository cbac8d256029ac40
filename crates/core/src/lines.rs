//! Lines of a deal: what each comes to, and their sum on the master.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use db::history::Entry;
use db::outbox::Event;
use db::records::Scope;
use model::change::differences;
use model::objects::opportunity_line::reckon;
use model::{Amount, Id, Money, Object, Record, Value, Violation};

use crate::save::Working;
use crate::{Ctx, Result};

/// True for sub-objects with a quantity, a price and an amount.
pub(crate) fn concerns(object: &Object) -> bool {
    object.master().is_some() && ["quantity", "price", "amount"].iter().all(|field| object.field(field).is_some())
}

/// The amount of a line (see `model::objects::opportunity_line`).
pub(crate) fn derive(object: &Object, item: &mut Working) {
    if concerns(object)
        && let Err(violation) = reckon(&mut item.after)
    {
        item.findings.push(violation);
    }
}

/// Writes the sum of the lines on their masters, which `save` has locked: right in the transaction that changes a line.
/// Lines of several currencies are summed in the main one, each converted for itself; never a silent mixed sum.
/// `masters` are those which the lines had and those which they have.
///
/// Errors: `money.overflow` at `lines_total` when the sum is larger than an amount can be.
pub(crate) fn roll_up(cx: &Ctx, tx: &mut Write, object: &Object, masters: &BTreeSet<Id>) -> Result<()> {
    let Some((field, master)) = object.master().filter(|_| concerns(object) && !masters.is_empty()) else { return Ok(()) };
    let Some(master) = cx.meta.schema.object(master).filter(|m| m.field("lines_total").is_some()).cloned() else { return Ok(()) };
    let ids: Vec<Id> = masters.iter().copied().collect();
    let scope = Scope::All("a roll-up counts every line");
    let masters = db::records::load(tx, &cx.meta.schema, &master, &scope, &ids)?;
    let mut lines: BTreeMap<Id, Vec<Record>> = BTreeMap::new();
    for line in db::records::referring(tx, &cx.meta.schema, object, &field.key, &scope, &ids)? {
        if line.text("lifecycle_status") != "voided"
            && let Some(id) = line.reference(&field.key)
        {
            lines.entry(id).or_default().push(line);
        }
    }
    let mut teams: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for (record, principal) in db::access::grants(tx, &master.key, &ids)? {
        teams.entry(record).or_default().push(principal);
    }
    let (mut entries, mut events) = (Vec::new(), Vec::new());
    for before in masters {
        let mut after = before.clone();
        let total = total(cx, lines.get(&before.id).map_or(&[], Vec::as_slice))?;
        match total {
            Some((money, main)) => {
                after.set("lines_total", money);
                after.mains.insert("lines_total".into(), main);
            }
            None => {
                after.set("lines_total", Value::Null);
                after.mains.remove("lines_total");
            }
        }
        let changes = differences(Some(&before), &after);
        if changes.is_empty() {
            continue;
        }
        // People did not edit the deal, so its version stays and open forms are not disturbed.
        after.revision = before.revision + 1;
        db::records::update(tx, &master, before.version, &before, &after)?;
        let seen_by: Vec<Id> = before.owner().into_iter().chain(teams.remove(&before.id).unwrap_or_default()).collect();
        events.push(Event {
            object: master.key.clone(),
            record: before.id,
            revision: after.revision,
            act: "roll_up".into(),
            at: cx.at,
            by: cx.who.id,
            columns: vec!["lines_total".into()],
            before: seen_by.clone(),
            after: seen_by,
        });
        entries.push(Entry {
            object: master.key.clone(),
            record: before.id,
            revision: after.revision,
            at: cx.at,
            by: cx.who.id,
            via: cx.via.key().to_owned(),
            act: "roll_up".into(),
            reason: None,
            changes,
        });
    }
    db::history::insert(tx, &entries)?;
    db::outbox::insert(tx, &events)?;
    Ok(())
}

/// The sum of lines and the same in the main currency; `None` without any amount.
pub(crate) fn total(cx: &Ctx, lines: &[Record]) -> Result<Option<(Money, Amount)>> {
    let amounts: Vec<(Money, Amount)> = lines
        .iter()
        .filter_map(|line| line.get("amount").as_money().map(|money| (money, line.mains.get("amount").copied().unwrap_or_default())))
        .collect();
    let Some((first, _)) = amounts.first() else { return Ok(None) };
    let currency = first.currency;
    let main = sum(amounts.iter().map(|(_, main)| *main))?;
    if amounts.iter().all(|(money, _)| money.currency == currency) {
        return Ok(Some((Money { amount: sum(amounts.iter().map(|(money, _)| money.amount))?, currency }, main)));
    }
    Ok(Some((Money { amount: main, currency: cx.meta.rates.main() }, main)))
}

fn sum(amounts: impl Iterator<Item = Amount>) -> Result<Amount> {
    let exact: i128 = amounts.map(|amount| i128::from(amount.0)).sum();
    i64::try_from(exact).map(Amount).map_err(|_| Violation::new("money.overflow", "lines_total").into())
}
