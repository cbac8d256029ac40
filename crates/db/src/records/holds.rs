//! Whether anything is stored in a field; asked before a definition changes. Sees every record, the recycle bin's included.

use model::field::Kind;
use model::{Id, Object, Value};
use sea_query::{Expr, ExprTrait, Query, SelectStatement};

use crate::columns::{constant, table};
use crate::{Error, Read, dialect};

/// True when any record has a value in the field.
pub fn holds_any(tx: &mut Read, object: &Object, field: &str) -> Result<bool, Error> {
    let select = ids(object).and_where(Expr::col(field.to_owned()).is_not_null()).limit(1).to_owned();
    Ok(tx.optional(&select)?.is_some())
}

/// True when any record has this value in the field; of a multi select, any of its keys.
pub fn holds_value(tx: &mut Read, object: &Object, field: &str, value: &Value) -> Result<bool, Error> {
    match value {
        Value::Keys(keys) => {
            for key in keys {
                if !all_with_key(tx, object, field, key)?.is_empty() {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        other => {
            let Some(constant) = constant(other) else { return Ok(false) };
            let select = ids(object).and_where(Expr::col(field.to_owned()).eq(constant)).limit(1).to_owned();
            Ok(tx.optional(&select)?.is_some())
        }
    }
}

/// Ids of the records that have `key` in a select or multi select.
pub fn all_with_key(tx: &mut Read, object: &Object, field: &str, key: &str) -> Result<Vec<Id>, Error> {
    let many = object.field(field).is_some_and(|f| f.kind.kind() == Kind::Keys);
    let engine = tx.engine();
    let has = if many { dialect::has_part(engine, Expr::col(field.to_owned()), &format!("|{key}|")) } else { Expr::col(field.to_owned()).eq(key) };
    tx.all(ids(object).and_where(has))?.iter().map(|row| row.get(0)).collect()
}

fn ids(object: &Object) -> SelectStatement {
    Query::select().column("id").from(table(&object.key)).to_owned()
}
