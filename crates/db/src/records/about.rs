//! What hangs on one record, in the order of time.

use model::{Id, Object, Record, Schema};
use sea_query::{Expr, ExprTrait, Order};

use super::list::{ROOT, columns_of};
use super::load::add_long_texts;
use super::{Bound, Scope};
use crate::columns::decode;
use crate::condition::{Writer, not_voided};
use crate::{Error, Read};

/// Which records, by when.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The field that refers to the record.
    pub via: &'a str,
    pub record: Id,
    /// The field that says when.
    pub at: &'a str,
    pub bound: Option<Bound>,
    pub limit: u32,
}

/// Records of `object` that refer to one and may be seen, newest first; the recycle bin's are left out.
pub fn about(tx: &mut Read, schema: &Schema, object: &Object, scope: &Scope<'_>, wanted: &About<'_>) -> Result<Vec<Record>, Error> {
    let writer = Writer::new(tx.engine(), schema, scope);
    let column = |name: &str| Expr::col((ROOT, name.to_owned()));
    let mut select = columns_of(&writer, object);
    select
        .and_where(column(wanted.via).eq(wanted.record.0))
        .and_where_option(wanted.bound.map(|bound| bound.met(column(wanted.at), column("id"))))
        .and_where_option(not_voided(object, ROOT))
        .and_where_option(writer.visible(object, ROOT))
        .order_by((ROOT, wanted.at.to_owned()), Order::Desc)
        .order_by((ROOT, "id"), Order::Desc)
        .limit(u64::from(wanted.limit));
    let mut records = tx.all(&select)?.iter().map(|row| decode(object, row)).collect::<Result<Vec<Record>, Error>>()?;
    add_long_texts(tx, object, &mut records)?;
    scope.cover(&mut records);
    Ok(records)
}
