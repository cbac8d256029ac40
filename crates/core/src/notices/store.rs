//! Notices as they are written.

use std::collections::BTreeSet;

use db::Write;
use db::outbox::{Event, Eyes};
use model::Id;
use sea_query::{Expr, ExprTrait, InsertStatement, OnConflict, Query, Value as Sql};
use serde_json::json;

use super::Notice;
use super::preferences::{self, By, Wishes};
use crate::{Ctx, Result, mail};

/// Under this name the stream of events tells of notices; there is no such object.
pub(crate) const STREAM: &str = "notice";
/// Notices that go in with one statement.
const CHUNK: usize = 200;
/// Seconds until a notice that gathers is told by e-mail.
const GATHERED: i64 = 60;
const ONCE: [&str; 3] = ["person", "kind", "once_key"];

/// A notice as it is written.
struct Row {
    id: Id,
    notice: Notice,
    wishes: Wishes,
}

/// Writes what is not told yet, and has the streams of those concerned say so.
pub(super) fn insert(cx: &Ctx, tx: &mut Write, notices: Vec<Notice>) -> Result<()> {
    if notices.is_empty() {
        return Ok(());
    }
    let chosen = preferences::of(tx, notices.iter().map(|notice| notice.to))?;
    let row = |notice: Notice| {
        let wishes = chosen.get(&notice.to).map_or_else(|| Wishes::usual(notice.kind), |chosen| chosen.wishes(notice.kind));
        Row { id: cx.new_id(), notice, wishes }
    };
    let mut rows: Vec<Row> = notices.into_iter().map(row).filter(|row| !row.wishes.nothing()).collect();
    // In one order, so that two who tell the same do not wait for each other in a circle.
    rows.sort_by(|a, b| (a.notice.to, a.notice.kind, &a.notice.key).cmp(&(b.notice.to, b.notice.kind, &b.notice.key)));
    let (gathering, plain): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.notice.gathers);
    let mut written: BTreeSet<Id> = BTreeSet::new();
    for chunk in plain.chunks(CHUNK) {
        let mut insert = insert_of(cx, chunk);
        insert.on_conflict(OnConflict::columns(ONCE).do_nothing().to_owned());
        for row in tx.returning(insert.returning_col("id"))? {
            written.insert(row.get(0)?);
        }
    }
    let mut told: Vec<(Id, &Row)> = plain.iter().filter(|row| written.contains(&row.id)).map(|row| (row.id, row)).collect();
    for row in &gathering {
        let mut insert = insert_of(cx, std::slice::from_ref(row));
        insert.on_conflict(
            OnConflict::columns(ONCE)
                .value("count", Expr::col(("notice", "count")).add(row.notice.count))
                .value("record", Sql::Uuid(None))
                .value("at", cx.at.0)
                .value("read_at", Sql::BigInt(None))
                .value("digest", i64::from(row.wishes.email == By::Digest))
                .to_owned(),
        );
        if let Some(stored) = tx.returning(insert.returning_col("id"))?.first() {
            told.push((stored.get(0)?, row));
        }
    }
    let anew = || told.iter().filter(|(id, row)| *id == row.id);
    let digest: Vec<Id> = told.iter().filter(|(_, row)| row.wishes.email == By::Digest).map(|(_, row)| row.notice.to).collect();
    mail::wants_digest(cx, tx, &digest)?;
    let at_once = anew().filter(|(_, row)| row.wishes.email == By::AtOnce).map(|(id, row)| mail::New {
        person: row.notice.to,
        kind: "notice",
        doc: json!({"notices": [id.to_string()]}),
        // What gathers is told once it has.
        run_at: cx.at.plus_seconds(if row.notice.gathers { GATHERED } else { 0 }),
    });
    mail::write(cx, tx, at_once.collect())?;
    let shown = told.iter().filter(|(_, row)| row.wishes.in_app);
    let events: Vec<Event> = shown.map(|(id, row)| event(cx, *id, row.notice.to, "tell", row.notice.kind.key())).collect();
    Ok(db::outbox::insert(tx, &events)?)
}

fn insert_of(cx: &Ctx, rows: &[Row]) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table("notice").columns([
        "id",
        "person",
        "kind",
        "once_key",
        "object",
        "record",
        "params",
        "count",
        "at",
        "by_id",
        "on_behalf_of",
        "shown",
        "digest",
    ]);
    for Row { id, notice, wishes } in rows {
        insert.values_panic([
            id.0.into(),
            notice.to.0.into(),
            notice.kind.key().into(),
            notice.key.clone().into(),
            notice.object.clone().into(),
            Sql::Uuid(notice.record.map(|id| id.0)).into(),
            notice.params.to_string().into(),
            notice.count.into(),
            cx.at.0.into(),
            cx.who.id.0.into(),
            Sql::Uuid(notice.on_behalf_of.map(|id| id.0)).into(),
            i64::from(wishes.in_app).into(),
            i64::from(wishes.email == By::Digest).into(),
        ]);
    }
    insert
}

/// For the streams of one person: there is a notice, or fewer are unread.
pub(super) fn event(cx: &Ctx, notice: Id, person: Id, act: &str, kind: &str) -> Event {
    Event {
        object: STREAM.to_owned(),
        record: notice,
        revision: 0,
        act: act.to_owned(),
        at: cx.at,
        by: cx.who.id,
        columns: vec![kind.to_owned()],
        before: Eyes::default(),
        after: Eyes { owners: Vec::new(), given: vec![person] },
    }
}
