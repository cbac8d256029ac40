//! Ids that records have elsewhere: (source, id), unique per object.

use model::{Id, Object};
use sea_query::{Expr, ExprTrait, Query, Value};

use crate::param::Param;
use crate::{Engine, Error, Read, Write, dialect};

/// Ids in one statement.
const CHUNK: usize = 512;

/// Which of these external ids are known, and whose they are.
pub fn find(tx: &mut Read, object: &Object, source: &str, externals: &[String]) -> Result<Vec<(String, Id)>, Error> {
    if tx.engine() == Engine::Postgres {
        let texts = Param::Texts(externals.iter().cloned().map(Some).collect());
        let params = [Param::from(object.key.as_str()), Param::from(source), texts];
        return tx.all_sql(dialect::EXTERNAL_IDS, &params)?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect();
    }
    let mut found = Vec::new();
    for chunk in externals.chunks(CHUNK) {
        let mut padded = chunk.to_vec();
        padded.resize(chunk.len().next_power_of_two(), chunk[chunk.len() - 1].clone());
        let select = Query::select()
            .columns(["external", "record"])
            .from("external_id")
            .and_where(Expr::col("object").eq(object.key.as_str()))
            .and_where(Expr::col("source").eq(source))
            .and_where(Expr::col("external").is_in(padded))
            .to_owned();
        for row in tx.all(&select)? {
            found.push((row.get(0)?, row.get(1)?));
        }
    }
    Ok(found)
}

/// The external ids of these records: record, source, id; by source and id.
pub fn of(tx: &mut Read, object: &Object, ids: &[Id]) -> Result<Vec<(Id, String, String)>, Error> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let select = Query::select()
            .columns(["record", "source", "external"])
            .from("external_id")
            .and_where(Expr::col("object").eq(object.key.as_str()))
            .and_where(Expr::col("record").is_in(dialect::padded(chunk).into_iter().map(|id| id.0)))
            .to_owned();
        for row in tx.all(&select)? {
            found.push((row.get(0)?, row.get(1)?, row.get(2)?));
        }
    }
    found.sort();
    Ok(found)
}

/// Stores external ids of records: record, source, id. Error: [`Error::Unique`] when one is taken.
pub fn insert(tx: &mut Write, object: &Object, ids: &[(Id, String, String)]) -> Result<(), Error> {
    let rows = ids
        .iter()
        .map(|(id, source, external)| {
            vec![Value::from(object.key.as_str()), Value::from(source.as_str()), Value::from(external.as_str()), Value::from(id.0)]
        })
        .collect();
    tx.insert_rows("external_id", &["object", "source", "external", "record"], rows)
}
