//! Who stands above whom: a person who is given no manager has the head of his department.

use std::collections::BTreeMap;

use db::Write;
use db::records::Scope;
use model::{Id, Object, Record};

use crate::save::{Deed, Working};
use crate::{Ctx, Result};

/// Held by whoever changes who stands above whom, or who is in which department: two who together would make a circle, or fill a
/// department that is being voided, meet here.
pub(super) const LINES: &str = "people.lines";
/// Most steps up a chain.
const HEIGHT: usize = 100;
const WHY: Scope<'static> = Scope::All("to find who stands above");

/// Each record's way up, as it will be once the changes that are being judged are in.
pub(super) struct Lines(BTreeMap<Id, Option<Id>>);

impl Lines {
    /// As they are stored.
    pub fn load(tx: &mut Write, object: &Object, upward: &str) -> Result<Lines> {
        Ok(Lines(db::records::all_references(tx, object, upward)?.into_iter().collect()))
    }

    /// True when the way up from `from` comes to `goal`, or to no end.
    pub fn lead(&self, from: Option<Id>, goal: Id) -> bool {
        let mut at = from;
        for _ in 0..HEIGHT {
            match at {
                None => return false,
                Some(here) if here == goal => return true,
                Some(here) => at = self.0.get(&here).copied().flatten(),
            }
        }
        true
    }

    /// From now on this stands above.
    pub fn put(&mut self, id: Id, above: Option<Id>) {
        self.0.insert(id, above);
    }
}

/// Gives the head of the primary department to those who are created or moved and are given no manager: to those who have none, and to
/// those whose manager was the head of the department that they leave. A head himself gets the next head above.
pub(crate) fn default(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    if object.key != "employee" || !work.iter().any(asks) {
        return Ok(());
    }
    let Some(department) = cx.meta.schema.object("department") else { return Ok(()) };
    tx.lock(&[LINES.to_owned()])?;
    let heads: BTreeMap<Id, Option<Id>> = db::records::all_references(tx, department, "head")?.into_iter().collect();
    let mut lines = Lines::load(tx, object, "manager")?;
    let wanted: Vec<Id> = heads.values().flatten().copied().collect();
    let people: BTreeMap<Id, Record> =
        db::records::load(tx, &cx.meta.schema, object, &WHY, &wanted)?.into_iter().map(|person| (person.id, person)).collect();
    let head_for = |lines: &Lines, person: Id, department: Option<Id>| {
        let chain = department.into_iter().flat_map(|department| cx.meta.tree().chain(department));
        let mut heads = chain.filter_map(|department| heads.get(&department).copied().flatten());
        heads.find(|head| people.get(head).is_some_and(crate::identity::is_active) && !lines.lead(Some(*head), person))
    };
    for item in work.iter_mut().filter(|item| asks(item)) {
        let id = item.after.id;
        let before = item.before.as_ref();
        let by_default = before.is_none_or(|person| {
            let manager = person.reference("manager");
            manager.is_none() || manager == head_for(&lines, id, person.reference("department"))
        });
        if !by_default {
            continue;
        }
        if let Some(head) = head_for(&lines, id, item.after.reference("department")) {
            item.after.set("manager", head);
            lines.put(id, Some(head));
        }
    }
    Ok(())
}

/// Created or moved, and nothing said of a manager.
fn asks(item: &Working) -> bool {
    item.error.is_none()
        && matches!(item.change.deed, Deed::Create | Deed::Edit)
        && !item.change.patch.contains_key("manager")
        && item.after.reference("department").is_some()
        && item.changes("department")
}
