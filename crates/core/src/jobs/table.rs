//! Jobs as they are stored, claimed and told of.

use db::{Read, Row, Write};
use model::{Id, Instant, Violation};
use sea_query::{Cond, Expr, ExprTrait, Order, Query};
use serde_json::{Value as Json, json};

use crate::{Ctx, Error, Result};

macro_rules! kinds {
    ($($name:ident $key:literal),* $(,)?) => {
        /// What a job does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($name),* }

        impl Kind {
            /// As stored and as the API says it.
            pub fn key(self) -> &'static str {
                match self { $(Kind::$name => $key),* }
            }

            /// All of them.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),*];

            pub(super) fn of(key: &str) -> Option<Kind> {
                match key { $($key => Some(Kind::$name),)* _ => None }
            }
        }
    };
}
kinds! {
    MakeObject "make_object", MakeField "make_field", DropField "drop_field", DropObject "drop_object",
    Recalculate "recalculate", Bulk "bulk", UndoBulk "undo_bulk", Share "share",
    FollowVersion "follow_version", Import "import", UndoImport "undo_import",
    FillMatches "fill_matches", DropMatches "drop_matches",
    ScanDuplicates "scan_duplicates", FollowLines "follow_lines",
}

impl Kind {
    /// The work that may take minutes in one go; other jobs do not wait behind it.
    pub const LONG: [Kind; 2] = [Kind::Import, Kind::UndoImport];
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Waiting,
    Running,
    Done,
    Failed,
    /// Somebody has given it up.
    Cancelled,
}

impl Stage {
    pub(super) const ALL: [Stage; 5] = [Stage::Waiting, Stage::Running, Stage::Done, Stage::Failed, Stage::Cancelled];

    /// As stored and as the API says it.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Waiting => "waiting",
            Stage::Running => "running",
            Stage::Done => "done",
            Stage::Failed => "failed",
            Stage::Cancelled => "cancelled",
        }
    }

    pub(super) fn of(key: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.key() == key)
    }
}

/// A job.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: Id,
    pub kind: Kind,
    pub object: Option<String>,
    pub field: Option<String>,
    pub doc: Json,
    pub stage: Stage,
    pub done: i64,
    pub total: Option<i64>,
    pub position: Option<String>,
    pub attempts: i64,
    pub message: Option<String>,
    pub lease: Option<Id>,
    pub created_at: Instant,
    pub by: Id,
    pub ended_at: Option<Instant>,
}

const COLUMNS: [&str; 15] = [
    "id",
    "kind",
    "object",
    "field",
    "doc",
    "state",
    "done",
    "total",
    "position",
    "attempts",
    "message",
    "lease",
    "created_at",
    "by_id",
    "ended_at",
];

/// What is asked of a new job.
pub(crate) struct New<'a> {
    pub kind: Kind,
    pub object: Option<&'a str>,
    pub field: Option<&'a str>,
    pub doc: Json,
    pub total: Option<i64>,
    /// Not before.
    pub run_at: Option<Instant>,
}

impl<'a> New<'a> {
    /// Work on an object or one of its fields, at once.
    pub fn on(kind: Kind, object: &'a str, field: Option<&'a str>) -> New<'a> {
        New { kind, object: Some(object), field, doc: json!({}), total: None, run_at: None }
    }
}

/// Asks for work, in the transaction that makes it necessary.
pub(crate) fn enqueue(cx: &Ctx, tx: &mut Write, new: New<'_>) -> Result<Id> {
    let id = cx.new_id();
    tx.execute(
        Query::insert()
            .into_table("job")
            .columns(["id", "kind", "object", "field", "doc", "state", "done", "total", "attempts", "run_at", "created_at", "by_id"])
            .values_panic([
                id.0.into(),
                new.kind.key().into(),
                new.object.into(),
                new.field.into(),
                new.doc.to_string().into(),
                Stage::Waiting.key().into(),
                0_i64.into(),
                new.total.into(),
                0_i64.into(),
                new.run_at.unwrap_or(cx.at).0.into(),
                cx.at.0.into(),
                cx.who.id.0.into(),
            ]),
    )?;
    Ok(id)
}

pub(crate) fn load(tx: &mut Read, id: Id) -> Result<Job> {
    let row = tx.optional(Query::select().columns(COLUMNS).from("job").and_where(Expr::col("id").eq(id.0)))?;
    read(&row.ok_or(Error::NotFound)?)
}

/// All columns of jobs.
pub(super) fn select() -> sea_query::SelectStatement {
    Query::select().columns(COLUMNS).from("job").to_owned()
}

pub(super) fn read(row: &Row) -> Result<Job> {
    let strange = || Error::Internal("a stored job cannot be read".into());
    Ok(Job {
        id: row.get("id")?,
        kind: Kind::of(&row.get::<String>("kind")?).ok_or_else(strange)?,
        object: row.get("object")?,
        field: row.get("field")?,
        doc: serde_json::from_str(&row.get::<String>("doc")?).map_err(|_| strange())?,
        stage: Stage::of(&row.get::<String>("state")?).ok_or_else(strange)?,
        done: row.get("done")?,
        total: row.get("total")?,
        position: row.get("position")?,
        attempts: row.get("attempts")?,
        message: row.get("message")?,
        lease: row.get("lease")?,
        created_at: row.get("created_at")?,
        by: row.get("by_id")?,
        ended_at: row.get("ended_at")?,
    })
}

/// The job that has been due for longest and that nobody works on, among the long ones or among the others: what there is to look for it.
pub(super) fn due(cx: &Ctx, long: bool) -> sea_query::SelectStatement {
    let kinds = || Kind::LONG.iter().map(|kind| kind.key());
    let kind = if long { Expr::col("kind").is_in(kinds()) } else { Expr::col("kind").is_not_in(kinds()) };
    Query::select()
        .column("id")
        .from("job")
        .and_where(Expr::col("state").is_in([Stage::Waiting.key(), Stage::Running.key()]))
        .and_where(Expr::col("run_at").lte(cx.at.0))
        .and_where(kind)
        .cond_where(free(cx))
        .order_by("run_at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(1)
        .to_owned()
}

fn free(cx: &Ctx) -> Cond {
    Cond::any().add(Expr::col("lease_until").is_null()).add(Expr::col("lease_until").lte(cx.at.0))
}

/// Takes a job for a while; false when it is not due, or somebody has it.
pub(super) fn claim(cx: &Ctx, tx: &mut Write, id: Id, lease: Id, seconds: i64) -> Result<bool> {
    let update = Query::update()
        .table("job")
        .value("state", Stage::Running.key())
        .value("attempts", Expr::col("attempts").add(1_i64))
        .value("lease", lease.0)
        .value("lease_until", cx.at.plus_seconds(seconds).0)
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("state").is_in([Stage::Waiting.key(), Stage::Running.key()]))
        .and_where(Expr::col("run_at").lte(cx.at.0))
        .cond_where(free(cx))
        .to_owned();
    Ok(tx.execute(&update)? == 1)
}

/// Notes where it stands; false when the job is not this worker's any more.
pub(super) fn advance(cx: &Ctx, tx: &mut Write, id: Id, lease: Id, position: Option<&str>, done: i64, seconds: i64) -> Result<bool> {
    let mut update = mine(id, lease);
    update.value("done", Expr::col("done").add(done)).value("lease_until", cx.at.plus_seconds(seconds).0);
    // What goes forward has not failed.
    update.value("attempts", 1_i64).value("message", None::<String>);
    if let Some(position) = position {
        update.value("position", position);
    }
    Ok(tx.execute(&update)? == 1)
}

/// How much there is to do, once that is known.
pub(crate) fn expect(tx: &mut Write, id: Id, total: i64) -> Result<()> {
    tx.execute(Query::update().table("job").value("total", total).value("done", 0_i64).and_where(Expr::col("id").eq(id.0)))?;
    Ok(())
}

/// Keeps it for this worker while a step takes long; false when it is not this worker's any more.
pub(super) fn renew(cx: &Ctx, tx: &mut Write, id: Id, lease: Id, seconds: i64) -> Result<bool> {
    let mut update = mine(id, lease);
    update.value("lease_until", cx.at.plus_seconds(seconds).0);
    Ok(tx.execute(&update)? == 1)
}

/// Gives a job up that goes on or waits; false when it has come to its end.
pub(super) fn give_up(cx: &Ctx, tx: &mut Write, id: Id) -> Result<bool> {
    let update = Query::update()
        .table("job")
        .value("state", Stage::Cancelled.key())
        .value("ended_at", cx.at.0)
        .value("message", None::<String>)
        .value("lease", None::<Id>.map(|id| id.0))
        .value("lease_until", None::<i64>)
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("state").is_in([Stage::Waiting.key(), Stage::Running.key()]))
        .to_owned();
    Ok(tx.execute(&update)? == 1)
}

/// Lets others have it.
pub(super) fn release(tx: &mut Write, id: Id, lease: Id) -> Result<()> {
    let mut update = mine(id, lease);
    update.value("lease_until", None::<i64>);
    tx.execute(&update)?;
    Ok(())
}

/// It has come to its end; false when it is not this worker's any more.
pub(super) fn end(cx: &Ctx, tx: &mut Write, id: Id, lease: Id, why: Option<&str>) -> Result<bool> {
    let stage = if why.is_some() { Stage::Failed } else { Stage::Done };
    let mut update = mine(id, lease);
    update.value("state", stage.key()).value("message", why).value("ended_at", cx.at.0).value("lease_until", None::<i64>);
    Ok(tx.execute(&update)? == 1)
}

pub(super) fn put_off(cx: &Ctx, tx: &mut Write, id: Id, lease: Id, seconds: i64, why: &str) -> Result<()> {
    let mut update = mine(id, lease);
    update.value("run_at", cx.at.plus_seconds(seconds).0).value("message", why).value("lease_until", None::<i64>);
    tx.execute(&update)?;
    Ok(())
}

fn mine(id: Id, lease: Id) -> sea_query::UpdateStatement {
    Query::update()
        .table("job")
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("lease").eq(lease.0))
        .and_where(Expr::col("state").eq(Stage::Running.key()))
        .to_owned()
}

pub(super) fn again(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    let job = load(tx, id)?;
    if job.stage != Stage::Failed {
        return Err(Violation::new("job.not_failed", "").into());
    }
    tx.execute(
        Query::update()
            .table("job")
            .value("state", Stage::Waiting.key())
            .value("attempts", 0_i64)
            .value("run_at", cx.at.0)
            .value("ended_at", None::<i64>)
            .and_where(Expr::col("id").eq(id.0)),
    )?;
    Ok(())
}

/// True where such a job waits that nobody has begun; it is then not begun before this transaction has ended, so that it sees what this
/// one changes.
pub(crate) fn held_back(tx: &mut Write, kind: Kind, object: &str, field: &str) -> Result<bool> {
    let update = Query::update()
        .table("job")
        .value("run_at", Expr::col("run_at"))
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("field").eq(field))
        .and_where(Expr::col("kind").eq(kind.key()))
        .and_where(Expr::col("state").eq(Stage::Waiting.key()))
        .and_where(Expr::col("position").is_null())
        .to_owned();
    Ok(tx.execute(&update)? > 0)
}

/// True while this worker has the job: it was neither given up nor taken over by another. What a worker publishes is published only then.
pub(crate) fn is_mine(tx: &mut Read, id: Id, lease: Id) -> Result<bool> {
    let select = Query::select()
        .column("id")
        .from("job")
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("lease").eq(lease.0))
        .and_where(Expr::col("state").eq(Stage::Running.key()))
        .to_owned();
    Ok(tx.optional(&select)?.is_some())
}

/// The jobs of an object that are not at their end, newest first, and those that failed.
pub(crate) fn open_of(tx: &mut Read, object: &str) -> Result<Vec<Job>> {
    let select = Query::select()
        .columns(COLUMNS)
        .from("job")
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("state").is_in([Stage::Waiting.key(), Stage::Running.key(), Stage::Failed.key()]))
        .order_by("created_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(500)
        .to_owned();
    tx.all(&select)?.iter().map(read).collect()
}

/// How long jobs are kept after a good end, in seconds: 30 days. Those that failed stay until somebody has looked at them.
const KEPT: i64 = 30 * 86_400;
/// Jobs let go in one round.
const ROUND: u64 = 500;

/// Lets go of jobs that came to a good end long ago, with what they noted of single records. The last search for duplicates of an object is
/// told of for as long as there is no other.
pub(crate) fn sweep(cx: &Ctx, tx: &mut Write) -> Result<u64> {
    let old = Query::select()
        .column("id")
        .from("job")
        .and_where(Expr::col("state").is_in([Stage::Done.key(), Stage::Cancelled.key()]))
        .and_where(Expr::col("kind").ne(Kind::ScanDuplicates.key()))
        .and_where(Expr::col("ended_at").lt(cx.at.plus_seconds(-KEPT).0))
        .limit(ROUND)
        .to_owned();
    let ids: Vec<Id> = tx.all(&old)?.iter().map(|row| row.get(0)).collect::<std::result::Result<_, _>>()?;
    for chunk in ids.chunks(100) {
        let these = || chunk.iter().map(|id| id.0);
        tx.execute(Query::delete().from_table("bulk_record").and_where(Expr::col("job").is_in(these())))?;
        tx.execute(Query::delete().from_table("job").and_where(Expr::col("id").is_in(these())))?;
    }
    Ok(ids.len() as u64)
}

/// How many are due for so many seconds, or were begun and left, without anybody taking them up.
pub(crate) fn stuck(cx: &Ctx, tx: &mut Read, seconds: i64) -> Result<i64> {
    let long_ago = cx.at.plus_seconds(-seconds);
    let waits = Cond::all().add(Expr::col("state").eq(Stage::Waiting.key())).add(Expr::col("run_at").lt(long_ago.0));
    let left = Cond::all().add(Expr::col("state").eq(Stage::Running.key())).add(Expr::col("lease_until").lt(long_ago.0));
    let select = Query::select().expr(Expr::cust("COUNT(*)")).from("job").cond_where(Cond::any().add(waits).add(left)).to_owned();
    Ok(tx.one(&select)?.get(0)?)
}

/// Gives up the jobs of an object's field (or of the object itself) that have not begun or go on, of these kinds.
pub(crate) fn cancel(cx: &Ctx, tx: &mut Write, object: &str, field: Option<&str>, kinds: &[Kind]) -> Result<()> {
    let mut update = Query::update();
    update
        .table("job")
        .value("state", Stage::Done.key())
        .value("ended_at", cx.at.0)
        .value("message", "given up")
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("kind").is_in(kinds.iter().map(|kind| kind.key())))
        .and_where(Expr::col("state").is_not_in([Stage::Done.key(), Stage::Cancelled.key()]));
    match field {
        Some(field) => update.and_where(Expr::col("field").eq(field)),
        None => update.and_where(Expr::col("field").is_null()),
    };
    tx.execute(&update)?;
    Ok(())
}
