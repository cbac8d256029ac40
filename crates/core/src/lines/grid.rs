//! A whole grid saved at once: the lines of a deal, a quote, an order, and the entries of a price book.

use db::Write;
use model::objects::{lines, price_book, price_book_entry};
use model::role::Act;
use model::{Id, Violation};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::rows::{Placed, RowChange, save_rows};
use crate::records::{self, Refs, show, show_one};
use crate::{Ctx, Error, Result, prices};

/// Rows that are saved at once.
const MOST: usize = 1000;

/// `PUT /records/{object}/{id}/lines`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutLines {
    /// New rows, and those that are changed.
    #[serde(default)]
    pub rows: Vec<Row>,
    /// Those that are removed.
    #[serde(default)]
    pub removed: Vec<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// A row: a new one where it has no id.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    #[serde(default)]
    pub id: Option<String>,
    /// The version that was seen.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    pub fields: Map<String, Json>,
}

/// The object of the rows that live in `object`.
pub(crate) fn part_of(object: &str) -> Option<&'static str> {
    let all = lines::KEYS.iter().copied().chain([(price_book_entry::KEY, price_book::KEY)]);
    all.into_iter().find(|(_, master)| *master == object).map(|(key, _)| key)
}

/// Saves rows of a record in one transaction, all of them or none: `{record, rows}` with the rows as they then are, in the order of the
/// request. `version` is that of the record which was seen. What is removed lies in the recycle bin and can be restored from there.
///
/// Errors: every finding of every row, at `rows/3/price` or `removed/0`; `lines.too_many`.
pub fn put(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &PutLines) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let object = cx.object(object)?.clone();
    let part = cx.object(part_of(&object.key).ok_or(Error::NotFound)?)?.clone();
    let master = records::load(cx, tx, &object, id)?;
    cx.attempts(Act::Edit.key(), &object.key, Some((id, master.text("name"))));
    if wanted.rows.len() + wanted.removed.len() > MOST {
        return Err(Violation::new("lines.too_many", "rows").with("max", MOST).into());
    }
    if version.is_some() {
        // Whoever edits the record itself waits, or is waited for.
        tx.lock_rows(&[(object.rank, &object.key, vec![id])])?;
        let master = records::load(cx, tx, &object, id)?;
        if version != Some(master.version) {
            return Err(Error::Conflict { record: Box::new(show_one(cx, tx, &object, &master)?) });
        }
    }
    let rows: Vec<RowChange> = wanted.rows.iter().map(changed).collect();
    let removed: Vec<RowChange> = wanted.removed.iter().map(|id| gone(id)).collect();
    let placed: Vec<Placed<'_>> = Placed::all("rows", &rows).chain(Placed::all("removed", &removed)).collect();
    let currency = prices::currency(cx, tx, &master)?;
    let saved = match placed.is_empty() {
        true => Vec::new(),
        false => save_rows(cx, tx, &part, (id, currency), &placed)?,
    };
    let mut refs = Refs::default();
    let kept = &saved[..rows.len().min(saved.len())];
    kept.iter().for_each(|record| refs.note_record(cx, &part, record));
    let shown: Vec<Json> = kept.iter().map(|record| show(cx, &part, record, None)).collect();
    let master = records::load(cx, tx, &object, id)?;
    let answer = json!({
        "result": "saved", "changed": !placed.is_empty(), "record": show_one(cx, tx, &object, &master)?, "rows": shown,
        "refs": refs.names(cx, tx)?, "dry_run": wanted.dry_run,
    });
    if wanted.dry_run {
        tx.abandon();
    }
    Ok(answer)
}

fn changed(row: &Row) -> RowChange {
    RowChange { id: row.id.clone(), version: row.version, fields: row.fields.clone(), delete: false }
}

fn gone(id: &str) -> RowChange {
    RowChange { id: Some(id.to_owned()), delete: true, ..RowChange::default() }
}
