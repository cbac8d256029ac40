//! Which document is tried before it is published, and whether it can be.

use db::Read;
use model::Id;
use model::process::Process;
use serde_json::Value as Json;

use super::{drafts, judge};
use crate::{Ctx, Error, Result};

/// The document given, else the draft, else what is published; and which of them it is. One with problems is refused with them, but
/// that it lacks a stage in which deals stand: what would become of those is what one wants to see.
pub(in crate::processes) fn on_trial(cx: &Ctx, tx: &mut Read, id: &str, given: Option<&Json>) -> Result<(Process, &'static str)> {
    let known: Id = id.parse().map_err(|_| Error::NotFound)?;
    let published = cx.meta.process(id);
    let draft = drafts::load(tx, known)?.map(|draft| draft.process);
    let (process, source) = match (given, draft, published) {
        (_, None, None) => return Err(Error::NotFound),
        (Some(given), ..) => (judge::read(given)?, "given"),
        (None, Some(draft), _) => (draft, "draft"),
        (None, None, Some(published)) => (published.clone(), "published"),
    };
    let process = Process { id: known, ..process };
    let refusals = judge::judge(cx, tx, &cx.meta, &process)?.refusals;
    if refusals.is_empty() { Ok((process, source)) } else { Err(Error::Invalid(refusals)) }
}
