//! Acting on an approval: the record is locked first, then the approval is read, decided and written, and what follows is done.

use std::collections::BTreeSet;

use db::Write;
use db::records::Scope;
use model::approval::{Act, By, Run, decide};
use model::{Id, Object, Record};
use serde::Deserialize;
use serde_json::Value as Json;

use super::store::{self, Approval};
use super::{effects, facts, show};
use crate::notices::deputies;
use crate::{Ctx, Error, Result};

/// The body of an act.
#[derive(Clone, Debug, Deserialize)]
pub struct Acting {
    #[serde(flatten)]
    pub act: Act,
    #[serde(default)]
    pub comment: Option<String>,
}

const WHY: Scope<'static> = Scope::All("an approval goes on whoever sees its record");

/// Does one act. Errors: not there for the caller; whatever `model::approval` refuses.
pub fn act(cx: &Ctx, tx: &mut Write, id: Id, acting: &Acting) -> Result<Json> {
    show::must_concern(cx, tx, id)?;
    let (approval, object, record) = lock(cx, tx, id)?;
    let by = By {
        id: cx.who.id,
        stands_in_for: deputies::Standing::load(cx, tx)?.by_person(cx.who.id).into_iter().collect::<BTreeSet<_>>(),
        administrator: cx.is_administrator(),
        owner: record.owner() == Some(cx.who.id),
    };
    perform(cx, tx, approval, &object, &record, &by, &acting.act, acting.comment.as_deref())?;
    show::one(cx, tx, id)
}

/// Locks the record and reads the approval as it stands then.
pub(super) fn lock(cx: &Ctx, tx: &mut Write, id: Id) -> Result<(Approval, Object, Record)> {
    let known = store::load(tx, id)?;
    let object = cx.object(&known.object)?.clone();
    tx.lock_rows(&[(object.rank, &object.key, vec![known.record])])?;
    let approval = store::load(tx, id)?;
    let record = db::records::load(tx, &cx.meta.schema, &object, &WHY, &[approval.record])?.pop().ok_or(Error::NotFound)?;
    Ok((approval, object, record))
}

/// Decides an act, writes what follows, and does what was approved.
#[allow(clippy::too_many_arguments)] // One act with all that it is judged by.
pub(super) fn perform(
    cx: &Ctx,
    tx: &mut Write,
    mut approval: Approval,
    object: &Object,
    record: &Record,
    by: &By,
    act: &Act,
    comment: Option<&str>,
) -> Result<()> {
    let flow = facts::flow_of(tx, approval.flow, approval.flow_version)?;
    let would_be = effects::as_asked(cx, object, record, &approval);
    let known = facts::of(cx, tx, &flow, object, &would_be, approval.run.submitter)?;
    let mut entries = decide(&flow, &approval.run, &known, by, act, comment)?;
    let failed = effects::follow(cx, tx, &mut approval, object, record, &mut entries)?;
    let mut run: Run = approval.run.clone();
    entries.iter().for_each(|entry| run.apply(entry));
    store::update(cx, tx, object, &approval, &run, &entries, failed.as_ref())
}
