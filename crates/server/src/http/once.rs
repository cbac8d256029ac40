//! A POST with an Idempotency-Key is done once (core rule 8): the key is noted in the same transaction as the change, and its
//! repetition is answered from what is stored, read again with the caller's eyes.

use axum::body::Bytes;
use axum::http::StatusCode;
use db::Write;
use serde_json::{Value, json};
use stagecraft_core::idempotency::{self, Done};
use stagecraft_core::{Ctx, Error, Result, approvals, records};

use crate::edge::{Caller, Seen};

/// A POST that may come again.
#[derive(Clone)]
pub struct Once {
    key: Option<String>,
    request: String,
    status: StatusCode,
    /// What it is about, as it must be still when it is done the first time.
    seen: Option<Seen>,
}

impl Once {
    /// Of a caller's request. A dry run leaves no trace, so its key is not noted.
    pub fn new(caller: &Caller, body: &Bytes, status: StatusCode, dry_run: bool) -> Once {
        let key = caller.key.clone().filter(|_| !dry_run);
        Once { key, request: format!("{}\n{}", caller.asked, String::from_utf8_lossy(body)), status, seen: caller.seen() }
    }

    /// The key, for what notes it in a transaction of its own.
    pub fn key(&self) -> Option<idempotency::Key> {
        self.key.clone().map(|key| idempotency::Key { key, request: self.request.clone() })
    }

    /// Does it the first time; after that `again` tells what became of it.
    pub fn run(
        &self,
        cx: &Ctx,
        tx: &mut Write,
        first: impl FnOnce(&mut Write) -> Result<Value>,
        again: impl FnOnce(&mut Write, &Done) -> Result<Value>,
    ) -> Result<(StatusCode, Value)> {
        let Some(key) = &self.key else {
            self.is_as_seen(cx, tx)?;
            return Ok((self.status, first(tx)?));
        };
        if let Some(done) = idempotency::begin(cx, tx, key, &self.request)? {
            let status = StatusCode::from_u16(done.status).unwrap_or(self.status);
            return Ok((status, again(tx, &done)?));
        }
        self.is_as_seen(cx, tx)?;
        let body = first(tx)?;
        let (object, record) = subject(&body);
        idempotency::finish(cx, tx, key, &Done { status: self.status.as_u16(), object, record })?;
        Ok((self.status, body))
    }

    /// As [`Once::run`] for an act on a record.
    pub fn on_record(
        &self,
        cx: &Ctx,
        tx: &mut Write,
        result: &'static str,
        first: impl FnOnce(&mut Write) -> Result<Value>,
    ) -> Result<(StatusCode, Value)> {
        self.run(cx, tx, first, |tx, done| {
            let record = self.record_of(cx, tx, done)?;
            let approval = record["approval"]["id"].clone();
            let result = if approval.is_null() { result } else { "pending_approval" };
            let mut told = json!({"result": result, "changed": true, "record": record, "dry_run": false});
            if !approval.is_null() {
                told["approval"] = approval;
            }
            Ok(told)
        })
    }

    /// Refuses what was planned on another state of things.
    fn is_as_seen(&self, cx: &Ctx, tx: &mut Write) -> Result<()> {
        let Some(seen) = &self.seen else { return Ok(()) };
        let now = match &seen.object {
            Some(object) => records::read(cx, tx, object, seen.id)?,
            None => approvals::one(cx, tx, seen.id)?,
        };
        if now["version"].as_i64() == Some(seen.version) { Ok(()) } else { Err(Error::Conflict { record: Box::new(now) }) }
    }

    /// The record that was made or changed then, as it is now.
    pub fn record_of(&self, cx: &Ctx, tx: &mut Write, done: &Done) -> Result<Value> {
        match (&done.object, done.record) {
            (Some(object), Some(id)) => match records::read(cx, tx, object, id) {
                Ok(record) => Ok(record),
                // Given away meanwhile, or by this very act.
                Err(Error::NotFound) => Ok(Value::Null),
                Err(other) => Err(other),
            },
            _ => Ok(Value::Null),
        }
    }
}

/// What an answer is about.
fn subject(body: &Value) -> (Option<String>, Option<model::Id>) {
    let id = |value: &Value| value.get("id").and_then(Value::as_str).and_then(|text| text.parse().ok());
    if let Some(record) = body.get("record").filter(|record| record.is_object()) {
        return (record.get("object").and_then(Value::as_str).map(str::to_owned), id(record));
    }
    if let Some(process) = body.get("process") {
        return (Some("sales_process".to_owned()), id(process));
    }
    // Objects and fields have keys.
    for made in ["object", "field"] {
        if let Some(key) = body.get(made).and_then(|definition| definition.get("key")).and_then(Value::as_str) {
            return (Some(key.to_owned()), None);
        }
    }
    // So have roles.
    let key = body.get("key").and_then(Value::as_str).map(str::to_owned);
    (key, id(body))
}
