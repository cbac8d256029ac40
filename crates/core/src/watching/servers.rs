//! Servers of one database, each with a sign of life now and then.

use db::{Engine, Limits, Read, Write};
use model::{Id, Instant, Via};
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use serde_json::{Value as Json, json};

use super::Here;
use crate::{Credential, Ctx, House, Result};

/// How long one is remembered that fell silent, in seconds.
const REMEMBERED: i64 = 3_600;
/// Without a sign of life for so long, in seconds, it has fallen silent.
pub(super) const SILENT: i64 = 120;

const SERVING: Credential = Credential::System("a server gives a sign of life");

/// A server.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    pub id: Id,
    /// Where it runs and listens, as it says itself.
    pub name: String,
    pub version: String,
    pub started_at: Instant,
    pub seen_at: Instant,
    pub memory: Option<u64>,
    pub streams: u64,
    /// By how many ms its clock is ahead of the database's.
    pub ahead_ms: Option<i64>,
}

/// Gives a sign of life, the first with a new id. `ahead`: by how many µs this machine's clock is ahead of the database's.
pub fn beat(house: &House, name: &str, here: &Here, ahead: Option<i64>) -> Result<Id> {
    house.write(&SERVING, Limits::default(), Via::System, |cx, tx| {
        let id = here.server.unwrap_or_else(|| cx.new_id());
        let doc = json!({"memory": here.memory, "streams": here.streams, "ahead_ms": ahead.map(|micros| micros / 1_000)});
        if tx.engine() == Engine::Sqlite {
            // A file has one server: whoever was there before is gone.
            tx.execute(Query::delete().from_table("server").and_where(Expr::col("id").ne(id.0)))?;
        }
        tx.execute(
            Query::insert()
                .into_table("server")
                .columns(["id", "name", "version", "started_at", "seen_at", "doc"])
                .values_panic([
                    id.0.into(),
                    name.into(),
                    here.version.into(),
                    here.started.unwrap_or(cx.at).0.into(),
                    cx.at.0.into(),
                    doc.to_string().into(),
                ])
                .on_conflict(OnConflict::column("id").update_columns(["seen_at", "doc"]).to_owned()),
        )?;
        Ok(id)
    })
}

/// Says that a server goes down, so that nobody wonders where it is.
pub fn leave(house: &House, id: Id) -> Result<()> {
    house.write(&SERVING, Limits::default(), Via::System, |_, tx| {
        tx.execute(Query::delete().from_table("server").and_where(Expr::col("id").eq(id.0)))?;
        Ok(())
    })
}

/// Forgets servers that fell silent long ago.
pub(crate) fn sweep(cx: &Ctx, tx: &mut Write) -> Result<u64> {
    let long_ago = cx.at.plus_seconds(-REMEMBERED);
    Ok(tx.execute(Query::delete().from_table("server").and_where(Expr::col("seen_at").lt(long_ago.0)))?)
}

/// All that gave a sign of life lately, the oldest first.
pub(super) fn all(tx: &mut Read) -> Result<Vec<Server>> {
    let select = Query::select()
        .columns(["id", "name", "version", "started_at", "seen_at", "doc"])
        .from("server")
        .order_by("started_at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(100)
        .to_owned();
    let read = |row: &db::Row| {
        let doc: Json = serde_json::from_str(&row.get::<String>("doc")?).unwrap_or(Json::Null);
        Ok(Server {
            id: row.get("id")?,
            name: row.get("name")?,
            version: row.get("version")?,
            started_at: row.get("started_at")?,
            seen_at: row.get("seen_at")?,
            memory: doc["memory"].as_u64(),
            streams: doc["streams"].as_u64().unwrap_or(0),
            ahead_ms: doc["ahead_ms"].as_i64(),
        })
    };
    tx.all(&select)?.iter().map(read).collect()
}
