//! Counts and sums that are kept (`board_total`): changed by every write of a record, in its transaction and as its last act, and read instead of
//! adding up records where a question asks for nothing else.
//!
//! Whoever writes a record notes what its row no longer counts for and what it counts for now. The notes of a transaction are put together
//! and added to the table in one statement before the commit, in the order of the rows' ids: so two transactions never wait for each
//! other in a circle, and a row is held no longer than a commit takes.

use std::collections::BTreeMap;

use model::condition::Resolved;
use model::process::totals::{BY, SUMMED, are_kept_of};
use model::{Id, Object, Record};
use sea_query::{Expr, ExprTrait, Func, Query, SelectStatement, Value};
use sha2::{Digest, Sha256};

use super::list::ROOT;
use crate::columns::table;
use crate::condition::{Writer, not_voided};
use crate::scope::Sight;
use crate::{Error, Read, Row, Write, dialect};

pub(super) const TABLE: &str = "board_total";
/// The columns that tell rows apart.
const KEY: [&str; 7] = ["owner", "owner_department", "sales_process", "stage", "stage_type", "lifecycle_status", CURRENCY];
pub(super) const CURRENCY: &str = "amount_currency";
/// The columns that are added to.
const ADDED: [&str; 10] = [
    "records",
    "forecasts",
    "amount_millions",
    "amount_rest",
    "forecast_amount_millions",
    "forecast_amount_rest",
    "amount_main_millions",
    "amount_main_rest",
    "forecast_amount_main_millions",
    "forecast_amount_main_rest",
];
/// Records in one statement.
const CHUNK: usize = 500;
/// Rows in one statement.
const ROWS: usize = 5_000;

/// What rows are told apart by.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub owner: Option<Id>,
    pub owner_department: Option<Id>,
    /// Process, stage, stage type, lifecycle status, currency.
    pub texts: [Option<String>; 5],
}

/// Counts and sums, in the order of the columns; what is to be added to them may be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures(pub [i64; ADDED.len()]);

/// What a transaction will add to the table when it commits.
#[derive(Clone, Default)]
pub(crate) struct Pending(BTreeMap<Key, Figures>);

impl Pending {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, key: Key, figures: Figures, sign: i64) {
        let standing = self.0.entry(key).or_default();
        standing.0.iter_mut().zip(figures.0).for_each(|(stands, more)| *stands += sign * more);
    }

    /// Adds everything to the table.
    pub fn flush(&mut self, tx: &mut Write) -> Result<(), Error> {
        let mut rows: Vec<(Id, Vec<Value>)> = std::mem::take(&mut self.0)
            .into_iter()
            .filter(|(_, figures)| *figures != Figures::default())
            .map(|(key, figures)| (key.id(), row(&key, &figures)))
            .collect();
        rows.sort_unstable_by_key(|(id, _)| *id);
        let mut rows = rows.into_iter().map(|(_, row)| row);
        loop {
            let part: Vec<Vec<Value>> = rows.by_ref().take(ROWS).collect();
            if part.is_empty() {
                return Ok(());
            }
            tx.add_later(TABLE, &columns(), &ADDED, part)?;
        }
    }
}

fn columns() -> Vec<&'static str> {
    std::iter::once("id").chain(KEY).chain(ADDED).collect()
}

fn row(key: &Key, figures: &Figures) -> Vec<Value> {
    let mut row = vec![Value::from(key.id().0), Value::Uuid(key.owner.map(|id| id.0)), Value::Uuid(key.owner_department.map(|id| id.0))];
    row.extend(key.texts.iter().map(|text| Value::String(text.clone())));
    row.extend(figures.0.iter().map(|n| Value::BigInt(Some(*n))));
    row
}

impl Key {
    /// The row's id: the same for the same key on every server.
    fn id(&self) -> Id {
        let mut hash = Sha256::new();
        for id in [self.owner, self.owner_department] {
            hash.update(id.map_or([0; 16], |id| *id.bytes()));
        }
        for text in &self.texts {
            // Lengths, so that no two keys read the same.
            hash.update(text.as_ref().map_or(u64::MAX, |text| text.len() as u64).to_be_bytes());
            hash.update(text.as_deref().unwrap_or_default());
        }
        let digest: [u8; 32] = hash.finalize().into();
        Id(uuid::Uuid::from_slice(&digest[..16]).unwrap_or_default())
    }

    fn of(record: &Record) -> Key {
        let text = |field: &str| record.get(field).as_text().map(str::to_owned);
        Key {
            owner: record.owner(),
            owner_department: record.reference("owner_department"),
            texts: [
                text("sales_process"),
                text("stage"),
                text("stage_type"),
                text("lifecycle_status"),
                record.get("amount").as_money().map(|money| money.currency.code().to_owned()),
            ],
        }
    }
}

impl Figures {
    fn of(record: &Record) -> Figures {
        let own = |field: &str| record.get(field).as_money().map(|money| money.amount.0);
        let main = |field: &str| own(field).and_then(|_| record.mains.get(field)).map(|amount| amount.0);
        let mut figures = [0; ADDED.len()];
        figures[0] = 1;
        figures[1] = i64::from(own("forecast_amount").is_some());
        let amounts = [own("amount"), own("forecast_amount"), main("amount"), main("forecast_amount")];
        for (at, amount) in amounts.into_iter().enumerate() {
            [figures[2 + 2 * at], figures[3 + 2 * at]] = dialect::parts(amount.unwrap_or_default());
        }
        Figures(figures)
    }
}

/// Notes that a row counts for `after` and no longer for `before`.
pub(super) fn changed(tx: &mut Write, object: &Object, before: Option<&Record>, after: Option<&Record>) {
    if !are_kept_of(object) {
        return;
    }
    for (record, sign) in before.map(|record| (record, -1)).into_iter().chain(after.map(|record| (record, 1))) {
        if record.text("lifecycle_status") != model::objects::lifecycle::VOIDED {
            tx.pending().add(Key::of(record), Figures::of(record), sign);
        }
    }
}

/// Runs a change of rows that is known by their ids alone, and notes what it changed in what they count for. The rows are locked first.
pub(super) fn around(tx: &mut Write, object: &Object, ids: &[Id], f: impl FnOnce(&mut Write) -> Result<(), Error>) -> Result<(), Error> {
    if !are_kept_of(object) {
        return f(tx);
    }
    tx.lock_rows_late(&object.key, ids)?;
    let before = measured(tx, object, Some(ids))?;
    f(tx)?;
    let after = measured(tx, object, Some(ids))?;
    before.into_iter().for_each(|(key, figures)| tx.pending().add(key, figures, -1));
    after.into_iter().for_each(|(key, figures)| tx.pending().add(key, figures, 1));
    Ok(())
}

/// What records come to as they stand: these, or all.
fn measured(tx: &mut Read, object: &Object, ids: Option<&[Id]>) -> Result<Vec<(Key, Figures)>, Error> {
    let mut found = Vec::new();
    let chunks: Vec<Option<&[Id]>> = match ids {
        Some(ids) => ids.chunks(CHUNK).map(Some).collect(),
        None => vec![None],
    };
    for chunk in chunks {
        let mut select = Query::select();
        KEY.iter().for_each(|column| {
            select.column((ROOT, *column)).group_by_col((ROOT, *column));
        });
        select.expr(Expr::cust("COUNT(1)")).expr(Func::count(Expr::col((ROOT, "forecast_amount")))).from_as(table(&object.key), ROOT);
        let sums = SUMMED.iter().map(|field| (*field).to_owned()).chain(SUMMED.iter().map(|field| format!("{field}_main")));
        for column in sums {
            dialect::sum(&Expr::col((ROOT, column))).into_iter().for_each(|part| {
                select.expr(part);
            });
        }
        if let Some(ids) = chunk {
            select.and_where(Expr::col((ROOT, "id")).is_in(dialect::padded(ids).into_iter().map(|id| id.0)));
        }
        select.and_where_option(not_voided(object, ROOT));
        for row in tx.all(&select)? {
            found.push(read(&row, 0)?);
        }
    }
    Ok(found)
}

fn read(row: &Row, at: usize) -> Result<(Key, Figures), Error> {
    let key = Key {
        owner: row.get(at)?,
        owner_department: row.get(at + 1)?,
        texts: [row.get(at + 2)?, row.get(at + 3)?, row.get(at + 4)?, row.get(at + 5)?, row.get(at + 6)?],
    };
    let mut figures = Figures::default();
    for (n, figure) in figures.0.iter_mut().enumerate() {
        *figure = row.get(at + KEY.len() + n)?;
    }
    Ok((key, figures))
}

/// Where what is kept differs from what the records come to: what is kept, what is due. Empty when all is well.
pub fn differing(tx: &mut Read, object: &Object) -> Result<Vec<(Key, Figures, Figures)>, Error> {
    if !are_kept_of(object) {
        return Ok(Vec::new());
    }
    let mut both: BTreeMap<Key, (Figures, Figures)> = BTreeMap::new();
    let mut select = Query::select();
    select.columns(KEY).columns(ADDED).from(TABLE);
    for row in tx.all(&select)? {
        let (key, figures) = read(&row, 0)?;
        both.entry(key).or_default().0 = figures;
    }
    for (key, figures) in measured(tx, object, None)? {
        // Where amounts are divided into two parts differs by how often they were added; what they come to does not.
        both.entry(key).or_default().1 = figures;
    }
    Ok(both.into_iter().filter(|(_, (kept, due))| kept.whole() != due.whole()).map(|(key, (kept, due))| (key, kept, due)).collect())
}

impl Figures {
    /// Counts and whole sums.
    pub fn whole(&self) -> [i128; 6] {
        let sum = |at: usize| dialect::summed([self.0[at], self.0[at + 1]]);
        [i128::from(self.0[0]), i128::from(self.0[1]), sum(2), sum(4), sum(6), sum(8)]
    }
}

/// Reckons everything anew: for a database from before, and where something has gone wrong. Nobody writes meanwhile.
pub fn rebuild(tx: &mut Write, object: &Object) -> Result<(), Error> {
    if !are_kept_of(object) {
        return Ok(());
    }
    tx.publish_meta()?;
    tx.pending().0.clear();
    tx.execute(Query::delete().from_table(TABLE).to_owned())?;
    let rows: Vec<Vec<Value>> = measured(tx, object, None)?.iter().map(|(key, figures)| row(key, figures)).collect();
    for part in rows.chunks(ROWS) {
        tx.insert_rows(TABLE, &columns(), part.to_vec())?;
    }
    Ok(())
}

/// A question that can be answered from what is kept.
pub(super) struct Kept<'a> {
    condition: Option<&'a Resolved>,
    sight: Sight,
}

impl<'a> Kept<'a> {
    /// `None` where the records themselves must be asked: the condition looks at something else, or they are seen in another way than by
    /// their owners and by being given.
    pub fn of(tx: &Read, writer: &Writer<'_>, object: &Object, condition: Option<&'a Resolved>) -> Option<Kept<'a>> {
        // What this transaction has yet to add is not in the table.
        if !are_kept_of(object) || !tx.nothing_pending() || !condition.is_none_or(asks_for_kept) {
            return None;
        }
        match writer.sight(object) {
            Sight::Otherwise => None,
            // What is kept knows of no veil; the records of owners whom somebody sees have none.
            Sight::Every if !writer.scope.veils(&object.key).is_empty() => None,
            sight => Some(Kept { condition, sight }),
        }
    }

    /// The rows that are asked for and belong to owners who are seen.
    pub fn rows(&self, writer: &Writer<'_>, object: &Object) -> SelectStatement {
        let mut select = Query::select();
        select.from_as(TABLE, ROOT);
        self.of_owners(&mut select, writer, object);
        select
    }

    /// All rows that belong to owners who are seen.
    pub fn rows_of_owners(&self, writer: &Writer<'_>) -> SelectStatement {
        let mut select = Query::select();
        select.from_as(TABLE, ROOT);
        self.whose(&mut select, writer);
        select
    }

    fn whose(&self, select: &mut SelectStatement, writer: &Writer<'_>) {
        if let Sight::ByOwner { owners, .. } = &self.sight {
            select.and_where(dialect::among_few(writer.engine, Expr::col((ROOT, "owner")), owners.as_ref().clone()));
        }
    }

    /// Narrows a select to what is asked for of the owners who are seen: of what is kept, or of the records.
    pub fn of_owners(&self, select: &mut SelectStatement, writer: &Writer<'_>, object: &Object) {
        if let Some(condition) = self.condition {
            select.and_where(writer.condition(condition, object, ROOT));
        }
        self.whose(select, writer);
    }

    /// As [`Kept::of_owners`] of records, also for one who sees every record: owner by owner, where an index begins with owners. Records
    /// without an owner are another matter.
    pub fn owner_by_owner(&self, select: &mut SelectStatement, writer: &Writer<'_>, object: &Object) {
        self.of_owners(select, writer, object);
        if matches!(self.sight, Sight::Every) {
            let owners = Query::select().distinct().column("owner").from(TABLE).and_where(Expr::col("owner").is_not_null()).to_owned();
            select.and_where(dialect::among_few(writer.engine, Expr::col((ROOT, "owner")), owners));
        }
    }

    /// Narrows a select to records that have no owner, where these are seen.
    pub fn of_nobody(&self, select: &mut SelectStatement, writer: &Writer<'_>, object: &Object) -> bool {
        self.of_owners(select, writer, object);
        select.and_where(Expr::col((ROOT, "owner")).is_null());
        matches!(self.sight, Sight::Every)
    }

    /// Narrows a select of records to what is asked for of those that are given to the caller and belong to nobody whose records he
    /// sees. False when there is no such thing, as for one who sees everything.
    pub fn of_given(&self, select: &mut SelectStatement, writer: &Writer<'_>, object: &Object) -> bool {
        let Sight::ByOwner { owners, given } = &self.sight else { return false };
        if let Some(condition) = self.condition {
            select.and_where(writer.condition(condition, object, ROOT));
        }
        let owner = || Expr::col((ROOT, "owner"));
        select.and_where(dialect::among_few(writer.engine, Expr::col((ROOT, "id")), given.as_ref().clone()));
        select.and_where(owner().is_null().or(owner().not_in_subquery(owners.as_ref().clone())));
        select.and_where_option(not_voided(object, ROOT));
        true
    }
}

/// What of a condition can be asked of what is kept: the parts that must hold together and look at nothing else.
pub(super) fn kept_part(condition: Option<&Resolved>) -> Resolved {
    let mut parts = Vec::new();
    must_hold(condition, &mut |part| {
        if asks_for_kept(part) {
            parts.push(part.clone());
        }
    });
    Resolved::All(parts)
}

/// Visits the parts of a condition that must all hold.
pub(super) fn must_hold<'a>(condition: Option<&'a Resolved>, visit: &mut dyn FnMut(&'a Resolved)) {
    match condition {
        Some(Resolved::All(list)) => list.iter().for_each(|part| must_hold(Some(part), visit)),
        Some(part) => visit(part),
        None => {}
    }
}

/// True for a condition that looks at nothing but what rows are told apart by.
fn asks_for_kept(condition: &Resolved) -> bool {
    match condition {
        Resolved::Always(_) => true,
        Resolved::All(list) | Resolved::Any(list) => list.iter().all(asks_for_kept),
        Resolved::Not(inner) => asks_for_kept(inner),
        Resolved::Test(test) => test.hops.is_empty() && BY.contains(&test.field.as_str()),
        Resolved::Exists(_) | Resolved::Changed(_) => false,
    }
}

/// A column of what is kept, added up: one part of a sum or a count.
pub(super) fn added(column: &str) -> Expr {
    added_up(Expr::col((ROOT, column.to_owned())))
}

/// The same of an expression.
pub(super) fn added_up(of: Expr) -> Expr {
    Expr::from(Func::coalesce([Expr::from(Func::sum(of)).cast_as("BIGINT"), Expr::cust("0")]))
}
