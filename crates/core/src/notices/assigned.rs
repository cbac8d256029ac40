//! Records that have become somebody's: he is told, once for all that came to him with one act.

use std::collections::BTreeMap;

use db::Write;
use model::{Id, Object, Record};

use super::{Kind, Notice, tell_all};
use crate::{Ctx, Result};

/// To whom, in which way, and which record.
pub(crate) type Given = (Id, Kind, Id);

/// Tells the new owners of these records; what somebody took or made for himself is no news to him.
pub(crate) fn tell(cx: &Ctx, tx: &mut Write, object: &Object, given: &[Given]) -> Result<()> {
    let mut by_owner: BTreeMap<(Id, Kind), Vec<Id>> = BTreeMap::new();
    for (to, kind, record) in given {
        by_owner.entry((*to, *kind)).or_default().push(*record);
    }
    let notice = |((owner, kind), records): ((Id, Kind), Vec<Id>)| {
        let alone = records.as_slice();
        let mut notice = Notice { object: Some(object.key.clone()), count: alone.len() as i64, ..Notice::new(owner, kind) };
        if let [record] = alone {
            notice.record = Some(*record);
        }
        // What is done to many goes on in several transactions and is still one act.
        if let Some(job) = cx.part_of {
            notice = Notice { gathers: true, ..notice.once(format!("{job}.{}", object.key)) };
        }
        notice
    };
    tell_all(cx, tx, by_owner.into_iter().map(notice).collect())
}

/// To whom a record has come by this change; nobody by the product's own doings, as the demo's.
pub(crate) fn newly(cx: &Ctx, object: &Object, before: Option<&Record>, after: &Record) -> Option<Given> {
    if cx.who.id == Id::SYSTEM {
        return None;
    }
    let newly = |field: &str| {
        let now = after.reference(field).filter(|person| *person != cx.who.id)?;
        (before.and_then(|before| before.reference(field)) != Some(now)).then_some(now)
    };
    // A task is its assignee's to do, whoever owns it.
    if object.key == model::objects::task::KEY {
        let open = after.text("task_status") == model::objects::task::OPEN;
        return newly("assignee").filter(|_| open).map(|to| (to, Kind::TaskAssigned, after.id));
    }
    newly("owner").filter(|_| object.owned).map(|to| (to, Kind::Assigned, after.id))
}
