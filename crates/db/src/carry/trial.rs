//! A copy of a database on its own engine, to try something on; gone afterwards.

use std::path::{Path, PathBuf};

use super::source::connect;
use crate::connection::{Connection, Shape, sqlite};
use crate::{Engine, Error, dialect};

/// A copy. Whoever uses the database meanwhile is not held up: it is made from one snapshot.
pub struct Trial {
    url: String,
    place: Place,
}

enum Place {
    File(PathBuf),
    /// A schema of the same database, and the database's own address.
    Schema {
        name: String,
        url: String,
    },
}

impl Trial {
    /// Makes one: a file beside the database's, or a schema in it.
    pub fn of(url: &str) -> Result<Trial, Error> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = Path::new(path.strip_prefix("//").unwrap_or(path));
            return Trial::of_file(url, path);
        }
        if url.contains("options=") {
            return Err(Error::Address("an address with options of its own cannot be tried on a copy: leave them out".into()));
        }
        let name = format!("stagecraft_trial_{:08x}", rand::random::<u32>());
        let join = if url.contains('?') { '&' } else { '?' };
        let trial = Trial {
            url: format!("{url}{join}options=-csearch_path%3D{name}"),
            place: Place::Schema { name: name.clone(), url: url.to_owned() },
        };
        let (mut c, _) = connect(url, sqlite::Role::Reader)?;
        copy(&mut c, &name)?;
        Ok(trial)
    }

    fn of_file(url: &str, path: &Path) -> Result<Trial, Error> {
        let copy = path.with_extension(format!("trial-{:08x}", rand::random::<u32>()));
        let trial = Trial { url: format!("sqlite:{}", copy.display()), place: Place::File(copy.clone()) };
        let (mut c, _) = connect(url, sqlite::Role::Writer)?;
        c.execute("VACUUM INTO ?1", &[copy.display().to_string().into()], Shape::Once)?;
        Ok(trial)
    }

    /// Where the copy is.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Copies the tables of the present schema.
fn copy(c: &mut Connection, to: &str) -> Result<(), Error> {
    c.batch("BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = 0")?;
    let from: String = c.query("SELECT current_schema()::text", &[], Shape::Once)?.first().ok_or(Error::NoRow)?.get(0)?;
    c.batch(&dialect::create_schema(to))?;
    let mut tables: Vec<String> = Vec::new();
    for row in c.query(dialect::all_columns(Engine::Postgres), &[], Shape::Once)? {
        let table: String = row.get(0)?;
        if tables.last() != Some(&table) {
            tables.push(table);
        }
    }
    for table in &tables {
        c.batch(&dialect::copy_table(&from, to, table))?;
    }
    for row in c.query(dialect::COPIED_KEYS, &[from.as_str().into()], Shape::Once)? {
        let (table, key, index): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if key.is_empty() {
            c.batch(&index.replacen(&format!(" ON {from}."), &format!(" ON {to}."), 1))?;
        } else {
            c.batch(&dialect::add_key(to, &table, &key))?;
        }
    }
    c.batch(&format!("SELECT setval(pg_get_serial_sequence('{to}.outbox', 'seq'), GREATEST(MAX(seq), 1)) FROM {to}.outbox; COMMIT"))
}

impl Drop for Trial {
    fn drop(&mut self) {
        let done = match &self.place {
            Place::File(path) => super::target::remove(path),
            Place::Schema { name, url } => connect(url, sqlite::Role::Reader).and_then(|(mut c, _)| c.batch(&dialect::drop_schema(name))),
        };
        if let Err(error) = done {
            tracing::warn!(%error, "the copy could not be removed");
        }
    }
}
