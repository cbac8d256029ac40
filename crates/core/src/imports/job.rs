//! The record of an import: how far it is, what it came to, what could not be placed.

use db::{Read, Row, Write};
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::problem::Problem;
use crate::{Ctx, Error, Result};

/// Problems that an answer carries; the file has them all.
const SHOWN: u64 = 200;

/// An import.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    pub id: Id,
    pub object: String,
    pub file: String,
    pub state: State,
    pub by: Id,
    pub started_at: i64,
    /// When rows went in last.
    pub moved_at: i64,
    pub ended_at: Option<i64>,
    pub dry_run: bool,
    /// Of the file, the options and the person: the same again goes on where it stopped.
    pub digest: String,
    pub rows: u64,
    /// Rows that are through; committed with them.
    pub done: u64,
    pub counts: Counts,
    /// What was found out about the file, for correction.
    pub found: Json,
    pub offers: Vec<(String, String, String, u64)>,
    /// Why it failed as a whole.
    pub error: Option<String>,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Running,
    Done,
    Failed,
}

impl State {
    fn key(self) -> &'static str {
        match self {
            State::Running => "running",
            State::Done => "done",
            State::Failed => "failed",
        }
    }
}

/// What became of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    /// Rows that stayed out.
    pub failed: u64,
    /// Rows and values that stayed out.
    pub problems: u64,
    /// What is worth knowing about rows that went in whole.
    pub notices: u64,
}

impl Job {
    /// Stores a new import.
    pub fn insert(&self, tx: &mut Write) -> Result<()> {
        tx.execute(
            Query::insert()
                .into_table("import_job")
                .columns(["id", "object", "file", "state", "doc", "started_at", "ended_at", "by_id"])
                .values_panic([
                    self.id.0.into(),
                    self.object.as_str().into(),
                    self.file.as_str().into(),
                    self.state.key().into(),
                    crate::meta::text(self)?.into(),
                    self.started_at.into(),
                    self.ended_at.into(),
                    self.by.0.into(),
                ]),
        )?;
        Ok(())
    }

    /// Stores how far it is, in the transaction of the rows themselves.
    pub fn update(&self, tx: &mut Write) -> Result<()> {
        tx.execute(
            Query::update()
                .table("import_job")
                .value("state", self.state.key())
                .value("doc", crate::meta::text(self)?)
                .value("ended_at", self.ended_at)
                .and_where(Expr::col("id").eq(self.id.0)),
        )?;
        Ok(())
    }

    /// Stores problems behind those that are there.
    pub fn add_problems(&self, tx: &mut Write, first: u64, problems: &[Problem]) -> Result<()> {
        let rows = problems
            .iter()
            .zip(first..)
            .map(|(problem, number)| {
                vec![
                    self.id.0.into(),
                    (number as i64).into(),
                    (problem.line as i64).into(),
                    problem.column.as_str().into(),
                    problem.code.as_str().into(),
                    problem.value.as_str().into(),
                    problem.message.as_str().into(),
                ]
            })
            .collect();
        tx.insert_rows("import_problem", &["job", "number", "line", "col", "code", "value", "message"], rows)?;
        Ok(())
    }

    /// The Import of the API.
    pub fn show(&self, tx: &mut Read) -> Result<Json> {
        let problems = problems(tx, self.id, Some(SHOWN))?;
        let offered: Vec<Json> =
            self.offers.iter().map(|(column, from, to, rows)| json!({"column": column, "from": from, "to": to, "rows": rows})).collect();
        let mut shown = json!({
            "id": self.id.to_string(), "object": self.object, "file": self.file, "state": self.state, "dry_run": self.dry_run,
            "rows": self.rows, "done": self.done, "created": self.counts.created, "updated": self.counts.updated,
            "unchanged": self.counts.unchanged, "failed": self.counts.failed, "problem_count": self.counts.problems, "notices": self.counts.notices,
            "problems": problems, "offered_values": offered,
            "started_at": Instant(self.started_at).to_string(), "ended_at": self.ended_at.map(|at| Instant(at).to_string()),
            "columns": self.found["columns"], "encoding": self.found["encoding"], "delimiter": self.found["delimiter"],
        });
        if let Some(error) = &self.error {
            shown["error"] = error.as_str().into();
        }
        Ok(shown)
    }
}

/// Imports of the caller, the newest first; all of them for administrators. Without their problems.
pub fn list(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let mut select = Query::select()
        .column("doc")
        .from("import_job")
        .order_by("started_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(100)
        .to_owned();
    if !cx.is_administrator() {
        select.and_where(Expr::col("by_id").eq(cx.who.id.0));
    }
    let mut items = Vec::new();
    for row in tx.all(&select)? {
        let mut shown = read(&row)?.show(tx)?;
        shown["problems"] = json!([]);
        items.push(shown);
    }
    Ok(json!({ "items": items }))
}

/// One import.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    load(cx, tx, id)?.show(tx)
}

/// Everything that could not be placed, as CSV: line, column, code, value and reason.
pub fn problems_csv(cx: &Ctx, tx: &mut Read, id: Id) -> Result<String> {
    problems_csv_of(cx, tx, &[id])
}

/// The same for several imports in one file.
pub fn problems_csv_of(cx: &Ctx, tx: &mut Read, ids: &[Id]) -> Result<String> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let fault = |e: &dyn std::fmt::Display| Error::Internal(e.to_string());
    out.write_record(["file", "object", "line", "column", "code", "value", "reason"]).map_err(|e| fault(&e))?;
    for id in ids {
        let job = load(cx, tx, *id)?;
        for problem in problems(tx, *id, None)? {
            let line = problem.line.to_string();
            let cells = [&job.file, &job.object, &line, &problem.column, &problem.code, &defused(&problem.value), &problem.message];
            out.write_record(cells).map_err(|e| fault(&e))?;
        }
    }
    let bytes = out.into_inner().map_err(|e| fault(&e.error()))?;
    String::from_utf8(bytes).map_err(|e| fault(&e))
}

/// A value that a spreadsheet would take for a formula is led by an apostrophe.
fn defused(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']) && value.parse::<f64>().is_err();
    if formula { format!("'{value}") } else { value.to_owned() }
}

/// The caller's import of this digest that stopped in the middle: it failed, or has been quiet for so many seconds.
pub fn unfinished(cx: &Ctx, tx: &mut Read, digest: &str, quiet: i64) -> Result<Option<Job>> {
    let select = Query::select()
        .column("doc")
        .from("import_job")
        .and_where(Expr::col("by_id").eq(cx.who.id.0))
        .and_where(Expr::col("state").is_in(["running", "failed"]))
        .order_by("started_at", Order::Desc)
        .limit(20)
        .to_owned();
    for row in tx.all(&select)? {
        let job = read(&row)?;
        let stopped = job.state == State::Failed || cx.at.seconds_since(Instant(job.moved_at)) > quiet;
        if stopped && job.digest == digest && (1..job.rows).contains(&job.done) {
            return Ok(Some(job));
        }
    }
    Ok(None)
}

fn load(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Job> {
    let row = tx.optional(Query::select().column("doc").from("import_job").and_where(Expr::col("id").eq(id.0)))?.ok_or(Error::NotFound)?;
    let job = read(&row)?;
    if job.by == cx.who.id || cx.is_administrator() { Ok(job) } else { Err(Error::NotFound) }
}

fn read(row: &Row) -> Result<Job> {
    serde_json::from_str(&row.get::<String>("doc")?).map_err(|e| Error::Internal(format!("a stored import cannot be read: {e}")))
}

fn problems(tx: &mut Read, job: Id, limit: Option<u64>) -> Result<Vec<Problem>> {
    let mut select = Query::select()
        .columns(["line", "col", "code", "value", "message"])
        .from("import_problem")
        .and_where(Expr::col("job").eq(job.0))
        .order_by("number", Order::Asc)
        .to_owned();
    if let Some(limit) = limit {
        select.limit(limit);
    }
    tx.all(&select)?
        .iter()
        .map(|row| {
            Ok(Problem {
                line: row.get::<i64>("line")?.unsigned_abs(),
                column: row.get("col")?,
                code: row.get("code")?,
                value: row.get("value")?,
                message: row.get("message")?,
            })
        })
        .collect()
}
