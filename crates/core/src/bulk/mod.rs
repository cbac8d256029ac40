//! One act on many records: each judged for itself, each with its own result, all of it undone as long as nobody has gone on from there.
//!
//! The records are chosen in one snapshot with the caller's eyes and written down with the job ([`choose`]); the job then works through
//! them in short transactions as the caller, by the same `save` as every other change ([`work`]). Undoing reads the history of what the
//! act changed ([`undo`]).

mod choose;
mod show;
mod undo;
mod work;

use db::{Limits, Write};
use model::Id;
use model::role::Act;
use sea_query::Value as Sql;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::audit::{Note, Origin};
use crate::idempotency::{Key, job_once};
use crate::jobs::{self, Kind, New};
use crate::{Credential, Ctx, House, Result, audit};

pub use show::one;
pub use undo::{undo, undo_once};
pub(crate) use work::step;

/// How long the caller waits for the answer; what is left goes on behind it.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

/// `POST /records/{object}/bulk`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// The records, by id; or else all that the filter, the words and the view choose.
    #[serde(default)]
    pub ids: Option<Vec<String>>,
    #[serde(default)]
    pub filter: Option<Json>,
    #[serde(default)]
    pub q: Option<String>,
    #[serde(default)]
    pub view: Option<String>,
    /// Must be true where neither ids nor anything else narrows the choice: everything is meant.
    #[serde(default)]
    pub all: bool,
    pub act: BulkAct,
    /// With `move`: where to.
    #[serde(default)]
    pub stage: Option<String>,
    /// With `edit`: the new values; with `move`: what the stage asks for.
    #[serde(default)]
    pub fields: Map<String, Json>,
    /// With `change_owner` and `assign`.
    #[serde(default)]
    pub owner: Option<String>,
    /// With `assign`, where nobody is named.
    #[serde(default)]
    pub by_rules: bool,
    /// With `return` and `move_pool`.
    #[serde(default)]
    pub pool: Option<String>,
    /// With `change_owner`: the former owner stays in the team with this access.
    #[serde(default)]
    pub keep_as: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
    /// Leaves approvals out that would catch them, where one may; with a reason.
    #[serde(default)]
    pub skip_approval: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// What is done to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAct {
    Edit,
    /// Deals to a stage, each judged for itself.
    Move,
    ChangeOwner,
    /// What lies without an owner: to somebody, or to whom the rules say.
    Assign,
    /// What lies in a pool, for oneself.
    Claim,
    /// Into a pool.
    Return,
    /// What nobody has into another pool.
    MovePool,
    Void,
    Restore,
    Lock,
    Unlock,
    /// For good, out of the recycle bin.
    Delete,
}

impl BulkAct {
    fn right(self) -> Act {
        match self {
            BulkAct::Edit => Act::Edit,
            BulkAct::Move => Act::Move,
            BulkAct::ChangeOwner => Act::ChangeOwner,
            BulkAct::Assign => Act::Assign,
            BulkAct::Claim => Act::Claim,
            BulkAct::Return => Act::Return,
            BulkAct::MovePool => Act::MovePool,
            BulkAct::Void => Act::Void,
            BulkAct::Restore => Act::Restore,
            BulkAct::Lock => Act::Lock,
            BulkAct::Unlock => Act::Unlock,
            BulkAct::Delete => Act::Delete,
        }
    }
}

impl Bulk {
    /// What is done, as a job keeps it.
    fn doc(&self) -> Json {
        json!({
            "act": self.act, "stage": self.stage, "fields": self.fields, "owner": self.owner, "by_rules": self.by_rules, "pool": self.pool,
            "keep_as": self.keep_as, "reason": self.reason, "skip_approval": self.skip_approval,
        })
    }
}

/// Begins a bulk act, works on it for a moment, and tells how it stands. A dry run judges every record and leaves no trace.
pub fn begin(house: &House, credential: &Credential, origin: impl Into<Origin>, object: &str, wanted: &Bulk) -> Result<Json> {
    begin_once(house, credential, origin, object, wanted, None)
}

/// As [`begin`], of a request that may come again: then it is told how the act stands that it began.
pub fn begin_once(
    house: &House,
    credential: &Credential,
    origin: impl Into<Origin>,
    object: &str,
    wanted: &Bulk,
    key: Option<&Key>,
) -> Result<Json> {
    let origin = origin.into();
    if wanted.dry_run {
        return work::dry_run(house, credential, &origin, object, wanted);
    }
    let ask = |cx: &Ctx, tx: &mut Write| {
        let object = cx.object(object)?.clone();
        let ids = choose::chosen(cx, tx, &object, wanted)?;
        choose::check(cx, tx, &object, wanted)?;
        let mut doc = wanted.doc();
        doc["origin"] = origin.through(cx.proof.token.as_deref()).to_json();
        let id = jobs::enqueue(cx, tx, New { doc, total: Some(ids.len() as i64), ..New::on(Kind::Bulk, &object.key, None) })?;
        let told = Note::new("bulk", "record").of(&object.key).subject(wanted.act.right().key());
        audit::note(cx, tx, told.detail(json!({"job": id.to_string(), "act": wanted.act, "records": ids.len(), "reason": wanted.reason})))?;
        note(tx, id, &ids.into_iter().map(|id| (id, None)).collect::<Vec<_>>())?;
        Ok(id)
    };
    let id = house.write(credential, Limits::default(), &origin, |cx, tx| job_once(cx, tx, key, |tx| ask(cx, tx)))?;
    jobs::run(house, id, PATIENCE)?;
    house.read(credential, Limits::default(), |cx, tx| one(cx, tx, id))
}

/// Writes down the records of a job, with the version and revision that undoing starts from.
fn note(tx: &mut Write, job: Id, records: &[(Id, Option<(i64, i64)>)]) -> Result<()> {
    for (at, chunk) in records.chunks(1000).enumerate() {
        let rows = chunk
            .iter()
            .enumerate()
            .map(|(n, (id, from))| {
                vec![
                    Sql::from(job.0),
                    Sql::from((at * 1000 + n) as i64),
                    Sql::from(id.0),
                    Sql::from("waiting"),
                    Sql::BigInt(from.map(|(version, _)| version)),
                    Sql::BigInt(from.map(|(_, revision)| revision)),
                ]
            })
            .collect();
        tx.insert_rows("bulk_record", &["job", "number", "record", "outcome", "version", "revision"], rows)?;
    }
    Ok(())
}
