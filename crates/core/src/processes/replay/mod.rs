//! Try before publishing: a process replayed over the moves that were made, and laid over the deals that are open.
//!
//! Each deal is brought back from what it is today by its history and led again through its moves; the judge of all moves says what the
//! process on trial would have said (`model::process::replay`). What is around a deal (the records it refers to and that refer to it, people,
//! departments, rates) is taken as it is today. Nothing is changed by any of it.

mod export;
mod open;
mod past;
mod report;
mod trial;
mod walk;

use std::time::{Duration, Instant as Moment};

use db::Read;
use jiff::ToSpan;
use model::process::replay::{Gate, Tally};
use model::process::{How, Process};
use model::{Id, Instant, Value, Violation};
use sea_query::{Expr, ExprTrait, Func, Order, Query};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::processes::definition;
use crate::{Ctx, Result};

pub use export::{TryoutWords, export, judge_export};
use open::Open;
use trial::Trial;
use walk::{LeftOut, Span};

/// Deals read and tried together.
const BATCH: usize = 500;
/// How long the past is worked on, and then the present: what is not done by then is told as not done.
const PATIENCE: Duration = Duration::from_secs(30);
/// How far one looks back.
const MONTHS: std::ops::RangeInclusive<i64> = 1..=24;

/// The body of `POST /processes/{id}/try`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Try {
    /// The document to try; absent: the draft, else what is published.
    pub process: Option<Json>,
    pub months: Option<i64>,
    /// Rows of each list.
    pub limit: Option<usize>,
    /// The one list whose page is wanted: `held_back`, `overdue` or `stuck`.
    pub list: Option<String>,
    /// Only what this gate would have held back.
    pub gate: Option<String>,
    pub cursor: Option<String>,
}

/// A move that would have been held back.
struct Held {
    deal: Id,
    owner: Option<Id>,
    amount: Value,
    from: Option<String>,
    to: String,
    at: Instant,
    by: Id,
    how: How,
    gates: Vec<Gate>,
}

/// How far it got, of moves and deals.
#[derive(Clone, Copy, Debug, Default)]
struct Reached {
    moves: u64,
    of_moves: u64,
    deals: usize,
    of_deals: usize,
}

/// All that was found.
struct Found {
    process: Process,
    source: &'static str,
    months: i64,
    from: Instant,
    at: Instant,
    tally: Tally,
    left_out: LeftOut,
    held: Vec<Held>,
    reached: Reached,
    open: Open,
}

/// Tries a process and tells what was found.
pub fn tries(cx: &Ctx, tx: &mut Read, id: &str, wanted: &Try) -> Result<Json> {
    let page = report::Page::of(wanted)?;
    let found = find(cx, tx, id, wanted, page.at())?;
    report::report(cx, tx, &found, &page)
}

/// Whoever asks must be an administrator, and the months must be such as one looks back.
fn judge(cx: &Ctx, wanted: &Try) -> Result<i64> {
    cx.only_asks(true);
    cx.administrators_only("edit", "sales_process")?;
    let months = wanted.months.unwrap_or(6);
    if MONTHS.contains(&months) {
        Ok(months)
    } else {
        Err(Violation::new("field.out_of_range", "months")
            .with("min", MONTHS.start().to_string())
            .with("max", MONTHS.end().to_string())
            .into())
    }
}

fn find(cx: &Ctx, tx: &mut Read, id: &str, wanted: &Try, at: Option<Instant>) -> Result<Found> {
    let months = judge(cx, wanted)?;
    let (process, source) = definition::on_trial(cx, tx, id, wanted.process.as_ref())?;
    let object = cx.object("opportunity")?.clone();
    let at = at.unwrap_or(cx.at).min(cx.at);
    let day = at.date_in(&cx.meta.calendar.zone).saturating_sub(months.months());
    let span = Span { from: Instant::start_of(day, &cx.meta.calendar.zone), until: at };
    let mut trial = Trial::new(cx, &object, process);
    let (mut tally, mut left_out, mut held) = (Tally::default(), LeftOut::default(), Vec::new());
    let deals = moved(tx, trial.id(), &span)?;
    let mut reached = Reached { of_moves: deals.iter().map(|(_, moves)| moves).sum(), of_deals: deals.len(), ..Reached::default() };
    let began = Moment::now();
    for batch in deals.chunks(BATCH) {
        if began.elapsed() > PATIENCE {
            break;
        }
        let ids: Vec<Id> = batch.iter().map(|(id, _)| *id).collect();
        let pasts = past::load(&mut trial, tx, &ids, span.from)?;
        walk::walk(&mut trial, &pasts, &span, &mut left_out, &mut |judged| {
            let gates = tally.add(judged.deal.id, &judged.verdict, &judged.new_tasks);
            if !gates.is_empty() {
                held.push(Held {
                    deal: judged.deal.id,
                    owner: judged.deal.owner,
                    amount: judged.deal.amount.clone(),
                    from: judged.from.map(|stay| stay.stage.clone()),
                    to: judged.stay.stage.clone(),
                    at: judged.stay.entered_at,
                    by: judged.stay.entered_by,
                    how: judged.stay.how,
                    gates,
                });
            }
        })?;
        reached.deals += batch.len();
        reached.moves += batch.iter().map(|(_, moves)| moves).sum::<u64>();
    }
    // The latest first; those of one instant always in the same order.
    held.sort_by_key(|held| std::cmp::Reverse((held.at, held.deal)));
    let open = open::look(&mut trial, tx, PATIENCE)?;
    let Trial { process, .. } = trial;
    Ok(Found { process, source, months, from: span.from, at, tally, left_out, held, reached, open })
}

/// Deals with moves in the span, those moved last first, and how many each had.
fn moved(tx: &mut Read, process: Id, span: &Span) -> Result<Vec<(Id, u64)>> {
    let last = || Func::max(Expr::col("entered_at"));
    let select = Query::select()
        .column("opportunity")
        .expr(Func::count(Expr::col("id")))
        .from("stage_stay")
        .and_where(Expr::col("process").eq(process.0))
        .and_where(Expr::col("entered_at").gte(span.from.0))
        .and_where(Expr::col("entered_at").lte(span.until.0))
        .group_by_col("opportunity")
        .order_by_expr(last().into(), Order::Desc)
        .order_by("opportunity", Order::Desc)
        .to_owned();
    tx.all(&select)?.iter().map(|row| Ok((row.get(0)?, row.get::<i64>(1)?.unsigned_abs()))).collect::<Result<_>>()
}
