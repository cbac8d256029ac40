//! What an import gives back as files: all problems, the rows that stayed out as they were sent, and what became of every row.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as Out;

use db::{Limits, Read};
use model::Id;
use sea_query::{Expr, ExprTrait, Order, Query};

use super::called::Called;
use super::chunks::RowsIn;
use super::files;
use super::options::Mode;
use super::run::{self, Run, problems};
use crate::exports::harmless;
use crate::{Credential, Ctx, Error, House, Result};

/// Rows that are read at once.
const PAGE: u64 = 1_000;

/// Everything that could not be placed, as CSV: file, object, line, the column's heading, code, value, reason, and the field that the column fills
/// or that is meant.
pub fn problems_csv(house: &House, credential: &Credential, limits: &Limits, id: Id, out: impl Out) -> Result<()> {
    let (run, called) = known(house, credential, limits, id)?;
    let mut out = Csv::new(out)?;
    out.write(["file", "object", "line", "column", "code", "value", "reason", "field"])?;
    let mut after = None;
    loop {
        let some = house.read(credential, limits.clone(), |_, tx| problems(tx, id, after, PAGE))?;
        let Some((last, ..)) = some.last() else { break };
        after = Some(*last);
        for (_, at, _, problem) in &some {
            let Some(step) = run.asked.steps.get(*at as usize) else { continue };
            let line = problem.line.to_string();
            let field = called.field(*at, &problem.column).unwrap_or_default();
            // A field that no column fills has no heading.
            let heading = if field.is_empty() || called.is_heading(*at, &problem.column) { problem.column.as_str() } else { "" };
            let place = [&step.file_name, &step.options.object, line.as_str(), heading];
            let told = [&problem.code, &problem.value, &problem.message, &field].map(String::as_str);
            out.write(place.into_iter().chain(told))?;
        }
    }
    out.end()
}

fn known(house: &House, credential: &Credential, limits: &Limits, id: Id) -> Result<(Run, Called)> {
    house.read(credential, limits.clone(), |cx, tx| {
        let run = run::load(cx, tx, id)?;
        let called = Called::of(cx, &run);
        Ok((run, called))
    })
}

/// The rows that stayed out, or lost a value, as they were sent, with the reasons behind: ready to be corrected and sent again. Of an import
/// of several files those of one step; the first that has any when none is named.
///
/// Error: [`Error::NotFound`] also when the file is not kept any more.
pub fn failed_csv(house: &House, credential: &Credential, limits: &Limits, id: Id, step: Option<usize>, out: impl Out) -> Result<()> {
    let (run, called) = known(house, credential, limits, id)?;
    let at = step.unwrap_or_else(|| run.progress.steps.iter().position(|counts| counts.problems > 0).unwrap_or(0));
    let step = run.asked.steps.get(at).ok_or(Error::NotFound)?;
    let file = house.read(credential, limits.clone(), |_, tx| match files::reading(tx, step.file, step.reading) {
        Err(Error::Invalid(_)) => Err(Error::NotFound),
        other => other,
    })?;
    let reasons = house.read(credential, limits.clone(), |_, tx| reasons(tx, &run, at, &called))?;
    let mut out = Csv::new(out)?;
    let names: Vec<&str> = file.names().chain(["import_line", "import_problem"]).collect();
    out.write(names)?;
    let Some(first) = reasons.keys().next().copied() else { return out.end() };
    let mut rows = RowsIn::from(step.file, step.reading, file.first_row() + first);
    let mut left: BTreeSet<u64> = reasons.keys().copied().collect();
    while !left.is_empty() {
        let some = rows.take(house, PAGE as usize)?;
        if some.is_empty() {
            break;
        }
        for line in some {
            let index = line.index - file.first_row();
            if !left.remove(&index) {
                continue;
            }
            let mut cells = line.cells;
            cells.resize(cells.len().max(file.columns.len()), String::new());
            cells.push(line.number.to_string());
            cells.push(reasons.get(&index).cloned().unwrap_or_default());
            out.write(cells)?;
        }
    }
    out.end()
}

/// Reasons by row: of those that stayed out, and where rows find their records again, of those that lost a value.
fn reasons(tx: &mut Read, run: &Run, step: usize, called: &Called) -> Result<BTreeMap<u64, String>> {
    let all = run.asked.steps[step].options.mode != Mode::Insert;
    sentences(tx, run, step as i64, if all { Which::Problems } else { Which::OfFailed }, called)
}

/// Which sentences.
#[derive(Clone, Copy, PartialEq)]
enum Which {
    All,
    Problems,
    OfFailed,
}

/// What is told of rows, by row.
fn sentences(tx: &mut Read, run: &Run, step: i64, which: Which, called: &Called) -> Result<BTreeMap<u64, String>> {
    let mut select = Query::select()
        .columns(["row_number", "col", "message"])
        .from("import_problem")
        .and_where(Expr::col("import").eq(run.id.0))
        .and_where(Expr::col("step").eq(step))
        .order_by("number", Order::Asc)
        .to_owned();
    if which != Which::All {
        select.and_where(Expr::col("notice").eq(0_i64));
    }
    if which == Which::OfFailed {
        let failed = Query::select()
            .column("number")
            .from("import_row")
            .and_where(Expr::col("import").eq(run.id.0))
            .and_where(Expr::col("step").eq(step))
            .and_where(Expr::col("outcome").eq("failed"))
            .to_owned();
        select.and_where(Expr::col("row_number").in_subquery(failed));
    }
    let mut reasons: BTreeMap<u64, String> = BTreeMap::new();
    for row in tx.all(&select)? {
        let (column, message): (String, String) = (row.get(1)?, row.get(2)?);
        let place = called.place(step, &column);
        let said = if place.is_empty() { message } else { format!("{place}: {message}") };
        let told = reasons.entry(row.get::<i64>(0)?.unsigned_abs()).or_default();
        if !told.is_empty() {
            told.push_str(" · ");
        }
        told.push_str(&said);
    }
    Ok(reasons)
}

/// What became of every row, as CSV: file, line, outcome, object, the record's id, and what else is told of the row: what it is like, which
/// values stayed out, why it did.
pub fn result_csv(house: &House, credential: &Credential, limits: &Limits, id: Id, out: impl Out) -> Result<()> {
    let (run, called) = known(house, credential, limits, id)?;
    let mut out = Csv::new(out)?;
    out.write(["file", "line", "outcome", "object", "id", "note"])?;
    let mut after: Option<(i64, i64, i64)> = None;
    let mut notes: (i64, BTreeMap<u64, String>) = (-1, BTreeMap::new());
    loop {
        let some = house.read(credential, limits.clone(), |_, tx| page(tx, id, after))?;
        let Some(last) = some.last() else { break };
        after = Some((last.step, last.number, last.part));
        for row in &some {
            if notes.0 != row.step {
                notes = (row.step, house.read(credential, limits.clone(), |_, tx| sentences(tx, &run, row.step, Which::All, &called))?);
            }
            let note = notes.1.get(&row.number.unsigned_abs()).filter(|_| row.part == 0).map_or("", String::as_str);
            let file = run.asked.steps.get(row.step as usize).map_or("", |step| step.file_name.as_str());
            let record = row.record.map(|id| id.to_string()).unwrap_or_default();
            out.write([file, &row.line.to_string(), &row.outcome, &row.object, &record, note])?;
        }
    }
    out.end()
}

struct Told {
    step: i64,
    number: i64,
    part: i64,
    line: i64,
    outcome: String,
    object: String,
    record: Option<Id>,
}

fn page(tx: &mut Read, import: Id, after: Option<(i64, i64, i64)>) -> Result<Vec<Told>> {
    let mut select = Query::select()
        .columns(["step", "number", "part", "line", "outcome", "object", "record"])
        .from("import_row")
        .and_where(Expr::col("import").eq(import.0))
        .order_by("step", Order::Asc)
        .order_by("number", Order::Asc)
        .order_by("part", Order::Asc)
        .limit(PAGE)
        .to_owned();
    if let Some((step, number, part)) = after {
        let here = Expr::tuple([Expr::col("step"), Expr::col("number"), Expr::col("part")]);
        select.and_where(here.gt(Expr::tuple([Expr::val(step), Expr::val(number), Expr::val(part)])));
    }
    tx.all(&select)?
        .iter()
        .map(|row| {
            Ok(Told {
                step: row.get(0)?,
                number: row.get(1)?,
                part: row.get(2)?,
                line: row.get(3)?,
                outcome: row.get(4)?,
                object: row.get(5)?,
                record: row.get(6)?,
            })
        })
        .collect()
}

/// A CSV file with the mark that spreadsheets know UTF-8 by, and without anything that they would take for a formula.
struct Csv<W: Out>(csv::Writer<W>);

impl<W: Out> Csv<W> {
    fn new(mut out: W) -> Result<Csv<W>> {
        out.write_all(b"\xef\xbb\xbf").map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Csv(csv::WriterBuilder::new().flexible(true).from_writer(out)))
    }

    fn write<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<()> {
        let defused = cells.into_iter().map(|cell| defused(cell.as_ref()));
        self.0.write_record(defused).map_err(|error| Error::Internal(error.to_string()))
    }

    fn end(mut self) -> Result<()> {
        self.0.flush().map_err(|error| Error::Internal(error.to_string()))
    }
}

/// A value that a spreadsheet would take for a formula is led by an apostrophe; an import takes it off again.
fn defused(value: &str) -> String {
    if value.parse::<f64>().is_ok_and(f64::is_finite) { value.to_owned() } else { harmless(value) }
}

/// An import's problems as text: for the command line.
pub fn problems_text(house: &House, credential: &Credential, id: Id) -> Result<String> {
    let mut bytes = Vec::new();
    problems_csv(house, credential, &Limits::default(), id, &mut bytes)?;
    String::from_utf8(bytes).map_err(|error| Error::Internal(error.to_string()))
}

/// Whether the caller may have an import's files.
pub fn exists(cx: &Ctx, tx: &mut Read, id: Id) -> Result<()> {
    run::load(cx, tx, id).map(|_| ())
}
