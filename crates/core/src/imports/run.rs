//! An import as it is stored: what is asked, how far it is, what it came to.

use db::{Read, Row as Stored, Write};
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Order, Query, any};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::called::Called;
use super::options::Options;
use super::plan::Prepare;
use super::problem::{Met, Problem};
use crate::audit::Origin;
use crate::jobs::{self, Stage};
use crate::records::Refs;
use crate::{Ctx, Error, Result};

/// Problems that an answer carries; the file has them all.
const SHOWN: u64 = 200;
/// Offered values that an answer carries.
const OFFERED: u64 = 200;
/// How long an import may be taken back, in seconds.
pub const UNDOABLE: i64 = 7 * 86_400;

/// An import.
#[derive(Clone, Debug)]
pub struct Run {
    pub id: Id,
    pub state: State,
    pub by: Id,
    pub created_at: Instant,
    pub ended_at: Option<Instant>,
    pub asked: Asked,
    pub progress: Progress,
}

/// What is asked of an import.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// The plan or template it was begun by.
    #[serde(default)]
    pub name: Option<String>,
    pub dry_run: bool,
    pub steps: Vec<Step>,
    /// What a dry run takes for there.
    #[serde(default)]
    pub prepare: Prepare,
    origin: Json,
}

/// One file, or one of the objects that a file tells of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Step {
    pub file: Id,
    /// Which reading of the file.
    pub reading: i64,
    pub file_name: String,
    pub options: Options,
    pub rows: u64,
    /// Its columns with what was found out about them.
    pub columns: Json,
    /// What its mapping left open when it was asked for.
    #[serde(default)]
    pub warnings: Json,
    #[serde(default)]
    pub encoding: Option<String>,
    #[serde(default)]
    pub delimiter: Option<char>,
}

/// How far an import is; changes with every transaction.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Progress {
    /// The job that works on it, or did last.
    pub job: Option<Id>,
    pub step: usize,
    pub phase: Phase,
    /// Of each step: rows read, and what they came to.
    pub steps: Vec<Counts>,
    /// Problems and notices so far.
    pub told: u64,
    /// Why it failed as a whole.
    #[serde(default)]
    pub error: Option<String>,
    #[serde(default)]
    pub violations: Json,
    /// How far taking it back is.
    #[serde(default)]
    pub undo: Option<Undo>,
}

/// How far taking an import back is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Undo {
    pub deleted: u64,
    pub put_back: u64,
    /// What was changed since, or is in use.
    pub stayed: u64,
}

/// What is being done in a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    #[default]
    Rows,
    /// References to records of later rows.
    References,
    Undo,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Waiting,
    Running,
    Done,
    Failed,
    Cancelled,
    /// It is being taken back.
    Undoing,
    Undone,
}

const STATES: [(State, &str); 7] = [
    (State::Waiting, "waiting"),
    (State::Running, "running"),
    (State::Done, "done"),
    (State::Failed, "failed"),
    (State::Cancelled, "cancelled"),
    (State::Undoing, "undoing"),
    (State::Undone, "undone"),
];

impl State {
    /// As it is stored and told.
    pub fn key(self) -> &'static str {
        STATES.iter().find(|(state, _)| *state == self).map_or("failed", |(_, key)| key)
    }

    fn of(key: &str) -> State {
        STATES.iter().find(|(_, known)| *known == key).map_or(State::Failed, |(state, _)| *state)
    }

    /// True while a job works on it.
    pub fn is_open(self) -> bool {
        matches!(self, State::Waiting | State::Running | State::Undoing)
    }
}

/// What became of a step's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows of the file that were read.
    pub read: u64,
    /// Rows that are through.
    pub done: u64,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub skipped: u64,
    /// Rows whose records wait for approvals.
    #[serde(default)]
    pub pending_approval: u64,
    /// Rows that stayed out.
    pub failed: u64,
    /// Rows and values that stayed out.
    pub problems: u64,
    /// What is worth knowing about rows that went in whole.
    pub notices: u64,
    /// Records that came to be with rows: what hangs on them, and what they refer to.
    pub along: u64,
    /// References to later rows that were looked at again.
    #[serde(default)]
    pub again: u64,
}

impl Asked {
    /// What is asked, from where.
    pub fn new(name: Option<String>, dry_run: bool, steps: Vec<Step>, prepare: Prepare, origin: &Origin) -> Asked {
        Asked { name, dry_run, steps, prepare, origin: origin.to_json() }
    }

    /// From where it was asked.
    pub fn origin(&self) -> Origin {
        Origin::from_json(&self.origin).by(model::Via::Import)
    }
}

impl Run {
    /// Stores a new import.
    pub fn insert(&self, tx: &mut Write) -> Result<()> {
        tx.execute(
            Query::insert()
                .into_table("import_run")
                .columns(["id", "state", "dry_run", "doc", "progress", "created_at", "by_id"])
                .values_panic([
                    self.id.0.into(),
                    self.state.key().into(),
                    i64::from(self.asked.dry_run).into(),
                    crate::meta::text(&self.asked)?.into(),
                    crate::meta::text(&self.progress)?.into(),
                    self.created_at.0.into(),
                    self.by.0.into(),
                ]),
        )?;
        let mut uses: Vec<(Id, i64)> = self.asked.steps.iter().map(|step| (step.file, step.reading)).collect();
        uses.sort_unstable();
        uses.dedup();
        let rows = uses.into_iter().map(|(file, reading)| vec![self.id.0.into(), file.0.into(), reading.into()]).collect();
        tx.insert_rows("import_use", &["import", "file", "reading"], rows)?;
        Ok(())
    }

    /// Stores how far it is, in the transaction of the rows themselves; false where it is not in one of these states any more, as when
    /// somebody has cancelled it.
    pub fn advance(&self, tx: &mut Write, from: &[State]) -> Result<bool> {
        let update = Query::update()
            .table("import_run")
            .value("state", self.state.key())
            .value("progress", crate::meta::text(&self.progress)?)
            .value("ended_at", self.ended_at.map(|at| at.0))
            .and_where(Expr::col("id").eq(self.id.0))
            .and_where(Expr::col("state").is_in(from.iter().map(|state| state.key())))
            .to_owned();
        Ok(tx.execute(&update)? == 1)
    }

    /// Stores problems behind those that are there: each with its step and row.
    pub fn add_problems(&self, tx: &mut Write, first: u64, step: usize, problems: &[(u64, Problem)]) -> Result<()> {
        let rows = problems
            .iter()
            .zip(first..)
            .map(|((row, problem), number)| {
                vec![
                    self.id.0.into(),
                    (number as i64).into(),
                    (step as i64).into(),
                    (*row as i64).into(),
                    (problem.line as i64).into(),
                    problem.column.as_str().into(),
                    problem.code.as_str().into(),
                    problem.value.as_str().into(),
                    problem.message.as_str().into(),
                    sea_query::Value::String(problem.offer.clone()),
                    sea_query::Value::String(problem.params.as_ref().map(Json::to_string)),
                    i64::from(problem.is_notice()).into(),
                    sea_query::Value::String(problem.outcome.clone()),
                    sea_query::Value::String(problem.met.as_ref().map(|met| met.object.clone())),
                    sea_query::Value::Uuid(problem.met.as_ref().and_then(|met| met.id).map(|id| id.0)),
                    sea_query::Value::BigInt(problem.met.as_ref().and_then(|met| met.line).map(|line| line as i64)),
                ]
            })
            .collect();
        tx.insert_rows("import_problem", &PROBLEM_COLUMNS, rows)?;
        Ok(())
    }

    /// Sums of all steps.
    pub fn sum(&self, of: impl Fn(&Counts) -> u64) -> u64 {
        self.progress.steps.iter().map(of).sum()
    }

    /// Rows of all steps.
    pub fn rows(&self) -> u64 {
        self.asked.steps.iter().map(|step| step.rows).sum()
    }

    /// True for what can still be taken back.
    pub fn is_undoable(&self, now: Instant) -> bool {
        let ended = matches!(self.state, State::Done | State::Failed | State::Cancelled);
        let something = self.sum(|counts| counts.created + counts.updated + counts.along) > 0;
        ended && !self.asked.dry_run && something && self.undo_until().is_some_and(|until| now < until)
    }

    fn undo_until(&self) -> Option<Instant> {
        let at = self.ended_at.unwrap_or(self.created_at);
        (!self.asked.dry_run).then(|| at.plus_seconds(UNDOABLE))
    }

    /// The Import of the API, without its problems.
    pub fn show(&self, now: Instant) -> Json {
        let steps: Vec<Json> = self.asked.steps.iter().zip(&self.progress.steps).map(|(step, counts)| show_step(step, counts)).collect();
        let (first, single) = (self.asked.steps.first(), self.asked.steps.len() == 1);
        let open = self.state.is_open();
        let mut shown = json!({
            "id": self.id.to_string(), "name": self.asked.name, "state": self.state, "dry_run": self.asked.dry_run,
            "object": first.filter(|_| single).map(|step| step.options.object.as_str()),
            "file": first.map(|step| step.file_name.as_str()),
            "phase": if open { json!(self.progress.phase) } else { Json::Null }, "step": self.progress.step,
            "rows": self.rows(), "done": self.sum(|counts| counts.read), "created": self.sum(|counts| counts.created), "pending_approval": self.sum(|counts| counts.pending_approval),
            "updated": self.sum(|counts| counts.updated), "unchanged": self.sum(|counts| counts.unchanged),
            "skipped": self.sum(|counts| counts.skipped), "failed": self.sum(|counts| counts.failed), "along": self.sum(|counts| counts.along),
            "problem_count": self.sum(|counts| counts.problems), "notices": self.sum(|counts| counts.notices),
            "steps": steps, "prepare": self.asked.prepare, "by": self.by.to_string(), "started_at": self.created_at.to_string(),
            "ended_at": self.ended_at.map(|at| at.to_string()), "undo": self.progress.undo,
            "undo_until": self.undo_until().map(|at| at.to_string()),
            "can": {
                "cancel": matches!(self.state, State::Waiting | State::Running),
                "resume": matches!(self.state, State::Failed | State::Cancelled) && self.progress.undo.is_none(),
                "undo": self.is_undoable(now),
            },
            "error": self.progress.error, "violations": self.progress.violations,
        });
        if let Some(step) = first.filter(|_| single) {
            shown["columns"] = step.columns.clone();
            shown["encoding"] = json!(step.encoding);
            shown["delimiter"] = json!(step.delimiter);
        }
        shown
    }
}

fn show_step(step: &Step, counts: &Counts) -> Json {
    json!({
        "file": step.file.to_string(), "file_name": step.file_name, "object": step.options.object, "options": step.options,
        "columns": step.columns, "warnings": if step.warnings.is_null() { json!([]) } else { step.warnings.clone() }, "rows": step.rows, "read": counts.read, "done": counts.done, "created": counts.created, "pending_approval": counts.pending_approval, "updated": counts.updated,
        "unchanged": counts.unchanged, "skipped": counts.skipped, "failed": counts.failed, "along": counts.along,
        "problem_count": counts.problems, "notices": counts.notices,
    })
}

/// Columns of a problem.
pub const PROBLEM_COLUMNS: [&str; 16] = [
    "import",
    "number",
    "step",
    "row_number",
    "line",
    "col",
    "code",
    "value",
    "message",
    "offer",
    "params",
    "notice",
    "outcome",
    "met_object",
    "met",
    "met_line",
];
const COLUMNS: [&str; 7] = ["id", "state", "doc", "progress", "created_at", "ended_at", "by_id"];

fn read(row: &Stored) -> Result<Run> {
    let fault = |error: serde_json::Error| Error::Internal(format!("a stored import cannot be read: {error}"));
    Ok(Run {
        id: row.get("id")?,
        state: State::of(&row.get::<String>("state")?),
        asked: serde_json::from_str(&row.get::<String>("doc")?).map_err(fault)?,
        progress: serde_json::from_str(&row.get::<String>("progress")?).map_err(fault)?,
        created_at: row.get("created_at")?,
        ended_at: row.get("ended_at")?,
        by: row.get("by_id")?,
    })
}

/// An import, whoever asks.
pub fn find(tx: &mut Read, id: Id) -> Result<Run> {
    let row = tx.optional(Query::select().columns(COLUMNS).from("import_run").and_where(Expr::col("id").eq(id.0)))?;
    let mut run = read(&row.ok_or(Error::NotFound)?)?;
    settle(tx, &mut run)?;
    Ok(run)
}

/// A job that was given up has failed, and its import with it.
fn settle(tx: &mut Read, run: &mut Run) -> Result<()> {
    let Some(job) = run.progress.job.filter(|_| run.state.is_open()) else { return Ok(()) };
    match jobs::load(tx, job) {
        Ok(job) if job.stage == Stage::Failed => {
            run.state = State::Failed;
            run.ended_at = job.ended_at;
            run.progress.error = job.message;
            Ok(())
        }
        Ok(_) | Err(Error::NotFound) => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// An import of the caller's; any for administrators.
pub fn load(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Run> {
    let run = find(tx, id)?;
    if run.by == cx.who.id || cx.is_administrator() { Ok(run) } else { Err(Error::NotFound) }
}

/// Imports of the caller, the newest first; all of them for administrators. Without their problems.
pub fn list(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let mut select = Query::select()
        .columns(COLUMNS)
        .from("import_run")
        .order_by("created_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(100)
        .to_owned();
    if !cx.is_administrator() {
        select.and_where(Expr::col("by_id").eq(cx.who.id.0));
    }
    let mut runs = tx.all(&select)?.iter().map(read).collect::<Result<Vec<Run>>>()?;
    let (mut items, mut refs) = (Vec::new(), Refs::default());
    for run in &mut runs {
        settle(tx, run)?;
        refs.note("employee", run.by);
        let mut shown = run.show(cx.at);
        shown["problems"] = json!([]);
        shown["offered_values"] = json!([]);
        items.push(shown);
    }
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": null}))
}

/// One import with its first problems and all values for which a known one is near.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let run = load(cx, tx, id)?;
    let mut shown = run.show(cx.at);
    let mut refs = Refs::default();
    refs.note("employee", run.by);
    let called = Called::of(cx, &run);
    shown["problems"] = problems(tx, id, None, SHOWN)?.iter().map(|(_, step, _, problem)| with_step(problem, *step, &called)).collect();
    shown["offered_values"] = offers(tx, id)?.into();
    shown["problem_groups"] = super::tell::groups(tx, id, &called)?.into();
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

/// A problem's number, step and row.
pub type Told = (i64, i64, i64, Problem);

/// What a problem tells as data.
pub fn params(row: &Stored) -> Result<Option<Json>> {
    Ok(row.get::<Option<String>>("params")?.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Problems of an import behind one of them.
pub fn problems(tx: &mut Read, import: Id, after: Option<i64>, limit: u64) -> Result<Vec<Told>> {
    let select = Query::select()
        .columns(PROBLEM_COLUMNS)
        .from("import_problem")
        .and_where(Expr::col("import").eq(import.0))
        .and_where(Expr::col("number").gt(after.unwrap_or(-1)))
        .order_by("number", Order::Asc)
        .limit(limit)
        .to_owned();
    tx.all(&select)?.iter().map(|row| Ok((row.get("number")?, row.get("step")?, row.get("row_number")?, problem(row)?))).collect()
}

/// A problem as it is stored.
pub fn problem(row: &Stored) -> Result<Problem> {
    let met = |object| -> Result<Met> {
        Ok(Met { object, id: row.get("met")?, line: row.get::<Option<i64>>("met_line")?.map(i64::unsigned_abs) })
    };
    Ok(Problem {
        line: row.get::<i64>("line")?.unsigned_abs(),
        column: row.get("col")?,
        code: row.get("code")?,
        value: row.get("value")?,
        message: row.get("message")?,
        offer: row.get("offer")?,
        params: params(row)?,
        outcome: row.get("outcome")?,
        met: row.get::<Option<String>>("met_object")?.map(met).transpose()?,
    })
}

/// A problem with its step and what its place is called, as it is told.
pub fn with_step(problem: &Problem, step: i64, called: &Called) -> Json {
    let mut shown = json!(problem);
    shown["step"] = step.into();
    shown["label"] = json!(called.field(step, &problem.column));
    shown
}

/// Codes of values that name nothing.
const UNKNOWN: [&str; 2] = ["field.reference_not_found", "field.not_an_option"];

/// Values that name nothing, with the known one that is near if there is one; the most frequent first.
fn offers(tx: &mut Read, import: Id) -> Result<Vec<Json>> {
    let select = Query::select()
        .columns(["step", "col", "value", "offer"])
        .expr(Expr::cust("COUNT(1)"))
        .from("import_problem")
        .and_where(Expr::col("import").eq(import.0))
        .cond_where(any![Expr::col("offer").is_not_null(), Expr::col("code").is_in(UNKNOWN)])
        .group_by_columns(["step", "col", "value", "offer"])
        .order_by_expr(Expr::cust("COUNT(1)"), Order::Desc)
        .order_by("col", Order::Asc)
        .order_by("value", Order::Asc)
        .limit(OFFERED)
        .to_owned();
    tx.all(&select)?
        .iter()
        .map(|row| {
            let (step, column, from, to): (i64, String, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(json!({"step": step, "column": column, "from": from, "to": to, "rows": row.get::<i64>(4)?}))
        })
        .collect()
}
