//! Which rows of other tables speak of records that somebody sees.

use model::{Object, Schema};
use sea_query::{Expr, ExprTrait, Query};

use super::Scope;
use crate::Read;
use crate::columns::table;
use crate::condition::Writer;

/// True for rows of the table `speaking` whose columns `object` and `record` name a record of one of these objects that may be seen, and for
/// rows that speak of no record at all. What was deleted for good is seen by nobody.
pub fn about_seen(tx: &Read, schema: &Schema, scope: &Scope<'_>, objects: &[&Object], speaking: &str) -> Expr {
    let writer = Writer::new(tx.engine(), schema, scope);
    let here = |column: &str| Expr::col((speaking.to_owned(), column.to_owned()));
    let mut seen = here("record").is_null();
    for object in objects {
        let alias = writer.alias();
        let mut one = Query::select();
        one.expr(Expr::cust("1")).from_as(table(&object.key), alias.clone());
        one.and_where(Expr::col((alias.clone(), "id")).equals((speaking.to_owned(), "record")));
        if let Some(visible) = writer.visible(object, &alias) {
            one.and_where(visible);
        }
        seen = seen.or(here("object").eq(object.key.as_str()).and(Expr::exists(one)));
    }
    seen
}
