//! Records without rights of their own: a line has those of its deal, a contact role those of what it hangs on (spec/01, Access 2).
//!
//! Whoever may change an existing one was told by its present parent. Here the parent is judged that a new one is put under, or an
//! existing one is moved to, and whether the parent may be changed at all at present.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use model::{Field, Id, Object, Record, Violation};

use super::change::{Deed, Under, Working};
use super::locks;
use crate::{Ctx, Error, Result, access, approvals};

pub(super) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let Some(field) = object.lender() else { return Ok(()) };
    if object.hangs_by().is_some() {
        return judge_regarded(cx, tx, field, work);
    }
    let sound = work.iter().filter(|item| item.error.is_none());
    let wanted: Vec<(String, Id)> = sound.flat_map(|item| above(item, field)).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let (mut parents, mut writable) = (BTreeMap::new(), BTreeSet::new());
    let mut lock_holds = BTreeSet::new();
    let mut waits = BTreeMap::new();
    let lives_in = object.lives_in().is_some_and(|(of, _)| of.key == field.key);
    for (parent, records) in access::parents(cx, tx, field, wanted.into_iter())? {
        writable.extend(access::writable(cx, tx, &parent, &records.iter().collect::<Vec<_>>())?);
        for record in records.iter().filter(|_| lives_in) {
            if locks::stands_against(cx, locks::holder(cx, tx, &parent, record)?.as_ref()) {
                lock_holds.insert(record.id);
            }
            if let Some(waiting) = locks::waiting(cx, tx, &parent, record)?
                && approvals::mended_under(cx, tx, &waiting)?.is_none()
            {
                waits.insert(record.id, approvals::in_approval(tx, &waiting, &field.key)?);
            }
        }
        parents.extend(records.into_iter().map(|record| (record.id, record)));
    }
    for item in work.iter_mut().filter(|item| item.error.is_none()) {
        // One that is out of sight is told as a reference to nothing.
        let seen: Vec<&Record> = above(item, field).filter_map(|(_, id)| parents.get(&id)).collect();
        // What belongs to somebody is his to change wherever it stands; to put it somewhere is a change of that.
        let given = item.change.patch.get(&field.key).and_then(|value| access::parent_in(field, value)).map(|(_, id)| id);
        let asked = |record: &&&Record| !object.owned || item.before.is_none() || given == Some(record.id);
        if seen.iter().filter(asked).any(|record| !writable.contains(&record.id)) {
            item.error = Some(Error::Forbidden { act: item.change.act().key().to_owned(), object: object.key.clone() });
            continue;
        }
        // What has been is told by imports as it was, and what is gone must be let go.
        if matches!(item.change.deed, Deed::Historic(_) | Deed::LetGo) {
            continue;
        }
        if seen.iter().any(|record| record.text("lifecycle_status") == "voided") {
            item.findings.push(Violation::new("record.voided", &field.key));
        } else if seen.iter().any(|record| lock_holds.contains(&record.id)) {
            item.findings.push(Violation::new("record.locked", &field.key));
        } else if let Some(found) = seen.iter().find_map(|record| waits.get(&record.id)).filter(|_| !goes_along(cx, item)) {
            item.findings.push(found.clone());
        }
    }
    Ok(())
}

/// What comes to be with what waits, or is part of its approval, and what the product keeps up.
fn goes_along(cx: &Ctx, item: &Working) -> bool {
    cx.who.system.is_some() || matches!(item.change.under, Some(Under::Executes(_) | Under::Fills(_)))
}

/// What hangs on a record is no part of it: whoever sees the record may say what was done about it, also while it is locked. Only to what
/// lies in the recycle bin nothing comes any more; what hangs on it already may be brought to its end.
fn judge_regarded(cx: &Ctx, tx: &mut Write, field: &Field, work: &mut [Working]) -> Result<()> {
    let is_judged = |item: &Working| {
        item.error.is_none()
            && !matches!(item.change.deed, Deed::Historic(_) | Deed::LetGo)
            && item
                .change
                .patch
                .get(&field.key)
                .is_some_and(|given| item.before.as_ref().is_none_or(|before| before.get(&field.key) != given))
    };
    let given = |item: &Working| item.change.patch.get(&field.key).and_then(|value| access::parent_in(field, value));
    let wanted: Vec<(String, Id)> = work.iter().filter(|item| is_judged(item)).filter_map(given).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let mut voided = BTreeSet::new();
    for (_, records) in access::parents(cx, tx, field, wanted.into_iter())? {
        voided.extend(records.iter().filter(|record| record.text("lifecycle_status") == "voided").map(|record| record.id));
    }
    for item in work.iter_mut().filter(|item| is_judged(item)) {
        if given(item).is_some_and(|(_, id)| voided.contains(&id)) {
            item.findings.push(Violation::new("record.voided", &field.key));
        }
    }
    Ok(())
}

/// The parent that the record has and the one that it is given.
fn above<'a>(item: &'a Working, field: &'a Field) -> impl Iterator<Item = (String, Id)> + use<'a> {
    let present = item.before.as_ref().and_then(|record| access::parent(field, record));
    let given = item.change.patch.get(&field.key).and_then(|value| access::parent_in(field, value));
    present.into_iter().chain(given)
}
