//! What the database knows of how the installation is.

use std::collections::BTreeMap;

use db::Read;
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Func, Order, Query};

use super::marks::{self, Mark};
use super::servers::{self, Server};
use crate::webhooks::Pulse;
use crate::{Ctx, Result, jobs, webhooks};

/// A job that nobody has taken up for so long after it was due is stuck, in seconds.
const STUCK: i64 = 600;
/// Failed jobs that are told one by one.
const TOLD: u64 = 5;
/// A day, in seconds.
const DAY: i64 = 86_400;

/// How much waits and has failed; cheap enough to be asked every few seconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Jobs that are not at a good end, by kind and state.
    pub jobs: BTreeMap<(String, String), i64>,
    /// Since when the job waits that has been due for longest.
    pub job_due: Option<Instant>,
    pub webhooks: Pulse,
    pub mail_waiting: i64,
    /// Since when the e-mail waits that has been due for longest.
    pub mail_due: Option<Instant>,
    pub mail_failed: i64,
    /// The oldest change that is still kept for those who listen.
    pub event_kept: Option<Instant>,
    pub now: Instant,
}

impl Figures {
    /// Jobs in a state, of all kinds or of these.
    pub fn jobs_in(&self, state: &str, kinds: Option<&[&str]>) -> i64 {
        let wanted = |(kind, stage): &(String, String)| stage == state && kinds.is_none_or(|kinds| kinds.contains(&kind.as_str()));
        self.jobs.iter().filter(|(key, _)| wanted(key)).map(|(_, count)| count).sum()
    }
}

/// A job that failed, as the page tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Failed {
    pub id: Id,
    pub kind: String,
    pub object: Option<String>,
    pub message: Option<String>,
    pub ended_at: Option<Instant>,
}

/// All that is known.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub figures: Figures,
    /// Jobs that are due and that nobody takes up.
    pub stuck: i64,
    pub failed: Vec<Failed>,
    /// E-mails that could not go in the last day.
    pub mail_failed_lately: i64,
    pub mail_is_sent: bool,
    pub servers: Vec<Server>,
    pub check: Option<Mark>,
    pub backup: Option<Mark>,
    /// The version of the definitions.
    pub meta_version: i64,
}

/// How much waits and has failed.
pub fn figures(cx: &Ctx, tx: &mut Read) -> Result<Figures> {
    let by_state = Query::select()
        .columns(["state", "kind"])
        .expr(Expr::cust("COUNT(*)"))
        .from("job")
        .and_where(Expr::col("state").is_in(["waiting", "running", "failed"]))
        .group_by_columns(["state", "kind"])
        .to_owned();
    let mut jobs = BTreeMap::new();
    for row in tx.all(&by_state)? {
        jobs.insert((row.get::<String>("kind")?, row.get::<String>("state")?), row.get::<i64>(2)?);
    }
    let due = |table: &'static str| {
        Query::select()
            .expr(Func::min(Expr::col("run_at")))
            .from(table)
            .and_where(Expr::col("state").eq("waiting"))
            .and_where(Expr::col("run_at").lte(cx.at.0))
            .to_owned()
    };
    let job_due = tx.one(&due("job"))?.get(0)?;
    let mail_due = tx.one(&due("mail"))?.get(0)?;
    let (mail_waiting, mail_failed) = crate::mail::counts(tx)?;
    Ok(Figures {
        jobs,
        job_due,
        webhooks: webhooks::pulse(tx)?,
        mail_waiting,
        mail_due,
        mail_failed,
        event_kept: db::outbox::oldest(tx)?,
        now: cx.at,
    })
}

/// All that is known; for administrators.
pub fn facts(cx: &Ctx, tx: &mut Read) -> Result<Facts> {
    cx.administrators_only("read", "organisation")?;
    let figures = figures(cx, tx)?;
    Ok(Facts {
        stuck: jobs::stuck(cx, tx, STUCK)?,
        failed: if figures.jobs_in("failed", None) > 0 { failed(tx)? } else { Vec::new() },
        mail_failed_lately: mail_failed_since(tx, cx.at.plus_seconds(-DAY))?,
        mail_is_sent: cx.meta.mail.is_some(),
        servers: servers::all(tx)?,
        check: marks::last(tx, "check")?,
        backup: marks::last(tx, "backup")?,
        meta_version: cx.meta.version,
        figures,
    })
}

fn failed(tx: &mut Read) -> Result<Vec<Failed>> {
    let select = Query::select()
        .columns(["id", "kind", "object", "message", "ended_at"])
        .from("job")
        .and_where(Expr::col("state").eq("failed"))
        .order_by("ended_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(TOLD)
        .to_owned();
    let read = |row: &db::Row| {
        Ok(Failed {
            id: row.get("id")?,
            kind: row.get("kind")?,
            object: row.get("object")?,
            message: row.get("message")?,
            ended_at: row.get("ended_at")?,
        })
    };
    tx.all(&select)?.iter().map(read).collect()
}

fn mail_failed_since(tx: &mut Read, since: Instant) -> Result<i64> {
    let select = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from("mail")
        .and_where(Expr::col("state").eq("failed"))
        .and_where(Expr::col("ended_at").gt(since.0))
        .to_owned();
    Ok(tx.one(&select)?.get(0)?)
}
