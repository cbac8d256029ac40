//! How many records have each pair of a number and a key.

use model::condition::Resolved;
use model::field::Kind;
use model::{Number, Object, Schema, Value};
use sea_query::{Expr, Query};

use super::Scope;
use super::list::{Bin, ROOT, narrow};
use crate::columns::decode_value;
use crate::condition::Writer;
use crate::{Error, Read};

/// Records that have the same of both.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub number: Option<Number>,
    pub key: String,
    pub count: i64,
}

/// Counts of the records that meet the condition, those in the recycle bin among them, by a field that is a number and one that is a key.
pub fn standing(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    scope: &Scope<'_>,
    condition: &Resolved,
    (number, key): (&str, &str),
) -> Result<Vec<Standing>, Error> {
    let writer = Writer::new(tx.engine(), schema, scope);
    let column = |field: &str| (ROOT, field.to_owned());
    let mut select = Query::select();
    select.column(column(number)).column(column(key)).expr(Expr::cust("COUNT(1)"));
    writer.from(&mut select, object, ROOT);
    narrow(&mut select, &writer, object, Some(condition), None, Bin::Too);
    select.group_by_col(column(number)).group_by_col(column(key));
    let read = |row: &crate::Row| {
        let value = decode_value(Kind::Number, row, 0).ok_or_else(|| Error::decode(number, format!("{:?}", row.cell(0))))?;
        let number = match value {
            Value::Number(number) => Some(number),
            _ => None,
        };
        Ok(Standing { number, key: row.get::<Option<String>>(1)?.unwrap_or_default(), count: row.get(2)? })
    };
    tx.all_once(&select)?.iter().map(read).collect()
}
