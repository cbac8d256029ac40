//! A file's content in the database, in pieces: as it was sent, and as the rows that were read from it. Any server goes on from there.

use std::collections::VecDeque;
use std::io::{self, Read as _};

use csv::{ReaderBuilder, StringRecord, Writer};
use db::{Limits, Read, Write};
use model::{Id, Via};
use sea_query::{Expr, ExprTrait, Order, Query};

use super::table::Line;
use crate::{Credential, Error, House, Result};

/// Bytes of a piece as sent.
pub const PIECE: usize = 1 << 20;
/// Bytes of a piece of rows, about; and its rows at most.
const ROWS_BYTES: usize = 256 << 10;
const ROWS: usize = 2_000;
/// The reading that is the file as it was sent.
const SENT: i64 = 0;

const READER: Credential = Credential::System("reading a file that waits for its import");

/// Stores a piece of a file.
pub fn put(tx: &mut Write, file: Id, reading: i64, number: i64, first_row: i64, content: Vec<u8>) -> Result<()> {
    tx.execute(Query::insert().into_table("import_chunk").columns(["file", "reading", "number", "first_row", "content"]).values_panic([
        file.0.into(),
        reading.into(),
        number.into(),
        first_row.into(),
        content.into(),
    ]))?;
    Ok(())
}

fn get(tx: &mut Read, file: Id, reading: i64, number: i64) -> Result<Option<(i64, Vec<u8>)>> {
    let select = Query::select()
        .columns(["first_row", "content"])
        .from("import_chunk")
        .and_where(Expr::col("file").eq(file.0))
        .and_where(Expr::col("reading").eq(reading))
        .and_where(Expr::col("number").eq(number))
        .to_owned();
    tx.optional(&select)?.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// Removes readings of a file that no import uses; the file as sent stays.
pub fn forget_readings(tx: &mut Write, file: Id, but: i64) -> Result<()> {
    let used = Query::select().column("reading").from("import_use").and_where(Expr::col("file").eq(file.0)).to_owned();
    for table in ["import_chunk", "import_reading"] {
        tx.execute(
            Query::delete()
                .from_table(table)
                .and_where(Expr::col("file").eq(file.0))
                .and_where(Expr::col("reading").is_not_in([SENT, but]))
                .and_where(Expr::col("reading").not_in_subquery(used.clone())),
        )?;
    }
    Ok(())
}

/// A file as it was sent, piece by piece.
pub struct Sent<'h> {
    house: &'h House,
    file: Id,
    next: i64,
    piece: Vec<u8>,
    at: usize,
}

impl<'h> Sent<'h> {
    /// From its beginning.
    pub fn new(house: &'h House, file: Id) -> Sent<'h> {
        Sent { house, file, next: 0, piece: Vec::new(), at: 0 }
    }

    /// Its first bytes, at most `many`.
    pub fn start(house: &House, file: Id, many: usize) -> Result<Vec<u8>> {
        let mut start = Vec::new();
        Sent::new(house, file).take(many as u64).read_to_end(&mut start).map_err(super::table::unreadable)?;
        Ok(start)
    }
}

impl io::Read for Sent<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            let (file, next) = (self.file, self.next);
            let piece = self.house.read(&READER, Limits::default(), |_, tx| get(tx, file, SENT, next)).map_err(io::Error::other)?;
            let Some((_, piece)) = piece else { return Ok(0) };
            (self.piece, self.at, self.next) = (piece, 0, next + 1);
        }
        let many = out.len().min(self.piece.len() - self.at);
        out[..many].copy_from_slice(&self.piece[self.at..self.at + many]);
        self.at += many;
        Ok(many)
    }
}

/// Writes rows down as they are read.
pub struct RowsOut<'h> {
    house: &'h House,
    file: Id,
    reading: i64,
    number: i64,
    /// Rows so far, and the first of the piece that is being filled.
    pub rows: u64,
    first: u64,
    bytes: usize,
    piece: Writer<Vec<u8>>,
}

impl<'h> RowsOut<'h> {
    /// Rows of a new reading.
    pub fn new(house: &'h House, file: Id, reading: i64) -> RowsOut<'h> {
        RowsOut { house, file, reading, number: 0, rows: 0, first: 0, bytes: 0, piece: writer() }
    }

    /// The next row.
    pub fn push(&mut self, row: &Line) -> Result<()> {
        let fault = |error: csv::Error| Error::Internal(error.to_string());
        self.piece.write_field(row.number.to_string()).map_err(fault)?;
        for cell in &row.cells {
            self.piece.write_field(cell).map_err(fault)?;
            self.bytes += cell.len() + 1;
        }
        self.piece.write_record(None::<&[u8]>).map_err(fault)?;
        self.rows += 1;
        if self.bytes >= ROWS_BYTES || self.rows - self.first >= ROWS as u64 { self.flush() } else { Ok(()) }
    }

    /// Stores what has not been stored yet.
    pub fn flush(&mut self) -> Result<()> {
        if self.rows == self.first {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, writer());
        let content = piece.into_inner().map_err(|error| Error::Internal(error.to_string()))?;
        self.house.write(&READER, Limits::default(), Via::System, |_, tx| {
            put(tx, self.file, self.reading, self.number, self.first as i64, content.clone())
        })?;
        (self.number, self.first, self.bytes) = (self.number + 1, self.rows, 0);
        Ok(())
    }
}

fn writer() -> Writer<Vec<u8>> {
    csv::WriterBuilder::new().flexible(true).from_writer(Vec::new())
}

/// The rows of a reading from a place on.
pub struct RowsIn {
    file: Id,
    reading: i64,
    next: Option<i64>,
    /// Where to begin.
    from: u64,
    waiting: VecDeque<Line>,
}

impl RowsIn {
    /// Rows from the one at this place on, the first line of the file counted.
    pub fn from(file: Id, reading: i64, row: u64) -> RowsIn {
        RowsIn { file, reading, next: None, from: row, waiting: VecDeque::new() }
    }

    /// At most so many rows; none at the end.
    pub fn take(&mut self, house: &House, many: usize) -> Result<Vec<Line>> {
        let many = self.coming(house, many)?.count();
        Ok(self.waiting.drain(..many).collect())
    }

    /// Those that are to come, at most so many; they stay where they are.
    pub fn coming(&mut self, house: &House, many: usize) -> Result<impl Iterator<Item = &Line>> {
        while self.waiting.len() < many {
            if !house.read(&READER, Limits::default(), |_, tx| self.fill(tx))? {
                break;
            }
        }
        Ok(self.waiting.iter().take(many))
    }

    /// Takes rows within a transaction.
    pub fn take_in(&mut self, tx: &mut Read, many: usize) -> Result<Vec<Line>> {
        while self.waiting.len() < many && self.fill(tx)? {}
        let many = many.min(self.waiting.len());
        Ok(self.waiting.drain(..many).collect())
    }

    fn fill(&mut self, tx: &mut Read) -> Result<bool> {
        let number = match self.next {
            Some(number) => number,
            None => self.first_piece(tx)?,
        };
        let Some((first, content)) = get(tx, self.file, self.reading, number)? else { return Ok(false) };
        self.next = Some(number + 1);
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(content.as_slice());
        let mut record = StringRecord::new();
        let mut index = first.unsigned_abs();
        while reader.read_record(&mut record).map_err(|error| Error::Internal(format!("stored rows cannot be read: {error}")))? {
            if index >= self.from {
                let number = record.get(0).and_then(|number| number.parse().ok()).unwrap_or_default();
                self.waiting.push_back(Line { number, index, cells: record.iter().skip(1).map(str::to_owned).collect() });
            }
            index += 1;
        }
        Ok(true)
    }

    fn first_piece(&self, tx: &mut Read) -> Result<i64> {
        let select = Query::select()
            .column("number")
            .from("import_chunk")
            .and_where(Expr::col("file").eq(self.file.0))
            .and_where(Expr::col("reading").eq(self.reading))
            .and_where(Expr::col("first_row").lte(self.from as i64))
            .order_by("number", Order::Desc)
            .limit(1)
            .to_owned();
        Ok(tx.optional(&select)?.map(|row| row.get(0)).transpose()?.unwrap_or(0))
    }
}
