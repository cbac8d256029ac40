//! Lines stand in an order: one that is given no place comes last.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use model::objects::lines;
use model::{Id, Number, Object};

use crate::save::{Deed, Working};
use crate::{Ctx, Result};

const POSITION: &str = "position";

/// Gives new lines without a place the next ones of their master, which is locked, so that of two who add a line at once each gets his own.
/// What lies in the recycle bin keeps its place.
pub(crate) fn give(_: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let Some((_, via)) = lines::KEYS.iter().find(|(key, _)| *key == object.key) else { return Ok(()) };
    let lacks = |item: &Working| {
        item.error.is_none() && matches!(item.change.deed, Deed::Create | Deed::Historic(_)) && item.after.get(POSITION).is_null()
    };
    let masters: BTreeSet<Id> = work.iter().filter(|item| lacks(item)).filter_map(|item| item.after.reference(via)).collect();
    if masters.is_empty() {
        return Ok(());
    }
    let masters: Vec<Id> = masters.into_iter().collect();
    let mut last: BTreeMap<Id, i64> =
        db::records::greatest_of_all(tx, object, via, POSITION, &masters)?.into_iter().map(|(id, n)| (id, n.0)).collect();
    // What is given a place in the same batch comes before those that are not.
    for item in work.iter().filter(|item| item.error.is_none()) {
        if let (Some(master), Some(given)) = (item.after.reference(via), item.after.get(POSITION).as_number()) {
            let known = last.entry(master).or_default();
            *known = given.0.max(*known);
        }
    }
    let step = Number::whole(1).0;
    for item in work.iter_mut().filter(|item| lacks(item)) {
        let Some(master) = item.after.reference(via) else { continue };
        let place = last.entry(master).or_default();
        *place = place.saturating_add(step) / step * step;
        item.after.set(POSITION, Number(*place));
    }
    Ok(())
}
