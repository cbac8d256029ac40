//! Files that hang on records: uploaded first, then named by the field of a record. Whoever sees the field sees the file.
//!
//! Their contents lie in the database, so that one copy holds all, or in a directory beside it where one is named. A file taken out of its
//! field stays with the record, since its history names it; one that was never saved with a record is let go after a day.

mod directory;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use db::{Read, Write};
use model::field::FieldType;
use model::role::FieldAccess;
use model::{Field, Id, Object, Record, Value, Violation};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::save::Working;
use crate::{Credential, Ctx, Error, House, Result, records, veil};

pub use directory::Directory;

/// Bytes of a file.
pub const LARGEST: usize = 10 << 20;
/// How long a file waits for its record, in seconds.
const WAITS: i64 = 86_400;
/// Characters of a name.
const LONGEST_NAME: usize = 200;

/// A file to be sent.
pub struct File {
    pub id: Id,
    pub name: String,
    pub media_type: String,
    /// None: it lies in the directory.
    pub content: Option<Vec<u8>>,
    sha256: String,
}

impl File {
    /// Its content, wherever it lies. To be asked outside of any transaction.
    pub fn content(self, house: &House) -> Result<Vec<u8>> {
        if let Some(content) = self.content {
            return Ok(content);
        }
        let directory = house.directory().ok_or_else(|| Error::Internal("a file lies in a directory, and none is named".into()))?;
        let content = directory.get(self.id).map_err(|error| Error::Internal(format!("the content of the file {}: {error}", self.id)))?;
        if hash(&content) != self.sha256 {
            return Err(Error::Internal(format!("the content of the file {} is not what was sent", self.id)));
        }
        Ok(content)
    }
}

/// A content that has arrived, on its place already where that is a directory.
pub struct Arrived {
    id: Id,
    size: usize,
    media_type: &'static str,
    sha256: String,
    /// For the database; none where it lies in the directory.
    content: Option<Vec<u8>>,
}

/// Takes a content in before the transaction that keeps it: disks are slow.
///
/// Errors: `file.too_large`, `file.missing`.
pub fn arrive(house: &House, content: &[u8]) -> Result<Arrived> {
    let mut arrived = arrived(house.new_id(), content)?;
    if let Some(directory) = house.directory() {
        let failed = |error: std::io::Error| Error::Internal(format!("a file cannot be laid down: {error}"));
        directory.put(arrived.id, content).map_err(failed)?;
        arrived.content = None;
    }
    Ok(arrived)
}

fn arrived(id: Id, content: &[u8]) -> Result<Arrived> {
    if content.len() > LARGEST {
        return Err(Violation::new("file.too_large", "file").with("max", LARGEST >> 20).into());
    }
    if content.is_empty() {
        return Err(Error::invalid("file.missing", "file"));
    }
    Ok(Arrived { id, size: content.len(), media_type: media_type(content), sha256: hash(content), content: Some(content.to_vec()) })
}

fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Keeps a file in the database until a record names it.
///
/// Errors: as [`arrive`].
pub fn keep(cx: &Ctx, tx: &mut Write, name: &str, content: &[u8]) -> Result<Json> {
    let arrived = arrived(cx.new_id(), content)?;
    keep_arrived(cx, tx, name, &arrived)
}

/// Keeps what has arrived until a record names it.
///
/// Errors: `file.missing`.
pub fn keep_arrived(cx: &Ctx, tx: &mut Write, name: &str, arrived: &Arrived) -> Result<Json> {
    let name = tidy(name);
    if name.is_empty() {
        return Err(Error::invalid("file.missing", "file"));
    }
    let place = arrived.content.is_none().then_some("directory");
    tx.execute(
        Query::insert()
            .into_table("file")
            .columns(["id", "name", "media_type", "size", "sha256", "content", "place", "at", "by_id"])
            .values_panic([
                arrived.id.0.into(),
                name.as_str().into(),
                arrived.media_type.into(),
                (arrived.size as i64).into(),
                arrived.sha256.as_str().into(),
                arrived.content.clone().unwrap_or_default().into(),
                place.into(),
                cx.at.0.into(),
                cx.who.id.0.into(),
            ]),
    )?;
    Ok(json!({"id": arrived.id.to_string(), "name": name, "size": arrived.size, "media_type": arrived.media_type}))
}

/// The last part of a path, without what no file system bears.
fn tidy(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect::<String>().trim().to_owned()
}

/// What the content says of itself; what the sender says of it is not believed.
fn media_type(content: &[u8]) -> &'static str {
    const KNOWN: [(&[u8], &str); 7] = [
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"PK\x03\x04", "application/zip"),
        (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
        (b"\x1f\x8b", "application/gzip"),
    ];
    let known = KNOWN.iter().find(|(magic, _)| content.starts_with(magic)).map(|(_, name)| *name);
    let text = || std::str::from_utf8(content).is_ok_and(|text| !text.contains('\0'));
    known.unwrap_or_else(|| if text() { "text/plain" } else { "application/octet-stream" })
}

/// A file, for those who see the field that names it, and for its sender until a record does.
pub fn read(cx: &Ctx, tx: &mut Read, id: Id) -> Result<File> {
    let row = tx.optional(
        Query::select()
            .columns(["name", "media_type", "content", "object", "record", "field", "by_id", "place", "sha256"])
            .from("file")
            .and_where(Expr::col("id").eq(id.0)),
    )?;
    let row = row.ok_or(Error::NotFound)?;
    let place: (Option<String>, Option<Id>, Option<String>) = (row.get("object")?, row.get("record")?, row.get("field")?);
    match place {
        (Some(object), Some(record), Some(field)) => {
            let object = cx.object(&object)?;
            let record = records::load(cx, tx, object, record)?;
            let known = object.field(&field).is_some_and(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
            if !known || veil::covers(cx, Some(&record), &field) {
                return Err(Error::NotFound);
            }
        }
        _ if row.get::<Id>("by_id")? != cx.who.id => return Err(Error::NotFound),
        _ => {}
    }
    let beside = row.get::<Option<String>>("place")?.is_some();
    let content = if beside { None } else { Some(row.get("content")?) };
    Ok(File { id, name: row.get("name")?, media_type: row.get("media_type")?, content, sha256: row.get("sha256")? })
}

fn fields(object: &Object) -> impl Iterator<Item = &Field> {
    object.fields.iter().filter(|field| field.kind == FieldType::Attachment)
}

fn named(record: Option<&Record>, field: &str) -> BTreeSet<Id> {
    match record.map(|record| record.get(field)) {
        Some(Value::Keys(keys)) => keys.iter().filter_map(|key| key.parse().ok()).collect(),
        _ => BTreeSet::new(),
    }
}

/// A record may name files that its writer has sent, and those that hang on it already.
pub(crate) fn judge(cx: &Ctx, tx: &mut Read, object: &Object, work: &mut [Working]) -> Result<()> {
    // A file hangs on one record, also among those that are saved together.
    let mut taken: BTreeMap<Id, Id> = BTreeMap::new();
    for field in fields(object) {
        for item in work.iter_mut().filter(|item| item.error.is_none()) {
            let fresh: Vec<Id> =
                named(Some(&item.after), &field.key).difference(&named(item.before.as_ref(), &field.key)).copied().collect();
            if fresh.is_empty() {
                continue;
            }
            let mut there = nameable(cx, tx, object, item.after.id, &fresh)?;
            there.retain(|id| *taken.entry(*id).or_insert(item.after.id) == item.after.id);
            if fresh.iter().any(|id| !there.contains(id)) {
                item.findings.push(Violation::new("file.unknown", &field.key));
            }
        }
    }
    Ok(())
}

/// Those of these files that the caller may have a record name: those that he has sent, and those that hang on it in fields that he knows.
fn nameable(cx: &Ctx, tx: &mut Read, object: &Object, record: Id, files: &[Id]) -> Result<BTreeSet<Id>> {
    let known = |key: &str| object.field(key).is_some_and(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
    let rows = tx.all(
        Query::select()
            .columns(["id", "record", "by_id", "field"])
            .from("file")
            .and_where(Expr::col("id").is_in(files.iter().map(|id| id.0))),
    )?;
    let mut found = BTreeSet::new();
    for row in &rows {
        let (id, of, by): (Id, Option<Id>, Id) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let mine = match of {
            Some(of) => of == record && row.get::<Option<String>>(3)?.is_some_and(|field| known(&field)),
            None => by == cx.who.id || cx.who.system.is_some(),
        };
        if mine {
            found.insert(id);
        }
    }
    Ok(found)
}

/// What stands against files that a change names and that is held beside its record.
pub(crate) fn unknown(cx: &Ctx, tx: &mut Read, object: &Object, before: &Record, after: &Record) -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    for field in fields(object) {
        let fresh: Vec<Id> = named(Some(after), &field.key).difference(&named(Some(before), &field.key)).copied().collect();
        if !fresh.is_empty() && nameable(cx, tx, object, after.id, &fresh)?.len() < fresh.len() {
            found.push(Violation::new("file.unknown", &field.key));
        }
    }
    Ok(found)
}

/// Hangs the files that a saved record names on it.
pub(crate) fn hang(tx: &mut Write, object: &Object, before: Option<&Record>, after: &Record) -> Result<()> {
    for field in fields(object) {
        let fresh: Vec<Id> = named(Some(after), &field.key).difference(&named(before, &field.key)).copied().collect();
        if fresh.is_empty() {
            continue;
        }
        tx.execute(
            Query::update()
                .table("file")
                .value("object", object.key.as_str())
                .value("record", after.id.0)
                .value("field", field.key.as_str())
                .and_where(Expr::col("id").is_in(fresh.iter().map(|id| id.0))),
        )?;
    }
    Ok(())
}

/// Names, sizes and types of files, by id.
pub(crate) fn names(tx: &mut Read, ids: &BTreeSet<Id>) -> Result<BTreeMap<Id, Json>> {
    let mut found = BTreeMap::new();
    let ids: Vec<Id> = ids.iter().copied().collect();
    for chunk in ids.chunks(500) {
        let rows = tx.all(
            Query::select()
                .columns(["id", "name", "size", "media_type"])
                .from("file")
                .and_where(Expr::col("id").is_in(chunk.iter().map(|id| id.0))),
        )?;
        for row in &rows {
            let shown = json!({
                "object": "file", "name": row.get::<String>(1)?, "size": row.get::<i64>(2)?, "media_type": row.get::<String>(3)?,
            });
            found.insert(row.get(0)?, shown);
        }
    }
    Ok(found)
}

/// Removes the files that hang on records which are deleted for good.
pub(crate) fn remove(tx: &mut Write, object: &Object, records: &[Id]) -> Result<()> {
    for chunk in records.chunks(500) {
        let delete = Query::delete()
            .from_table("file")
            .and_where(Expr::col("object").eq(object.key.as_str()))
            .and_where(Expr::col("record").is_in(chunk.iter().map(|id| id.0)))
            .to_owned();
        tx.execute(&delete)?;
    }
    Ok(())
}

/// Lets go of files that no record has named; how many.
pub(crate) fn sweep(cx: &Ctx, tx: &mut Write) -> Result<u64> {
    let old = Query::delete()
        .from_table("file")
        .and_where(Expr::col("record").is_null())
        .and_where(Expr::col("at").lt(cx.at.plus_seconds(-WAITS).0))
        .to_owned();
    Ok(tx.execute(&old)?)
}

/// Removes from the directory what no row has named for a day; how many.
pub(crate) fn tidy_directory(house: &House) -> Result<u64> {
    let Some(directory) = house.directory() else { return Ok(0) };
    let failed = |error: std::io::Error| Error::Internal(format!("the directory of files: {error}"));
    let old = directory.older_than(Duration::from_secs(WAITS.unsigned_abs())).map_err(failed)?;
    let mut removed = 0;
    for chunk in old.chunks(500) {
        let named: BTreeSet<Id> = house.read(&Credential::System("files that nobody names"), db::Limits::default(), |_, tx| {
            let ids = chunk.iter().map(|id| id.0);
            let rows = tx.all(Query::select().column("id").from("file").and_where(Expr::col("id").is_in(ids)))?;
            rows.iter().map(|row| Ok(row.get(0)?)).collect()
        })?;
        for id in chunk.iter().filter(|id| !named.contains(id)) {
            directory.remove(*id).map_err(failed)?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Files that lie in the directory, with their sizes: for `stagecraft check`.
pub(crate) fn beside(tx: &mut Read) -> Result<Vec<(Id, i64)>> {
    let rows = tx.all(Query::select().columns(["id", "size"]).from("file").and_where(Expr::col("place").is_not_null()))?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}
