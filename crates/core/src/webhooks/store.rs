//! Webhooks as they are stored.

use db::outbox::Position;
use db::{Read, Row, Write};
use model::{Condition, Id, Instant, Schema};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

use super::document::Document;
use crate::{Ctx, Error, Result, meta, sealed, veil};

/// Why nothing is sent.
pub(super) mod paused {
    /// It did not answer for as long as is tried.
    pub const FAILING: &str = "failing";
    /// It answered that it is gone for good.
    pub const GONE: &str = "gone";
    /// The person by whose eyes it sees has left.
    pub const EYES: &str = "eyes";
    /// Its condition cannot be judged any more.
    pub const CONDITION: &str = "condition";
}

/// A webhook.
#[derive(Clone, Debug)]
pub(super) struct Hook {
    pub id: Id,
    pub version: i64,
    pub document: Document,
    pub active: bool,
    pub eyes: Id,
    /// As it is kept: see [`Hook::secrets`].
    pub secret: String,
    pub former: Option<(String, Instant)>,
    pub position: Position,
    pub begins_at: Instant,
    pub paused: Option<(Instant, String)>,
    pub failing_since: Option<Instant>,
    pub failures: i64,
    pub succeeded_at: Option<Instant>,
    pub gap_until: Option<Instant>,
    pub created_at: Instant,
    pub created_by: Id,
    pub updated_at: Instant,
}

const COLUMNS: [&str; 19] = [
    "id",
    "version",
    "doc",
    "active",
    "eyes",
    "secret",
    "former_secret",
    "former_until",
    "position",
    "begins_at",
    "paused_at",
    "paused_why",
    "failing_since",
    "failures",
    "succeeded_at",
    "gap_until",
    "created_at",
    "created_by",
    "updated_at",
];

pub(super) fn select() -> SelectStatement {
    Query::select().columns(COLUMNS).from("webhook").to_owned()
}

pub(super) fn read(row: &Row) -> Result<Hook> {
    let position: String = row.get("position")?;
    let former: Option<String> = row.get("former_secret")?;
    let paused: Option<Instant> = row.get("paused_at")?;
    Ok(Hook {
        id: row.get("id")?,
        version: row.get("version")?,
        document: meta::doc(row)?,
        active: row.get::<i64>("active")? != 0,
        eyes: row.get("eyes")?,
        secret: row.get("secret")?,
        former: former.zip(row.get::<Option<Instant>>("former_until")?),
        position: position.parse().map_err(|()| Error::Internal("a webhook's place cannot be read".into()))?,
        begins_at: row.get("begins_at")?,
        paused: paused.zip(row.get::<Option<String>>("paused_why")?),
        failing_since: row.get("failing_since")?,
        failures: row.get("failures")?,
        succeeded_at: row.get("succeeded_at")?,
        gap_until: row.get("gap_until")?,
        created_at: row.get("created_at")?,
        created_by: row.get("created_by")?,
        updated_at: row.get("updated_at")?,
    })
}

impl Hook {
    /// It is told of what happens.
    pub fn follows(&self) -> bool {
        self.active && self.paused.as_ref().is_none_or(|(_, why)| why != paused::GONE)
    }

    /// What deliveries are signed with at an instant.
    pub fn secrets(&self, tx: &Read, at: Instant) -> Result<Vec<String>> {
        let former = self.former.iter().filter(|(_, until)| *until > at).map(|(secret, _)| secret);
        let place = sealed::webhook(self.id);
        std::iter::once(&self.secret).chain(former).map(|kept| sealed::open(tx, &place, kept)).collect()
    }

    /// The caller may know of all that its conditions look at.
    pub fn is_known(&self, cx: &Ctx) -> bool {
        self.document.subscriptions.iter().all(|one| {
            let condition = one.condition.as_ref().and_then(|json| Condition::from_json(json).ok());
            condition.is_none_or(|condition| !veil::hides_condition(cx, &one.object, &condition))
        })
    }
}

/// All of them, by name.
pub(super) fn all(tx: &mut Read) -> Result<Vec<Hook>> {
    let mut hooks = tx.all(select().order_by("id", Order::Asc))?.iter().map(read).collect::<Result<Vec<Hook>>>()?;
    hooks.sort_by_key(|hook| model::text::fold(&hook.document.name));
    Ok(hooks)
}

/// The conditions of all webhooks: of which, its name, the object that each is about, its place, and itself.
fn conditions(tx: &mut Read) -> Result<Vec<(Id, String, String, usize, Condition)>> {
    let mut found = Vec::new();
    for hook in all(tx)? {
        for (at, one) in hook.document.subscriptions.iter().enumerate() {
            if let Some(condition) = one.condition.as_ref().and_then(|json| Condition::from_json(json).ok()) {
                found.push((hook.id, hook.document.name.clone(), one.object.clone(), at, condition));
            }
        }
    }
    Ok(found)
}

/// Every webhook whose conditions name a field, with its name, the object that the condition is about, and its place.
pub(crate) fn uses(tx: &mut Read, schema: &Schema, object: &str, field: &str) -> Result<Vec<(Id, String, String, usize)>> {
    let meant = (object.to_owned(), field.to_owned());
    let naming = conditions(tx)?.into_iter().filter(|(.., of, _, condition)| condition.mentions(of, schema).contains(&meant));
    Ok(naming.map(|(id, name, of, at, _)| (id, name, of, at)).collect())
}

/// The conditions of all webhooks, with the objects that they are about.
pub(crate) fn named_in(tx: &mut Read) -> Result<Vec<(String, Condition)>> {
    Ok(conditions(tx)?.into_iter().map(|(.., of, _, condition)| (of, condition)).collect())
}

/// One, as the caller may know it.
pub(super) fn known(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Hook> {
    let row = tx.optional(select().and_where(Expr::col("id").eq(id.0)))?;
    row.as_ref().map(read).transpose()?.filter(|hook| hook.is_known(cx)).ok_or(Error::NotFound)
}

/// One, held until the end of the transaction.
pub(super) fn held(tx: &mut Write, id: Id) -> Result<Option<Hook>> {
    tx.held(select().and_where(Expr::col("id").eq(id.0)), "webhook")?.as_ref().map(read).transpose()
}

/// Names the reason why nothing is sent any more.
pub(super) fn pause(cx: &Ctx, tx: &mut Write, id: Id, why: &str) -> Result<()> {
    let update = Query::update()
        .table("webhook")
        .value("paused_at", cx.at.0)
        .value("paused_why", why)
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("paused_at").is_null())
        .to_owned();
    tx.execute(&update)?;
    Ok(())
}
