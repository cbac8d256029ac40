//! Which tables there are: by the migrations, and as a database has them.

use std::collections::{BTreeMap, BTreeSet};

use crate::connection::{Connection, Shape};
use crate::{Engine, Error, dialect, migrate};

/// What a column holds, whatever an engine calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Int,
    Text,
    Id,
    Bytes,
}

impl Kind {
    /// Its name, as a manifest has it.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Int => "int",
            Kind::Text => "text",
            Kind::Id => "id",
            Kind::Bytes => "bytes",
        }
    }

    /// The kind of a name; none where there is no such.
    pub fn named(name: &str) -> Option<Kind> {
        [Kind::Int, Kind::Text, Kind::Id, Kind::Bytes].into_iter().find(|kind| kind.key() == name)
    }

    pub(crate) fn storage(self) -> dialect::Storage {
        match self {
            Kind::Int => dialect::Storage::Int,
            Kind::Text => dialect::Storage::Text,
            Kind::Id | Kind::Bytes => dialect::Storage::Id,
        }
    }
}

/// An index of a table of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    pub name: String,
    pub columns: Vec<String>,
    pub unique: bool,
}

/// A table. Those of records say their indexes; those of the product have theirs from the migrations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<(String, Kind)>,
    pub indexes: Vec<Index>,
}

impl Table {
    /// True for a table that a definition has made and no migration.
    pub fn is_of_records(&self) -> bool {
        self.name.starts_with("r_")
    }

    pub(crate) fn holds_bytes(&self) -> bool {
        self.columns.iter().any(|(_, kind)| *kind == Kind::Bytes)
    }
}

/// The tables that migrations make, in the order in which they make them, so that what is referred to comes first; `applied` says which
/// of them count. They are made in memory and looked at: so there is no second list that could differ.
pub(crate) fn system(applied: impl Fn(i64) -> bool) -> Result<Vec<Table>, Error> {
    let run = || -> rusqlite::Result<Vec<Table>> {
        let memory = rusqlite::Connection::open_in_memory()?;
        for (_, text) in migrate::texts().filter(|(number, _)| applied(*number)) {
            memory.execute_batch(&dialect::plain_migration(text))?;
        }
        let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
        let names: Vec<String> = memory.prepare(names)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut columns = memory.prepare("SELECT name, type FROM pragma_table_info(?1)")?;
        names
            .into_iter()
            .map(|name| {
                let columns = columns.query_map([&name], |row| Ok((row.get(0)?, kind_of(&row.get::<_, String>(1)?))))?;
                Ok(Table { columns: columns.collect::<Result<_, _>>()?, name, indexes: Vec::new() })
            })
            .collect()
    };
    run().map_err(|e| Error::Engine(format!("the migrations cannot be looked at: {e}")))
}

fn kind_of(declared: &str) -> Kind {
    match declared.to_ascii_lowercase().as_str() {
        "uuid" | "blob" => Kind::Id,
        "bytea" => Kind::Bytes,
        "text" => Kind::Text,
        _ => Kind::Int,
    }
}

/// The tables of a database: those of `system`, then those of records. Errors: [`Error::Torn`] where a table or column is missing that
/// the migrations have made.
pub(crate) fn actual(c: &mut Connection, engine: Engine, system: Vec<Table>) -> Result<Vec<Table>, Error> {
    let mut there: BTreeMap<String, Vec<(String, Kind)>> = BTreeMap::new();
    for row in c.query(dialect::all_columns(engine), &[], Shape::Once)? {
        let (table, column, declared): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        there.entry(table).or_default().push((column, kind_of(&declared)));
    }
    for table in &system {
        let Some(columns) = there.get(&table.name) else { return Err(Error::Torn(format!("there is no table {}", table.name))) };
        let present: BTreeSet<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        if let Some((missing, _)) = table.columns.iter().find(|(name, _)| !present.contains(name.as_str())) {
            return Err(Error::Torn(format!("the table {} has no column {missing}", table.name)));
        }
    }
    let mut tables = system;
    for (name, columns) in there.into_iter().filter(|(name, _)| name.starts_with("r_")) {
        let indexes = indexes(c, engine, &name)?;
        tables.push(Table { name, columns, indexes });
    }
    Ok(tables)
}

fn indexes(c: &mut Connection, engine: Engine, table: &str) -> Result<Vec<Index>, Error> {
    let mut indexes: BTreeMap<String, Index> = BTreeMap::new();
    for row in c.query(dialect::index_columns(engine), &[table.into()], Shape::Once)? {
        let (name, column, unique): (String, String, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let index = indexes.entry(name.clone()).or_insert_with(|| Index { name, columns: Vec::new(), unique });
        index.columns.push(column);
    }
    Ok(indexes.into_values().collect())
}
