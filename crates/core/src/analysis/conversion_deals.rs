//! The deals behind a figure of the stage conversion.

use db::Read;
use model::analysis::{Frame, Part};
use model::objects::opportunity;
use serde::Deserialize;
use serde_json::Value as Json;

use super::asked::{self, ConversionRequest};
use super::behind::{self, Asked};
use super::conversion::{chosen, in_progress, types};
use super::memory::Memory;
use crate::{Ctx, Result, veil};

/// The query of `GET /analysis/stage-conversion/deals`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BehindRequest {
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    pub entered: Option<String>,
    /// A stage in progress; absent: of the process as a whole.
    pub stage: Option<String>,
    /// Of those that have been in the stage.
    pub part: Option<Part>,
    /// Of the process.
    pub of: Option<Of>,
    /// At most 200; 50 when absent.
    pub limit: Option<usize>,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// What is counted of a process as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// All that count.
    Deals,
    /// Those that are won now.
    #[default]
    Won,
    /// Those of them that have an amount, worth that.
    Sized,
}

/// The deals behind a figure of the stage conversion, those first that count most, with how many there are and what they come to.
pub fn conversion_deals(cx: &Ctx, tx: &mut Read, memory: &Memory, request: &BehindRequest) -> Result<Json> {
    let object = cx.object(opportunity::KEY)?.clone();
    let process = chosen(cx, &object, request.process.as_deref())?;
    let page = Asked::new(request.limit, request.cursor.as_deref())?;
    let of = ConversionRequest {
        process: request.process.clone(),
        view: request.view.clone(),
        filter: request.filter.clone(),
        q: request.q.clone(),
        entered: request.entered.clone(),
        format: None,
    };
    let filter = asked::filter(cx, tx, &object, &of)?;
    let types = types(&object);
    let stages = in_progress(process, &types);
    let frame = Frame { process: process.id, stages: &stages, types: &types, now: cx.at };
    let of = request.of.unwrap_or_default();
    let found = memory.ask(cx, tx, process.id, |columns| match (&request.stage, of) {
        (Some(stage), _) => columns.behind(&frame, &filter, stage, request.part.unwrap_or(Part::Total)),
        (None, Of::Deals) => columns.counting(&filter),
        (None, Of::Won) => columns.won(&frame, &filter),
        (None, Of::Sized) => columns.sized(&frame, &filter),
    })?;
    let worth = if request.stage.is_none() && of == Of::Sized { "amount" } else { "analysis_amount" };
    behind::page(cx, tx, &object, found, !veil::hides(cx, &object.key, worth), page)
}
