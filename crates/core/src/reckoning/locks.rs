//! Which records a change will touch besides those that are changed, found beforehand so that all are locked at once and in one order
//! (core rule 3).
//!
//! What is found here was read without locks and may be out of date by the time they are held; whatever turns out then to be missing
//! is locked late, at the risk of a deadlock that the database ends and the transaction survives by running again.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::records::Scope;
use model::{Id, Object, Patch, Record};

use super::waves::AT_ONCE;
use crate::{Ctx, Result, prices};

const SCOPE: Scope<'static> = Scope::All("what a change touches is locked");

/// Records to lock, by object.
pub(crate) type Rows = BTreeMap<String, BTreeSet<Id>>;

/// What is about to be changed.
pub(crate) struct Planned<'a> {
    pub patches: Vec<&'a Patch>,
    /// The records as they stand; read without a lock.
    pub present: Vec<Record>,
    /// Fields that may change; `None`: any.
    pub fields: Option<BTreeSet<String>>,
}

/// True where a change of records of `object` may touch others at all.
pub(crate) fn reaches_out(cx: &Ctx, object: &str) -> bool {
    let plan = &cx.meta.plan;
    plan.over(object).next().is_some()
        || !plan.reading(object).is_empty()
        || plan.formulas(object).iter().any(|one| one.indexed && one.formula.paths().iter().any(|path| !path.hops.is_empty()))
}

/// The records that planned changes of `object` will touch: parents of roll-ups, records whose formulas read the changed ones, and what
/// follows from those; also the records that formulas of the changed ones read, which must not change meanwhile.
pub(crate) fn of(cx: &Ctx, tx: &mut Read, object: &Object, planned: &Planned<'_>) -> Result<Rows> {
    let mut rows = Rows::new();
    read_by_formulas(cx, tx, object, planned, &mut rows)?;
    super::follow_ups::rows(cx, tx, object, planned, &mut rows)?;
    let mut fields = planned.fields.clone();
    if let Some(fields) = &mut fields {
        closure(cx, &object.key, fields);
    }
    let mut waves = vec![(object.key.clone(), planned.present.clone(), fields, true)];
    let mut depth = 0;
    while let Some((key, records, fields, first)) = waves.pop() {
        depth += 1;
        if depth > 64 {
            break;
        }
        let changed = |field: &str| fields.as_ref().is_none_or(|fields| fields.contains(field));
        let mut up: BTreeMap<&str, (BTreeSet<Id>, BTreeSet<String>)> = BTreeMap::new();
        for group in cx.meta.plan.over(&key).filter(|group| group.concerns(&changed)) {
            let (ids, touched) = up.entry(&group.parent).or_default();
            ids.extend(records.iter().filter_map(|record| record.reference(&group.via)));
            if first {
                ids.extend(planned.patches.iter().filter_map(|patch| patch.get(&group.via)?.as_id()));
            }
            touched.extend(group.items.iter().map(|item| item.field.clone()));
        }
        let mut down: BTreeMap<&str, (BTreeSet<Id>, BTreeSet<String>)> = BTreeMap::new();
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
        for dependant in cx.meta.plan.reading(&key).iter().filter(|one| !ids.is_empty() && one.reads.iter().any(|field| changed(field))) {
            let Some(other) = cx.meta.schema.object(&dependant.object) else { continue };
            let found = db::records::depending(tx, other, &dependant.hops, &ids, AT_ONCE + 1)?;
            if found.len() as u64 <= AT_ONCE {
                let (ids, touched) = down.entry(&dependant.object).or_default();
                ids.extend(found);
                touched.insert(dependant.field.clone());
            }
        }
        for (other, (ids, mut touched)) in up.into_iter().chain(down) {
            if ids.is_empty() {
                continue;
            }
            closure(cx, other, &mut touched);
            rows.entry(other.to_owned()).or_default().extend(&ids);
            // Only where more follows are the records themselves of interest.
            let changed = |field: &str| touched.contains(field);
            let goes_on = cx.meta.plan.over(other).any(|group| group.concerns(&changed))
                || cx.meta.plan.reading(other).iter().any(|one| one.reads.iter().any(|field| changed(field)));
            if let (true, Some(object)) = (goes_on, cx.meta.schema.object(other)) {
                let ids: Vec<Id> = ids.into_iter().collect();
                let records = db::records::load(tx, &cx.meta.schema, object, &SCOPE, &ids)?;
                waves.push((other.to_owned(), records, Some(touched), false));
            }
        }
    }
    Ok(rows)
}

/// With fields of a record change the formulas on it that read them.
fn closure(cx: &Ctx, object: &str, fields: &mut BTreeSet<String>) {
    prices::amount::add_what_follows(cx, object, fields);
    for one in cx.meta.plan.formulas(object) {
        if one.indexed && one.own.iter().any(|field| fields.contains(field)) {
            fields.insert(one.field.clone());
        }
    }
}

/// A formula on a new or newly referring record reads others: were they changed at the same instant, neither would know of the other.
fn read_by_formulas(cx: &Ctx, tx: &mut Read, object: &Object, planned: &Planned<'_>, rows: &mut Rows) -> Result<()> {
    let mut paths = BTreeSet::new();
    for one in cx.meta.plan.formulas(&object.key).iter().filter(|one| one.indexed) {
        paths.extend(one.formula.paths().iter().filter(|path| !path.hops.is_empty()).map(|path| path.hops.clone()));
    }
    for hops in paths {
        let mut ids: BTreeSet<Id> = planned.patches.iter().filter_map(|patch| patch.get(&hops[0].field)?.as_id()).collect();
        for (at, hop) in hops.iter().enumerate() {
            if ids.is_empty() {
                break;
            }
            rows.entry(hop.object.clone()).or_default().extend(&ids);
            let Some(next) = hops.get(at + 1) else { break };
            let Some(target) = cx.meta.schema.object(&hop.object) else { break };
            let wanted: Vec<Id> = ids.into_iter().collect();
            let found = db::records::load(tx, &cx.meta.schema, target, &SCOPE, &wanted)?;
            ids = found.iter().filter_map(|record| record.reference(&next.field)).collect();
        }
    }
    Ok(())
}
