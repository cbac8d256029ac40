//! Safe to retry: a POST with an Idempotency-Key is done once, and its retry is told what became of it.

use db::Write;
use model::Id;
use sea_query::{Expr, ExprTrait, Query};

use crate::identity::digest;
use crate::{Ctx, Error, Result};

/// How long a key is remembered, in seconds.
const KEPT: i64 = 86_400;

/// What the first request with this key came to; bodies are read again in the caller's scope, not stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    pub status: u16,
    pub object: Option<String>,
    pub record: Option<Id>,
}

/// The key of a request, and the request that comes with it.
#[derive(Clone, Debug)]
pub struct Key {
    pub key: String,
    pub request: String,
}

/// Asks for a job the first time; a request that comes again is told which job that was.
pub(crate) fn job_once(cx: &Ctx, tx: &mut Write, key: Option<&Key>, first: impl FnOnce(&mut Write) -> Result<Id>) -> Result<Id> {
    let Some(Key { key, request }) = key else { return first(tx) };
    match begin(cx, tx, key, request)? {
        Some(done) => done.record.ok_or(Error::KeyReused),
        None => {
            let job = first(tx)?;
            finish(cx, tx, key, &Done { status: 200, object: None, record: Some(job) })?;
            Ok(job)
        }
    }
}

/// Claims the key for this request, in its own transaction; `Some` when it was done before.
/// Errors: [`Error::KeyReused`] when the same key came with another request.
pub fn begin(cx: &Ctx, tx: &mut Write, key: &str, request: &str) -> Result<Option<Done>> {
    if key.is_empty() || key.len() > 200 || !model::text::storable(key) {
        return Err(Error::Malformed("Idempotency-Key: 1 to 200 characters".into()));
    }
    let hash = digest(request);
    tx.lock(&[format!("idempotency:{}:{key}", cx.who.id)])?;
    let row = tx.optional(
        Query::select()
            .columns(["request_hash", "status", "object", "record", "at"])
            .from("idempotency")
            .and_where(Expr::col("person").eq(cx.who.id.0))
            .and_where(Expr::col("key").eq(key)),
    )?;
    if let Some(row) = row {
        if row.get::<i64>("at")? > cx.at.plus_seconds(-KEPT).0 {
            if row.get::<String>("request_hash")? != hash {
                return Err(Error::KeyReused);
            }
            let status = u16::try_from(row.get::<i64>("status")?).unwrap_or(200);
            return Ok(Some(Done { status, object: row.get("object")?, record: row.get("record")? }));
        }
        tx.execute(
            Query::delete().from_table("idempotency").and_where(Expr::col("person").eq(cx.who.id.0)).and_where(Expr::col("key").eq(key)),
        )?;
    }
    tx.execute(Query::insert().into_table("idempotency").columns(["person", "key", "request_hash", "status", "at"]).values_panic([
        cx.who.id.0.into(),
        key.into(),
        hash.into(),
        0_i64.into(),
        cx.at.0.into(),
    ]))?;
    Ok(None)
}

/// Notes what the request came to.
pub fn finish(cx: &Ctx, tx: &mut Write, key: &str, done: &Done) -> Result<()> {
    tx.execute(
        Query::update()
            .table("idempotency")
            .value("status", i64::from(done.status))
            .value("object", done.object.clone())
            .value("record", done.record.map(|id| id.0))
            .and_where(Expr::col("person").eq(cx.who.id.0))
            .and_where(Expr::col("key").eq(key)),
    )?;
    Ok(())
}

/// Forgets keys older than a day.
pub fn sweep(cx: &Ctx, tx: &mut Write) -> Result<u64> {
    Ok(tx.execute(Query::delete().from_table("idempotency").and_where(Expr::col("at").lt(cx.at.plus_seconds(-KEPT).0)))?)
}
