//! Files are sent first and wait for their import: read at once, so that what was found out about them can be shown and corrected.

use db::{Limits, Read, Row, Write};
use model::role::Act;
use model::{Id, Instant, Violation};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::Value as Json;

use super::chunks::{self, RowsOut, Sent};
use super::decode::{self, Evidence, Text};
use super::found::{Fault, Found, FoundColumn, Kind, Wanted};
use super::profile::{Profiles, is_typed};
use super::sheets::Sheets;
use super::table::{self, Line, MAX_COLUMNS, MAX_ROWS, Rows, check_header, letters};
use crate::audit::Origin;
use crate::{Credential, Ctx, Error, House, Result};

/// How long a file waits for its import, in seconds.
const WAITS: i64 = 86_400;
/// Files that wait for one person, and their bytes.
const MOST_WAITING: i64 = 100;
const MOST_BYTES: i64 = 1 << 30;
/// Characters of a name.
const LONGEST_NAME: usize = 200;
/// Bytes by which the delimiter is found out.
const HEAD: usize = 256 << 10;

/// Begins to keep a file. Whoever may import nothing sends nothing.
///
/// Errors: [`Error::Forbidden`], `import.too_many_files`.
pub fn begin(cx: &Ctx, tx: &mut Write, name: &str) -> Result<Id> {
    may_import(cx)?;
    let waiting = Query::select()
        .expr(Expr::cust("COUNT(1)"))
        .expr(Expr::cust("CAST(COALESCE(SUM(size), 0) AS BIGINT)"))
        .from("import_file")
        .and_where(Expr::col("by_id").eq(cx.who.id.0))
        .and_where(Expr::col("expires_at").lte(cx.at.plus_seconds(WAITS).0))
        .to_owned();
    let row = tx.one(&waiting)?;
    if row.get::<i64>(0)? >= MOST_WAITING || row.get::<i64>(1)? >= MOST_BYTES {
        return Err(Violation::new("import.too_many_files", "file").with("max", MOST_WAITING).into());
    }
    let id = cx.new_id();
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let tidy: String = last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let name = if tidy.trim().is_empty() { "file.csv" } else { tidy.trim() };
    tx.execute(
        Query::insert().into_table("import_file").columns(["id", "name", "size", "doc", "at", "expires_at", "by_id"]).values_panic([
            id.0.into(),
            name.into(),
            0_i64.into(),
            "".into(),
            cx.at.0.into(),
            cx.at.plus_seconds(WAITS).0.into(),
            cx.who.id.0.into(),
        ]),
    )?;
    Ok(id)
}

/// Refuses whoever may import nothing.
pub(super) fn may_import(cx: &Ctx) -> Result<()> {
    let any = cx.meta.order.iter().any(|object| cx.who.rights.may(Act::Import, object));
    if any { Ok(()) } else { Err(Error::Forbidden { act: Act::Import.key().to_owned(), object: "*".to_owned() }) }
}

/// Keeps a piece of a file that is being sent, at most [`chunks::PIECE`] bytes each.
pub fn append(cx: &Ctx, tx: &mut Write, file: Id, number: i64, content: &[u8]) -> Result<()> {
    let grown = Query::update()
        .table("import_file")
        .value("size", Expr::col("size").add(content.len() as i64))
        .and_where(Expr::col("id").eq(file.0))
        .and_where(Expr::col("by_id").eq(cx.who.id.0))
        .and_where(Expr::col("doc").eq(""))
        .to_owned();
    if tx.execute(&grown)? != 1 {
        return Err(Error::NotFound);
    }
    chunks::put(tx, file, 0, number, 0, content.to_vec())
}

/// Keeps a whole file and reads it.
pub fn keep(house: &House, credential: &Credential, origin: &Origin, name: &str, content: &[u8]) -> Result<Id> {
    let id = house.write(credential, Limits::default(), origin, |cx, tx| begin(cx, tx, name))?;
    for (number, piece) in content.chunks(chunks::PIECE).enumerate() {
        house.write(credential, Limits::default(), origin, |cx, tx| append(cx, tx, id, number as i64, piece))?;
    }
    match read(house, credential, origin, id, &Wanted::default()) {
        Ok(()) => Ok(id),
        Err(error) => {
            house.write(credential, Limits::default(), origin, |_, tx| remove(tx, id))?;
            Err(error)
        }
    }
}

/// Reads a file, or reads it anew in another way, and keeps what was found out.
///
/// Errors: `import.empty`, `import.not_text`, `import.encoding_unknown`, `import.row_too_long`, `import.too_many`, those of
/// [`Sheets::open`]; nothing is changed then.
pub fn read(house: &House, credential: &Credential, origin: &Origin, id: Id, wanted: &Wanted) -> Result<()> {
    let (name, size) = house.read(credential, Limits::default(), |cx, tx| {
        let row = row_of(cx, tx, id)?;
        Ok((row.get::<String>("name")?, row.get::<i64>("size")?))
    })?;
    let reading = i64::from(rand::random::<u32>()) + 1;
    let start = Sent::start(house, id, HEAD)?;
    let found = if start.starts_with(b"PK\x03\x04") {
        read_sheet(house, id, reading, wanted)
    } else {
        read_text(house, id, reading, wanted, &start)
    };
    let found = found.map(|found| Found { id, name, size, ..found });
    house.write(credential, Limits::default(), origin, |cx, tx| {
        row_of(cx, tx, id)?;
        if let Ok(found) = &found {
            let doc = crate::meta::text(found)?;
            tx.execute(Query::update().table("import_file").value("doc", doc.as_str()).and_where(Expr::col("id").eq(id.0)))?;
            tx.insert_rows("import_reading", &["file", "reading", "doc"], vec![vec![id.0.into(), reading.into(), doc.into()]])?;
            chunks::forget_readings(tx, id, reading)?;
        } else {
            tx.execute(
                Query::delete()
                    .from_table("import_chunk")
                    .and_where(Expr::col("file").eq(id.0))
                    .and_where(Expr::col("reading").eq(reading)),
            )?;
        }
        Ok(())
    })?;
    found.map(|_| ())
}

/// What is gathered while the rows of a file pass.
struct Gathering<'h> {
    out: RowsOut<'h>,
    first: Option<Line>,
    profiles: Profiles,
}

impl<'h> Gathering<'h> {
    fn new(house: &'h House, file: Id, reading: i64) -> Gathering<'h> {
        Gathering { out: RowsOut::new(house, file, reading), first: None, profiles: Profiles::default() }
    }

    fn take(&mut self, number: u64, mut cells: Vec<String>) -> Result<()> {
        if self.out.rows > MAX_ROWS {
            return Err(Violation::new("import.too_many", "file").with("max", MAX_ROWS).into());
        }
        // A row of more cells than any file may have columns is refused by its shape.
        cells.truncate(MAX_COLUMNS + 1);
        let row = Line { number, index: self.out.rows, cells };
        self.out.push(&row)?;
        match self.first {
            None => self.first = Some(row),
            Some(_) => self.profiles.take(&row),
        }
        Ok(())
    }

    fn end(mut self, reading: i64, kind: Kind, wanted: &Wanted) -> Result<Found> {
        self.out.flush()?;
        let first = self.first.take().ok_or_else(|| Error::from(Violation::new("import.empty", "file")))?;
        let header = wanted.header.unwrap_or_else(|| names_columns(&first, &self.profiles));
        if !header {
            self.profiles.take(&first);
        }
        // Rows of a sheet end with their last filled cell, the first one too.
        let whole = header && kind == Kind::Csv;
        let width = first.cells.len().max(if whole { 0 } else { self.profiles.0.len() });
        let name = |at: usize| if header { first.text(at).to_owned() } else { letters(at) };
        let names: Vec<String> = (0..width).map(name).collect();
        let filled = |at: usize| self.profiles.0.get(at).is_some_and(|profile| profile.filled > 0);
        let faults = check_header(&names, filled).iter().map(Fault::of).collect();
        let mut profiles = self.profiles.0.into_iter();
        let columns = names.into_iter().map(|name| FoundColumn { name, profile: profiles.next().unwrap_or_default() }).collect();
        Ok(Found {
            id: Id::SYSTEM,
            name: String::new(),
            size: 0,
            at: 0,
            expires_at: 0,
            reading,
            kind,
            wanted: wanted.clone(),
            encoding: None,
            delimiter: None,
            header,
            sheets: Vec::new(),
            sheet: None,
            rows: self.out.rows - u64::from(header),
            columns,
            faults,
        })
    }
}

/// The first line names the columns unless one of its values is what stands below it as well: a number over numbers, a day over days.
fn names_columns(first: &Line, below: &Profiles) -> bool {
    let typed =
        |at: usize| is_typed(first.text(at)) && below.0.get(at).is_none_or(|profile| profile.samples.iter().all(|text| is_typed(text)));
    !(0..first.cells.len()).any(typed)
}

fn read_text(house: &House, file: Id, reading: i64, wanted: &Wanted, start: &[u8]) -> Result<Found> {
    if decode::is_binary(start) {
        return Err(Violation::new("import.not_text", "file").with("line", 1).into());
    }
    let encoding = match &wanted.encoding {
        Some(label) => decode::named(label)?,
        None => Evidence::of(Sent::new(house, file)).map_err(table::unreadable)?.encoding(),
    };
    let delimiter = match wanted.delimiter {
        Some(delimiter) => table::named(delimiter)?,
        None => table::guess(&encoding.decode(start).0),
    };
    let mut rows = Rows::new(Text::new(Sent::new(house, file), encoding), delimiter);
    let mut gathering = Gathering::new(house, file, reading);
    while let Some((line, record)) = rows.next()? {
        let cells = record.iter().map(str::to_owned).collect();
        gathering.take(line, cells)?;
    }
    let found = gathering.end(reading, Kind::Csv, wanted)?;
    Ok(Found { encoding: Some(encoding.name().to_owned()), delimiter: Some(char::from(delimiter)), ..found })
}

fn read_sheet(house: &House, file: Id, reading: i64, wanted: &Wanted) -> Result<Found> {
    let fault = |error: std::io::Error| Error::Internal(format!("a spreadsheet cannot be laid aside: {error}"));
    let mut aside = tempfile::tempfile().map_err(fault)?;
    std::io::copy(&mut Sent::new(house, file), &mut aside).map_err(fault)?;
    let mut sheets = Sheets::open(aside)?;
    let names = sheets.names();
    let sheet = wanted.sheet.clone().or_else(|| names.first().cloned()).unwrap_or_default();
    let mut gathering = Gathering::new(house, file, reading);
    sheets.rows(&sheet, |line, cells| gathering.take(line, cells))?;
    let found = gathering.end(reading, Kind::Xlsx, wanted)?;
    Ok(Found { sheets: names, sheet: Some(sheet), ..found })
}

fn row_of(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Row> {
    let select = Query::select()
        .columns(["name", "size", "doc", "at", "expires_at", "by_id"])
        .from("import_file")
        .and_where(Expr::col("id").eq(id.0))
        .to_owned();
    let row = tx.optional(&select)?.ok_or(Error::NotFound)?;
    if row.get::<Id>("by_id")? == cx.who.id || cx.who.system.is_some() { Ok(row) } else { Err(Error::NotFound) }
}

/// A file of the caller's, read.
pub fn load(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Found> {
    let row = row_of(cx, tx, id)?;
    let doc: String = row.get("doc")?;
    if doc.is_empty() {
        return Err(Error::NotFound);
    }
    let found: Found = serde_json::from_str(&doc).map_err(|e| Error::Internal(format!("a kept file cannot be understood: {e}")))?;
    Ok(Found { id, name: row.get("name")?, size: row.get("size")?, at: row.get("at")?, expires_at: row.get("expires_at")?, ..found })
}

/// A file as one of its readings has it, for the import that uses it.
pub(super) fn reading(tx: &mut Read, id: Id, reading: i64) -> Result<Found> {
    let row = tx.optional(
        Query::select()
            .column("doc")
            .from("import_reading")
            .and_where(Expr::col("file").eq(id.0))
            .and_where(Expr::col("reading").eq(reading)),
    )?;
    let doc: String = row.ok_or_else(|| Error::from(Violation::new("import.file_missing", "file").with("file", "")))?.get(0)?;
    let found: Found = serde_json::from_str(&doc).map_err(|e| Error::Internal(format!("a kept file cannot be understood: {e}")))?;
    Ok(Found { id, ..found })
}

/// The imports that read a file in earnest.
fn imports_of(file: Expr) -> sea_query::SelectStatement {
    Query::select()
        .column(("import_use", "import"))
        .from("import_use")
        .join(
            sea_query::JoinType::InnerJoin,
            "import_run",
            Expr::col(("import_run", "id")).equals(("import_use", "import")).and(Expr::col(("import_run", "dry_run")).eq(0_i64)),
        )
        .and_where(Expr::col(("import_use", "file")).eq(file))
        .to_owned()
}

/// The caller's files that wait, the newest first.
pub fn list(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let select = Query::select()
        .column("id")
        .from("import_file")
        .and_where(Expr::col("by_id").eq(cx.who.id.0))
        .and_where(Expr::col("doc").ne(""))
        .and_where(Expr::col("expires_at").gt(cx.at.0))
        .and_where(Expr::exists(imports_of(Expr::col(("import_file", "id")))).not())
        .order_by("at", sea_query::Order::Desc)
        .limit(50)
        .to_owned();
    let ids: Vec<Id> = tx.all(&select)?.iter().map(|row| row.get(0)).collect::<std::result::Result<_, _>>()?;
    let items = ids.into_iter().map(|id| one(cx, tx, id)).collect::<Result<Vec<Json>>>()?;
    Ok(serde_json::json!({"items": items, "next_cursor": null}))
}

/// Lets go of a file that no import uses.
///
/// Error: `import.file_in_use`.
pub fn let_go(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    row_of(cx, tx, id)?;
    if tx.optional(&imports_of(Expr::val(id.0)).limit(1).to_owned())?.is_some() {
        return Err(Violation::new("import.file_in_use", "").into());
    }
    remove(tx, id)
}

/// The ImportFile of the API.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let found = load(cx, tx, id)?;
    let mut shown = found.show();
    shown["first"] = super::first::rows(tx, &found)?.into();
    shown["matches"] = super::templates::matches(cx, tx, &found)?.into();
    Ok(shown)
}

/// Takes a file away.
fn remove(tx: &mut Write, id: Id) -> Result<()> {
    tx.execute(Query::delete().from_table("import_chunk").and_where(Expr::col("file").eq(id.0)))?;
    tx.execute(Query::delete().from_table("import_reading").and_where(Expr::col("file").eq(id.0)))?;
    tx.execute(Query::delete().from_table("import_file").and_where(Expr::col("id").eq(id.0)))?;
    Ok(())
}

/// Keeps a file for longer, since an import uses it.
pub(super) fn keep_until(tx: &mut Write, id: Id, until: Instant) -> Result<()> {
    let update = Query::update()
        .table("import_file")
        .value("expires_at", until.0)
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("expires_at").lt(until.0))
        .to_owned();
    tx.execute(&update)?;
    Ok(())
}

/// How long is kept what became of every row, after the end, in seconds: 90 days. It is taken back within seven, if at all.
const ROWS_KEPT: i64 = 90 * 86_400;
/// Rows let go in one round.
const ROUND: u64 = 5_000;

/// Lets go of files whose time is over, a few at a time, and of what became of the rows of imports of long ago; how many.
pub(crate) fn sweep(cx: &Ctx, tx: &mut Write) -> Result<u64> {
    Ok(sweep_files(cx, tx)? + sweep_rows(cx, tx)?)
}

fn sweep_rows(cx: &Ctx, tx: &mut Write) -> Result<u64> {
    let old = Query::select()
        .column("import")
        .from("import_row")
        .and_where(
            Expr::col("import").in_subquery(
                Query::select()
                    .column("id")
                    .from("import_run")
                    .and_where(Expr::col("ended_at").lt(cx.at.plus_seconds(-ROWS_KEPT).0))
                    .to_owned(),
            ),
        )
        .limit(1)
        .to_owned();
    let Some(row) = tx.optional(&old)? else { return Ok(0) };
    let import: Id = row.get(0)?;
    let place = || Expr::tuple([Expr::col("step"), Expr::col("number")]);
    let next = Query::select()
        .columns(["step", "number"])
        .from("import_row")
        .and_where(Expr::col("import").eq(import.0))
        .order_by("step", Order::Asc)
        .order_by("number", Order::Asc)
        .offset(ROUND)
        .limit(1)
        .to_owned();
    let mut delete = Query::delete().from_table("import_row").and_where(Expr::col("import").eq(import.0)).to_owned();
    if let Some(next) = tx.optional(&next)? {
        let (step, number): (i64, i64) = (next.get(0)?, next.get(1)?);
        delete.and_where(place().lt(Expr::tuple([Expr::val(step), Expr::val(number)])));
    }
    Ok(tx.execute(&delete)?)
}

fn sweep_files(cx: &Ctx, tx: &mut Write) -> Result<u64> {
    let old = Query::select().column("id").from("import_file").and_where(Expr::col("expires_at").lt(cx.at.0)).limit(20).to_owned();
    let ids: Vec<Id> = tx.all(&old)?.iter().map(|row| row.get(0)).collect::<std::result::Result<_, _>>()?;
    for id in &ids {
        remove(tx, *id)?;
    }
    Ok(ids.len() as u64)
}
