//! Locks: of a record itself, or of what it lives in.

use db::Read;
use db::records::Scope;
use model::role::Act;
use model::{Id, Object, Record};

use crate::{Ctx, Result, access};

/// How far up a lock is looked for.
const DEPTH: usize = 4;

/// The record whose lock holds this one: itself, or what it lives in.
pub(crate) fn holder(cx: &Ctx, tx: &mut Read, object: &Object, record: &Record) -> Result<Option<(String, Id)>> {
    if record.get("locked").is_true() {
        return Ok(Some((object.key.clone(), record.id)));
    }
    let mut above = above(object, record);
    for _ in 0..DEPTH {
        let Some((key, id)) = above else { break };
        let Some(object) = cx.meta.schema.object(&key) else { break };
        let found = db::records::load(tx, &cx.meta.schema, object, &Scope::All("what a record lives in may be locked"), &[id])?;
        let Some(record) = found.first() else { break };
        if record.get("locked").is_true() {
            return Ok(Some((key, id)));
        }
        above = self::above(object, record);
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
