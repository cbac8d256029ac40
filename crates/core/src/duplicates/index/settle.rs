//! Making parts that rules need, and taking out those that none needs any more.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant as Moment;

use db::followed::Followed;
use db::records::Scope;
use db::{Limits, Read, Write};
use model::{Id, Schema, Via};
use sea_query::{Expr, ExprTrait, Query};

use super::parts::{self, DROPPING, FILLING, Made, READY, Stored};
use crate::jobs::{self, Job, Kind, New, SLICE, Step, WORKER, slice};
use crate::{Ctx, House, Meta, Result};

/// Records that are entered together.
const CHUNK: u64 = 100;
/// Entries that are taken out together.
const OUT: u64 = 2000;
const SCOPE: Scope<'static> = Scope::All("every record is entered, whosever it is");

/// Lets the parts be those that the rules need as they are stored now: called by whoever has changed rules, after publishing, so that no other
/// transaction writes before this one has ended. What is new is kept by every write after it.
pub fn settle_parts(cx: &Ctx, tx: &mut Write, meta: &Meta) -> Result<Vec<Id>> {
    settle(cx, tx, &meta.schema, &meta.organisation.country, false)
}

/// As [`settle_parts`], for the objects as they shall stand and the organisation's country; all parts `anew` where they are not trusted. The
/// jobs that it takes.
pub(crate) fn settle(cx: &Ctx, tx: &mut Write, schema: &Schema, country: &str, anew: bool) -> Result<Vec<Id>> {
    let Difference { missing, superfluous } = difference(tx, schema, country, anew)?;
    let mut begun = Vec::new();
    for stored in &superfluous {
        let id = stored.part.id;
        tx.execute(Query::update().table("match_part").value("state", DROPPING).and_where(Expr::col("id").eq(id)))?;
        jobs::cancel(cx, tx, &stored.part.object, Some(&id.to_string()), &[Kind::FillMatches])?;
        begun.push(jobs::enqueue(cx, tx, New::on(Kind::DropMatches, &stored.part.object, Some(&id.to_string())))?);
    }
    for ((object, field, kind), made_with) in missing.iter() {
        let Some(of) = schema.object(object) else { continue };
        let id = next_id(tx)?;
        let size = db::records::size(tx, of)?;
        let state = if size == 0 { READY } else { FILLING };
        tx.execute(
            Query::insert().into_table("match_part").columns(["id", "object", "field", "kind", "state", "made_with"]).values_panic([
                id.into(),
                object.as_str().into(),
                field.as_str().into(),
                kind.key().into(),
                state.into(),
                made_with.as_str().into(),
            ]),
        )?;
        if state == FILLING {
            let part = id.to_string();
            let new = New { total: Some(size), ..New::on(Kind::FillMatches, object, Some(&part)) };
            begun.push(jobs::enqueue(cx, tx, new)?);
        }
    }
    if !missing.is_empty() || !superfluous.is_empty() {
        // What this transaction itself writes from here on.
        let parts = parts::load(tx, schema)?;
        tx.follow(Arc::new(Followed { parts, country: country.to_owned(), ..(*cx.meta.followed).clone() }));
    }
    Ok(begun)
}

struct Difference {
    /// What is to be made, with what it is made with.
    missing: BTreeMap<Made, String>,
    superfluous: Vec<Stored>,
}

fn difference(tx: &mut Read, schema: &Schema, country: &str, anew: bool) -> Result<Difference> {
    let rules = parts::rules(tx)?;
    let mut missing: BTreeMap<Made, String> = BTreeMap::new();
    for made in parts::needed(schema, &rules) {
        let Some(object) = schema.object(&made.0) else { continue };
        let Some(field) = object.field(&made.1) else { continue };
        let with = parts::made_with(country, object, field, made.2);
        missing.insert(made, with);
    }
    let mut superfluous = Vec::new();
    for stored in parts::all(tx)?.into_iter().filter(|stored| stored.state != DROPPING) {
        let made = (stored.part.object.clone(), stored.part.field.clone(), stored.part.kind);
        match missing.get(&made) {
            Some(with) if *with == stored.made_with && !anew => {
                missing.remove(&made);
            }
            _ => superfluous.push(stored),
        }
    }
    Ok(Difference { missing, superfluous })
}

/// Ids are counted and never used again: an entry that is left of an old part belongs to nothing.
fn next_id(tx: &mut Write) -> Result<i64> {
    let select = Query::select().column("n").from("counter").and_where(Expr::col("key").eq("match_part")).to_owned();
    let next = tx.optional(&select)?.map_or(Ok(0), |row| row.get::<i64>(0))? + 1;
    tx.execute(
        Query::insert()
            .into_table("counter")
            .columns(["key", "n"])
            .values_panic(["match_part".into(), next.into()])
            .on_conflict(sea_query::OnConflict::column("key").update_columns(["n"]).to_owned()),
    )?;
    Ok(next)
}

/// Lets the parts be those that are needed when a house is opened: rules that it ships, or keys that a new version draws otherwise.
pub(crate) fn keep_up(house: &House) -> Result<()> {
    let differs = house.read(&WORKER, Limits::default(), |cx, tx| {
        let Difference { missing, superfluous } = difference(tx, &cx.meta.schema, &cx.meta.organisation.country, false)?;
        Ok(!missing.is_empty() || !superfluous.is_empty())
    })?;
    if !differs {
        return Ok(());
    }
    house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
        let (_, meta) = crate::meta::publish(cx, tx)?;
        settle_parts(cx, tx, &meta).map(|_| ())
    })
}

/// One step of a job that enters older records in a part, or takes the entries of one out.
pub(crate) fn step(house: &House, job: &Job, lease: Id) -> Result<Step> {
    let Some(part) = job.field.as_deref().and_then(|id| id.parse::<i64>().ok()) else { return Ok(Step::Failed("which part?".into())) };
    match job.kind {
        Kind::DropMatches => take_out(house, job, lease, part),
        _ => fill(house, job, lease, part),
    }
}

fn fill(house: &House, job: &Job, lease: Id, part: i64) -> Result<Step> {
    let more = slice(house, job, lease, &WORKER, Via::System, |cx, tx| {
        let began = Moment::now();
        let Some(part) = cx.meta.followed.parts.iter().find(|known| known.id == part && !known.ready) else { return Ok((None, 0, None)) };
        let (Some(object), Some(stored)) = (cx.meta.schema.object(&part.object), parts::one(tx, part.id)?) else {
            return Ok((None, 0, None));
        };
        let (mut after, mut done) = (stored.position, 0);
        loop {
            let ids = db::records::ids_after(tx, object, after, CHUNK)?;
            // Whoever changes one of them at this moment ends first, and his entries are seen; whoever comes later finds it entered.
            tx.lock_rows(&[(object.rank, &object.key, ids.clone())])?;
            let records = db::records::load(tx, &cx.meta.schema, object, &SCOPE, &ids)?;
            db::matching::enter(tx, &cx.meta.followed, part, object, &records)?;
            done += ids.len() as i64;
            after = ids.last().copied().or(after);
            let all = (ids.len() as u64) < CHUNK;
            if all || began.elapsed() >= SLICE {
                let position = after.map(|id| id.0);
                tx.execute(Query::update().table("match_part").value("position", position).and_where(Expr::col("id").eq(part.id)))?;
                return Ok((after.map(|id| id.to_string()), done, Some(!all)));
            }
        }
    })?;
    if more == Some(true) {
        return Ok(Step::More);
    }
    house.write(&WORKER, Limits::default(), Via::System, |_, tx| {
        // In force for the next transaction on every server.
        if more.is_some() && jobs::is_mine(tx, job.id, lease)? {
            tx.publish_meta()?;
            let update = Query::update()
                .table("match_part")
                .value("state", READY)
                .and_where(Expr::col("id").eq(part))
                .and_where(Expr::col("state").eq(FILLING))
                .to_owned();
            tx.execute(&update)?;
        }
        Ok(())
    })?;
    Ok(Step::Done)
}

fn take_out(house: &House, job: &Job, lease: Id, part: i64) -> Result<Step> {
    slice(house, job, lease, &WORKER, Via::System, |_, tx| {
        let began = Moment::now();
        loop {
            if !db::matching::forget(tx, part, OUT)? {
                let gone = Query::delete()
                    .from_table("match_part")
                    .and_where(Expr::col("id").eq(part))
                    .and_where(Expr::col("state").eq(DROPPING))
                    .to_owned();
                tx.execute(&gone)?;
                return Ok((None, 0, Step::Done));
            }
            if began.elapsed() >= SLICE {
                return Ok((None, 0, Step::More));
            }
        }
    })
}
