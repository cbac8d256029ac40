//! Pages of records in an order, and how many there are.

use std::collections::{BTreeMap, HashMap};

use model::condition::Resolved;
use model::field::Kind;
use model::{Id, Object, Record, Schema, Value};
use sea_query::{Expr, ExprTrait, Order, SelectStatement};

use super::Scope;
use super::approach::{Seen, approach, asks_for_own, seen};
use super::kept::{Kept, added};
use crate::columns::{self, compared, constant, decode};
use crate::condition::{Approach, Writer, not_voided, voided};
use crate::page::{Cursor, Sort};
use crate::row::Cell;
use crate::scope::Sight;
use crate::search::{Way, Weighed, Words, weigh};
use crate::{Engine, Error, Read, Row, dialect};

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

/// The first pages of several options.
pub enum Firsts {
    /// Each option's own.
    Together(BTreeMap<String, Page>),
    /// To be asked for one by one, with about how many records are seen where that is by owners.
    Apart(Option<Seen>),
}

/// Records that are gone through for the first pages of several options together.
const GONE_THROUGH: u64 = 4_000;

/// One page. Errors: [`Error::Decode`] when the field cannot be sorted by, [`Error::Cursor`].
pub fn list(tx: &mut Read, schema: &Schema, object: &Object, scope: &Scope<'_>, query: &Query<'_>) -> Result<Page, Error> {
    list_of_seen(tx, schema, object, scope, query, None)
}

/// As [`list`], where it is known about how many records are seen: for several pages of the same, so that it is asked once.
pub fn list_of_seen(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    scope: &Scope<'_>,
    query: &Query<'_>,
    known: Option<Seen>,
) -> Result<Page, Error> {
    let order = Ordered::of(object, &query.sort)?;
    let (rows, next) = rows(tx, schema, object, scope, query, &order, known, |writer| columns_of(writer, object))?;
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
    let columns = |writer: &Writer<'_>| {
        let mut select = sea_query::Query::select();
        select.column((ROOT, "id")).column((ROOT, order.column.clone()));
        writer.from(&mut select, object, ROOT);
        select
    };
    let (rows, next) = rows(tx, schema, object, scope, query, &order, None, columns)?;
    Ok((rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?, next))
}

/// The ids of all that meet a condition and have the words, in no order: one statement, since whoever goes through them in pages has what may be
/// seen gathered once for each.
pub fn all_ids(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    scope: &Scope<'_>,
    condition: Option<&Resolved>,
    words: Option<&Words>,
    bin: Bin,
) -> Result<Vec<Id>, Error> {
    let weighed = weigh(tx, object, words)?;
    let mut writer = Writer::of_every(tx.engine(), schema, scope, object);
    if weighed.is_none() && matches!(writer.sight(object), Sight::ByOwner { .. }) {
        writer.approach = Approach::Gathered;
    }
    let mut select = id_of(&writer, object);
    narrow(&mut select, &writer, object, condition, weighed.as_ref().map(|words| (words, Way::Whole)), bin);
    tx.ids_once(&select)
}

/// The first page of each option in `group`, for one who sees few records: all of them are gone through once, and not once for each option.
/// For one who sees many each option's page is quicker in its order: he gets none, and is told about how many he sees.
pub fn firsts(tx: &mut Read, schema: &Schema, object: &Object, scope: &Scope<'_>, query: &Query<'_>, group: &str) -> Result<Firsts, Error> {
    let order = Ordered::of(object, &query.sort)?;
    let mut writer = Writer::new(tx.engine(), schema, scope);
    if query.words.is_some() {
        return Ok(Firsts::Apart(None));
    }
    let seen = seen(tx, &writer, object, query)?;
    if seen.is_none_or(|seen| seen.of_all > GONE_THROUGH) {
        return Ok(Firsts::Apart(seen));
    }
    writer.approach = Approach::Gathered;
    let mut select = id_of(&writer, object);
    select.column((ROOT, order.column.clone())).column((ROOT, group.to_owned()));
    let select = chosen(select, &writer, object, query, None);
    let mut groups: BTreeMap<String, Vec<(Value, Id)>> = BTreeMap::new();
    for row in tx.all_once(&select)? {
        let place = Ordered { at: 1, ..order.clone() }.place(&row);
        groups.entry(row.get::<Option<String>>(2)?.unwrap_or_default()).or_default().push((place, row.get(0)?));
    }
    let limit = query.limit as usize;
    for places in groups.values_mut() {
        places.sort_unstable_by(|a, b| order.compare(a, b));
        places.truncate(limit + 1);
    }
    let ids: Vec<Id> = groups.values().flat_map(|places| places.iter().take(limit)).map(|(_, id)| *id).collect();
    let mut found: HashMap<Id, Record> = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(512) {
        let mut select = columns_of(&writer, object);
        select.and_where(Expr::col((ROOT, "id")).is_in(dialect::padded(chunk).into_iter().map(|id| id.0)));
        for row in tx.all(&select)? {
            let record = decode(object, &row)?;
            found.insert(record.id, record);
        }
    }
    let page = |places: Vec<(Value, Id)>| {
        let last = (places.len() > limit).then(|| places.get(limit.saturating_sub(1))).flatten();
        let next = last.map(|(place, id)| Cursor::new(query.sort.clone(), place.clone(), *id, tx));
        Page { records: places.iter().take(limit).filter_map(|(_, id)| found.remove(id)).collect(), next }
    };
    let mut page = page;
    Ok(Firsts::Together(groups.into_iter().map(move |(group, places)| (group, page(places))).collect()))
}

/// The rows of a page, the id first, and where the next one begins.
fn rows(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    scope: &Scope<'_>,
    query: &Query<'_>,
    order: &Ordered,
    known: Option<Seen>,
    columns: impl Fn(&Writer<'_>) -> SelectStatement,
) -> Result<(Vec<Row>, Option<Cursor>), Error> {
    let cursor = query.cursor.as_ref();
    if let Some(cursor) = cursor {
        cursor.check(&query.sort, tx)?;
    }
    let words = weigh(tx, object, query.words)?;
    let mut writer = Writer::new(tx.engine(), schema, scope);
    let wanted = u64::from(query.limit) + 1;
    writer.approach = approach(tx, &writer, object, query, known)?;
    // Two segments, values and blanks, each a plain comparison of rows that an index serves (core rule 22).
    let page = |order_it: &dyn Fn(&mut SelectStatement)| {
        if writer.approach != Approach::Gathered {
            let mut select = chosen(columns(&writer), &writer, object, query, words.as_ref());
            order_it(&mut select);
            return select;
        }
        let mut select = order.gathered(&writer, object, query);
        order_it(&mut select);
        order.again(columns(&writer), select)
    };
    let gathered = (writer.approach == Approach::Gathered).then_some(tx.engine());
    let mut rows = Vec::new();
    if !cursor.is_some_and(|cursor| cursor.value().is_null() && !order.by_id) {
        rows = tx.all_once(&page(&|select| order.values(select, cursor, wanted, gathered)))?;
    }
    if !order.by_id && (rows.len() as u64) < wanted {
        let left = wanted - rows.len() as u64;
        rows.extend(tx.all_once(&page(&|select| order.blanks(select, cursor, left)))?);
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
    let writer = Writer::of_every(tx.engine(), schema, scope, object);
    if let Some(kept) = Kept::of(tx, &writer, object, condition).filter(|_| words.is_none() && bin == Bin::Out) {
        let select = kept.rows(&writer, object).expr(added("records")).to_owned();
        let mut count: i64 = tx.all_once(&select)?.first().ok_or(Error::NoRow)?.get(0)?;
        let mut given = sea_query::Query::select();
        given.expr(Expr::cust("COUNT(1)"));
        writer.from(&mut given, object, ROOT);
        if kept.of_given(&mut given, &writer, object) {
            count += tx.all_once(&given)?.first().ok_or(Error::NoRow)?.get::<i64>(0)?;
        }
        return Ok(count);
    }
    let mut select = sea_query::Query::select();
    select.expr(Expr::cust("COUNT(1)"));
    writer.from(&mut select, object, ROOT);
    narrow(&mut select, &writer, object, condition, words.as_ref().map(|words| (words, Way::Whole)), bin);
    tx.all_once(&select)?.first().ok_or(Error::NoRow)?.get(0)
}

/// How the engine would go about the first statement of a page: for tests of indexes.
pub fn plan(tx: &mut Read, schema: &Schema, object: &Object, scope: &Scope<'_>, query: &Query<'_>) -> Result<String, Error> {
    let order = Ordered::of(object, &query.sort)?;
    let words = weigh(tx, object, query.words)?;
    let mut writer = Writer::new(tx.engine(), schema, scope);
    writer.approach = approach(tx, &writer, object, query, None)?;
    let gathered = (writer.approach == Approach::Gathered).then_some(tx.engine());
    let mut select = match gathered {
        Some(_) => order.gathered(&writer, object, query),
        None => chosen(columns_of(&writer, object), &writer, object, query, words.as_ref()),
    };
    order.values(&mut select, query.cursor.as_ref(), u64::from(query.limit) + 1, gathered);
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

fn id_of(writer: &Writer<'_>, object: &Object) -> SelectStatement {
    let mut select = sea_query::Query::select();
    select.column((ROOT, "id"));
    writer.from(&mut select, object, ROOT);
    select
}

/// All columns of an object's table.
pub(super) fn columns_of(writer: &Writer<'_>, object: &Object) -> SelectStatement {
    let mut select = sea_query::Query::select();
    for (name, _) in columns::all(object) {
        select.column((ROOT, name));
    }
    writer.from(&mut select, object, ROOT);
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
    if !condition.is_some_and(|condition| asks_for_own(writer, condition))
        && let Some(visible) = writer.visible(object, ROOT)
    {
        select.and_where(visible);
    }
}

/// An order by one column and the id.
#[derive(Clone)]
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

    /// Ids and what they are sorted by, of all that is asked for and may be seen; in the place of the table.
    fn gathered(&self, writer: &Writer<'_>, object: &Object, query: &Query<'_>) -> SelectStatement {
        let mut rows = id_of(writer, object);
        if !self.by_id {
            rows.column((ROOT, self.column.clone()));
        }
        let mut rows = chosen(rows, writer, object, query, None);
        dialect::first_of_all(writer.engine, &mut rows);
        sea_query::Query::select().column((ROOT, "id")).from_subquery(rows, ROOT).to_owned()
    }

    /// The rows of these ids, in the order once more: what is put in order before is narrow, and what is wide is looked up for one page.
    fn again(&self, mut columns: SelectStatement, ids: SelectStatement) -> SelectStatement {
        // An own select around it, since some engines take no limit within.
        let ids = sea_query::Query::select().column("id").from_subquery(ids, "page").to_owned();
        columns.and_where(Expr::col((ROOT, "id")).in_subquery(ids));
        if !self.by_id {
            columns.order_by((ROOT, self.column.clone()), self.order.clone());
        }
        columns.order_by((ROOT, "id"), self.order.clone()).to_owned()
    }

    /// `gathered`: rows are come by in another way than the index of this order.
    fn values(&self, select: &mut SelectStatement, cursor: Option<&Cursor>, limit: u64, gathered: Option<Engine>) {
        if self.by_id {
            self.after_id(select, cursor);
            select.order_by((ROOT, "id"), self.order.clone()).limit(limit);
            return;
        }
        let column = || {
            let column = Expr::col((ROOT, self.column.clone()));
            gathered.map_or(column.clone(), |engine| dialect::not_by_index(engine, column))
        };
        select.and_where(column().is_not_null());
        if let Some(cursor) = cursor
            && let Some(value) = constant(cursor.value())
        {
            let here = Expr::tuple([column(), Expr::col((ROOT, "id"))]);
            let there = Expr::tuple([Expr::val(value), Expr::val(cursor.id().0)]);
            select.and_where(if self.descending { here.lt(there) } else { here.gt(there) });
        }
        select.order_by_expr(column(), self.order.clone()).order_by((ROOT, "id"), self.order.clone()).limit(limit);
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

    /// The order of two places, blank ones last either way.
    fn compare(&self, a: &(Value, Id), b: &(Value, Id)) -> std::cmp::Ordering {
        let by_value = match (&a.0, &b.0) {
            (Value::Number(a), Value::Number(b)) => a.cmp(b),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            (Value::Ref(a), Value::Ref(b)) => a.cmp(b),
            _ => std::cmp::Ordering::Equal,
        };
        let whole = by_value.then(a.1.cmp(&b.1));
        a.0.is_null().cmp(&b.0.is_null()).then(if self.descending { whole.reverse() } else { whole })
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
