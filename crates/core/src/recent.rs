//! What a person has looked at last, on whichever device.

use std::collections::BTreeMap;

use db::{Read, Write};
use model::{Id, Instant, Record};
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::{Ctx, Error, Result, records, search};

/// Records that are shown.
const SHOWN: usize = 20;
/// Records that are kept: some of them may go out of sight.
const KEPT: u64 = 60;

/// `POST /me/recent`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookedAt {
    pub object: String,
    pub id: String,
}

/// The records that the caller has looked at last, the latest first, as far as he still sees them.
pub fn list(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let mine = Query::select()
        .columns(["object", "record", "at"])
        .from("recent")
        .and_where(Expr::col("person").eq(cx.who.id.0))
        .order_by("at", Order::Desc)
        .order_by("record", Order::Desc)
        .to_owned();
    let mut seen: Vec<(String, Id, Instant)> = Vec::new();
    for row in tx.all(&mine)? {
        seen.push((row.get("object")?, row.get("record")?, row.get("at")?));
    }
    let mut by_object: BTreeMap<&str, Vec<Id>> = BTreeMap::new();
    for (object, id, _) in &seen {
        by_object.entry(object).or_default().push(*id);
    }
    let mut names: BTreeMap<Id, String> = BTreeMap::new();
    for (key, ids) in by_object {
        let Ok(object) = cx.object(key) else { continue };
        let found = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)?;
        let kept = |record: &&Record| record.text("lifecycle_status") != "voided";
        names.extend(found.iter().filter(kept).map(|record| (record.id, search::name(cx, object, record))));
    }
    let shown = seen.iter().filter_map(|(object, id, at)| {
        names.get(id).map(|name| json!({"object": object, "id": id.to_string(), "name": name, "at": at.to_string()}))
    });
    Ok(json!({"items": shown.take(SHOWN).collect::<Vec<Json>>()}))
}

/// Notes that the caller looks at a record. Error: it is not there for him.
pub fn note(cx: &Ctx, tx: &mut Write, wanted: &LookedAt) -> Result<()> {
    let object = cx.object(&wanted.object)?.clone();
    let id: Id = wanted.id.parse().map_err(|_| Error::NotFound)?;
    records::load(cx, tx, &object, id)?;
    tx.execute(
        Query::insert()
            .into_table("recent")
            .columns(["person", "object", "record", "at"])
            .values_panic([cx.who.id.0.into(), object.key.as_str().into(), id.0.into(), cx.at.0.into()])
            .on_conflict(OnConflict::columns(["person", "object", "record"]).update_column("at").to_owned()),
    )?;
    let mine = || Expr::col("person").eq(cx.who.id.0);
    let last = Query::select().column("at").from("recent").and_where(mine()).order_by("at", Order::Desc).offset(KEPT).limit(1).to_owned();
    if let Some(row) = tx.optional(&last)? {
        let at: i64 = row.get("at")?;
        tx.execute(Query::delete().from_table("recent").and_where(mine()).and_where(Expr::col("at").lte(at)))?;
    }
    Ok(())
}
