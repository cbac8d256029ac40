//! Lists of approvals: what waits for the caller, what he has decided, what he has asked for, and all of them for administrators.

use std::collections::BTreeSet;

use db::Read;
use model::Id;
use model::approval::{Run, Task, TaskState};
use sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::seen::Reader;
use super::store::{self, Approval};
use crate::notices::deputies::Standing;
use crate::records::Refs;
use crate::{Ctx, Error, Result, records};

/// The query of `GET /approvals`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalsRequest {
    #[serde(default)]
    pub which: Which,
    pub object: Option<String>,
    /// `running`, `returned`, or one of the outcomes.
    pub state: Option<String>,
    /// Part of the name of the record or of the flow.
    pub q: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// Whose approvals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The caller is asked, himself or for somebody who is away.
    #[default]
    ToDo,
    /// He has decided, or a deputy for him.
    Done,
    /// He has submitted it, or counts as its initiator.
    Mine,
    /// For administrators.
    All,
}

impl Which {
    /// The answers of which a list is made, each by an index of its own.
    fn answers(self) -> &'static [Answers] {
        if self == Which::Done { &[Answers::Own, Answers::ByDeputies] } else { &[Answers::Own] }
    }
}

/// Whose answers count as somebody's.
#[derive(Clone, Copy)]
enum Answers {
    /// Those that he has given, be it for another.
    Own,
    /// Those that others have given in his place; what the product has answered is none.
    ByDeputies,
}

impl Answers {
    fn of(self, me: Id, task: &'static str) -> Cond {
        let by = || Expr::col((task, "answered_by"));
        match self {
            Answers::Own => Cond::all().add(by().eq(me.0)),
            Answers::ByDeputies => Cond::all().add(Expr::col((task, "person")).eq(me.0)).add(by().ne(me.0)).add(by().ne(Id::SYSTEM.0)),
        }
    }
}

/// Approvals that are looked at for words, at most, in one request.
const LOOKED_AT: usize = 1000;

/// A line of a list before it is shown: the approval, and by what it is ordered. Of what is to do or done the task, too.
#[derive(Clone, Copy, Debug)]
struct Line {
    approval: Id,
    at: Option<i64>,
    task: i64,
}

impl Line {
    fn cursor(self) -> String {
        format!("{}.{}.{}", self.at.map_or("-".to_owned(), |at| at.to_string()), self.approval, self.task)
    }

    fn of(text: &str) -> Option<Line> {
        let mut parts = text.split('.');
        let at = parts.next()?;
        let at = if at == "-" { None } else { Some(at.parse().ok()?) };
        let line = Line { approval: parts.next()?.parse().ok()?, at, task: parts.next()?.parse().ok()? };
        parts.next().is_none().then_some(line)
    }
}

/// A page of approvals.
pub fn list(cx: &Ctx, tx: &mut Read, request: &ApprovalsRequest) -> Result<Json> {
    if request.which == Which::All {
        cx.administrators_only("read", "approval")?;
    }
    let limit = request.limit.unwrap_or(50).clamp(1, 200) as usize;
    let malformed = || Error::Malformed("cursor: not one of this list's".into());
    let mut after = request.cursor.as_deref().map(|text| Line::of(text).ok_or_else(malformed)).transpose()?;
    let mut people = Standing::load(cx, tx)?.by_person(cx.who.id);
    people.insert(0, cx.who.id);
    let q = request.q.as_deref().map(str::trim).filter(|q| !q.is_empty()).map(str::to_lowercase);
    let total = if q.is_none() { Some(count(tx, request, &people)?) } else { None };
    let mut refs = Refs::default();
    let (mut items, mut looked_at) = (Vec::new(), 0);
    let next = loop {
        let some = if q.is_some() { 200 } else { limit };
        let lines = page(tx, request, &people, after, some + 1)?;
        let more = lines.len() > some;
        let lines = &lines[..lines.len().min(some)];
        let approvals = store::some(tx, &lines.iter().map(|line| line.approval).collect::<Vec<_>>())?;
        let reader = Reader::of(cx, tx, &approvals)?;
        looked_at += lines.len();
        let mut last = None;
        for line in lines {
            let Some(approval) = approvals.iter().find(|approval| approval.id == line.approval) else { continue };
            last = Some(*line);
            if q.as_ref().is_some_and(|q| !fits(&reader, approval, q)) {
                continue;
            }
            let task = (request.which == Which::ToDo).then_some(line.task as usize);
            let mut item = summary(&reader, approval, task, &mut refs)?;
            if request.which == Which::Done {
                item["decided"] = decided(&approval.run.tasks[line.task as usize], &mut refs);
            }
            items.push(item);
            if items.len() == limit {
                break;
            }
        }
        let ended_early = last.is_some_and(|last| lines.last().is_some_and(|line| line.cursor() != last.cursor()));
        after = last.filter(|_| more || ended_early);
        if after.is_none() || items.len() >= limit || looked_at >= LOOKED_AT {
            break after;
        }
    };
    Ok(json!({"items": items, "total": total, "next": next.map(Line::cursor), "refs": refs.names(cx, tx)?}))
}

/// The approvals of a record, newest first, for whoever sees it.
pub fn of_record(cx: &Ctx, tx: &mut Read, object: &str, record: Id) -> Result<Json> {
    let object = cx.object(object)?.clone();
    records::load(cx, tx, &object, record)?;
    let select = Query::select()
        .column("id")
        .from("approval")
        .and_where(Expr::col("record").eq(record.0))
        .order_by("began_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(200)
        .to_owned();
    let ids = tx.all(&select)?.iter().map(|row| row.get("id")).collect::<std::result::Result<Vec<Id>, _>>()?;
    let approvals = store::some(tx, &ids)?;
    let reader = Reader::of(cx, tx, &approvals)?;
    let mut refs = Refs::default();
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(approval) = approvals.iter().find(|approval| approval.id == id) {
            items.push(summary(&reader, approval, None, &mut refs)?);
        }
    }
    Ok(json!({"items": items, "total": items.len(), "next": null, "refs": refs.names(cx, tx)?}))
}

fn fits(reader: &Reader<'_>, approval: &Approval, q: &str) -> bool {
    let flow = reader.flow(approval).map(|flow| flow.name.to_lowercase().contains(q)).unwrap_or_default();
    flow || reader.name(approval).is_some_and(|name| name.to_lowercase().contains(q))
}

/// One approval in short. `task` is the one by which it is in the list.
pub(super) fn summary(reader: &Reader<'_>, approval: &Approval, task: Option<usize>, refs: &mut Refs) -> Result<Json> {
    let (flow, run) = (reader.flow(approval)?, &approval.run);
    let mine = reader.tasks(run);
    let own = task.and_then(|task| mine.iter().find(|(n, _)| *n == task)).or(mine.first()).copied();
    let waiting_for = turn_of(run);
    let shown_task = own.map(|(n, _)| n).or(run.open().next().map(|(n, _)| n));
    let node = shown_task.map(|task| run.steps[run.tasks[task].step].node.as_str());
    let due = shown_task.and_then(|task| store::due_at(flow, run, task));
    for person in waiting_for.iter().chain([&run.submitter, &run.initiator]).chain(own.and_then(|(_, absent)| absent).iter()) {
        refs.note("employee", *person);
    }
    refs.note(&approval.object, approval.record);
    let on_behalf_of = |absent: Option<Id>| absent.map(|id| id.to_string());
    let tasks: Vec<Json> = mine.iter().map(|(n, absent)| json!({"task": n, "on_behalf_of": on_behalf_of(*absent)})).collect();
    Ok(json!({
        "id": approval.id.to_string(), "flow": approval.flow.to_string(), "flow_name": flow.name, "object": approval.object,
        "record": approval.record.to_string(), "record_name": reader.name(approval).filter(|name| !name.is_empty()),
        "what": approval.what, "asks": reader.asks(approval, refs), "state": store::state(run),
        "initiator": run.initiator.to_string(), "submitter": run.submitter.to_string(),
        "began_at": approval.began_at.to_string(), "ended_at": approval.ended_at.map(|at| at.to_string()),
        "waiting_for": waiting_for.iter().map(Id::to_string).collect::<Vec<_>>(),
        "my_task": own.map(|(n, _)| n), "my_tasks": tasks, "on_behalf_of": on_behalf_of(own.and_then(|(_, absent)| absent)),
        "node": node, "node_name": node.and_then(|key| flow.node(key)).map(|node| node.name.as_str()),
        "due_at": due.map(|at| at.to_string()), "overdue": due.is_some_and(|at| at <= reader.cx.at),
        "can": reader.can(approval)?, "version": approval.version,
    }))
}

/// The answer by which an approval is among those that are done: whose it is, and who gave it for him.
fn decided(task: &Task, refs: &mut Refs) -> Json {
    let by = task.by.unwrap_or(task.person);
    [by, task.person].iter().for_each(|person| refs.note("employee", *person));
    json!({
        "what": if task.state == TaskState::Rejected { "rejected" } else { "agreed" }, "by": by.to_string(),
        "on_behalf_of": (by != task.person).then(|| task.person.to_string()), "by_itself": task.by_itself,
        "at": task.ended.map(|at| at.to_string()),
    })
}

/// Whose turn it is.
pub(super) fn turn_of(run: &Run) -> Vec<Id> {
    if run.is_running() && run.returned.is_some() {
        return vec![run.initiator];
    }
    let people: BTreeSet<Id> = run.open().map(|(_, task)| task.person).collect();
    people.into_iter().collect()
}

/// The lines of a list behind a place.
fn page(tx: &mut Read, request: &ApprovalsRequest, people: &[Id], after: Option<Line>, limit: usize) -> Result<Vec<Line>> {
    if request.which != Which::ToDo {
        let mut lines = Vec::new();
        for answers in request.which.answers() {
            for row in tx.all(&past(request, people, *answers, after, limit))? {
                lines.push(Line { approval: row.get("approval")?, at: row.get("at")?, task: row.get("n")? });
            }
        }
        lines.sort_by_key(|line| std::cmp::Reverse((line.at, line.approval)));
        lines.truncate(limit);
        return Ok(lines);
    }
    let mut lines = Vec::new();
    // What is due first, then what is due at no time, the oldest first.
    for dated in [true, false] {
        if lines.len() >= limit || dated && after.is_some_and(|after| after.at.is_none()) {
            continue;
        }
        for row in tx.all(&to_do(request, people, after, dated, limit - lines.len()))? {
            lines.push(Line { approval: row.get("approval")?, at: row.get("at")?, task: row.get("n")? });
        }
    }
    Ok(lines)
}

/// What is or was, newest first.
fn past(request: &ApprovalsRequest, people: &[Id], answers: Answers, after: Option<Line>, limit: usize) -> SelectStatement {
    let mut select = chosen(request, people, answers);
    let done = request.which == Which::Done;
    let (table, id, at) = if done { ("t", "approval", "ended_at") } else { ("a", "id", "began_at") };
    select.expr_as(Expr::col((table, id)), "approval").expr_as(Expr::col((table, at)), "at");
    select.expr_as(if done { Expr::col(("t", "n")) } else { Expr::val(0_i64) }, "n");
    if let Some(Line { approval, at: Some(place), .. }) = after {
        let same = Expr::col((table, at)).eq(place).and(Expr::col((table, id)).lt(approval.0));
        select.and_where(Expr::col((table, at)).lte(place)).cond_where(Cond::any().add(Expr::col((table, at)).lt(place)).add(same));
    }
    select.order_by((table, at), Order::Desc).order_by((table, id), Order::Desc).limit(limit as u64);
    select
}

/// What waits: that which is due at some time, or that which is due at none.
fn to_do(request: &ApprovalsRequest, people: &[Id], after: Option<Line>, dated: bool, limit: usize) -> SelectStatement {
    let mut select = chosen(request, people, Answers::Own);
    select.expr_as(Expr::col(("t", "approval")), "approval").expr_as(Expr::col(("t", "due_at")), "at").expr_as(Expr::col(("t", "n")), "n");
    let behind = |line: Line| {
        let later = Expr::col(("t", "approval")).eq(line.approval.0).and(Expr::col(("t", "n")).gt(line.task));
        Cond::any().add(Expr::col(("t", "approval")).gt(line.approval.0)).add(later)
    };
    if dated {
        select.and_where(Expr::col(("t", "due_at")).is_not_null());
        if let Some((line, at)) = after.and_then(|line| Some((line, line.at?))) {
            let same = Cond::all().add(Expr::col(("t", "due_at")).eq(at)).add(behind(line));
            select.and_where(Expr::col(("t", "due_at")).gte(at));
            select.cond_where(Cond::any().add(Expr::col(("t", "due_at")).gt(at)).add(same));
        }
        select.order_by(("t", "due_at"), Order::Asc);
    } else {
        select.and_where(Expr::col(("t", "due_at")).is_null());
        if let Some(line) = after.filter(|line| line.at.is_none()) {
            select.cond_where(behind(line));
        }
    }
    select.order_by(("t", "approval"), Order::Asc).order_by(("t", "n"), Order::Asc).limit(limit as u64);
    select
}

/// How the database would come by each list, for tests of indexes.
pub fn plans(cx: &Ctx, tx: &mut Read) -> Result<Vec<(Which, String)>> {
    let mut plans = Vec::new();
    for which in [Which::ToDo, Which::Done, Which::Mine, Which::All] {
        let request = ApprovalsRequest { which, ..ApprovalsRequest::default() };
        for answers in which.answers() {
            let select = match which {
                Which::ToDo => to_do(&request, &[cx.who.id], None, true, 50),
                _ => past(&request, &[cx.who.id], *answers, None, 50),
            };
            plans.push((which, tx.plan(&select)?));
        }
    }
    Ok(plans)
}

/// How many there are in all.
fn count(tx: &mut Read, request: &ApprovalsRequest, people: &[Id]) -> Result<i64> {
    let mut all = 0;
    for answers in request.which.answers() {
        let mut select = chosen(request, people, *answers);
        select.expr_as(Expr::cust("COUNT(1)"), "n");
        all += tx.one(&select)?.get::<i64>("n")?;
    }
    Ok(all)
}

/// Those of a list, neither ordered nor bounded: tasks as `t`, approvals as `a`.
fn chosen(request: &ApprovalsRequest, people: &[Id], answers: Answers) -> SelectStatement {
    let me = people.first().copied().unwrap_or(Id::SYSTEM);
    let mut select = Query::select();
    match request.which {
        Which::ToDo => {
            select.from_as("approval_task", "t");
            select
                .and_where(Expr::col(("t", "state")).eq("open"))
                .and_where(Expr::col(("t", "person")).is_in(people.iter().map(|id| id.0)));
        }
        Which::Done => {
            select.from_as("approval_task", "t").cond_where(answers.of(me, "t"));
            // An approval is there once: by what was decided last.
            let later = Expr::col(("o", "ended_at")).eq(Expr::col(("t", "ended_at"))).and(Expr::col(("o", "n")).gt(Expr::col(("t", "n"))));
            let mut others = Query::select();
            others
                .expr(Expr::cust("1"))
                .from_as("approval_task", "o")
                .and_where(Expr::col(("o", "approval")).eq(Expr::col(("t", "approval"))))
                .cond_where(Cond::any().add(Answers::Own.of(me, "o")).add(Answers::ByDeputies.of(me, "o")))
                .cond_where(Cond::any().add(Expr::col(("o", "ended_at")).gt(Expr::col(("t", "ended_at")))).add(later));
            select.and_where(Expr::exists(others).not());
        }
        Which::Mine => {
            let own = Cond::any().add(Expr::col(("a", "initiator")).eq(me.0)).add(Expr::col(("a", "submitter")).eq(me.0));
            select.from_as("approval", "a").cond_where(own);
        }
        Which::All => {
            select.from_as("approval", "a");
        }
    }
    let of_tasks = matches!(request.which, Which::ToDo | Which::Done);
    if of_tasks && (request.object.is_some() || request.state.is_some()) {
        select.join_as(sea_query::JoinType::InnerJoin, "approval", "a", Expr::col(("a", "id")).eq(Expr::col(("t", "approval"))));
    }
    if let Some(object) = &request.object {
        select.and_where(Expr::col(("a", "object")).eq(object.as_str()));
    }
    if let Some(state) = &request.state {
        select.and_where(Expr::col(("a", "state")).eq(state.as_str()));
    }
    select
}
