//! An act on a record: done once however often it is sent, or only judged.

use axum::http::StatusCode;
use db::Write;
use model::Id;
use serde_json::Value;
use stagecraft_core::leads::{Assign, MarkInvalid, TakeUp};
use stagecraft_core::merging::{Merge, Undo};
use stagecraft_core::orders::SetStatus;
use stagecraft_core::pools::{Claim, MovePool, Return};
use stagecraft_core::processes::{ChangeProcess, MoveStage, Reopen};
use stagecraft_core::quotes::Turn;
use stagecraft_core::records::{ChangeOwner, Reason, Submit};
use stagecraft_core::stage_tasks::{Complete, Reassign, ReopenTask};
use stagecraft_core::{Ctx, Result};

use super::once::Once;
use super::show::{Answer, id, record};
use crate::app::App;
use crate::edge::{Body, Caller, DryRun};

/// The body of an act, which may ask for the judgement alone, as its address may.
pub trait Tried {
    /// Whether only the judgement is asked for.
    fn dry_run(&mut self) -> &mut bool;
}

macro_rules! tried {
    ($($body:ty),* $(,)?) => {
        $(impl Tried for $body {
            fn dry_run(&mut self) -> &mut bool {
                &mut self.dry_run
            }
        })*
    };
}
tried!(
    Assign,
    ChangeOwner,
    ChangeProcess,
    Claim,
    Complete,
    MarkInvalid,
    Merge,
    MovePool,
    MoveStage,
    Reason,
    Reassign,
    Reopen,
    ReopenTask,
    Return,
    SetStatus,
    Submit,
    TakeUp,
    Turn,
    Undo
);

/// Does it as the caller, against the version that he has seen; `result` is what the answer calls it.
pub async fn act<T, F>(app: &App, caller: &Caller, one: &str, dry: DryRun, mut body: Body<T>, result: &'static str, act: F) -> Answer
where
    T: Tried + Send + 'static,
    F: Fn(&Ctx, &mut Write, Id, Option<i64>, &T) -> Result<Value> + Send + 'static,
{
    let (one, version) = (id(one)?, caller.version()?);
    let only_judged = body.value.dry_run();
    *only_judged |= dry.dry_run;
    let once = Once::new(caller, &body.text, StatusCode::OK, *only_judged);
    let done = app.door.write(caller, move |cx, tx| once.on_record(cx, tx, result, |tx| act(cx, tx, one, version, &body.value)));
    let (status, saved) = done.await?;
    Ok(record(status, saved))
}
