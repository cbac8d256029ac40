//! Exports: the records of a list as a file, CSV or XLSX.
//!
//! What is exported is what the list shows: the same filter, words, view and order, in the caller's scope, without fields that he may
//! not know of. Pages are read one after another in one snapshot and handed on at once, so memory stays small however many there are; an
//! XLSX file is laid down on disk first, since its parts can only be put together at the end.

mod cells;
mod columns;
mod csv_file;
mod xlsx_file;

use std::collections::HashMap;

use db::records::{Query, Sort};
use db::{Limits, Read};
use jiff::tz::TimeZone;
use model::condition::{Check, Hop, Resolved, Test};
use model::field::Kind;
use model::role::Act;
use model::{Id, Instant, Object, Record, Value, Violation};
use serde::Deserialize;
use serde_json::json;

use crate::audit::{Note, Origin};
use crate::records::{Asked, asked, bin, sort};
use crate::{Credential, Ctx, Error, House, Result, reckoning};

pub(crate) use cells::Cell;
use cells::Reader;
use columns::Column;
use csv_file::CsvFile;
pub(crate) use csv_file::{FORMULAS, harmless};
use xlsx_file::XlsxFile;

/// Rows of a file.
pub const MOST: i64 = 1_000_000;
/// Ids read in one statement, so that an order that no index serves is sorted few times.
const IDS: u32 = 20_000;
/// Records read and written together.
const PAGE: usize = 500;
/// Ids that a request may name.
const NAMED: usize = 1000;

/// The query of `GET /records/{object}/export`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// `csv` or `xlsx`.
    pub format: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    pub sort: Option<String>,
    /// Keys divided by commas, in the order of the columns; `id` is the record's own.
    pub fields: Option<String>,
    /// Only these records: ids divided by commas.
    pub ids: Option<String>,
    /// `only`: the recycle bin, for those who may restore.
    pub voided: Option<String>,
    /// `labels` or `keys`.
    pub header: Option<String>,
    /// `labels` or `keys`: options and references by name, or by key and id.
    pub values: Option<String>,
}

/// The few words of a file that are no labels, in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    pub yes: &'static str,
    pub no: &'static str,
    pub id: &'static str,
    pub overdue: &'static str,
    /// The column of an amount's currency; `{}` stands for the amount's label.
    pub currency: &'static str,
}

/// What a file is called and is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub name: String,
    pub media_type: &'static str,
}

/// Where the file goes.
pub trait Sink {
    /// Everything is in order; bytes will come.
    fn begin(&mut self, head: Head) -> Result<()>;
    /// The next part. Waits while the reader has enough to read. Error: nobody reads any more.
    fn send(&mut self, bytes: Vec<u8>) -> Result<()>;
    /// Nobody reads any more.
    fn is_gone(&self) -> bool;
}

impl Head {
    /// `name.format` with its media type.
    pub(crate) fn new(name: &str, format: &str) -> Head {
        let media_type = match format {
            "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            _ => "text/csv; charset=utf-8",
        };
        Head { name: format!("{name}.{format}"), media_type }
    }
}

/// A file that is written page by page.
pub(crate) enum Table {
    Csv(CsvFile),
    Xlsx(Box<XlsxFile>),
}

impl Table {
    /// Tells the client what will come, and begins with the titles.
    pub(crate) fn begin(format: &str, sheet: &str, titles: &[String], head: Head, sink: &mut dyn Sink) -> Result<Table> {
        sink.begin(head)?;
        Ok(match format {
            "xlsx" => Table::Xlsx(Box::new(XlsxFile::new(sheet, titles)?)),
            _ => Table::Csv(CsvFile::new(titles)?),
        })
    }

    /// Adds rows.
    pub(crate) fn page(&mut self, rows: &[Vec<Cell>], sink: &mut dyn Sink) -> Result<()> {
        match self {
            Table::Csv(file) => sink.send(file.page(rows)?),
            Table::Xlsx(file) => file.page(rows),
        }
    }

    /// Ends it; gives a file that is still to be put together and sent.
    pub(crate) fn end(self, sink: &mut dyn Sink) -> Result<Option<Box<XlsxFile>>> {
        match self {
            Table::Csv(mut file) => {
                // The header of an empty list.
                sink.send(file.page(&[])?)?;
                Ok(None)
            }
            Table::Xlsx(file) => Ok(Some(file)),
        }
    }
}

/// An instant in the reader's time zone.
pub(crate) fn named_moment(cx: &Ctx, at: Instant) -> Cell {
    let zone = TimeZone::get(&cx.who.time_zone).unwrap_or_else(|_| cx.meta.calendar.zone.clone());
    Cell::Moment(cells::moment(&zone, at))
}

/// How the file is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv,
    Xlsx,
}

/// An export whose request has been read.
struct Plan {
    object: Object,
    condition: Option<Resolved>,
    words: Option<db::search::Words>,
    sort: Sort,
    bin: db::records::Bin,
    columns: Vec<Column>,
    format: Format,
    header_keys: bool,
    value_keys: bool,
}

/// Refuses an export that cannot be: before anything is begun, so that the answer can still be a refusal.
pub fn judge(cx: &Ctx, tx: &mut Read, object: &str, request: &ExportRequest) -> Result<()> {
    let plan = plan(cx, tx, object, request)?;
    let count = db::records::count(tx, &cx.meta.schema, &plan.object, &cx.scope(), plan.condition.as_ref(), plan.words.as_ref(), plan.bin)?;
    fits(count)
}

fn fits(count: i64) -> Result<()> {
    if count > MOST { Err(Violation::new("export.too_many", "").with("max", MOST).into()) } else { Ok(()) }
}

/// Notes that somebody takes a list away with him, and which. What it holds is not noted twice.
pub fn note(cx: &Ctx, object: &str, request: &ExportRequest) -> Result<Note> {
    let object = cx.object(object)?;
    let ids = request.ids.as_ref().map(|ids| ids.split(',').count());
    let detail = json!({
        "format": request.format.as_deref().unwrap_or("csv"), "view": request.view, "filter": request.filter, "q": request.q,
        "fields": request.fields, "ids": ids, "voided": request.voided,
    });
    Ok(Note::new(Act::Export.key(), "record").of(&object.key).subject(object.plural.in_language("en")).detail(detail))
}

/// Makes the file, in one snapshot.
pub fn run(
    house: &House,
    credential: &Credential,
    origin: &Origin,
    limits: Limits,
    object: &str,
    request: &ExportRequest,
    words: fn(&str) -> Words,
    sink: &mut dyn Sink,
) -> Result<()> {
    let mut begun = false;
    let file = house.read_from(credential, limits, origin, |cx, tx| {
        // A transaction that is run again would begin the file anew in its middle.
        if begun {
            return Err(Error::Internal("an export was broken off by the database".into()));
        }
        let plan = plan(cx, tx, object, request)?;
        begun = true;
        write(cx, tx, &plan, words(&cx.who.language), sink)
    })?;
    // Putting it together reads nothing any more.
    file.map_or(Ok(()), |file| file.send(sink))
}

fn plan(cx: &Ctx, tx: &mut Read, object: &str, request: &ExportRequest) -> Result<Plan> {
    let object = cx.object(object)?.clone();
    cx.must_be_allowed(Act::Export, &object.key)?;
    let format = match request.format.as_deref() {
        None | Some("csv") => Format::Csv,
        Some("xlsx") => Format::Xlsx,
        Some(_) => return Err(Error::Malformed("format: csv or xlsx".into())),
    };
    let asked = asked(cx, tx, &object, request.view.as_deref(), request.filter.as_deref(), request.q.as_deref())?;
    let sort = sort(cx, &object, asked.sort(request.sort.as_deref()))?;
    let columns = columns::chosen(cx, &object, request.fields.as_deref(), asked.view.as_ref())?;
    let only = request.ids.as_deref().map(named).transpose()?;
    let Asked { condition, words, .. } = asked;
    let condition = match (condition, only) {
        (Some(condition), Some(only)) => Some(Resolved::All(vec![condition, only])),
        (condition, only) => condition.or(only),
    };
    let bin = bin(cx, &object, request.voided.as_deref())?;
    let keys = |name: &str, given: &Option<String>| match given.as_deref() {
        None | Some("labels") => Ok(false),
        Some("keys") => Ok(true),
        Some(_) => Err(Error::Malformed(format!("{name}: labels or keys"))),
    };
    Ok(Plan {
        condition,
        words,
        sort,
        bin,
        columns,
        format,
        header_keys: keys("header", &request.header)?,
        value_keys: keys("values", &request.values)?,
        object,
    })
}

fn named(ids: &str) -> Result<Resolved> {
    let parts: Vec<&str> = ids.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    if parts.len() > NAMED {
        return Err(Error::Malformed(format!("ids: at most {NAMED}")));
    }
    // What is no id is no record's.
    let ids: Vec<Value> = parts.iter().filter_map(|id| id.parse::<Id>().ok()).map(Value::Ref).collect();
    Ok(Resolved::Test(Test { hops: Vec::<Hop>::new(), field: "id".into(), kind: Kind::Ref, folded: false, check: Check::In(ids) }))
}

/// Hands on a CSV file page by page; gives an XLSX file whose rows are written.
fn write(cx: &Ctx, tx: &mut Read, plan: &Plan, words: Words, sink: &mut dyn Sink) -> Result<Option<Box<XlsxFile>>> {
    let zone = TimeZone::get(&cx.who.time_zone).unwrap_or_else(|_| cx.meta.calendar.zone.clone());
    let today = cx.at.date_in(&zone);
    let titles = columns::titles(plan, &cx.who.language, words);
    let mut reader = Reader { cx, words, zone, keys: plan.value_keys, names: HashMap::new() };
    let format = match plan.format {
        Format::Csv => "csv",
        Format::Xlsx => "xlsx",
    };
    let head = Head::new(&format!("{}-{today}", plan.object.key), format);
    let mut file = Table::begin(format, plan.object.plural.in_language(&cx.who.language), &titles, head, sink)?;
    let mut cursor = None;
    loop {
        let query = Query {
            condition: plan.condition.as_ref(),
            words: plan.words.as_ref(),
            sort: plan.sort.clone(),
            cursor,
            limit: IDS,
            bin: plan.bin,
        };
        let (ids, next) = db::records::ids(tx, &cx.meta.schema, &plan.object, &cx.scope(), &query)?;
        for page in ids.chunks(PAGE) {
            if sink.is_gone() {
                return Err(db::Error::Cancelled.into());
            }
            let rows = rows(cx, tx, plan, &mut reader, page)?;
            file.page(&rows, sink)?;
        }
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    file.end(sink)
}

/// The cells of some records, in their order.
fn rows(cx: &Ctx, tx: &mut Read, plan: &Plan, reader: &mut Reader<'_>, ids: &[Id]) -> Result<Vec<Vec<Cell>>> {
    let mut found = db::records::load(tx, &cx.meta.schema, &plan.object, &cx.scope(), ids)?;
    reckoning::on_read(cx, tx, &plan.object, &mut found, Some(&columns::keys(&plan.columns)))?;
    let found: HashMap<Id, Record> = found.into_iter().map(|record| (record.id, record)).collect();
    let records: Vec<&Record> = ids.iter().filter_map(|id| found.get(id)).collect();
    if !plan.value_keys {
        reader.learn_names(tx, &plan.columns, &records)?;
    }
    Ok(records.iter().map(|record| plan.columns.iter().flat_map(|column| reader.cells(column, record)).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_its_limit() {
        assert!(fits(MOST).is_ok());
        assert!(matches!(fits(MOST + 1), Err(Error::Invalid(found)) if found[0].code == "export.too_many"));
    }
}
