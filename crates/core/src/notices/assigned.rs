//! Records that have become somebody's: he is told, once for all that came to him with one act.

use std::collections::BTreeMap;

use db::Write;
use model::{Id, Object, Record};

use super::{Kind, Notice, tell_all};
use crate::{Ctx, Result};

/// Tells the new owners of these records; what somebody took or made for himself is no news to him.
pub(crate) fn tell(cx: &Ctx, tx: &mut Write, object: &Object, given: &[(Id, Id)]) -> Result<()> {
    let mut by_owner: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for (owner, record) in given {
        by_owner.entry(*owner).or_default().push(*record);
    }
    let notice = |(owner, records): (Id, Vec<Id>)| {
        let alone = records.as_slice();
        let mut notice = Notice { object: Some(object.key.clone()), count: alone.len() as i64, ..Notice::new(owner, Kind::Assigned) };
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

/// True where a record has come to a person by this change: the product's own doings, as the demo's, are not told.
pub(crate) fn newly(cx: &Ctx, before: Option<&Record>, after: &Record) -> Option<Id> {
    let owner = after.owner().filter(|owner| *owner != cx.who.id)?;
    (cx.who.id != Id::SYSTEM && before.and_then(Record::owner) != Some(owner)).then_some(owner)
}
