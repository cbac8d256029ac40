//! An import's problems and rows, page by page, as a screen shows them.

use db::{Read, Row};
use model::Id;
use sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::called::Called;
use super::run;
use crate::records::Refs;
use crate::{Ctx, Error, Result};

/// Rows of a page when none is said, and at most.
const USUAL: u64 = 100;
const MOST: u64 = 1_000;
/// Groups of problems that are told.
const GROUPS: u64 = 500;

/// The query of `GET /imports/{id}/problems`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProblemsRequest {
    pub step: Option<i64>,
    /// Empty for those of whole rows.
    pub column: Option<String>,
    pub code: Option<String>,
    pub cursor: Option<String>,
    pub limit: Option<u64>,
}

/// The query of `GET /imports/{id}/rows`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowsRequest {
    pub step: Option<i64>,
    /// `created`, `updated`, `unchanged`, `skipped` or `failed`.
    pub outcome: Option<String>,
    pub cursor: Option<String>,
    pub limit: Option<u64>,
}

/// Problems of an import in the order of its rows, narrowed to a step, a column or a code.
pub fn problems(cx: &Ctx, tx: &mut Read, id: Id, request: &ProblemsRequest) -> Result<Json> {
    let called = Called::of(cx, &run::load(cx, tx, id)?);
    let limit = limit(request.limit);
    let mut select = Query::select();
    select.columns(run::PROBLEM_COLUMNS).from("import_problem");
    select.and_where(Expr::col("import").eq(id.0));
    if let Some(step) = request.step {
        select.and_where(Expr::col("step").eq(step));
    }
    if let Some(column) = &request.column {
        select.and_where(Expr::col("col").eq(column.as_str()));
    }
    if let Some(code) = &request.code {
        select.and_where(Expr::col("code").eq(code.as_str()));
    }
    if let Some(text) = &request.cursor {
        let [after] = place(text)?;
        select.and_where(Expr::col("number").gt(after));
    }
    let rows = tx.all_once(select.order_by("number", Order::Asc).limit(limit + 1))?;
    let kept = &rows[..rows.len().min(limit as usize)];
    let items = kept.iter().map(|row| Ok(run::with_step(&run::problem(row)?, row.get("step")?, &called))).collect::<Result<Vec<Json>>>()?;
    let next = kept.last().filter(|_| rows.len() > kept.len()).map(|last| last.get::<i64>("number")).transpose()?;
    Ok(json!({"items": items, "next_cursor": next.map(|number| number.to_string())}))
}

/// How many problems there are of each kind, the most first: by step, column and code, with the words of one of them.
pub(super) fn groups(tx: &mut Read, id: Id, called: &Called) -> Result<Vec<Json>> {
    let select = Query::select()
        .columns(["step", "col", "code"])
        .expr(Expr::cust("MIN(message)"))
        .expr(Expr::cust("COUNT(1)"))
        .from("import_problem")
        .and_where(Expr::col("import").eq(id.0))
        .group_by_columns(["step", "col", "code"])
        .order_by_expr(Expr::cust("COUNT(1)"), Order::Desc)
        .order_by("step", Order::Asc)
        .order_by("col", Order::Asc)
        .order_by("code", Order::Asc)
        .limit(GROUPS)
        .to_owned();
    let group = |row: &Row| {
        let (step, column): (i64, String) = (row.get(0)?, row.get(1)?);
        Ok(json!({
            "label": called.field(step, &column), "step": step, "column": column, "code": row.get::<String>(2)?,
            "message": row.get::<String>(3)?, "count": row.get::<i64>(4)?,
        }))
    };
    tx.all(&select)?.iter().map(group).collect()
}

/// Rows of an import with what became of them, narrowed to an outcome or a step; records are named as far as the caller sees them.
pub fn rows(cx: &Ctx, tx: &mut Read, id: Id, request: &RowsRequest) -> Result<Json> {
    run::load(cx, tx, id)?;
    let limit = limit(request.limit);
    let mut select = Query::select();
    select.columns(["step", "number", "line", "outcome", "object", "record"]).from("import_row");
    select.and_where(Expr::col("import").eq(id.0)).and_where(Expr::col("part").eq(0_i64));
    if let Some(step) = request.step {
        select.and_where(Expr::col("step").eq(step));
    }
    if let Some(outcome) = &request.outcome {
        select.and_where(Expr::col("outcome").eq(outcome.as_str()));
    }
    if let Some(text) = &request.cursor {
        behind(&mut select, place(text)?);
    }
    let rows = tx.all_once(select.order_by("step", Order::Asc).order_by("number", Order::Asc).limit(limit + 1))?;
    let kept = &rows[..rows.len().min(limit as usize)];
    let mut refs = Refs::default();
    let items = kept.iter().map(|row| outcome(row, &mut refs)).collect::<Result<Vec<Json>>>()?;
    let next = match kept.last().filter(|_| rows.len() > kept.len()) {
        Some(last) => Some(format!("{}.{}", last.get::<i64>("step")?, last.get::<i64>("number")?)),
        None => None,
    };
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": next}))
}

fn outcome(row: &Row, refs: &mut Refs) -> Result<Json> {
    let (object, record): (String, Option<Id>) = (row.get("object")?, row.get("record")?);
    if let Some(id) = record {
        refs.note(&object, id);
    }
    Ok(json!({
        "step": row.get::<i64>("step")?, "line": row.get::<i64>("line")?, "outcome": row.get::<String>("outcome")?,
        "object": object, "record": record.map(|id| id.to_string()),
    }))
}

fn behind(select: &mut SelectStatement, [step, number]: [i64; 2]) {
    let same = Cond::all().add(Expr::col("step").eq(step)).add(Expr::col("number").gt(number));
    select.cond_where(Cond::any().add(Expr::col("step").gt(step)).add(same));
}

fn limit(wanted: Option<u64>) -> u64 {
    wanted.unwrap_or(USUAL).clamp(1, MOST)
}

/// The numbers of a cursor.
fn place<const N: usize>(text: &str) -> Result<[i64; N]> {
    let unknown = || Error::Malformed("cursor: not one of this list's".into());
    let parts = text.split('.').map(str::parse).collect::<std::result::Result<Vec<i64>, _>>().map_err(|_| unknown())?;
    parts.try_into().map_err(|_| unknown())
}
