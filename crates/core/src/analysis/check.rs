//! The memory against the definitions: everything is read afresh and reckoned in plain loops.

use db::Read;
use model::Id;
use model::analysis::{Conversion, Deal, Filter, Frame, Sight, plain};
use model::objects::{lifecycle, opportunity};
use model::process::Stay;

use super::asked::{self, ConversionRequest};
use super::conversion::{in_progress, types};
use super::memory::{Memory, deals_of};
use crate::{Ctx, Error, Result};

/// Deals that are read together.
const PAGE: u64 = 5_000;

/// What differs between what the memory says of each process and what plain loops over every stay do, in words; and how many deals were
/// looked at.
pub(crate) fn differing(cx: &Ctx, tx: &mut Read) -> Result<(usize, Vec<String>)> {
    let (deals, stays) = all(cx, tx)?;
    let memory = Memory::read_in(cx, tx)?;
    let mut found = Vec::new();
    for process in &cx.meta.processes {
        let filter = Filter { sight: Sight::Every, ..Filter::default() };
        let told = compared(cx, tx, &memory, process.id, &filter, (&deals, &stays))?;
        found.extend(told.map(|(memory, plain)| format!("{}: {memory:?} and not {plain:?}", process.name)));
    }
    Ok((deals.len(), found))
}

/// What differs for one request, if anything does: what the memory says, and what the plain loops say.
pub fn against_plain(cx: &Ctx, tx: &mut Read, memory: &Memory, request: &ConversionRequest) -> Result<Option<(Conversion, Conversion)>> {
    let object = cx.object(opportunity::KEY)?.clone();
    let process = request.process.as_deref().and_then(|id| cx.meta.process(id)).ok_or(Error::NotFound)?;
    let filter = asked::filter(cx, tx, &object, request)?;
    let (deals, stays) = all(cx, tx)?;
    compared(cx, tx, memory, process.id, &filter, (&deals, &stays))
}

fn compared(
    cx: &Ctx,
    tx: &mut Read,
    memory: &Memory,
    process: Id,
    filter: &Filter,
    (deals, stays): (&[Deal], &[Stay]),
) -> Result<Option<(Conversion, Conversion)>> {
    let object = cx.meta.schema.object(opportunity::KEY).ok_or(Error::NotFound)?;
    let of = cx.meta.processes.iter().find(|one| one.id == process).ok_or(Error::NotFound)?;
    let types = types(object);
    let stages = in_progress(of, &types);
    let frame = Frame { process, stages: &stages, types: &types, now: cx.at };
    let told = memory.ask(cx, tx, process, |columns| columns.conversion(&frame, filter))?;
    let plain = plain(&frame, deals, stays, filter);
    Ok((told != plain).then_some((told, plain)))
}

/// Every deal that counts, and every stay.
fn all(cx: &Ctx, tx: &mut Read) -> Result<(Vec<Deal>, Vec<Stay>)> {
    let object = cx.meta.schema.object(opportunity::KEY).ok_or(Error::NotFound)?;
    let (mut deals, mut stays, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let ids = db::records::ids_after(tx, object, after, PAGE)?;
        for (record, theirs) in deals_of(tx, object, &ids)? {
            if lifecycle::counts(record.text("lifecycle_status")) {
                deals.push(super::memory::deal(cx, &record));
                stays.extend(theirs);
            }
        }
        match ids.last() {
            Some(last) if ids.len() as u64 == PAGE => after = Some(*last),
            _ => return Ok((deals, stays)),
        }
    }
}
