//! An empty place that takes a whole database in, all or nothing.

use std::fs;
use std::path::{Path, PathBuf};

use ::postgres::binary_copy::BinaryCopyInWriter;
use ::postgres::types::{ToSql, Type};
use rusqlite::params_from_iter;

use super::source::{connect, last_event, summed};
use super::{Applied, Cells, Kind, Next, Sum, Table};
use crate::connection::{Connection, Shape, postgres, sqlite};
use crate::param::Param;
use crate::row::Cell;
use crate::{Engine, Error, dialect, migrate};

/// A database in the making. On PostgreSQL all happens in one transaction; on SQLite in a file beside the one that it will be. So whatever
/// ends the program in between leaves an empty place, and one begins anew.
pub struct Target {
    connection: Option<Connection>,
    engine: Engine,
    /// The file in the making, and what it will be called.
    file: Option<(PathBuf, PathBuf)>,
    /// Indexes of the product's tables, to be made once the rows are in.
    indexes: Vec<String>,
}

impl Target {
    /// Makes the product's tables as these migrations leave them. Error: [`Error::Occupied`].
    pub fn make(url: &str, applied: &[Applied]) -> Result<Target, Error> {
        migrate::judge(applied)?;
        let file = match url.strip_prefix("sqlite:") {
            Some(path) => {
                let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
                if path.exists() {
                    return Err(Error::Occupied(format!("{} is there already", path.display())));
                }
                let making = beside(&path, "making");
                // What an earlier attempt has left when it was ended.
                remove(&making)?;
                Some((making, path))
            }
            None => None,
        };
        let address = file.as_ref().map_or_else(|| url.to_owned(), |(making, _)| format!("sqlite:{}", making.display()));
        let (mut connection, engine) = connect(&address, sqlite::Role::Writer)?;
        connection.batch(dialect::begin_taking(engine))?;
        if let Some(row) = connection.query(dialect::some_table(engine), &[], Shape::Once)?.first() {
            return Err(Error::Occupied(format!("the database has tables already, as {}", row.get::<String>(0)?)));
        }
        let mut target = Target { connection: Some(connection), engine, file, indexes: Vec::new() };
        let c = target.c();
        migrate::apply(c, engine, &mut |number| applied.iter().any(|one| one.number == number), &mut |_| {})?;
        let indexes = c.query(dialect::made_indexes(engine), &[], Shape::Once)?;
        let mut made = Vec::new();
        for row in &indexes {
            c.batch(&dialect::drop_index(&row.get::<String>(0)?))?;
            made.push(row.get(1)?);
        }
        // What migrations have put in comes with the rest.
        let system = super::shape::system(|number| applied.iter().any(|one| one.number == number))?;
        for table in system.iter().rev() {
            c.batch(&dialect::delete_all(&table.name))?;
        }
        target.indexes = made;
        Ok(target)
    }

    fn c(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a target has its connection until it is finished")
    }

    /// Takes in the rows of a table, which is made where it is one of records.
    pub fn take(&mut self, table: &Table, next: &mut Next<'_>) -> Result<(), Error> {
        let engine = self.engine;
        if table.is_of_records() {
            let columns: Vec<(String, dialect::Storage)> =
                table.columns.iter().map(|(name, kind)| (name.clone(), kind.storage())).collect();
            self.c().batch(&dialect::create_table(engine, &table.name, &columns))?;
        }
        let columns: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
        match self.c() {
            Connection::Sqlite(c) => {
                let insert = dialect::insert_one(&table.name, &columns);
                let mut statement = c.raw().prepare(&insert).map_err(sqlite::error)?;
                while let Some(row) = next()? {
                    statement.execute(params_from_iter(params(table, row)?)).map_err(sqlite::error)?;
                }
            }
            Connection::Postgres(c) => {
                let types: Vec<Type> = table
                    .columns
                    .iter()
                    .map(|(_, kind)| match kind {
                        Kind::Int => Type::INT8,
                        Kind::Text => Type::TEXT,
                        Kind::Id => Type::UUID,
                        Kind::Bytes => Type::BYTEA,
                    })
                    .collect();
                let fault = |e: ::postgres::Error| postgres::error(&e);
                let sink = c.client().copy_in(&dialect::copy_in(&table.name, &columns)).map_err(fault)?;
                let mut writer = BinaryCopyInWriter::new(sink, &types);
                while let Some(row) = next()? {
                    let row = params(table, row)?;
                    let row: Vec<&(dyn ToSql + Sync)> = row.iter().map(|param| param as &(dyn ToSql + Sync)).collect();
                    writer.write(&row).map_err(fault)?;
                }
                writer.finish().map_err(fault)?;
            }
        }
        for index in &table.indexes {
            let create = dialect::create_index(engine, &index.name, &table.name, &index.columns, index.unique, false);
            self.c().batch(&create)?;
        }
        Ok(())
    }

    /// Makes what stands behind the rows: indexes, the number of the next event, and where readers of the outbox stand.
    pub fn settle(&mut self, last: i64) -> Result<(), Error> {
        let engine = self.engine;
        for index in std::mem::take(&mut self.indexes) {
            self.c().batch(&index)?;
        }
        let webhooks = !self.c().query(dialect::table_columns(engine), &["webhook".into()], Shape::Once)?.is_empty();
        self.c().batch(&dialect::go_on_after(engine, last, webhooks))?;
        debug_assert_eq!(last_event(self.c(), engine), Ok(last));
        Ok(())
    }

    /// What the rows of a table come to, read back.
    pub fn sum(&mut self, table: &Table) -> Result<Sum, Error> {
        let engine = self.engine;
        summed(self.c(), engine, table, |next| {
            while next()?.is_some() {}
            Ok(())
        })
        .map(|(_, sum)| sum)
    }

    /// From here on it is there.
    pub fn finish(mut self) -> Result<(), Error> {
        let engine = self.engine;
        self.c().batch("COMMIT")?;
        self.c().batch(dialect::analyse(engine))?;
        self.connection = None;
        if let Some((making, path)) = self.file.take() {
            publish(&making, &path).map_err(|e| Error::Engine(format!("{} cannot be finished: {e}", path.display())))?;
        }
        Ok(())
    }
}

impl Drop for Target {
    /// What is not finished leaves nothing.
    fn drop(&mut self) {
        self.connection = None;
        if let Some((making, _)) = &self.file {
            let _ = remove(making);
        }
    }
}

/// Puts the file on the disk, then under its name.
fn publish(making: &Path, path: &Path) -> std::io::Result<()> {
    fs::File::open(making)?.sync_all()?;
    fs::rename(making, path)?;
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{what}"));
    path.with_file_name(name)
}

pub(super) fn remove(making: &Path) -> Result<(), Error> {
    for path in [making.to_owned(), beside_with(making, "-wal"), beside_with(making, "-shm"), beside_with(making, "-journal")] {
        match fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::Engine(format!("{} is in the way and cannot be removed: {e}", path.display())));
            }
            _ => {}
        }
    }
    Ok(())
}

fn beside_with(path: &Path, end: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(end);
    path.with_file_name(name)
}

/// The bound form of a row. Error: it is not one of this table.
fn params(table: &Table, row: Cells) -> Result<Vec<Param>, Error> {
    if row.len() != table.columns.len() {
        return Err(Error::decode(&table.name, format!("{} values for {} columns", row.len(), table.columns.len())));
    }
    let one = |(cell, (name, kind)): (Cell, &(String, Kind))| {
        Ok(match (kind, cell) {
            (Kind::Int, Cell::Int(n)) => Param::Int(Some(n)),
            (Kind::Text, Cell::Text(text)) => Param::Text(Some(text)),
            (Kind::Id, Cell::Id(id)) => Param::Id(Some(id.0)),
            (Kind::Bytes, Cell::Bytes(bytes)) => Param::Bytes(Some(bytes)),
            (Kind::Int, Cell::Null) => Param::Int(None),
            (Kind::Text, Cell::Null) => Param::Text(None),
            (Kind::Id, Cell::Null) => Param::Id(None),
            (Kind::Bytes, Cell::Null) => Param::Bytes(None),
            (kind, cell) => {
                return Err(Error::decode(&format!("{}.{name}", table.name), format!("{cell:?} where {} is expected", kind.key())));
            }
        })
    };
    row.into_iter().zip(&table.columns).map(one).collect()
}
