//! When the organisation lets amounts follow lines, open deals are brought along in the background. Closed ones stay as they are.
//!
//! From the moment that the setting is in force every change of a line keeps its deal, so the job and the saves beside it cannot miss each other.

use db::records::Scope;
use db::{Read, Write};
use model::objects::opportunity;
use model::{Id, Object, Record, Via};

use super::amount::{self, TOTAL};
use crate::jobs::{self, Job, Kind, New, Step, WORKER};
use crate::{Ctx, Error, House, Result, reckoning};

/// Deals that are looked at together.
const CHUNK: u64 = 200;
const SCOPE: Scope<'static> = Scope::All("the amounts of open deals follow their lines");

/// Has open deals brought along.
pub(crate) fn enqueue(cx: &Ctx, tx: &mut Write) -> Result<()> {
    if jobs::held_back(tx, Kind::FollowLines, opportunity::KEY, "amount")? {
        return Ok(());
    }
    let object = cx.object(opportunity::KEY)?;
    let total = db::records::size(tx, object)?;
    jobs::enqueue(cx, tx, New { total: Some(total), ..New::on(Kind::FollowLines, opportunity::KEY, Some("amount")) })?;
    Ok(())
}

/// Open deals whose amount is not what their lines come to, among these.
pub(crate) fn behind<'a>(cx: &Ctx, object: &Object, deals: &'a [Record]) -> Vec<&'a Record> {
    let behind = |deal: &&Record| {
        let open = deal.get("closed_at").is_null();
        amount::follows(cx, object, deal) && open && deal.get("amount") != deal.get(TOTAL)
    };
    deals.iter().filter(behind).collect()
}

/// True while open deals are still being brought along.
pub(crate) fn goes_on(tx: &mut Read) -> Result<bool> {
    let going = |job: &Job| job.kind == Kind::FollowLines && job.stage != jobs::Stage::Failed;
    Ok(jobs::open_of(tx, opportunity::KEY)?.iter().any(going))
}

/// One step of the job.
pub(crate) fn step(house: &House, job: &Job, lease: Id) -> Result<Step> {
    let after: Option<Id> = job.position.as_deref().and_then(|id| id.parse().ok());
    jobs::slice(house, job, lease, &WORKER, Via::System, |cx, tx| {
        // Somebody has thought otherwise meanwhile.
        if !amount::is_on(cx) {
            return Ok((None, 0, Step::Done));
        }
        let object = cx.meta.schema.object(opportunity::KEY).cloned().ok_or(Error::NotFound)?;
        let ids = db::records::ids_after(tx, &object, after, CHUNK)?;
        let Some(last) = ids.last() else { return Ok((None, 0, Step::Done)) };
        let mut inner = cx.as_system("the amounts of open deals follow their lines");
        inner.who.id = job.by;
        bring(&inner, tx, &object, &ids)?;
        Ok((Some(last.to_string()), ids.len() as i64, Step::More))
    })
}

fn bring(cx: &Ctx, tx: &mut Write, object: &Object, ids: &[Id]) -> Result<()> {
    let found = db::records::load(tx, &cx.meta.schema, object, &SCOPE, ids)?;
    let wanted: Vec<Id> = behind(cx, object, &found).iter().map(|deal| deal.id).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    reckoning::bring_along(cx, tx, object, wanted, |before, after| match before.get("closed_at").is_null() {
        true => amount::put(cx, object, before, after),
        false => Ok(()),
    })
}
