//! The deals behind a figure: as many as it counts, worth what it says.

use std::cmp::Reverse;

use db::Read;
use model::analysis::{Frame, Part};
use model::objects::opportunity;
use model::{Amount, Id};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::asked::{self, ConversionRequest};
use super::conversion::{chosen, in_progress, types};
use super::memory::Memory;
use crate::records::{Refs, show};
use crate::{Ctx, Error, Result, reckoning, veil};

/// Deals of one page at most.
const MOST: usize = 200;

/// The query of `GET /analysis/stage-conversion/deals`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BehindRequest {
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    pub entered: Option<String>,
    /// A stage in progress; absent: those that are won now.
    pub stage: Option<String>,
    /// Which of those that have been there; all of them when absent.
    pub part: Option<Part>,
    /// At most 200; 50 when absent.
    pub limit: Option<usize>,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// The deals behind a figure of the stage conversion, those first that count most, with how many there are and what they come to.
pub fn behind(cx: &Ctx, tx: &mut Read, memory: &Memory, request: &BehindRequest) -> Result<Json> {
    let object = cx.object(opportunity::KEY)?.clone();
    let process = chosen(cx, &object, request.process.as_deref())?;
    let limit = request.limit.unwrap_or(50);
    if limit == 0 || limit > MOST {
        return Err(Error::Malformed(format!("limit: a whole number from 1 to {MOST}")));
    }
    let from: usize = match &request.cursor {
        None => 0,
        Some(cursor) => cursor.parse().map_err(|_| Error::Malformed("cursor: the one that the last page gave".into()))?,
    };
    let of = ConversionRequest {
        process: request.process.clone(),
        view: request.view.clone(),
        filter: request.filter.clone(),
        q: request.q.clone(),
        entered: request.entered.clone(),
    };
    let filter = asked::filter(cx, tx, &object, &of)?;
    let types = types(&object);
    let stages = in_progress(process, &types);
    let frame = Frame { process: process.id, stages: &stages, types: &types, now: cx.at };
    let mut deals: Vec<(i64, Id)> = memory.ask(cx, tx, process.id, |columns| match &request.stage {
        Some(stage) => columns.behind(&frame, &filter, stage, request.part.unwrap_or(Part::Total)),
        None => columns.won(&frame, &filter),
    })?;
    // Whoever may not know what they count is not told by their order.
    let counted = !veil::hides(cx, &object.key, "analysis_amount");
    deals.sort_by_key(|(worth, id)| (Reverse(if counted { *worth } else { 0 }), *id));
    let amount: i128 = deals.iter().map(|(worth, _)| i128::from(*worth)).sum();
    let page: Vec<Id> = deals.iter().skip(from).take(limit).map(|(_, id)| *id).collect();
    let mut records = db::records::load(tx, &cx.meta.schema, &object, &cx.scope(), &page)?;
    records.sort_by_key(|record| page.iter().position(|id| *id == record.id));
    reckoning::on_read(cx, tx, &object, &mut records, None)?;
    let mut refs = Refs::default();
    records.iter().for_each(|record| refs.note_record(cx, &object, record));
    let items: Vec<Json> = records.iter().map(|record| show(cx, &object, record, None)).collect();
    let main = cx.meta.rates.main();
    Ok(json!({
        "items": items,
        "count": deals.len(),
        "amount": counted.then(|| Amount::show_sum(amount, main)),
        "main_currency": main.code(),
        "next": (from + page.len() < deals.len()).then(|| (from + page.len()).to_string()),
        "refs": refs.names(cx, tx)?,
    }))
}
