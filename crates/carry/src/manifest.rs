//! What a backup says of itself: its last entry, so that a backup that was cut short has none.

use db::carry::{Applied, Index, Kind, Table};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The form of backups that this program writes, and the only one so far.
const FORM: u32 = 1;
/// Its name in the file.
pub(crate) const NAME: &str = "manifest.json";

/// What a backup holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    form: u32,
    /// Version of the program that made it.
    pub program: String,
    /// When, in UTC.
    pub made_at: String,
    /// Which engine it was read from: for information, it comes back on either.
    pub engine: String,
    migrations: Vec<Migration>,
    tables: Vec<Described>,
    pub(crate) last_event: i64,
    pub(crate) files: Vec<Content>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Migration {
    number: i64,
    name: String,
    checksum: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Described {
    name: String,
    columns: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    indexes: Vec<Indexed>,
    rows: u64,
    checksum: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Indexed {
    name: String,
    columns: Vec<String>,
    unique: bool,
}

/// A content that lies beside the database.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Content {
    pub id: String,
    pub sha256: String,
}

/// A table with what its rows come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub table: Table,
    pub rows: u64,
    pub checksum: String,
}

impl Manifest {
    pub(crate) fn new(program: &str, made_at: &str, engine: db::Engine, applied: &[Applied], last_event: i64) -> Manifest {
        let migrations =
            applied.iter().map(|one| Migration { number: one.number, name: one.name.clone(), checksum: one.checksum.clone() }).collect();
        let engine = match engine {
            db::Engine::Sqlite => "sqlite",
            db::Engine::Postgres => "postgresql",
        };
        Manifest {
            form: FORM,
            program: program.to_owned(),
            made_at: made_at.to_owned(),
            engine: engine.to_owned(),
            migrations,
            tables: Vec::new(),
            last_event,
            files: Vec::new(),
        }
    }

    pub(crate) fn keep(&mut self, table: &Table, sum: &db::carry::Sum) {
        let indexes = table.indexes.iter();
        self.tables.push(Described {
            name: table.name.clone(),
            columns: table.columns.iter().map(|(name, kind)| (name.clone(), kind.key().to_owned())).collect(),
            indexes: indexes.map(|one| Indexed { name: one.name.clone(), columns: one.columns.clone(), unique: one.unique }).collect(),
            rows: sum.rows,
            checksum: sum.checksum(),
        });
    }

    pub(crate) fn read(text: &str) -> Result<Manifest> {
        let form = serde_json::from_str::<serde_json::Value>(text).ok().and_then(|json| json["form"].as_u64());
        match form {
            Some(form) if form > u64::from(FORM) => Err(Error::Spoilt(format!(
                "the backup has form {form}, which this version of Stagecraft does not know: use the version that made it, or a newer one"
            ))),
            _ => serde_json::from_str(text)
                .map_err(|error| Error::Spoilt(format!("its manifest cannot be read ({error}): use another backup"))),
        }
    }

    pub(crate) fn applied(&self) -> Vec<Applied> {
        let one = |one: &Migration| Applied { number: one.number, name: one.name.clone(), checksum: one.checksum.clone() };
        self.migrations.iter().map(one).collect()
    }

    /// Its tables. Error: a column is of a kind that there is not.
    pub(crate) fn kept(&self) -> Result<Vec<Kept>> {
        let one = |described: &Described| {
            let column = |(name, kind): &(String, String)| {
                let kind =
                    Kind::named(kind).ok_or_else(|| Error::Spoilt(format!("{}.{name} is of an unknown kind `{kind}`", described.name)))?;
                Ok((name.clone(), kind))
            };
            let indexes = described.indexes.iter();
            Ok(Kept {
                table: Table {
                    name: described.name.clone(),
                    columns: described.columns.iter().map(column).collect::<Result<_>>()?,
                    indexes: indexes
                        .map(|one| Index { name: one.name.clone(), columns: one.columns.clone(), unique: one.unique })
                        .collect(),
                },
                rows: described.rows,
                checksum: described.checksum.clone(),
            })
        };
        self.tables.iter().map(one).collect()
    }

    /// How many rows it holds in all.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// How many tables, and how many contents of attachments that lie beside the database.
    pub fn counts(&self) -> (usize, usize) {
        (self.tables.len(), self.files.len())
    }
}
