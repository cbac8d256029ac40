//! The patch on the record: field rights, defaults, standard fields, calculated figures.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use db::records::Scope;
use model::field::{AutoNumber, FieldType, Function};
use model::role::{Act, FieldAccess};
use model::{Field, Id, Number, Object, Record, Value, Violation};
use sea_query::{Expr, ExprTrait, OnConflict, Query};

use super::change::{Deed, Working};
use crate::{
    Ctx, Error, Result, activities, deals, frozen, leads, lines, orders, people, pools, prices, processes, quotes, reckoning, records, veil,
};

pub(super) fn apply(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    for item in work.iter_mut().filter(|item| item.error.is_none()) {
        if item.before.is_none() {
            defaults(cx, object, item);
        }
        patch(cx, object, item);
        standard(cx, object, item);
        pools::settle(cx, object, item);
        leads::settle(cx, object, item);
        activities::complete(cx, object, item);
    }
    quotes::settle(cx, tx, object, work)?;
    people::default_managers(cx, tx, object, work)?;
    if object.owned {
        owner_departments(cx, tx, work)?;
    }
    for field in object.fields.iter() {
        if let FieldType::AutoNumber { pattern } = &field.kind {
            number(cx, tx, object, field, pattern, work)?;
        }
    }
    orders::begin(cx, tx, object, work)?;
    deals::begin(cx, tx, object, work)?;
    frozen::of_lines(cx, tx, object, work)?;
    prices::take(cx, tx, object, work)?;
    prices::give_positions(cx, tx, object, work)?;
    // Conditions see money in the main currency, so the amounts just given must have theirs before anything is judged.
    for item in work.iter_mut().filter(|item| item.error.is_none()) {
        in_main_currency(cx, object, item);
    }
    if processes::concerns(object) {
        processes::choosing::begin(cx, tx, work)?;
    }
    // Rules may ask for what is reckoned, so it follows before they judge.
    reckoning::on_save(cx, tx, object, work)
}

/// What follows from a change that nothing stands against: stage figures, line amounts, amounts in the main currency, and formulas
/// once more over those.
pub(super) fn derive(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    if processes::concerns(object) {
        prices::amount::keep(cx, work);
        processes::moving::derive(cx, object, work);
    }
    leads::rules::give(cx, tx, object, work)?;
    pools::enter(cx, object, work);
    for item in work.iter_mut().filter(|item| item.is_sound()) {
        lines::derive(object, item);
        in_main_currency(cx, object, item);
    }
    reckoning::on_save(cx, tx, object, work)
}

fn defaults(cx: &Ctx, object: &Object, item: &mut Working) {
    for field in &object.fields {
        // Nothing refers to it yet.
        if let FieldType::Statistical { function: Function::Count, .. } = field.kind {
            item.after.set(&field.key, Number::whole(0));
        }
        if let Some(default) = &field.default
            && let Ok(value) = field.parse(default, cx.meta.organisation.main_currency)
        {
            item.after.set(&field.key, value);
        }
    }
}

fn patch(cx: &Ctx, object: &Object, item: &mut Working) {
    let historic = matches!(item.change.deed, Deed::Historic(_));
    for (key, value) in item.change.patch.clone() {
        let access = object.field(&key).map(|field| (field, cx.who.rights.field(&object.key, field)));
        let Some((field, access)) = access.filter(|(_, access)| *access > FieldAccess::Hidden) else {
            item.findings.push(Violation::new("field.unknown", key));
            continue;
        };
        if item.before.as_ref().is_some_and(|before| *before.get(&key) == value) {
            continue;
        }
        if key == "owner" {
            owner(cx, object, item, value);
        } else if field.is_reckoned()
            || reckoning::follow_ups::is_kept(object, &key)
            || field.is_kept_by_product() && !historic && cx.who.system.is_none()
        {
            item.findings.push(Violation::new("field.read_only", key));
        } else if access < FieldAccess::Write || veil::covers(cx, item.before.as_ref(), &key) {
            item.findings.push(Violation::new("field.no_access", key));
        } else if let Some(violation) = retired_option(field, &value).or_else(|| retired_currency(cx, item, &key, &value)) {
            item.findings.push(violation);
        } else {
            item.after.set(&key, value);
        }
    }
}

/// The owner is never changed by an edit; a new record may be given to somebody else by those who may change owners.
fn owner(cx: &Ctx, object: &Object, item: &mut Working, value: Value) {
    let may_give =
        value.as_id() == Some(cx.who.id) || cx.who.rights.may(Act::ChangeOwner, &object.key) || cx.who.rights.may(Act::Assign, &object.key);
    if item.before.is_some() {
        item.findings.push(Violation::new("owner.use_change_owner", "owner"));
    } else if object.ownerless && value.is_null() {
        // Whoever makes it leaves it for those who give it out.
    } else if !may_give {
        item.findings.push(Violation::new("field.no_access", "owner"));
    } else {
        item.after.set("owner", value);
    }
}

/// An option that is not active any more stays where it is and cannot be chosen anew.
fn retired_option(field: &Field, value: &Value) -> Option<Violation> {
    let options = field.kind.options()?;
    let chosen: Vec<&str> = match value {
        Value::Text(key) => vec![key],
        Value::Keys(keys) => keys.iter().map(String::as_str).collect(),
        _ => return None,
    };
    let retired = chosen.iter().find(|key| options.iter().any(|o| o.key == **key && !o.active))?;
    Some(Violation::new("field.not_an_option", &field.key).with("value", *retired))
}

/// Amounts in a currency that is not active any more stay, and may change; no other amount comes to be in it.
fn retired_currency(cx: &Ctx, item: &Working, key: &str, value: &Value) -> Option<Violation> {
    let currency = value.as_money()?.currency;
    let stands = item.before.as_ref().and_then(|before| before.get(key).as_money()).is_some_and(|money| money.currency == currency);
    if stands || cx.who.system.is_some() || cx.meta.organisation.is_active(currency) {
        return None;
    }
    Some(Violation::new("money.currency_not_active", key).with("currency", currency.code()))
}

fn standard(cx: &Ctx, object: &Object, item: &mut Working) {
    let (at, me) = (item.at, cx.who.id);
    match &item.change.deed {
        Deed::Create | Deed::Historic(_) => {
            let created = match &item.change.deed {
                Deed::Historic(past) => past.created_at.unwrap_or(at),
                _ => at,
            };
            item.after.set("created_at", created);
            item.after.set("created_by", me);
            item.after.set("lifecycle_status", "normal");
            let left_open = object.ownerless && item.change.patch.get("owner").is_some_and(Value::is_null);
            let waits = left_open || leads::rules::asks(cx, object, item);
            if object.owned && item.after.owner().is_none() && cx.who.system.is_none() && !waits {
                item.after.set("owner", me);
            }
        }
        Deed::ChangeOwner { to, .. } | Deed::Assign { to: Some(to) } => item.after.set("owner", *to),
        Deed::Assign { to: None } => {}
        Deed::Void => item.after.set("lifecycle_status", "voided"),
        Deed::Restore => item.after.set("lifecycle_status", "normal"),
        Deed::Submit => item.after.set("lifecycle_status", "normal"),
        Deed::TakeEffect => item.after.set("lifecycle_status", "normal"),
        Deed::Release { ineffective: true } => item.after.set("lifecycle_status", "ineffective"),
        Deed::Release { ineffective: false } => {}
        Deed::Delete => {}
        Deed::Lock => item.after.set("locked", true),
        Deed::Unlock => item.after.set("locked", false),
        Deed::Edit | Deed::Move { .. } | Deed::Reopen { .. } | Deed::ChangeProcess { .. } | Deed::Follow { .. } | Deed::LetGo => {}
        // What lies in pools, and what a lead becomes, is told by their own rooms.
        Deed::Claim | Deed::Return { .. } | Deed::MovePool { .. } => {}
        Deed::MarkInvalid { .. } | Deed::Revive | Deed::Convert(_) => {}
    }
    if matches!(item.change.under, Some(crate::save::Under::Executes(_))) {
        item.after.set(model::approval::FIELD, Value::Null);
        if item.after.text("lifecycle_status") == "in_change" {
            item.after.set("lifecycle_status", "normal");
        }
    }
    // Who voided it, and when, is what the recycle bin tells.
    if matches!(item.change.deed, Deed::LetGo | Deed::Follow { .. }) && item.after.text("lifecycle_status") == "voided" {
        return;
    }
    item.after.set("updated_at", at);
    item.after.set("updated_by", me);
}

/// The owner's department follows the owner while a deal is open and is kept at close.
fn owner_departments(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    let owners: BTreeSet<Id> = work.iter().filter(|item| item.changes("owner")).filter_map(|item| item.after.owner()).collect();
    if owners.is_empty() {
        return Ok(());
    }
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let people =
        db::records::load(tx, &cx.meta.schema, employee, &Scope::All("the owner's department"), &owners.into_iter().collect::<Vec<_>>())?;
    let people: BTreeMap<Id, Record> = people.into_iter().map(|person| (person.id, person)).collect();
    for item in work.iter_mut().filter(|item| item.changes("owner")) {
        let Some(owner) = item.after.owner() else { continue };
        let historic = matches!(item.change.deed, Deed::Historic(_));
        match people.get(&owner) {
            // What is closed stays in the department in which it was closed.
            Some(person) if crate::identity::is_active(person) && item.before.is_some() && !item.after.get("closed_at").is_null() => {}
            Some(person) if historic || crate::identity::is_active(person) => {
                let department = person.get("department").clone();
                item.after.set("owner_department", department);
            }
            Some(_) => item.findings.push(Violation::new("owner.not_active", "owner")),
            None => item.findings.push(Violation::new("field.reference_not_found", "owner")),
        }
    }
    Ok(())
}

/// Numbers are given in order and never twice; one given to a record that is then refused is skipped.
fn number(cx: &Ctx, tx: &mut Write, object: &Object, field: &Field, pattern: &str, work: &mut [Working]) -> Result<()> {
    let fresh: Vec<&mut Working> =
        work.iter_mut().filter(|item| item.error.is_none() && item.before.is_none() && item.after.get(&field.key).is_null()).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let first = counted(tx, &format!("{}.{}", object.key, field.key), fresh.len())?;
    for (item, n) in fresh.into_iter().zip(first..) {
        item.after.set(&field.key, AutoNumber(pattern).show(n, cx.today()));
    }
    Ok(())
}

/// Takes so many numbers in a row of those counted under `key`, and gives the first.
pub(crate) fn counted(tx: &mut Write, key: &str, count: usize) -> Result<i64> {
    let step = count as i64;
    let rows = tx.returning(
        Query::insert()
            .into_table("counter")
            .columns(["key", "n"])
            .values_panic([key.into(), step.into()])
            .on_conflict(OnConflict::column("key").value("n", Expr::col(("counter", "n")).add(step)).to_owned())
            .returning_col("n"),
    )?;
    let last: i64 = rows.first().ok_or_else(|| Error::Internal("a counter without a value".into()))?.get("n")?;
    Ok(last - step + 1)
}

/// Currency fields in the main currency: at today's rate, or at the one that the record or what it lives in keeps.
fn in_main_currency(cx: &Ctx, object: &Object, item: &mut Working) {
    let frozen = frozen::rate(&item.after).or(item.frozen);
    let found = records::in_main_currency(cx, object.fields.iter(), &mut item.after, frozen);
    item.findings.extend(found);
}
