//! What was found, as the API tells it, page by page.

use std::str::FromStr;

use db::Read;
use model::process::replay::{Gate, GateCount};
use model::{Id, Instant, Value};
use serde_json::{Value as Json, json};

use super::open::{Halted, Late};
use super::{Found, Held, Try};
use crate::records::Refs;
use crate::{Ctx, Error, Result, veil};

const LIMIT: usize = 200;
const MOST: usize = 1000;

/// One of the lists of deals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    HeldBack,
    Overdue,
    Stuck,
}

impl FromStr for List {
    type Err = Error;

    fn from_str(text: &str) -> Result<List> {
        match text {
            "held_back" => Ok(List::HeldBack),
            "overdue" => Ok(List::Overdue),
            "stuck" => Ok(List::Stuck),
            _ => Err(Error::Malformed("list: held_back, overdue or stuck".into())),
        }
    }
}

/// Which rows are wanted.
pub(super) struct Page {
    limit: usize,
    list: Option<List>,
    gate: Option<String>,
    /// The instant as of which the first page was asked for, and how many rows came before.
    stand: Option<(Instant, usize)>,
}

impl Page {
    pub fn of(wanted: &Try) -> Result<Page> {
        let limit = wanted.limit.unwrap_or(LIMIT);
        if !(1..=MOST).contains(&limit) {
            return Err(Error::Malformed(format!("limit: a whole number from 1 to {MOST}")));
        }
        let list = wanted.list.as_deref().map(str::parse).transpose()?;
        let stand = wanted.cursor.as_deref().map(|cursor| read(cursor).ok_or_else(|| Error::Malformed("cursor".into()))).transpose()?;
        if stand.is_some() && list.is_none() {
            return Err(Error::Malformed("a cursor goes with a list".into()));
        }
        Ok(Page { limit, list, gate: wanted.gate.clone(), stand })
    }

    /// The instant as of which the pages are told.
    pub fn at(&self) -> Option<Instant> {
        self.stand.map(|(at, _)| at)
    }

    /// The rows of a list that are on the page, and where it goes on.
    fn cut<'a, T>(&self, list: List, rows: &[&'a T], at: Instant) -> (Vec<&'a T>, Option<String>) {
        if self.list.is_some_and(|only| only != list) {
            return (Vec::new(), None);
        }
        let from = self.stand.map_or(0, |(_, before)| before).min(rows.len());
        let until = (from + self.limit).min(rows.len());
        (rows[from..until].to_vec(), (until < rows.len()).then(|| format!("{}-{until}", at.0)))
    }

    /// Whether a row is wanted that these gates stand against.
    pub fn wants(&self, gates: &[Gate]) -> bool {
        self.gate.as_ref().is_none_or(|key| gates.iter().any(|gate| gate.key() == *key))
    }
}

fn read(cursor: &str) -> Option<(Instant, usize)> {
    let (at, before) = cursor.split_once('-')?;
    Some((Instant(at.parse().ok()?), before.parse().ok()?))
}

pub(super) fn report(cx: &Ctx, tx: &mut Read, found: &Found, page: &Page) -> Result<Json> {
    let (tally, reached, open) = (&found.tally, found.reached, &found.open);
    let mut refs = Refs::default();
    let mut gates: Vec<(&Gate, &GateCount)> = tally.gates.iter().collect();
    gates.sort_by(|a, b| (b.1.moves, a.0).cmp(&(a.1.moves, b.0)));
    let held: Vec<&Held> = found.held.iter().filter(|held| page.wants(&held.gates)).collect();
    let answer = json!({
        "process": {
            "id": found.process.id.to_string(), "name": found.process.name, "version": found.process.version, "source": found.source,
        },
        "months": found.months, "from": found.from.to_string(), "at": found.at.to_string(),
        "complete": reached.moves == reached.of_moves && open.is_complete,
        "reached": {"moves": reached.moves, "of_moves": reached.of_moves, "deals": reached.deals, "of_deals": reached.of_deals},
        "moves": {
            "judged": tally.judged, "held_back": tally.held_back, "passed": tally.judged - tally.held_back,
            "only_asked": tally.only_asked, "only_new_tasks": tally.only_new_tasks,
            "left_out": {
                "bypassed": found.left_out.bypassed, "imported": found.left_out.imported, "mapped": found.left_out.mapped,
            },
        },
        "deals": {"judged": tally.deals, "held_back": tally.deals_held_back},
        "gates": gates.into_iter().map(|(gate, count)| shown(gate, count)).collect::<Vec<_>>(),
        "held_back": listed(page, List::HeldBack, &held, found.at, |held| moved(cx, &mut refs, held)),
        "open": {
            "judged": open.judged,
            "overdue": {"now": open.overdue.0, "then": open.overdue.1},
            "stuck": {"now": open.stuck.0, "then": open.stuck.1},
        },
        "overdue": listed(page, List::Overdue, &all(&open.becomes_overdue), found.at, |late| overdue(cx, &mut refs, late)),
        "stuck": listed(page, List::Stuck, &all(&open.becomes_stuck), found.at, |halted| stuck(cx, &mut refs, halted)),
    });
    let mut answer = answer;
    answer["refs"] = refs.names(cx, tx)?;
    Ok(answer)
}

fn all<T>(rows: &[T]) -> Vec<&T> {
    rows.iter().collect()
}

fn listed<T>(page: &Page, list: List, rows: &[&T], at: Instant, show: impl FnMut(&T) -> Json) -> Json {
    let (shown, next) = page.cut(list, rows, at);
    json!({"items": shown.into_iter().map(show).collect::<Vec<_>>(), "count": rows.len(), "next_cursor": next})
}

fn shown(gate: &Gate, count: &GateCount) -> Json {
    json!({
        "key": gate.key(), "code": gate.code, "stage": gate.stage, "path": count.says.path, "params": said(count),
        "moves": count.moves, "alone": count.alone, "deals": count.deals, "asked": count.asked, "new_task": count.new_task,
    })
}

/// What the words of a gate speak of: the stage of whose entering it speaks, too.
fn said(count: &GateCount) -> Json {
    let mut params = count.says.params.clone();
    params.insert("stage".to_owned(), count.says.stage.as_str().into());
    Json::Object(params)
}

fn deal(cx: &Ctx, refs: &mut Refs, deal: Id, owner: Option<Id>, amount: &Value) -> Json {
    refs.note("opportunity", deal);
    owner.iter().for_each(|owner| refs.note("employee", *owner));
    let amount = if veil::hides(cx, "opportunity", "amount") { &Value::Null } else { amount };
    json!({"opportunity": deal.to_string(), "owner": owner.map(|id| id.to_string()), "amount": model::field::show(amount)})
}

fn moved(cx: &Ctx, refs: &mut Refs, held: &Held) -> Json {
    refs.note("employee", held.by);
    let mut row = deal(cx, refs, held.deal, held.owner, &held.amount);
    row["from"] = held.from.as_deref().into();
    row["to"] = held.to.as_str().into();
    row["at"] = held.at.to_string().into();
    row["by"] = held.by.to_string().into();
    row["how"] = held.how.key().into();
    row["gates"] = held.gates.iter().map(Gate::key).collect::<Vec<_>>().into();
    row
}

fn overdue(cx: &Ctx, refs: &mut Refs, late: &Late) -> Json {
    let mut row = deal(cx, refs, late.deal, late.owner, &late.amount);
    row["stage"] = late.stage.as_str().into();
    row["entered_at"] = late.entered_at.to_string().into();
    row["due_at"] = late.due_at.to_string().into();
    row["due_before"] = late.due_before.map(|due| due.to_string()).into();
    row
}

fn stuck(cx: &Ctx, refs: &mut Refs, halted: &Halted) -> Json {
    let mut row = deal(cx, refs, halted.deal, halted.owner, &halted.amount);
    row["stage"] = halted.stage.as_str().into();
    row["why"] = if halted.stage_missing { "stage_missing" } else { "nothing_ahead" }.into();
    row["requirements"] = json!(halted.requirements);
    row
}
