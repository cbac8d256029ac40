//! Who is told that a job has failed.

use std::collections::BTreeSet;

use db::Write;
use model::Id;
use serde_json::json;

use super::table::{Job, Kind as Work};
use crate::notices::{self, Kind, Notice};
use crate::{Ctx, Result, identity};

/// Administrators, and whoever asked for it; an import tells its own how it has ended.
pub(super) fn failed(cx: &Ctx, tx: &mut Write, job: &Job, why: &str) -> Result<()> {
    let himself = (!Work::LONG.contains(&job.kind)).then_some(job.by);
    let told: BTreeSet<Id> = identity::administrators(cx, tx)?.into_iter().chain(himself).collect();
    let params = json!({"kind": job.kind.key(), "text": why});
    let key = format!("job:{}:{}", job.id, cx.at.0);
    let notice = |to| Notice::new(to, Kind::JobFailed).with(params.clone()).once(key.clone());
    notices::tell_all(cx, tx, told.into_iter().map(notice).collect())
}
