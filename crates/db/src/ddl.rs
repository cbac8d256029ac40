//! Tables of records, made from their objects' definitions. The only writer of such tables and columns.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use model::field::{FieldType, Kind, State};
use model::{Field, Object};
use sha2::{Digest, Sha256};

use crate::columns::{all, compared, table};
use crate::connection::{Connection, Shape};
use crate::{Db, Engine, Error, dialect, reporting};

/// How often a change of a table that others use is tried: 100 ms in the queue, then a pause, so that nobody waits behind it (core rule 16).
const TRIES: u32 = 60;

/// Makes the object's table, or adds the columns and indexes that it lacks. Nothing is ever dropped here. Safe to repeat, and to run on
/// several servers at once. Statements name their columns, so those prepared before go on working; nobody's connection is closed.
pub fn ensure(db: &Db, object: &Object) -> Result<(), Error> {
    let engine = db.engine();
    let name = table(&object.key);
    let wanted = all(object);
    let indexes = indexes(object);
    db.bare(|c| {
        let present: BTreeSet<String> = names(c, dialect::table_columns(engine), &name)?;
        if present.is_empty() {
            let mut sql = dialect::create_table(engine, &name, &wanted);
            for index in &indexes {
                sql.push(';');
                sql.push_str(&dialect::create_index(engine, &index.name, &name, &index.columns, index.unique, false));
            }
            // One batch is one transaction: the table is there with its indexes or not at all.
            let whole = match engine {
                Engine::Sqlite => format!("BEGIN IMMEDIATE; {sql}; COMMIT"),
                Engine::Postgres => sql,
            };
            return c.batch(&whole);
        }
        for (column, storage) in wanted.iter().filter(|(column, _)| !present.contains(column)) {
            patiently(c, engine, &dialect::add_column(engine, &name, column, *storage))?;
        }
        let there = valid_indexes(c, engine, &name)?;
        for index in &indexes {
            match there.get(&index.name) {
                Some(true) => continue,
                // Broken off while it was built.
                Some(false) => without_limit(c, engine, &dialect::drop_index_in_use(engine, &index.name))?,
                None => {}
            }
            without_limit(c, engine, &dialect::create_index(engine, &index.name, &name, &index.columns, index.unique, true))?;
        }
        Ok(())
    })
}

/// Whether every table and column is there that these definitions count on; those that are being made need not be. Error: [`Error::Torn`],
/// with what is missing. It is never added here: where there was data, an empty column would hide that it is lost.
pub fn agrees(db: &Db, objects: &[Object]) -> Result<(), Error> {
    let mut there: BTreeSet<(String, String)> = BTreeSet::new();
    db.bare(|c| {
        for row in c.query(dialect::all_columns(db.engine()), &[], Shape::Once)? {
            there.insert((row.get(0)?, row.get(1)?));
        }
        Ok(())
    })?;
    for object in objects.iter().filter(|object| object.state != State::Preparing) {
        let name = table(&object.key);
        let made =
            Object { fields: object.fields.iter().filter(|field| field.state != State::Preparing).cloned().collect(), ..object.clone() };
        for (column, _) in all(&made) {
            if !there.contains(&(name.clone(), column.clone())) {
                return Err(Error::Torn(format!(
                    "the definition of {} names {column}, and the table {name} has no such column",
                    object.key
                )));
            }
        }
    }
    Ok(())
}

/// Takes away the indexes that the object's definition does not ask for any more.
pub fn prune_indexes(db: &Db, object: &Object) -> Result<(), Error> {
    let engine = db.engine();
    let name = table(&object.key);
    let wanted: BTreeSet<String> = indexes(object).into_iter().map(|index| index.name).collect();
    db.bare(|c| {
        let there = valid_indexes(c, engine, &name)?;
        let ours = |index: &&String| index.starts_with("i_") || index.starts_with("u_");
        for index in there.keys().filter(ours).filter(|index| !wanted.contains(*index)) {
            without_limit(c, engine, &dialect::drop_index_in_use(engine, index))?;
        }
        Ok(())
    })
}

/// Drops the columns of a field that the published definition does not name any more; nothing where they are gone already. On SQLite they
/// stay until [`compact`], since dropping one there rewrites the whole table with everybody waiting (core rule 17).
pub fn drop_field(db: &Db, object: &Object, key: &str) -> Result<(), Error> {
    if db.engine() == Engine::Sqlite {
        return Ok(());
    }
    let wanted: BTreeSet<String> = all(object).into_iter().map(|(column, _)| column).collect();
    let mut columns: Vec<String> =
        ["", "_fold", "_currency", "_main", "_object"].iter().map(|companion| format!("{key}{companion}")).collect();
    columns.retain(|column| !wanted.contains(column));
    drop_columns(db, &object.key, &columns)
}

/// Drops the table of an object that no published definition names any more.
pub fn drop_table(db: &Db, object: &str) -> Result<(), Error> {
    let engine = db.engine();
    db.bare(|c| {
        reporting::drop_all(c, engine)?;
        patiently(c, engine, &dialect::drop_table(&table(object)))
    })
}

/// Drops every column that is not among those of the object's definition, and gives their names: for a database that nobody uses
/// meanwhile. SQLite needs an index on such a column dropped first.
pub fn compact(db: &Db, object: &Object) -> Result<Vec<String>, Error> {
    let engine = db.engine();
    let name = table(&object.key);
    let wanted: BTreeSet<String> = all(object).into_iter().map(|(column, _)| column).collect();
    let present = db.bare(|c| names(c, dialect::table_columns(engine), &name))?;
    let surplus: Vec<String> = present.into_iter().filter(|column| !wanted.contains(column)).collect();
    if !surplus.is_empty() {
        prune_indexes(db, object)?;
        drop_columns(db, &object.key, &surplus)?;
        db.renew_connections();
    }
    Ok(surplus)
}

fn drop_columns(db: &Db, object: &str, columns: &[String]) -> Result<(), Error> {
    let engine = db.engine();
    let name = table(object);
    db.bare(|c| {
        let present = names(c, dialect::table_columns(engine), &name)?;
        if columns.iter().any(|column| present.contains(column)) {
            // They name it, whether or not they should.
            reporting::drop_all(c, engine)?;
        }
        for column in columns.iter().filter(|column| present.contains(*column)) {
            patiently(c, engine, &dialect::drop_column(&name, column))?;
        }
        Ok(())
    })
}

struct Index {
    name: String,
    columns: Vec<String>,
    unique: bool,
}

/// Which indexes an object's definition asks for: its owner's records, its masters and references, unique and fast fields, and its own.
fn indexes(object: &Object) -> Vec<Index> {
    let mut indexes: Vec<Index> = Vec::new();
    let mut add = |columns: Vec<String>, unique: bool| {
        if !indexes.iter().any(|known| known.columns == columns) {
            indexes.push(Index { name: index_name(&object.key, &columns, unique), columns, unique });
        }
    };
    for keys in &object.indexes {
        // The id makes the order of a page whole; what stands behind it is only there to be read.
        let id = (!keys.iter().any(|key| key == "id")).then(|| "id".to_owned());
        add(keys.iter().map(|key| column_of(object, key)).chain(id).collect(), false);
    }
    // One of the object's own that begins with a field serves as well.
    let served = |field: &Field| object.indexes.iter().any(|keys| keys.first() == Some(&field.key));
    let of_others = |field: &Field| matches!(field.kind, FieldType::Master { .. } | FieldType::Reference { .. });
    for field in object.columns() {
        let column = compared(&field.key, field.kind.kind());
        if field.unique {
            add(vec![column], true);
        } else if field.kind == FieldType::Regarding {
            if !served(field) {
                add(vec![column.clone(), format!("{column}_object"), "id".to_owned()], false);
            }
        } else if field.fast || field.key == "owner" || of_others(field) && !served(field) {
            add(vec![column, "id".to_owned()], false);
        }
    }
    indexes
}

fn column_of(object: &Object, key: &str) -> String {
    compared(key, object.field(key).map_or(Kind::Key, |field| field.kind.kind()))
}

/// A name that fits into PostgreSQL's 63 bytes, the same for the same columns of an object and for no others: where it could be read in two
/// ways (`x_a` with `x_b_x_c`, `x_a_x_b` with `x_c`), by a digest.
fn index_name(object: &str, columns: &[String], unique: bool) -> String {
    let full = format!("{}_{object}_{}", if unique { "u" } else { "i" }, columns.join("_"));
    let ambiguous = object.trim_start_matches("x_").contains("_x_");
    if full.len() <= 60 && !ambiguous {
        return full;
    }
    let whole = if ambiguous { format!("{object}:{full}") } else { full.clone() };
    let digest = Sha256::digest(whole.as_bytes());
    let short: String = digest[..4].iter().map(|b| format!("{b:02x}")).collect();
    format!("{}_{short}", &full[..full.len().min(50)])
}

fn names(c: &mut Connection, sql: &str, table: &str) -> Result<BTreeSet<String>, Error> {
    c.query(sql, &[table.into()], Shape::Once)?.iter().map(|row| row.get(0)).collect()
}

fn valid_indexes(c: &mut Connection, engine: Engine, table: &str) -> Result<HashMap<String, bool>, Error> {
    c.query(dialect::table_indexes(engine), &[table.into()], Shape::Once)?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

fn patiently(c: &mut Connection, engine: Engine, sql: &str) -> Result<(), Error> {
    if engine == Engine::Sqlite {
        return c.batch(sql);
    }
    let sql = format!("BEGIN; SET LOCAL lock_timeout = 100; {sql}; COMMIT");
    for _ in 0..TRIES {
        match c.batch(&sql) {
            Err(Error::Busy) => {
                c.batch("ROLLBACK")?;
                std::thread::sleep(Duration::from_millis(rand::random_range(50..250)));
            }
            other => return other,
        }
    }
    Err(Error::Busy)
}

/// Building an index takes the time it takes; nobody waits behind it while it waits for others.
fn without_limit(c: &mut Connection, engine: Engine, sql: &str) -> Result<(), Error> {
    if engine == Engine::Sqlite {
        return c.batch(sql);
    }
    let limits = c.query("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')", &[], Shape::Once)?;
    let (statement, lock) = match limits.first() {
        Some(row) => (row.get::<String>(0)?, row.get::<String>(1)?),
        None => return Err(Error::NoRow),
    };
    c.batch("SET statement_timeout = 0; SET lock_timeout = 0")?;
    c.batch(sql)?;
    c.batch(&format!("SET statement_timeout = '{statement}'; SET lock_timeout = '{lock}'"))
}
