//! Pools: where records lie that nobody has, for members to claim or for others to give out (spec/05).

use db::{Read, Write};
use model::Object;
use model::pool::Pool;
use sea_query::{Order, Query};

use crate::save::Working;
use crate::{Ctx, Result, meta};

/// Every pool, by name.
pub(crate) fn load(tx: &mut Read) -> Result<Vec<Pool>> {
    let rows = tx.all(Query::select().column("doc").from("pool").order_by("id", Order::Asc))?;
    let mut pools = rows.iter().map(meta::doc).collect::<Result<Vec<Pool>>>()?;
    pools.sort_by_cached_key(|pool| (model::text::fold(&pool.name), pool.id));
    Ok(pools)
}

/// What an act with a pool makes of a record.
pub(crate) fn settle(cx: &Ctx, object: &Object, item: &mut Working) {
    let _ = (cx, object, item);
}

/// Judges acts with pools.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let _ = (cx, tx, object, work);
    Ok(())
}
