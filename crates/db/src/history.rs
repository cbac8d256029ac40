//! What has been changed in a record, by whom, from what to what. Typed, so that "as of" can be reckoned from it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::change::FieldChange;
use model::{Amount, Currency, Id, Instant, Money, Number, Value};
use sea_query::{Expr, ExprTrait, JoinType, Order, Query, Value as Sql};

use crate::audit::{Place, Wanted, behind, holds};
use crate::records::Bound;
use crate::{Error, Read, Row, Write, dialect};

/// One change of a record: all fields of one save.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub object: String,
    pub record: Id,
    /// The revision that the change made; one entry a revision.
    pub revision: i64,
    pub at: Instant,
    pub by: Id,
    /// The way it came in.
    pub via: String,
    /// What was done: `create`, `edit`, `move` …
    pub act: String,
    pub reason: Option<String>,
    /// From where: see [`crate::audit::origins`].
    pub origin: Option<i64>,
    pub changes: Vec<FieldChange>,
}

const HEAD: [&str; 9] = ["object", "record", "revision", "at", "by_id", "via", "act", "reason", "origin"];
const CHANGE: [&str; 10] = ["object", "record", "revision", "field", "old_kind", "old_text", "old_int", "new_kind", "new_text", "new_int"];
/// Rows in one statement.
const CHUNK: usize = 5000;
/// Records in one statement.
const CHUNK_OF_RECORDS: usize = 500;

/// Stores changes.
pub fn insert(tx: &mut Write, entries: &[Entry]) -> Result<(), Error> {
    let key = |entry: &Entry| [Sql::from(entry.object.as_str()), Sql::from(entry.record.0), Sql::from(entry.revision)];
    let heads = entries
        .iter()
        .map(|entry| {
            let mut row = Vec::with_capacity(HEAD.len());
            row.extend(key(entry));
            row.extend([Sql::from(entry.at.0), Sql::from(entry.by.0), Sql::from(entry.via.as_str()), Sql::from(entry.act.as_str())]);
            row.extend([Sql::String(entry.reason.clone()), Sql::BigInt(entry.origin)]);
            row
        })
        .collect();
    tx.insert_later("history", &HEAD, heads)?;
    let changes: Vec<Vec<Sql>> = entries
        .iter()
        .flat_map(|entry| entry.changes.iter().map(move |change| (entry, change)))
        .map(|(entry, change)| {
            let mut row = Vec::with_capacity(CHANGE.len());
            row.extend(key(entry));
            row.push(Sql::from(change.field.as_str()));
            row.extend(write(&change.old));
            row.extend(write(&change.new));
            row
        })
        .collect();
    for chunk in changes.chunks(CHUNK) {
        tx.insert_later("history_change", &CHANGE, chunk.to_vec())?;
    }
    Ok(())
}

/// Changes of a record, newest first, those of revisions below `before`.
pub fn list(tx: &mut Read, object: &str, record: Id, before: Option<i64>, limit: u32) -> Result<Vec<Entry>, Error> {
    list_of(tx, object, record, before, limit, None, None)
}

/// As [`list`]: only what one person did, only where a field was changed.
pub fn list_of(
    tx: &mut Read,
    object: &str,
    record: Id,
    before: Option<i64>,
    limit: u32,
    by: Option<Id>,
    field: Option<&str>,
) -> Result<Vec<Entry>, Error> {
    let mut heads = Query::select();
    heads
        .columns(["revision", "at", "by_id", "via", "act", "reason", "origin"])
        .from("history")
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("record").eq(record.0))
        .and_where(Expr::col("revision").lt(before.unwrap_or(i64::MAX)))
        .order_by("revision", Order::Desc)
        .limit(u64::from(limit));
    if let Some(by) = by {
        heads.and_where(Expr::col("by_id").eq(by.0));
    }
    if let Some(field) = field {
        let changed = Query::select()
            .column("revision")
            .from("history_change")
            .and_where(Expr::col("object").eq(object))
            .and_where(Expr::col("record").eq(record.0))
            .and_where(Expr::col("field").eq(field))
            .to_owned();
        heads.and_where(Expr::col("revision").in_subquery(changed));
    }
    let mut entries = Vec::new();
    for row in tx.all(&heads)? {
        entries.push(Entry {
            object: object.to_owned(),
            record,
            revision: row.get(0)?,
            at: row.get(1)?,
            by: row.get(2)?,
            via: row.get(3)?,
            act: row.get(4)?,
            reason: row.get(5)?,
            origin: row.get(6)?,
            changes: Vec::new(),
        });
    }
    let (Some(newest), Some(oldest)) = (entries.first().map(|e| e.revision), entries.last().map(|e| e.revision)) else {
        return Ok(entries);
    };
    let changes = Query::select()
        .columns(["revision", "field", "old_kind", "old_text", "old_int", "new_kind", "new_text", "new_int"])
        .from("history_change")
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("record").eq(record.0))
        .and_where(Expr::col("revision").between(oldest, newest))
        .order_by("revision", Order::Desc)
        .order_by("field", Order::Asc)
        .to_owned();
    for row in tx.all(&changes)? {
        let revision: i64 = row.get(0)?;
        if let Some(entry) = entries.iter_mut().find(|entry| entry.revision == revision) {
            entry.changes.push(FieldChange { field: row.get(1)?, old: read(&row, 2)?, new: read(&row, 5)? });
        }
    }
    Ok(entries)
}

/// What was changed in records of an object after these revisions, the latest first: what has to be taken back to know how they stood then.
pub fn after(tx: &mut Read, object: &str, since: &BTreeMap<Id, i64>) -> Result<BTreeMap<Id, Vec<(i64, FieldChange)>>, Error> {
    changes_from(tx, object, since, |revision, from| revision > from)
}

/// A change of one field of a record, with its instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub record: Id,
    pub revision: i64,
    pub at: Instant,
    pub change: FieldChange,
}

/// How these fields of records of an object have changed since an instant: record by record, the oldest first.
pub fn of_fields(tx: &mut Read, object: &str, records: &[Id], fields: &[&str], since: Instant) -> Result<Vec<Told>, Error> {
    let mut found = Vec::new();
    for chunk in records.chunks(CHUNK_OF_RECORDS) {
        let change = |column: &'static str| ("c", column);
        let same = |column: &'static str| Expr::col(("h", column)).equals(("c", column));
        let select = Query::select()
            .columns(["record", "revision", "field", "old_kind", "old_text", "old_int", "new_kind", "new_text", "new_int"].map(change))
            .column(("h", "at"))
            .from_as("history_change", "c")
            .join_as(JoinType::InnerJoin, "history", "h", same("object").and(same("record")).and(same("revision")))
            .and_where(Expr::col(("c", "object")).eq(object))
            .and_where(Expr::col(("c", "record")).is_in(dialect::padded(chunk).into_iter().map(|id| id.0)))
            .and_where(Expr::col(("c", "field")).is_in(fields.iter().copied()))
            .and_where(Expr::col(("h", "at")).gte(since.0))
            .order_by(("c", "record"), Order::Asc)
            .order_by(("c", "revision"), Order::Asc)
            .to_owned();
        for row in tx.all(&select)? {
            let change = FieldChange { field: row.get(2)?, old: read(&row, 3)?, new: read(&row, 6)? };
            found.push(Told { record: row.get(0)?, revision: row.get(1)?, at: row.get(9)?, change });
        }
    }
    Ok(found)
}

/// What these revisions changed.
pub fn at(tx: &mut Read, object: &str, revisions: &[(Id, i64)]) -> Result<BTreeMap<(Id, i64), Vec<FieldChange>>, Error> {
    let mut lowest: BTreeMap<Id, i64> = BTreeMap::new();
    for (record, revision) in revisions {
        lowest.entry(*record).and_modify(|low| *low = std::cmp::Ord::min(*low, *revision)).or_insert(*revision);
    }
    let wanted: BTreeSet<(Id, i64)> = revisions.iter().copied().collect();
    let mut found: BTreeMap<(Id, i64), Vec<FieldChange>> = BTreeMap::new();
    for (record, changes) in changes_from(tx, object, &lowest, |revision, from| revision >= from)? {
        for (revision, change) in changes.into_iter().filter(|(revision, _)| wanted.contains(&(record, *revision))) {
            found.entry((record, revision)).or_default().push(change);
        }
    }
    Ok(found)
}

fn changes_from(
    tx: &mut Read,
    object: &str,
    since: &BTreeMap<Id, i64>,
    wanted: impl Fn(i64, i64) -> bool,
) -> Result<BTreeMap<Id, Vec<(i64, FieldChange)>>, Error> {
    let mut found: BTreeMap<Id, Vec<(i64, FieldChange)>> = BTreeMap::new();
    let ids: Vec<Id> = since.keys().copied().collect();
    for chunk in ids.chunks(200) {
        let lowest = chunk.iter().filter_map(|id| since.get(id)).min().copied().unwrap_or_default();
        let select = Query::select()
            .columns(["record", "revision", "field", "old_kind", "old_text", "old_int", "new_kind", "new_text", "new_int"])
            .from("history_change")
            .and_where(Expr::col("object").eq(object))
            .and_where(Expr::col("record").is_in(dialect::padded(chunk).into_iter().map(|id| id.0)))
            .and_where(Expr::col("revision").gte(lowest))
            .order_by("record", Order::Asc)
            .order_by("revision", Order::Desc)
            .order_by("field", Order::Asc)
            .to_owned();
        for row in tx.all(&select)? {
            let (record, revision): (Id, i64) = (row.get(0)?, row.get(1)?);
            if since.get(&record).is_some_and(|from| wanted(revision, *from)) {
                let change = FieldChange { field: row.get(2)?, old: read(&row, 3)?, new: read(&row, 6)? };
                found.entry(record).or_default().push((revision, change));
            }
        }
    }
    Ok(found)
}

/// Values as one text, to be read by [`unpack`].
pub fn pack(values: &BTreeMap<String, Value>) -> String {
    let rows: Vec<serde_json::Value> = values
        .iter()
        .map(|(field, value)| {
            let (kind, text, int) = parts(value);
            serde_json::json!([field, kind, text, int])
        })
        .collect();
    serde_json::Value::from(rows).to_string()
}

/// What [`pack`] wrote.
pub fn unpack(text: &str) -> Result<BTreeMap<String, Value>, Error> {
    let rows: Vec<(String, String, Option<String>, Option<i64>)> =
        serde_json::from_str(text).map_err(|error| Error::decode("doc", error.to_string()))?;
    rows.into_iter().map(|(field, kind, text, int)| Ok((field, value_of(&kind, text, int)?))).collect()
}

/// Changes of one record in the order of time, newest first, apart from what the product reckoned by itself; `acts`: only what was done so.
pub fn told(
    tx: &mut Read,
    object: &str,
    record: Id,
    bound: Option<Bound<i64>>,
    acts: Option<&[&str]>,
    limit: u32,
) -> Result<Vec<Entry>, Error> {
    let mut heads = Query::select();
    heads
        .columns(["revision", "at", "by_id", "via", "act", "reason", "origin"])
        .from("history")
        .and_where(Expr::col("record").eq(record.0))
        // In the very words of the index.
        .and_where(Expr::cust("act <> 'roll_up'"))
        .and_where(Expr::cust("act <> 'recalculate'"))
        .and_where_option(bound.map(|bound| bound.met(Expr::col("at"), Expr::col("revision"))))
        .order_by("at", Order::Desc)
        .order_by("revision", Order::Desc)
        .limit(u64::from(limit));
    if let Some(acts) = acts {
        heads.and_where(Expr::col("act").is_in(acts.iter().copied()));
    }
    let mut entries = Vec::new();
    for row in tx.all(&heads)? {
        entries.push(Entry {
            object: object.to_owned(),
            record,
            revision: row.get(0)?,
            at: row.get(1)?,
            by: row.get(2)?,
            via: row.get(3)?,
            act: row.get(4)?,
            reason: row.get(5)?,
            origin: row.get(6)?,
            changes: Vec::new(),
        });
    }
    changes_of(tx, &mut entries)?;
    Ok(entries)
}

/// By which way, and from where, these records of an object came to be.
pub fn begun(tx: &mut Read, object: &str, records: &[Id]) -> Result<BTreeMap<Id, (String, Option<i64>)>, Error> {
    let mut found = BTreeMap::new();
    for chunk in records.chunks(CHUNK_OF_RECORDS) {
        let select = Query::select()
            .columns(["record", "via", "origin"])
            .from("history")
            .and_where(Expr::col("object").eq(object))
            .and_where(Expr::col("record").is_in(dialect::padded(chunk).into_iter().map(|id| id.0)))
            .and_where(Expr::col("revision").eq(1))
            .to_owned();
        for row in tx.all(&select)? {
            found.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
        }
    }
    Ok(found)
}

/// True when the history names the person as somebody who has done something.
pub fn has_acted(tx: &mut Read, person: Id) -> Result<bool, Error> {
    let select = Query::select().column("at").from("history").and_where(Expr::col("by_id").eq(person.0)).limit(1).to_owned();
    Ok(tx.optional(&select)?.is_some())
}

/// Who did this to a record last, and when.
pub fn last(tx: &mut Read, object: &str, record: Id, act: &str) -> Result<Option<(Id, Instant)>, Error> {
    let select = Query::select()
        .columns(["by_id", "at"])
        .from("history")
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("record").eq(record.0))
        .and_where(Expr::col("act").eq(act))
        .order_by("revision", Order::Desc)
        .limit(1)
        .to_owned();
    tx.optional(&select)?.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// Changes of any records, newest first, those of one instant by their records: what the trace is read from.
pub fn list_all(tx: &mut Read, wanted: &Wanted, place: Option<Place>, limit: u32) -> Result<Vec<Entry>, Error> {
    let mut heads = Query::select();
    heads.columns(HEAD).from("history").limit(u64::from(limit));
    // Revisions of one record are in the order of their instants, and their index is the shorter way to them.
    match (&wanted.object, wanted.record) {
        (Some(_), Some(_)) => heads.order_by("revision", Order::Desc),
        _ => heads.order_by("at", Order::Desc).order_by("record", Order::Desc),
    };
    wanted.narrow(tx.engine(), &mut heads);
    if !wanted.without.is_empty() {
        heads.and_where(Expr::col("object").is_not_in(wanted.without.iter().map(String::as_str)));
    }
    if let Some(words) = &wanted.words {
        heads.and_where(holds("reason", words));
    }
    if let Some(place) = place {
        behind(&mut heads, "record", place);
    }
    let mut entries = Vec::new();
    for row in tx.all_once(&heads)? {
        entries.push(Entry {
            object: row.get(0)?,
            record: row.get(1)?,
            revision: row.get(2)?,
            at: row.get(3)?,
            by: row.get(4)?,
            via: row.get(5)?,
            act: row.get(6)?,
            reason: row.get(7)?,
            origin: row.get(8)?,
            changes: Vec::new(),
        });
    }
    changes_of(tx, &mut entries)?;
    Ok(entries)
}

/// Reads the fields of entries of any records.
fn changes_of(tx: &mut Read, entries: &mut [Entry]) -> Result<(), Error> {
    let places: HashMap<(Id, i64), usize> = entries.iter().enumerate().map(|(at, entry)| ((entry.record, entry.revision), at)).collect();
    let mut by_object: BTreeMap<String, Vec<(Id, i64)>> = BTreeMap::new();
    for entry in entries.iter() {
        by_object.entry(entry.object.clone()).or_default().push((entry.record, entry.revision));
    }
    for (object, keys) in by_object {
        for chunk in keys.chunks(200) {
            let revisions = chunk.iter().map(|(_, revision)| *revision);
            let changes = Query::select()
                .columns(["record", "revision", "field", "old_kind", "old_text", "old_int", "new_kind", "new_text", "new_int"])
                .from("history_change")
                .and_where(Expr::col("object").eq(object.as_str()))
                .and_where(Expr::col("record").is_in(chunk.iter().map(|(record, _)| record.0).collect::<BTreeSet<_>>()))
                .and_where(Expr::col("revision").is_in(revisions.collect::<BTreeSet<i64>>()))
                .order_by("field", Order::Asc)
                .to_owned();
            for row in tx.all_once(&changes)? {
                // The lists of records and revisions cross: a revision of one may be another's.
                if let Some(at) = places.get(&(row.get(0)?, row.get(1)?)) {
                    entries[*at].changes.push(FieldChange { field: row.get(2)?, old: read(&row, 3)?, new: read(&row, 6)? });
                }
            }
        }
    }
    Ok(())
}

/// A value as kind, text and number.
fn write(value: &Value) -> [Sql; 3] {
    let (kind, text, int) = parts(value);
    [Sql::from(kind), Sql::String(text), Sql::BigInt(int)]
}

fn parts(value: &Value) -> (&'static str, Option<String>, Option<i64>) {
    match value {
        Value::Null => ("-", None, None),
        Value::Text(text) => ("t", Some(text.clone()), None),
        Value::Number(n) => ("n", None, Some(n.0)),
        Value::Money(m) => ("m", Some(m.currency.code().to_owned()), Some(m.amount.0)),
        Value::Bool(truth) => ("b", None, Some(i64::from(*truth))),
        Value::Date(day) => ("d", Some(day.to_string()), None),
        Value::Instant(at) => ("s", None, Some(at.0)),
        Value::Ref(id) => ("r", Some(id.to_string()), None),
        Value::Regarding { object, id } => ("g", Some(format!("{object}:{id}")), None),
        Value::Keys(keys) => ("k", Some(keys.join("|")), None),
    }
}

pub(crate) fn read(row: &Row, at: usize) -> Result<Value, Error> {
    let kind: String = row.get(at)?;
    let text: Option<String> = row.get(at + 1)?;
    let int: Option<i64> = row.get(at + 2)?;
    value_of(&kind, text, int)
}

fn value_of(kind: &str, text: Option<String>, int: Option<i64>) -> Result<Value, Error> {
    let value = match (kind, text, int) {
        ("-", _, _) => Some(Value::Null),
        ("t", Some(text), _) => Some(Value::Text(text)),
        ("n", _, Some(n)) => Some(Value::Number(Number(n))),
        ("m", Some(code), Some(n)) => code.parse::<Currency>().ok().map(|currency| Value::Money(Money { amount: Amount(n), currency })),
        ("b", _, Some(n)) => Some(Value::Bool(n != 0)),
        ("d", Some(text), _) => text.parse().ok().map(Value::Date),
        ("s", _, Some(n)) => Some(Value::Instant(Instant(n))),
        ("r", Some(text), _) => text.parse().ok().map(Value::Ref),
        ("g", Some(text), _) => {
            text.split_once(':').and_then(|(object, id)| Some(Value::Regarding { object: object.to_owned(), id: id.parse().ok()? }))
        }
        ("k", Some(text), _) => Some(Value::Keys(text.split('|').map(str::to_owned).collect())),
        _ => None,
    };
    value.ok_or_else(|| Error::decode("history_change", format!("kind {kind}")))
}
