//! Whose deals a reader sees, as the memory asks it.

use std::collections::HashSet;

use db::Read;
use db::records::{Bin, Scope};
use model::analysis::Sight;
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::{Id, Object, Value, pool};

use super::memory::FIELDS;

use crate::{Ctx, Result};

/// Which deals the caller sees.
pub(super) fn of(cx: &Ctx, tx: &mut Read, object: &Object) -> Result<Sight> {
    Ok(match db::records::owners_and_given(tx, &cx.meta.schema, object, &cx.scope())? {
        None => Sight::Every,
        Some((owners, given)) => Sight::Of { owners: hashed(owners), given: hashed(given) },
    })
}

fn hashed(ids: Vec<Id>) -> HashSet<Id> {
    ids.into_iter().collect()
}

/// Deals of which something is blank to the caller that the analysis asks of them, while they lie in a pool: what they come to would tell it.
pub(super) fn covered(cx: &Ctx, tx: &mut Read, object: &Object) -> Result<HashSet<Id>> {
    const WHY: Scope<'static> = Scope::All("what is covered to somebody counts in none of his figures");
    let veils = cx.scope().veils(&object.key).iter().filter(|veil| FIELDS.iter().any(|field| veil.fields.contains(*field)));
    let pools: Vec<Value> = veils.map(|veil| Value::Text(veil.pool.to_string())).collect();
    if pools.is_empty() {
        return Ok(HashSet::new());
    }
    let test = |field: &str, kind: Kind, check: Check| {
        Resolved::Test(Test { hops: Vec::new(), field: field.to_owned(), kind, folded: false, check })
    };
    let condition = Resolved::All(vec![test(pool::FIELD, Kind::Key, Check::In(pools)), test("owner", Kind::Ref, Check::Empty)]);
    Ok(hashed(db::records::all_ids(tx, &cx.meta.schema, object, &WHY, Some(&condition), None, Bin::Out)?))
}
