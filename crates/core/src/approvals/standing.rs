//! Deputies in approvals: whoever stands in for somebody who is asked sees the record as long as he does, or he could not answer.
//!
//! Deputies come and go by the clock. What has been given to them is held against who stands in now; where that differs, the records of those
//! whom it concerns are given anew, a transaction for each, and then it is noted. However often that is broken off, it is done in the end.

use std::collections::BTreeSet;

use db::{Limits, Read, Write};
use model::{Id, Via};
use sea_query::{Expr, ExprTrait, Query, Value as Sql};

use super::{act, sight};
use crate::notices::deputies::Standing;
use crate::{Credential, Ctx, Error, House, Result};

const WORKER: Credential = Credential::System("deputies in approvals");

/// Gives and takes what follows from deputies who have come or gone.
pub(super) fn work(house: &House) -> Result<()> {
    let changed = house.read(&WORKER, Limits::default(), changed)?;
    if changed.is_empty() {
        return Ok(());
    }
    for person in &changed {
        for approval in house.read(&WORKER, Limits::default(), |_, tx| asked(tx, *person))? {
            house.write(&WORKER, Limits::default(), Via::System, |cx, tx| match act::lock(cx, tx, approval) {
                Ok((approval, object, record)) => sight::give(cx, tx, (&object, &record), approval.id, &approval.run),
                Err(Error::NotFound) => Ok(()),
                Err(other) => Err(other),
            })?;
        }
    }
    house.write(&WORKER, Limits::default(), Via::System, note)
}

/// Those for whom others stand in than is noted.
fn changed(cx: &Ctx, tx: &mut Read) -> Result<BTreeSet<Id>> {
    let now = pairs(cx, tx)?;
    let mut noted = BTreeSet::new();
    for row in tx.all(&Query::select().columns(["person", "deputy"]).from("approval_stand_in").to_owned())? {
        noted.insert((row.get("person")?, row.get("deputy")?));
    }
    Ok(now.symmetric_difference(&noted).map(|(person, _)| *person).collect())
}

fn pairs(cx: &Ctx, tx: &mut Read) -> Result<BTreeSet<(Id, Id)>> {
    let standing = Standing::load(cx, tx)?;
    let absent: Vec<Id> = standing.absent().collect();
    Ok(absent.into_iter().flat_map(|person| standing.for_person(person).into_iter().map(move |deputy| (person, deputy))).collect())
}

fn note(cx: &Ctx, tx: &mut Write) -> Result<()> {
    tx.lock(&["approval_stand_in".to_owned()])?;
    let rows = pairs(cx, tx)?.into_iter().map(|(person, deputy)| vec![Sql::from(person.0), Sql::from(deputy.0)]).collect();
    tx.execute(Query::delete().from_table("approval_stand_in").to_owned())?;
    Ok(tx.insert_rows("approval_stand_in", &["person", "deputy"], rows)?)
}

/// The approvals in which somebody's turn has come or will.
fn asked(tx: &mut Read, person: Id) -> Result<BTreeSet<Id>> {
    let mut found = BTreeSet::new();
    for state in ["open", "waiting"] {
        let select = Query::select()
            .column("approval")
            .from("approval_task")
            .and_where(Expr::col("person").eq(person.0))
            .and_where(Expr::col("state").eq(state))
            .to_owned();
        for row in tx.all(&select)? {
            found.insert(row.get("approval")?);
        }
    }
    Ok(found)
}
