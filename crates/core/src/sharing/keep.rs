//! What rules give is kept with every write of a record, under its lock.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use db::access::Grant;
use db::records::Scope;
use model::{Id, Object, Record};

use super::live::{Live, given};
use crate::{Ctx, Result};

const SCOPE: Scope<'static> = Scope::All("rules give every record that they mean");

/// What rules give of some records after they are written.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// Records that had something given otherwise.
    differing: Vec<Id>,
    new: Vec<Grant>,
    anew: Vec<Grant>,
}

/// Reckons what rules give of a record, and what is given for want of an owner, and notes it to be written where it differs from what stands; gives it.
pub(crate) fn kept(object: &Object, rules: &[Live], standing: &[Grant], after: &Record, kept: &mut Kept) -> Vec<Grant> {
    let by_rule = |grant: &&Grant| db::access::is_kept(&grant.why);
    let stands: BTreeSet<Grant> = standing.iter().filter(by_rule).cloned().collect();
    let due = given(object, rules, after);
    if due != stands {
        if stands.is_empty() {
            kept.new.extend(due.iter().cloned());
        } else {
            kept.differing.push(after.id);
            kept.anew.extend(due.iter().cloned());
        }
    }
    due.into_iter().collect()
}

/// Writes what differs: at most two statements, however many records there are.
pub(crate) fn write(tx: &mut Write, object: &Object, mut kept: Kept) -> Result<()> {
    if !kept.differing.is_empty() {
        db::access::set_shares(tx, object, &kept.differing, &[])?;
    }
    kept.new.append(&mut kept.anew);
    Ok(db::access::add_shares(tx, object, &kept.new)?)
}

/// As the product writes records that nobody edits (roll-ups, formulas, rates): what rules give of them follows.
pub(crate) fn follow(cx: &Ctx, tx: &mut Write, object: &Object, records: &[&Record]) -> Result<()> {
    match cx.meta.sharing.get(&object.key) {
        Some(rules) if !records.is_empty() => settle_records(tx, object, rules, records).map(|_| ()),
        _ => Ok(()),
    }
}

/// As [`follow`], of records that are still to be read.
pub(crate) fn follow_ids(cx: &Ctx, tx: &mut Write, object: &Object, ids: &[Id]) -> Result<()> {
    match cx.meta.sharing.get(&object.key) {
        Some(rules) if !ids.is_empty() => settle_ids(cx, tx, object, rules, ids).map(|_| ()),
        _ => Ok(()),
    }
}

/// Locks records and puts right what these rules, and no others, give of them; of how many it was otherwise.
pub(super) fn settle_ids(cx: &Ctx, tx: &mut Write, object: &Object, rules: &[Live], ids: &[Id]) -> Result<u64> {
    tx.lock_rows_late(&object.key, ids)?;
    let records = db::records::load(tx, &cx.meta.schema, object, &SCOPE, ids)?;
    settle_records(tx, object, rules, &records.iter().collect::<Vec<_>>())
}

fn settle_records(tx: &mut Write, object: &Object, rules: &[Live], records: &[&Record]) -> Result<u64> {
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    let mut standing: BTreeMap<Id, Vec<Grant>> = BTreeMap::new();
    for grant in db::access::grants(tx, &object.key, &ids)? {
        standing.entry(grant.record).or_default().push(grant);
    }
    let (mut all, mut differing) = (Kept::default(), 0);
    for record in records {
        let before = all.differing.len() + all.new.len();
        kept(object, rules, standing.get(&record.id).map_or(&[], Vec::as_slice), record, &mut all);
        differing += u64::from(all.differing.len() + all.new.len() > before);
    }
    write(tx, object, all)?;
    Ok(differing)
}
