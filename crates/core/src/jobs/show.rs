//! Jobs as they are told: to administrators all of them, to others those that they asked for.

use db::Read;
use model::{Id, Violation};
use sea_query::{Expr, ExprTrait, Order};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::table::{self, Job, Kind, Stage};
use crate::records::Refs;
use crate::{Ctx, Error, Result};

/// Jobs of a page.
const PAGE: u64 = 50;

/// The query of `GET /jobs`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobsRequest {
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub kind: Option<String>,
    /// Of an administrator: only those that he asked for himself.
    #[serde(default)]
    pub mine: bool,
    #[serde(default)]
    pub cursor: Option<String>,
}

impl Kind {
    /// What it has done by then stands as it is, and nothing waits for the rest.
    pub(super) fn can_be_cancelled(self) -> bool {
        matches!(self, Kind::Bulk | Kind::UndoBulk | Kind::ScanDuplicates)
    }
}

impl Job {
    /// As the API tells it.
    pub fn show(&self) -> Json {
        json!({
            "id": self.id.to_string(), "kind": self.kind.key(), "object": self.object, "field": self.field, "state": self.stage.key(),
            "done": self.done, "total": self.total, "attempts": self.attempts, "message": self.message,
            "created_at": self.created_at.to_string(), "by": self.by.to_string(), "ended_at": self.ended_at.map(|at| at.to_string()),
        })
    }

    /// With what the caller may do with it.
    fn show_to(&self, cx: &Ctx) -> Json {
        let mut shown = self.show();
        let mut can = Vec::new();
        if self.may_be_retried(cx) {
            can.push("retry");
        }
        if self.may_be_cancelled() {
            can.push("cancel");
        }
        shown["can"] = can.into();
        shown
    }

    /// Administrators try everything again; whoever asked, what is his own act.
    pub(super) fn may_be_retried(&self, cx: &Ctx) -> bool {
        self.stage == Stage::Failed && (cx.is_administrator() || self.kind.can_be_cancelled())
    }

    pub(super) fn may_be_cancelled(&self) -> bool {
        matches!(self.stage, Stage::Waiting | Stage::Running) && self.kind.can_be_cancelled()
    }

    /// Administrators, and whoever asked for it.
    pub(super) fn is_known(&self, cx: &Ctx) -> bool {
        self.by == cx.who.id || cx.is_administrator()
    }
}

/// Jobs, the newest first; for who does not administer those that he asked for.
pub fn list(cx: &Ctx, tx: &mut Read, request: &JobsRequest) -> Result<Json> {
    let mut select = table::select();
    if request.mine || !cx.is_administrator() {
        select.and_where(Expr::col("by_id").eq(cx.who.id.0));
    }
    if let Some(state) = request.state.as_deref() {
        let stage = Stage::of(state).ok_or_else(|| {
            let options: Vec<&str> = Stage::ALL.iter().map(|stage| stage.key()).collect();
            Violation::new("field.not_an_option", "state").with("value", state).with("options", options)
        })?;
        select.and_where(Expr::col("state").eq(stage.key()));
    }
    if let Some(kind) = request.kind.as_deref() {
        let kind = Kind::of(kind).ok_or_else(|| {
            let options: Vec<&str> = Kind::ALL.iter().map(|kind| kind.key()).collect();
            Violation::new("field.not_an_option", "kind").with("value", kind).with("options", options)
        })?;
        select.and_where(Expr::col("kind").eq(kind.key()));
    }
    if let Some(cursor) = &request.cursor {
        let place = cursor.split_once('.').and_then(|(at, id)| Some((at.parse::<i64>().ok()?, id.parse::<Id>().ok()?)));
        let (at, id) = place.ok_or_else(|| Error::Malformed("cursor: not one of this list's".into()))?;
        select.and_where(Expr::tuple([Expr::col("created_at"), Expr::col("id")]).lt(Expr::tuple([Expr::val(at), Expr::val(id.0)])));
    }
    select.order_by("created_at", Order::Desc).order_by("id", Order::Desc).limit(PAGE);
    let jobs = tx.all(&select)?.iter().map(table::read).collect::<Result<Vec<Job>>>()?;
    let mut refs = Refs::default();
    jobs.iter().for_each(|job| refs.note("employee", job.by));
    let next = jobs.last().filter(|_| jobs.len() == PAGE as usize).map(|job| format!("{}.{}", job.created_at.0, job.id));
    let items: Vec<Json> = jobs.iter().map(|job| job.show_to(cx)).collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": next}))
}

/// One job; administrators, and whoever asked for it.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let job = table::load(tx, id)?;
    if job.is_known(cx) { Ok(job.show_to(cx)) } else { Err(Error::NotFound) }
}
