//! Pages of records in an order, and how many there are.

use model::condition::Resolved;
use model::field::Kind;
use model::{Id, Object, Record, Schema, Value};
use sea_query::{Expr, ExprTrait, Order, SelectStatement};

use super::Scope;
use crate::columns::{self, compared, constant, decode, table};
use crate::condition::{Writer, not_voided, voided};
use crate::page::{Cursor, Sort};
use crate::row::Cell;
use crate::search::{Way, Weighed, Words, weigh};
use crate::{Error, Read, Row};

/// Which records, in which order, from where, how many.
pub struct Query<'a> {
    pub condition: Option<&'a Resolved>,
    /// Words that the record must have.
    pub words: Option<&'a Words>,
    pub sort: Sort,
    pub cursor: Option<Cursor>,
    pub limit: u32,
    pub bin: Bin,
}

/// What becomes of records in the recycle bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bin {
    /// They are left out.
    Out,
    /// They are among the others.
    Too,
    /// They are all that is asked for.
    Alone,
}

/// A page.
pub struct Page {
    /// Without their long texts.
    pub records: Vec<Record>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
}

/// One page. Errors: [`Error::Decode`] when the field cannot be sorted by, [`Error::Cursor`].
pub fn list(tx: &mut Read, schema: &Schema, object: &Object, scope: &Scope<'_>, query: &Query<'_>) -> Result<Page, Error> {
    let order = Ordered::of(object, &query.sort)?;
    let (rows, next) = rows(tx, schema, object, scope, query, &order, || columns_of(object))?;
    let records = rows.iter().map(|row| decode(object, row)).collect::<Result<_, _>>()?;
    Ok(Page { records, next })
}

/// As [`list`], but only the ids, and where the next page begins: for going through many in an order that no index serves, in few and
/// large pages.
pub fn ids(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    scope: &Scope<'_>,
    query: &Query<'_>,
) -> Result<(Vec<Id>, Option<Cursor>), Error> {
    let order = Ordered { at: 1, ..Ordered::of(object, &query.sort)? };
    let columns = || {
        sea_query::Query::select().column((ROOT, "id")).column((ROOT, order.column.clone())).from_as(table(&object.key), ROOT).to_owned()
    };
    let (rows, next) = rows(tx, schema, object, scope, query, &order, columns)?;
    Ok((rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?, next))
}

/// The rows of a page, the id first, and where the next one begins.
fn rows(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    scope: &Scope<'_>,
    query: &Query<'_>,
    order: &Ordered,
    columns: impl Fn() -> SelectStatement,
) -> Result<(Vec<Row>, Option<Cursor>), Error> {
    let cursor = query.cursor.as_ref();
    if let Some(cursor) = cursor {
        cursor.check(&query.sort, tx)?;
    }
    let words = weigh(tx, object, query.words)?;
    let writer = Writer::new(tx.engine(), schema, scope);
    let wanted = u64::from(query.limit) + 1;
    // Two segments, values and blanks, each a plain comparison of rows that an index serves (core rule 22).
    let mut rows = Vec::new();
    if !cursor.is_some_and(|cursor| cursor.value().is_null() && !order.by_id) {
        let mut select = chosen(columns(), &writer, object, query, words.as_ref());
        order.values(&mut select, cursor, wanted);
        rows = tx.all_once(&select)?;
    }
    if !order.by_id && (rows.len() as u64) < wanted {
        let mut select = chosen(columns(), &writer, object, query, words.as_ref());
        order.blanks(&mut select, cursor, wanted - rows.len() as u64);
        rows.extend(tx.all_once(&select)?);
    }
    let more = rows.len() as u64 == wanted;
    rows.truncate(query.limit as usize);
    let next = match rows.last() {
        Some(last) if more => Some(Cursor::new(query.sort.clone(), order.place(last), last.get(0)?, tx)),
        _ => None,
    };
    Ok((rows, next))
}

/// How many records there are.
pub fn count(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    scope: &Scope<'_>,
    condition: Option<&Resolved>,
    words: Option<&Words>,
    bin: Bin,
) -> Result<i64, Error> {
    let words = weigh(tx, object, words)?;
    let writer = Writer::new(tx.engine(), schema, scope);
    let mut select = sea_query::Query::select();
    select.expr(Expr::cust("COUNT(1)")).from_as(table(&object.key), ROOT);
    narrow(&mut select, &writer, object, condition, words.as_ref().map(|words| (words, Way::Whole)), bin);
    tx.all_once(&select)?.first().ok_or(Error::NoRow)?.get(0)
}

/// How the engine would go about the first statement of a page: for tests of indexes.
pub fn plan(tx: &mut Read, schema: &Schema, object: &Object, scope: &Scope<'_>, query: &Query<'_>) -> Result<String, Error> {
    let order = Ordered::of(object, &query.sort)?;
    let words = weigh(tx, object, query.words)?;
    let writer = Writer::new(tx.engine(), schema, scope);
    let mut select = chosen(columns_of(object), &writer, object, query, words.as_ref());
    order.values(&mut select, query.cursor.as_ref(), u64::from(query.limit) + 1);
    tx.plan(&select)
}

/// The alias of the table that a statement is about.
pub(crate) const ROOT: &str = "t";

fn chosen(
    mut select: SelectStatement,
    writer: &Writer<'_>,
    object: &Object,
    query: &Query<'_>,
    words: Option<&Weighed<'_>>,
) -> SelectStatement {
    narrow(&mut select, writer, object, query.condition, words.map(|words| (words, Way::Page)), query.bin);
    select
}

/// All columns of an object's table.
pub(super) fn columns_of(object: &Object) -> SelectStatement {
    let mut select = sea_query::Query::select();
    for (name, _) in columns::all(object) {
        select.column((ROOT, name));
    }
    select.from_as(table(&object.key), ROOT);
    select
}

/// Adds what is asked for and what may be seen.
pub(super) fn narrow(
    select: &mut SelectStatement,
    writer: &Writer<'_>,
    object: &Object,
    condition: Option<&Resolved>,
    words: Option<(&Weighed<'_>, Way)>,
    bin: Bin,
) {
    if let Some(condition) = condition {
        select.and_where(writer.condition(condition, object, ROOT));
    }
    if let Some((words, way)) = words {
        select.and_where(words.met(writer, object, ROOT, way));
    }
    match bin {
        Bin::Out => select.and_where_option(not_voided(object, ROOT)),
        Bin::Too => select,
        Bin::Alone => select.and_where(voided(object, ROOT)),
    };
    if let Some(visible) = writer.visible(object, ROOT) {
        select.and_where(visible);
    }
}

/// An order by one column and the id.
struct Ordered {
    column: String,
    at: usize,
    by_id: bool,
    order: Order,
    descending: bool,
}

impl Ordered {
    fn of(object: &Object, sort: &Sort) -> Result<Ordered, Error> {
        let order = if sort.descending { Order::Desc } else { Order::Asc };
        let column = if sort.field == "id" {
            "id".to_owned()
        } else {
            let kind = object.field(&sort.field).map(|field| field.kind.kind());
            match kind.filter(|kind| !matches!(kind, Kind::LongText | Kind::Keys)) {
                Some(kind) => compared(&sort.field, kind),
                None => return Err(Error::decode(&sort.field, "records are not sorted by this field")),
            }
        };
        let at = columns::all(object)
            .iter()
            .position(|(name, _)| *name == column)
            .ok_or_else(|| Error::decode(&sort.field, "no such column"))?;
        Ok(Ordered { by_id: column == "id", column, at, order, descending: sort.descending })
    }

    fn values(&self, select: &mut SelectStatement, cursor: Option<&Cursor>, limit: u64) {
        if self.by_id {
            self.after_id(select, cursor);
            select.order_by((ROOT, "id"), self.order.clone()).limit(limit);
            return;
        }
        let column = || Expr::col((ROOT, self.column.clone()));
        select.and_where(column().is_not_null());
        if let Some(cursor) = cursor
            && let Some(value) = constant(cursor.value())
        {
            let here = Expr::tuple([column(), Expr::col((ROOT, "id"))]);
            let there = Expr::tuple([Expr::val(value), Expr::val(cursor.id().0)]);
            select.and_where(if self.descending { here.lt(there) } else { here.gt(there) });
        }
        select.order_by((ROOT, self.column.clone()), self.order.clone()).order_by((ROOT, "id"), self.order.clone()).limit(limit);
    }

    fn blanks(&self, select: &mut SelectStatement, cursor: Option<&Cursor>, limit: u64) {
        select.and_where(Expr::col((ROOT, self.column.clone())).is_null());
        self.after_id(select, cursor.filter(|cursor| cursor.value().is_null()));
        select.order_by((ROOT, "id"), self.order.clone()).limit(limit);
    }

    fn after_id(&self, select: &mut SelectStatement, cursor: Option<&Cursor>) {
        if let Some(cursor) = cursor {
            let id = || Expr::col((ROOT, "id"));
            select.and_where(if self.descending { id().lt(cursor.id().0) } else { id().gt(cursor.id().0) });
        }
    }

    /// What a row is sorted by.
    fn place(&self, row: &Row) -> Value {
        if self.by_id {
            return Value::Null;
        }
        match row.cell(self.at) {
            Cell::Int(n) => Value::Number(model::Number(*n)),
            Cell::Text(text) => Value::Text(text.clone()),
            Cell::Id(_) | Cell::Bytes(_) => row.get(self.at).map_or(Value::Null, Value::Ref),
            Cell::Null => Value::Null,
        }
    }
}
