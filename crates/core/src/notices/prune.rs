//! Letting go of old notices.

use db::{Limits, Write};
use model::Via;
use sea_query::{Expr, ExprTrait, Query};

use crate::{Credential, House, Result};

/// How long one is kept, in seconds: half a year.
const KEPT: i64 = 180 * 86_400;
/// Let go in one transaction.
const CHUNK: u64 = 1_000;

/// Lets go of those that are older than half a year, some at a time, so that nobody waits for it; how many.
pub(crate) fn prune(house: &House) -> Result<u64> {
    let mut gone = 0;
    loop {
        let some = house
            .write(&Credential::System("housekeeping"), Limits::default(), Via::System, |cx, tx| some(tx, cx.at.plus_seconds(-KEPT).0))?;
        gone += some;
        if some < CHUNK {
            return Ok(gone);
        }
    }
}

fn some(tx: &mut Write, before: i64) -> Result<u64> {
    let old = Query::select().column("id").from("notice").and_where(Expr::col("at").lt(before)).limit(CHUNK).to_owned();
    Ok(tx.execute(Query::delete().from_table("notice").and_where(Expr::col("id").in_subquery(old)))?)
}
