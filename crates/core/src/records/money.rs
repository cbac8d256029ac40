//! Amounts in the main currency, kept beside the amounts in their own.

use std::collections::{BTreeMap, BTreeSet};

use db::records::{AmountOf, Scope};
use db::{Limits, Read, Write};
use model::field::FieldType;
use model::money::Rates;
use model::{Amount, Currency, Field, Id, Number, Object, Record, Via, Violation, Violations};

use crate::rules::currency_fields;
use crate::{Credential, Ctx, House, Result, analysis, frozen, lines, processes, reckoning, sharing};

/// Records converted in one statement.
const CHUNK: u32 = 500;
/// Records that are looked at together, where only those are converted that are not what they come to.
const LOOKED_THROUGH: u32 = 5_000;

/// Puts beside the amounts in these fields what they are in the main currency: at today's rate, or at one that is kept.
///
/// Findings: `money.overflow`, `money.no_rate`.
pub(crate) fn in_main_currency<'a>(
    cx: &Ctx,
    fields: impl Iterator<Item = &'a Field>,
    record: &mut Record,
    kept: Option<(Currency, Number)>,
) -> Violations {
    let (today, mut found) = (cx.today(), Violations::new());
    for field in fields.filter(|field| field.kind == FieldType::Currency) {
        let Some(money) = record.get(&field.key).as_money() else {
            record.mains.remove(&field.key);
            continue;
        };
        let kept = kept.filter(|(currency, _)| *currency == money.currency).map(|(_, rate)| rate);
        let rate = kept.or_else(|| cx.meta.rates.on(money.currency, today));
        match rate.map(|rate| cx.meta.rates.at_rate(money.amount, rate)) {
            Some(Some(main)) => {
                record.mains.insert(field.key.clone(), main);
            }
            Some(None) => found.push(Violation::new("money.overflow", &field.key)),
            None => found.push(Violation::new("money.no_rate", &field.key).with("currency", money.currency.code())),
        }
    }
    found
}

/// What became of the amounts of a currency.
#[derive(Default)]
pub(crate) struct Converted {
    pub changed: u64,
    /// One is more in the main currency than an amount can be; it stays as it was.
    pub too_large: bool,
    /// Some are amounts of deals, which analyses keep at hand.
    deals: bool,
}

/// Converts the open amounts of a currency anew, with today's rate. Closed deals and confirmed orders keep the rate that they have, and so do
/// their lines.
pub(crate) fn convert_open(cx: &Ctx, tx: &mut Write, rates: &Rates, currency: Currency) -> Result<Converted> {
    let mut converted = Converted::default();
    for object in cx.meta.schema.objects() {
        for field in currency_fields(object) {
            let mut after: Option<Id> = None;
            loop {
                let page = db::records::amounts_in(tx, object, field, currency, frozen::since(&object.key), after, CHUNK)?;
                let Some((last, _, _)) = page.last() else { break };
                after = Some(*last);
                convert(cx, tx, rates, (object, field, currency), &page, &mut converted)?;
            }
        }
    }
    if converted.deals {
        analysis::revalued(tx)?;
    }
    Ok(converted)
}

/// The same in many short transactions, so that nobody waits for long, however many there are; how many amounts were changed. Until it has ended
/// some have the rate of before, and analyses count all by it: whoever calls this says at its end that they are worth something else
/// ([`analysis::revalued`]), since each time it is said they are read anew.
pub(crate) fn convert_open_by_and_by(house: &House, credential: &Credential, currency: Currency) -> Result<u64> {
    // What began to be saved on the day before has its rate, and may not be there yet.
    house.write(credential, Limits::default(), Via::System, |_, tx| Ok(tx.alone()?))?;
    let (meta, mut changed) = (house.meta(), 0);
    for object in meta.schema.objects() {
        for field in currency_fields(object) {
            changed += convert_field_by_and_by(house, credential, (object, field, currency))?;
        }
    }
    Ok(changed)
}

fn convert_field_by_and_by(house: &House, credential: &Credential, (object, field, currency): (&Object, &str, Currency)) -> Result<u64> {
    let (unless, mut after, mut changed) = (frozen::since(&object.key), None, 0);
    loop {
        let (last, wrong) = house.read(credential, Limits::default(), |cx, tx| {
            let page = db::records::amounts_in(tx, object, field, currency, unless, after, LOOKED_THROUGH)?;
            let rate = cx.meta.rates.on(currency, cx.today());
            let wrong = |(_, amount, main): &&AmountOf| rate.and_then(|rate| cx.meta.rates.at_rate(*amount, rate)) != *main;
            Ok((page.last().map(|last| last.0), page.iter().filter(wrong).map(|one| one.0).collect::<Vec<Id>>()))
        })?;
        let Some(last) = last else { return Ok(changed) };
        after = Some(last);
        for ids in wrong.chunks(CHUNK as usize) {
            changed += house.write(credential, Limits::default(), Via::System, |cx, tx| {
                // An amount that somebody edits meanwhile would be converted as it was before.
                tx.alone()?;
                let page = db::records::amounts_of(tx, object, field, currency, unless, ids)?;
                let mut converted = Converted::default();
                convert(cx, tx, &cx.meta.rates, (object, field, currency), &page, &mut converted)?;
                Ok(converted.changed)
            })?;
        }
    }
}

/// Converts these amounts of one field.
fn convert(
    cx: &Ctx,
    tx: &mut Write,
    rates: &Rates,
    (object, field, currency): (&Object, &str, Currency),
    page: &[AmountOf],
    converted: &mut Converted,
) -> Result<()> {
    let Some(rate) = rates.on(currency, cx.today()) else { return Ok(()) };
    let mut changed: Vec<(Id, Amount)> = Vec::new();
    for (id, amount, main) in page {
        match rates.at_rate(*amount, rate) {
            Some(new) if Some(new) != *main => changed.push((*id, new)),
            Some(_) => {}
            None => converted.too_large = true,
        }
    }
    open_masters(cx, tx, object, &mut changed)?;
    converted.changed += changed.len() as u64;
    converted.deals |= processes::concerns(object) && !changed.is_empty();
    db::records::set_mains(tx, object, field, &changed)?;
    sharing::follow_ids(cx, tx, object, &changed.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    follow(cx, tx, object, field, &changed)
}

/// What is reckoned from the amounts follows their rates: formulas, and sums over several currencies.
fn follow(cx: &Ctx, tx: &mut Write, object: &Object, field: &str, changed: &[(Id, Amount)]) -> Result<()> {
    if !reckoning::follows_amounts(cx, &object.key, field) || changed.is_empty() {
        return Ok(());
    }
    let ids: Vec<Id> = changed.iter().map(|(id, _)| *id).collect();
    let after = db::records::load(tx, &cx.meta.schema, object, &Scope::All("rates hold for every record"), &ids)?;
    reckoning::revalued(cx, tx, object, field, after)
}

/// Locks the masters of lines that are about to be converted. Those of masters whose amounts stay are taken out of `changed`.
fn open_masters(cx: &Ctx, tx: &mut Write, object: &Object, changed: &mut Vec<(Id, Amount)>) -> Result<()> {
    let Some((field, master)) = object.master().filter(|_| lines::concerns(object) && !changed.is_empty()) else { return Ok(()) };
    let Some(master) = cx.meta.schema.object(master) else { return Ok(()) };
    let scope = Scope::All("rates hold for every line");
    let ids: Vec<Id> = changed.iter().map(|(id, _)| *id).collect();
    let of_line: BTreeMap<Id, Id> = db::records::load(tx, &cx.meta.schema, object, &scope, &ids)?
        .iter()
        .filter_map(|line| line.reference(&field.key).map(|master| (line.id, master)))
        .collect();
    let masters: Vec<Id> = of_line.values().copied().collect::<BTreeSet<Id>>().into_iter().collect();
    tx.lock_rows(&[(master.rank, &master.key, masters.clone())])?;
    let open: BTreeSet<Id> = db::records::load(tx, &cx.meta.schema, master, &scope, &masters)?
        .iter()
        .filter(|record| !frozen::is(record))
        .map(|record| record.id)
        .collect();
    changed.retain(|(line, _)| of_line.get(line).is_none_or(|master| open.contains(master)));
    Ok(())
}

/// How many open amounts there are in a currency, counted no further than `most`.
pub(crate) fn open_amounts(cx: &Ctx, tx: &mut Read, currency: Currency, most: u32) -> Result<u32> {
    let mut found = 0;
    for object in cx.meta.schema.objects() {
        for field in currency_fields(object) {
            let page = db::records::amounts_in(tx, object, field, currency, frozen::since(&object.key), None, most - found)?;
            found += u32::try_from(page.len()).unwrap_or(u32::MAX);
            if found >= most {
                return Ok(most);
            }
        }
    }
    Ok(found)
}

/// True when any record holds an amount in a currency.
pub(crate) fn has_amounts_in(cx: &Ctx, tx: &mut Read, currency: Currency) -> Result<bool> {
    for object in cx.meta.schema.objects() {
        for field in currency_fields(object) {
            if !db::records::amounts_in(tx, object, field, currency, None, None, 1)?.is_empty() {
                return Ok(true);
            }
        }
    }
    Ok(false)
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
