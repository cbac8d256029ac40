//! Sums that are kept for boards: reckoned once for a database from before they were.

use std::time::{Duration, Instant as Moment};

use db::{Db, Limits, Read};
use model::Schema;
use model::process::totals::are_kept_of;
use sea_query::{Expr, ExprTrait, OnConflict, Query};

use crate::{Error, House, Result};

const LONGEST: Duration = Duration::from_secs(3_600);

/// In the table of counters: that the sums are kept from now on.
const MARK: &str = "board_totals_kept_by_lifecycle";

/// Adds up what was written before there were sums. Nothing where that has been done.
pub fn fill(db: &Db, schema: &Schema) -> Result<()> {
    if db.read::<_, Error>(are_kept)? {
        return Ok(());
    }
    // Every deal is looked at, once in the life of a database: that may take longer than a write usually has.
    let limits = Limits { deadline: Some(Moment::now() + LONGEST), ..Limits::default() };
    db.write_with::<_, Error>(limits, |tx| {
        for object in schema.objects().filter(|object| are_kept_of(object)) {
            db::records::rebuild(tx, object)?;
        }
        tx.execute(
            Query::insert()
                .into_table("counter")
                .columns(["key", "n"])
                .values_panic([MARK.into(), 1_i64.into()])
                .on_conflict(OnConflict::column("key").do_nothing().to_owned()),
        )?;
        Ok(())
    })
}

/// Adds everything up anew where what is kept differs; gives how many sums did.
pub fn repair(house: &House) -> Result<usize> {
    let limits = Limits { deadline: Some(Moment::now() + LONGEST), ..Limits::default() };
    house.db().write_with::<_, Error>(limits, |tx| {
        // Nobody writes from here on, so what differs does so for good.
        tx.publish_meta()?;
        let mut count = 0;
        for object in house.meta().schema.objects().filter(|object| are_kept_of(object)) {
            let differing = db::records::differing(tx, object)?.len();
            if differing > 0 {
                db::records::rebuild(tx, object)?;
            }
            count += differing;
        }
        Ok(count)
    })
}

fn are_kept(tx: &mut Read) -> Result<bool> {
    Ok(tx.optional(Query::select().column("n").from("counter").and_where(Expr::col("key").eq(MARK)))?.is_some())
}
