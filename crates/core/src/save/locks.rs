//! What holds a record as it is: its lock or its approval, or one of what it lives in.

use db::Read;
use db::records::Scope;
use model::role::Act;
use model::{Id, Object, Record};

use crate::{Ctx, Result, access, approvals};

/// How far up it is looked.
const DEPTH: usize = 4;

/// The record whose lock holds this one: itself, or what it lives in.
pub(crate) fn holder(cx: &Ctx, tx: &mut Read, object: &Object, record: &Record) -> Result<Option<(String, Id)>> {
    let found = nearest(cx, tx, object, record, |record| record.get("locked").is_true())?;
    Ok(found.map(|record| (record.object, record.id)))
}

/// The record whose approval holds this one: itself, or what it lives in.
pub(crate) fn waiting(cx: &Ctx, tx: &mut Read, object: &Object, record: &Record) -> Result<Option<Record>> {
    nearest(cx, tx, object, record, |record| approvals::waits_for(record).is_some())
}

/// The nearest for which it is true, of the record and those that it lives in.
fn nearest(cx: &Ctx, tx: &mut Read, object: &Object, record: &Record, wanted: impl Fn(&Record) -> bool) -> Result<Option<Record>> {
    if wanted(record) {
        return Ok(Some(record.clone()));
    }
    let mut above = above(object, record);
    for _ in 0..DEPTH {
        let Some((key, id)) = above else { break };
        let Some(object) = cx.meta.schema.object(&key) else { break };
        let found = db::records::load(tx, &cx.meta.schema, object, &Scope::All("what holds a record holds what lives in it"), &[id])?;
        let Some(record) = found.into_iter().next() else { break };
        if wanted(&record) {
            return Ok(Some(record));
        }
        above = self::above(object, &record);
    }
    Ok(None)
}

fn above(object: &Object, record: &Record) -> Option<(String, Id)> {
    object.lives_in().and_then(|(field, _)| access::parent(field, record))
}

/// True where a lock stands against the caller: whoever may unlock passes it.
pub(crate) fn stands_against(cx: &Ctx, holder: Option<&(String, Id)>) -> bool {
    holder.is_some_and(|(object, _)| !cx.who.rights.may(Act::Unlock, object))
}
