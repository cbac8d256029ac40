//! Statistical fields: what the records that refer to one come to (roll-ups).
//!
//! The parents are locked before anything is reckoned, so that of two who add a child at once the second counts the first one's (core
//! rule 4). A change that can be added to what stands there is added; any other is reckoned anew over all children.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use db::records::{Reckoned, Rollup};
use model::condition::World;
use model::field::{Function, Kind};
use model::number::div_half_up;
use model::objects::lifecycle;
use model::{Amount, Currency, Id, Money, Number, Object, Record, Value, Violation};

use super::plan::{Group, Item};
use crate::{Ctx, Error, Result};

/// A child before and after a change; either may be missing.
pub(super) type Pair = (Option<Record>, Option<Record>);

/// What a field comes to: its value, and of amounts the same in the main currency.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Total {
    pub value: Value,
    pub main: Option<Amount>,
}

impl Total {
    /// What stands on a record.
    pub fn standing(record: &Record, field: &str) -> Total {
        Total { value: record.get(field).clone(), main: record.mains.get(field).copied() }
    }

    /// Puts it on a record.
    pub fn put(self, record: &mut Record, field: &str) {
        record.set(field, self.value);
        match self.main {
            Some(main) => record.mains.insert(field.to_owned(), main),
            None => record.mains.remove(field),
        };
    }
}

/// The parents whose fields of this group these changes touch.
pub(super) fn parents(group: &Group, pairs: &[Pair]) -> BTreeSet<Id> {
    let mut parents = BTreeSet::new();
    for (before, after) in pairs {
        let changed = |field: &str| differs(before.as_ref(), after.as_ref(), field);
        if group.concerns(&changed) {
            let states = before.iter().chain(after);
            parents.extend(states.filter_map(|record| record.reference(&group.via)));
        }
    }
    parents
}

fn differs(before: Option<&Record>, after: Option<&Record>, field: &str) -> bool {
    match (before, after) {
        (Some(a), Some(b)) => a.get(field) != b.get(field) || a.mains.get(field) != b.mains.get(field),
        _ => true,
    }
}

/// Puts on the locked `parents` what follows from the changes of their children.
pub(super) fn settle(cx: &Ctx, tx: &mut Write, group: &Group, pairs: &[Pair], parents: &mut BTreeMap<Id, Record>) -> Result<()> {
    let mut anew: BTreeSet<Id> = BTreeSet::new();
    for (id, parent) in parents.iter_mut() {
        for item in &group.items {
            let standing = Total::standing(parent, &item.field);
            match added(cx, group, item, *id, standing, pairs)? {
                Some(total) => total.put(parent, &item.field),
                None => {
                    anew.insert(*id);
                }
            }
        }
    }
    let ids: Vec<Id> = anew.into_iter().collect();
    for (id, totals) in recount(cx, tx, group, &ids)?.into_iter() {
        let totals = totals.into_iter().map(|total| total.map_err(Error::from)).collect::<Result<Vec<Total>>>()?;
        let Some(parent) = parents.get_mut(&id) else { continue };
        for (item, total) in group.items.iter().zip(totals) {
            total.put(parent, &item.field);
        }
    }
    Ok(())
}

/// What stands there with the changes added; `None` where that takes a look at all children.
fn added(cx: &Ctx, group: &Group, item: &Item, parent: Id, standing: Total, pairs: &[Pair]) -> Result<Option<Total>> {
    if !item.settled || !matches!(item.function, Function::Count | Function::Sum) {
        return Ok(None);
    }
    let counted = |record: &Option<Record>| record.clone().filter(|record| counts(group, item, parent, record));
    if item.function == Function::Count {
        let change: i64 =
            pairs.iter().map(|(before, after)| i64::from(counted(after).is_some()) - i64::from(counted(before).is_some())).sum();
        let Value::Number(old) = standing.value else { return Ok(None) };
        return Ok(Some(Total { value: Number(old.0 + change * Number::whole(1).0).into(), main: None }));
    }
    let Some(of) = &item.of else { return Ok(None) };
    let main_currency = cx.meta.rates.main();
    let mut total = standing;
    for (before, after) in pairs {
        let value = |record: Option<Record>| record.map(|r| Total::standing(&r, of)).filter(|total| !total.value.is_null());
        total = match (value(counted(before)), value(counted(after))) {
            (None, None) => total,
            // Taking one away may leave none, or none of another currency: that is seen in the others alone.
            (Some(_), None) => return Ok(None),
            (old, Some(new)) => match plus(total, old, new, main_currency) {
                Some(sum) => sum.map_err(|()| overflow(item))?,
                None => return Ok(None),
            },
        };
    }
    Ok(Some(total))
}

/// `total - old + new`. `None` where the currency of the total may change; an error where it does not fit.
fn plus(total: Total, old: Option<Total>, new: Total, main_currency: Currency) -> Option<std::result::Result<Total, ()>> {
    let sum = |a: i64, b: i64, c: i64| i64::try_from(i128::from(a) - i128::from(b) + i128::from(c)).map_err(|_| ());
    match (&total.value, &new.value) {
        (Value::Number(n), Value::Number(m)) => {
            let before = old.and_then(|old| old.value.as_number()).unwrap_or_default();
            Some(sum(n.0, before.0, m.0).map(|n| Total { value: Number(n).into(), main: None }))
        }
        (Value::Money(held), Value::Money(given)) => {
            let before = old.as_ref().and_then(|old| old.value.as_money());
            if before.is_some_and(|before| before.currency != given.currency) {
                return None;
            }
            let (held_main, given_main) = (total.main?, new.main?);
            // What it was worth in the main currency is not known where a rate has changed it.
            let before_main = match &old {
                Some(old) => old.main?,
                None => Amount(0),
            };
            let main = sum(held_main.0, before_main.0, given_main.0);
            let amount = if held.currency == given.currency {
                sum(held.amount.0, before.map_or(0, |before| before.amount.0), given.amount.0)
            } else if held.currency == main_currency {
                // Already of several currencies, or so from now on.
                main
            } else {
                return None;
            };
            Some(amount.and_then(|amount| main.map(|main| (amount, main))).map(|(amount, main)| Total {
                value: Money { amount: Amount(amount), currency: held.currency }.into(),
                main: Some(Amount(main)),
            }))
        }
        // Blank may mean that there is none yet, or more than the field can hold: only a look at all of them tells.
        _ => None,
    }
}

fn counts(group: &Group, item: &Item, parent: Id, record: &Record) -> bool {
    record.reference(&group.via) == Some(parent)
        && lifecycle::counts(record.text("lifecycle_status"))
        && item.condition.as_ref().is_none_or(|condition| condition.holds(record, &World::default()))
}

/// What an item comes to, or what stands against it: more than a field can hold.
pub(crate) type Outcome = std::result::Result<Total, Violation>;

/// What every item of the group comes to for these parents, over all of their children. A save is refused where one is more than a field
/// can hold; a job leaves such a field blank and goes on.
pub(crate) fn recount(cx: &Ctx, tx: &mut db::Read, group: &Group, ids: &[Id]) -> Result<Vec<(Id, Vec<Outcome>)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let child = cx.meta.schema.object(&group.child).ok_or(Error::NotFound)?;
    let parent = cx.meta.schema.object(&group.parent).ok_or(Error::NotFound)?;
    let wanted: Vec<Rollup<'_>> = group
        .items
        .iter()
        .map(|item| Rollup { function: item.function, field: item.of.as_deref(), condition: item.condition.as_ref() })
        .collect();
    let mut found = db::records::rollup(tx, &cx.meta.schema, child, &group.via, &wanted, ids)?;
    let reckoned_of = |id: &Id| {
        let reckoned = found.remove(id).unwrap_or_else(|| vec![Reckoned::default(); group.items.len()]);
        let totals = group.items.iter().zip(reckoned).map(|(item, reckoned)| total(cx, parent, child, item, &reckoned));
        (*id, totals.collect())
    };
    Ok(ids.iter().map(reckoned_of).collect())
}

/// A field's value from what was reckoned. Amounts of one currency come to that currency, of several to the main one, each converted for
/// itself: never a silent mixed sum. Without any value there is none, save for a count.
fn total(cx: &Ctx, parent: &Object, child: &Object, item: &Item, reckoned: &Reckoned) -> Outcome {
    if item.function == Function::Count {
        return Ok(Total { value: Number::whole(reckoned.rows).into(), main: None });
    }
    if reckoned.values == 0 {
        return Ok(Total::default());
    }
    let narrow = |n: i128| i64::try_from(n).map_err(|_| overflow(item));
    let kind = item.of.as_deref().and_then(|of| child.field(of)).map(|field| field.kind.kind());
    if kind == Some(Kind::Money) {
        let own = reckoned.currency;
        let currency = own.unwrap_or(cx.meta.rates.main());
        let (amount, main) = match item.function {
            Function::Sum => (if own.is_some() { reckoned.sum } else { reckoned.main }, reckoned.main),
            Function::Average => {
                let over = i128::from(reckoned.values);
                let amount = div_half_up(if own.is_some() { reckoned.sum } else { reckoned.main }, over);
                (amount, div_half_up(reckoned.main, over))
            }
            _ => {
                let main = i128::from(reckoned.extreme_main.unwrap_or_default().0);
                let amount = reckoned.extreme.as_number().map_or(main, |n| i128::from(n.0));
                (if own.is_some() { amount } else { main }, main)
            }
        };
        let amount = Amount(narrow(amount)?).rounded(currency);
        let main = Amount(narrow(main)?).rounded(cx.meta.rates.main());
        return Ok(Total { value: Money { amount, currency }.into(), main: Some(main) });
    }
    let value = match item.function {
        Function::Sum => Number(narrow(reckoned.sum)?).into(),
        Function::Average => {
            let scale = parent.field(&item.field).and_then(|field| field.kind.scale()).unwrap_or(2);
            let unit = 10_i128.pow(model::number::SCALE.saturating_sub(scale));
            // Rounded once, from the exact sum.
            let steps = div_half_up(reckoned.sum, i128::from(reckoned.values) * unit);
            Number(narrow(steps * unit)?).into()
        }
        _ => reckoned.extreme.clone(),
    };
    Ok(Total { value, main: None })
}

fn overflow(item: &Item) -> Violation {
    Violation::new("money.overflow", &item.field)
}
