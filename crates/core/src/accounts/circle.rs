//! No account stands above itself.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use model::{Id, Object, Violation};

use super::hierarchy::{KEY, LEVELS, UPWARD};
use crate::Result;
use crate::save::Working;

/// Held by whoever puts an account below another: two who together would make a circle meet here.
const TREE: &str = "account.tree";

/// Whoever gets a parent has it neither above nor below himself; a tree is so many levels high at most.
pub(crate) fn judge(tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let turns = |item: &Working| item.error.is_none() && item.changes(UPWARD) && item.after.reference(UPWARD).is_some();
    if object.key != KEY || !work.iter().any(turns) {
        return Ok(());
    }
    tx.lock(&[TREE.to_owned()])?;
    let mut above: BTreeMap<Id, Option<Id>> = BTreeMap::new();
    let mut next: BTreeSet<Id> = work.iter().filter(|item| turns(item)).filter_map(|item| item.after.reference(UPWARD)).collect();
    for _ in 0..=LEVELS {
        next.retain(|id| !above.contains_key(id));
        if next.is_empty() {
            break;
        }
        let ids: Vec<Id> = next.iter().copied().collect();
        let found = db::records::references_of(tx, object, UPWARD, &ids)?;
        next = found.iter().filter_map(|(_, parent)| *parent).collect();
        above.extend(found);
    }
    for item in work.iter_mut().filter(|item| item.error.is_none() && item.changes(UPWARD)) {
        let (id, parent) = (item.after.id, item.after.reference(UPWARD));
        let (mut at, mut steps) = (parent, 0);
        while let Some(here) = at.filter(|here| *here != id && steps < LEVELS) {
            (at, steps) = (above.get(&here).copied().flatten(), steps + 1);
        }
        match at {
            None => {
                above.insert(id, parent);
            }
            Some(here) if here == id => item.findings.push(Violation::new("account.circle", UPWARD)),
            Some(_) => item.findings.push(Violation::new("account.too_deep", UPWARD).with("max", LEVELS)),
        }
    }
    Ok(())
}
