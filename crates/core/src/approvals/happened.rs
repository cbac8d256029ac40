//! What a record's timeline tells of its approvals: that they were asked for, and how they ended.

use db::Read;
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::Result;

/// The newest approvals of a record that its timeline tells of.
const MOST: u64 = 200;

/// Something that happened in approvals.
#[derive(Clone, Debug)]
pub(crate) struct Happened {
    pub approval: Id,
    pub at: Instant,
    pub by: Id,
    /// From where.
    pub origin: Option<i64>,
    /// The act that waited.
    pub what: String,
    /// `submitted`, or how it ended.
    pub event: String,
    pub flow: String,
    /// What was said with the answer that ended it.
    pub comment: Option<String>,
}

/// Of a record, newest first.
pub(crate) fn happened(tx: &mut Read, record: Id) -> Result<Vec<Happened>> {
    let select = Query::select()
        .columns(["id", "flow", "flow_version", "what", "state", "submitter", "began_at", "ended_at", "origin"])
        .from("approval")
        .and_where(Expr::col("record").eq(record.0))
        .order_by("began_at", Order::Desc)
        .limit(MOST)
        .to_owned();
    let mut found = Vec::new();
    for row in tx.all(&select)? {
        let (approval, submitter): (Id, Id) = (row.get("id")?, row.get("submitter")?);
        let flow = super::facts::flow_of(tx, row.get("flow")?, row.get("flow_version")?)?.name;
        let what: String = row.get("what")?;
        if let Some(at) = row.get::<Option<Instant>>("ended_at")? {
            let (by, origin, comment) = last_word(tx, approval)?.unwrap_or((submitter, None, None));
            found.push(Happened { approval, at, by, origin, what: what.clone(), event: row.get("state")?, flow: flow.clone(), comment });
        }
        let (at, origin) = (row.get("began_at")?, row.get("origin")?);
        found.push(Happened { approval, at, by: submitter, origin, what, event: "submitted".into(), flow, comment: None });
    }
    found.sort_by_key(|one| std::cmp::Reverse((one.at, one.approval)));
    Ok(found)
}

/// Who has done the last thing in it, from where, and what he said.
fn last_word(tx: &mut Read, approval: Id) -> Result<Option<(Id, Option<i64>, Option<String>)>> {
    let select = Query::select()
        .columns(["doc", "origin"])
        .from("approval_entry")
        .and_where(Expr::col("approval").eq(approval.0))
        .and_where(Expr::col("by_id").ne(Id::SYSTEM.0))
        .order_by("n", Order::Desc)
        .limit(1)
        .to_owned();
    let Some(row) = tx.optional(&select)? else { return Ok(None) };
    let entry: model::approval::Entry = crate::meta::doc(&row)?;
    Ok(Some((entry.by, row.get("origin")?, entry.comment)))
}
