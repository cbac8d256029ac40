//! The index of words by which records are found (`search_word`): kept with every write of a record, read by search and by lists.
//!
//! A word of a question is a range of the index. Words that few records have are answered from the index; for words that many have it
//! is cheaper to ask records whether they have them. Which of the two holds is learnt by counting a range up to a limit.

use std::collections::{BTreeMap, BTreeSet};

use model::search::{asked, name_field, searched, whole, words};
use model::{Id, Object, Record, Schema, Value as Held};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, UnionType, Value};

use crate::columns::{compared, table};
use crate::condition::{Writer, not_voided};
use crate::records::Scope;
use crate::{Engine, Error, Read, Write, dialect};

/// Entries up to which a word counts as rare, and records up to which a person sees few.
const FEW: u64 = 2000;
/// Candidates that are looked at before the way from the index is given up for the one from the records.
const CANDIDATES: usize = 20_000;
/// Records in one statement.
const CHUNK: usize = 500;

const TABLE: &str = "search_word";
const COLUMNS: [&str; 4] = ["object", "word", "record", "field"];

/// What is looked for in records of one object.
#[derive(Clone, Debug)]
pub struct Words {
    asked: Vec<String>,
    whole: Option<String>,
    /// Fields whose words count: those that are searched and that the caller may know of.
    fields: Vec<String>,
}

impl Words {
    /// The words of a question, to be found in these of the searched fields. `None` for a blank question.
    pub fn of(question: &str, fields: Vec<String>) -> Option<Words> {
        let whole = whole(question);
        whole.is_some().then(|| Words { asked: asked(question), whole, fields })
    }
}

/// Words and how many have them.
pub(crate) struct Weighed<'a> {
    words: &'a Words,
    /// Place of the word that the fewest have.
    rarest: usize,
    pub rare: bool,
}

/// How the words are put to records.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// For one page in an order: rows are looked at one after another.
    Page,
    /// For counts and sums: every row that meets them.
    Whole,
}

/// Learns which of the words is rare.
pub(crate) fn weigh<'a>(tx: &mut Read, object: &Object, words: Option<&'a Words>) -> Result<Option<Weighed<'a>>, Error> {
    let Some(words) = words else { return Ok(None) };
    let ranges: Vec<(&str, &str)> = words.asked.iter().map(|word| (object.key.as_str(), word.as_str())).collect();
    let counts = count_up_to(tx, &ranges)?;
    Ok(Some(weighed(words, &counts)))
}

fn weighed<'a>(words: &'a Words, counts: &[u64]) -> Weighed<'a> {
    let (rarest, count) = counts.iter().copied().enumerate().min_by_key(|(_, count)| *count).unwrap_or((0, 0));
    Weighed { words, rarest, rare: count <= FEW }
}

/// How many entries each range has, counted no further than one beyond [`FEW`].
fn count_up_to(tx: &mut Read, ranges: &[(&str, &str)]) -> Result<Vec<u64>, Error> {
    let mut counts = vec![0; ranges.len()];
    let one = |at: usize, (object, word): (&str, &str)| {
        let mut within = Query::select();
        within.expr(Expr::cust("1")).from(TABLE).and_where(Expr::col("object").eq(object));
        within.and_where(dialect::begins_with(Expr::col("word"), word)).limit(FEW + 1);
        // The place is ours, not a caller's.
        Query::select().expr(Expr::cust(at.to_string())).expr(Expr::cust("COUNT(1)")).from_subquery(within, "few").to_owned()
    };
    let mut arms = ranges.iter().enumerate().map(|(at, range)| one(at, *range));
    let Some(mut select) = arms.next() else { return Ok(counts) };
    for arm in arms {
        select.union(UnionType::All, arm);
    }
    for row in tx.all(&select)? {
        if let Some(count) = counts.get_mut(usize::try_from(row.get::<i64>(0)?).unwrap_or(usize::MAX)) {
            *count = row.get::<i64>(1)?.unsigned_abs();
        }
    }
    Ok(counts)
}

impl Weighed<'_> {
    /// True for rows of `alias` that have all of the words.
    pub fn met(&self, writer: &Writer<'_>, object: &Object, alias: &str, way: Way) -> Expr {
        if self.words.asked.is_empty() {
            return dialect::never();
        }
        let from_index = self.rare || way == Way::Whole;
        let parts = self.words.asked.iter().enumerate().map(|(at, word)| {
            if at == self.rarest && from_index {
                let with = entries(object, word, self.words, "w").column(("w", "record")).to_owned();
                let id = Expr::col((alias.to_owned(), "id"));
                let found = if self.rare { dialect::among_few(writer.engine, id, with) } else { id.in_subquery(with) };
                // Where something is covered, the entry has to be one that may be read.
                let covers = !writer.scope.veils(&object.key).is_empty();
                return if covers { found.and(has(writer, object, word, self.words, alias)) } else { found };
            }
            has(writer, object, word, self.words, alias)
        });
        parts.reduce(|a, b| a.and(b)).unwrap_or_else(dialect::never)
    }
}

/// The entries of a word in fields that may be known.
fn entries(object: &Object, word: &str, words: &Words, alias: &str) -> SelectStatement {
    let column = |name: &'static str| Expr::col((alias.to_owned(), name));
    let mut select = Query::select();
    select
        .from_as(TABLE, alias.to_owned())
        .and_where(column("object").eq(object.key.as_str()))
        .and_where(dialect::begins_with(column("word"), word));
    select.and_where(column("field").is_in(words.fields.iter().map(String::as_str)));
    select
}

/// True for rows of `alias` that have a word.
fn has(writer: &Writer<'_>, object: &Object, word: &str, words: &Words, alias: &str) -> Expr {
    let own = writer.alias();
    let mut select = entries(object, word, words, &own);
    select.expr(Expr::cust("1")).and_where(Expr::col((own.clone(), "record")).equals((alias.to_owned(), "id")));
    select.and_where_option(writer.uncovered(object, alias, &Expr::col((own, "field"))));
    Expr::exists(select)
}

/// The records of each object that have all of its words and may be seen, at most `limit` of each: first those whose name is or begins
/// with the question. Objects in which nothing is found are left out; the recycle bin's records too.
pub fn find(
    tx: &mut Read,
    schema: &Schema,
    scope: &Scope<'_>,
    wanted: &[(&Object, Words)],
    limit: usize,
) -> Result<BTreeMap<String, Vec<Id>>, Error> {
    let mut ranges = Vec::new();
    for (object, words) in wanted {
        ranges.extend(words.asked.iter().map(|word| (object.key.as_str(), word.as_str())));
    }
    let counts = count_up_to(tx, &ranges)?;
    let mut counts = counts.as_slice();
    let mut found = BTreeMap::new();
    for (object, words) in wanted {
        let (own, rest) = counts.split_at(words.asked.len());
        counts = rest;
        if own.is_empty() || own.contains(&0) {
            continue;
        }
        let search = Search { schema, scope, object, weighed: weighed(words, own), limit };
        let ids = search.run(tx)?;
        if !ids.is_empty() {
            found.insert(object.key.clone(), ids);
        }
    }
    Ok(found)
}

/// How the engine would go about the statements of a search, in the order of its ways: from the index, from the records. For tests.
pub fn plans(
    tx: &mut Read,
    schema: &Schema,
    scope: &Scope<'_>,
    object: &Object,
    words: &Words,
    limit: usize,
) -> Result<[String; 3], Error> {
    let search = |rare| Search { schema, scope, object, weighed: Weighed { words, rarest: 0, rare }, limit };
    let rare = search(true).ranked(tx.engine());
    let common = search(false).ranked(tx.engine());
    let candidates = search(false).candidates(words.asked.first().map_or("", String::as_str), None, 200);
    Ok([tx.plan(&rare)?, tx.plan(&common)?, tx.plan(&candidates)?])
}

struct Search<'a> {
    schema: &'a Schema,
    scope: &'a Scope<'a>,
    object: &'a Object,
    weighed: Weighed<'a>,
    limit: usize,
}

impl Search<'_> {
    fn run(&self, tx: &mut Read) -> Result<Vec<Id>, Error> {
        // Few records have the words, or few are seen: then all of them are put in order.
        if self.weighed.rare || self.sees_few(tx)? {
            let select = self.ranked(tx.engine());
            return tx.all(&select)?.iter().map(|row| row.get(0)).collect();
        }
        // Many have them and many are seen: the first of the index soon yield enough.
        let mut found = Vec::new();
        let whole = self.weighed.words.whole.as_deref().filter(|_| self.name_is_known());
        let rarest = self.weighed.words.asked.get(self.weighed.rarest).map(String::as_str);
        for word in whole.into_iter().chain(rarest) {
            if !self.walk(tx, word, &mut found)? && found.len() < self.limit {
                // A word that many have, but hardly any of those that one sees.
                let select = self.ranked(tx.engine());
                return tx.all(&select)?.iter().map(|row| row.get(0)).collect();
            }
            if found.len() >= self.limit {
                break;
            }
        }
        Ok(found)
    }

    fn name_is_known(&self) -> bool {
        name_field(self.object).is_some_and(|name| self.weighed.words.fields.contains(&name.key))
    }

    fn sees_few(&self, tx: &mut Read) -> Result<bool, Error> {
        let writer = Writer::new(tx.engine(), self.schema, self.scope);
        let Some(visible) = writer.visible(self.object, "t") else { return Ok(false) };
        let mut within = Query::select();
        within.expr(Expr::cust("1")).from_as(table(&self.object.key), "t").and_where(visible).limit(FEW + 1);
        let count = Query::select().expr(Expr::cust("COUNT(1)")).from_subquery(within, "few").to_owned();
        Ok(tx.one(&count)?.get::<i64>(0)?.unsigned_abs() <= FEW)
    }

    /// Those that are seen and have the words, the best first.
    fn ranked(&self, engine: Engine) -> SelectStatement {
        let writer = Writer::new(engine, self.schema, self.scope);
        let mut select = Query::select();
        select.column(("t", "id"));
        writer.from(&mut select, self.object, "t");
        select.and_where(self.weighed.met(&writer, self.object, "t", Way::Page));
        self.narrow(&mut select, &writer);
        if let Some(name) = name_field(self.object).filter(|_| self.name_is_known()) {
            let column = || Expr::col(("t", compared(&name.key, name.kind.kind())));
            let begun = self.weighed.words.whole.as_deref().map_or("", |whole| &whole[1..]);
            let first =
                sea_query::CaseStatement::new().case(dialect::begins_with(column(), begun), Expr::cust("0")).finally(Expr::cust("1"));
            select.order_by_expr(first.into(), Order::Asc).order_by_expr(column(), Order::Asc);
        }
        select.order_by(("t", "id"), Order::Asc).limit(self.limit as u64);
        select
    }

    fn narrow(&self, select: &mut SelectStatement, writer: &Writer<'_>) {
        if let Some(kept) = not_voided(self.object, "t") {
            select.and_where(kept);
        }
        if let Some(visible) = writer.visible(self.object, "t") {
            select.and_where(visible);
        }
    }

    /// Goes through the entries of a word in their order until enough are found; false when it gave up before their end.
    fn walk(&self, tx: &mut Read, word: &str, found: &mut Vec<Id>) -> Result<bool, Error> {
        let (mut after, mut looked_at, mut page) = (None, 0, 100);
        while found.len() < self.limit {
            if looked_at >= CANDIDATES {
                return Ok(false);
            }
            let select = self.candidates(word, after.take(), page);
            let rows = tx.all(&select)?;
            let mut ids: Vec<Id> = Vec::with_capacity(rows.len());
            for row in &rows {
                let id = row.get(1)?;
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            for part in ids.chunks(CHUNK) {
                let seen = self.seen(tx, part)?;
                found.extend(part.iter().filter(|id| seen.contains(id)).copied().collect::<Vec<_>>());
            }
            let mut once = BTreeSet::new();
            found.retain(|id| once.insert(*id));
            found.truncate(self.limit);
            let Some(last) = rows.last().filter(|_| rows.len() as u64 == page) else { return Ok(true) };
            after = Some((last.get::<String>(0)?, last.get::<Id>(1)?, last.get::<String>(2)?));
            looked_at += rows.len();
            page = std::cmp::min(page * 4, CHUNK as u64 * 4);
        }
        Ok(true)
    }

    /// A page of a word's entries behind one of them.
    fn candidates(&self, word: &str, after: Option<(String, Id, String)>, page: u64) -> SelectStatement {
        let mut select = Query::select();
        let order = ["word", "record", "field"];
        select.columns(order).from(TABLE).and_where(Expr::col("object").eq(self.object.key.as_str()));
        match after {
            None => select.and_where(Expr::col("word").gte(word)),
            Some((word, id, field)) => {
                let here = Expr::tuple(order.map(Expr::col));
                select.and_where(here.gt(Expr::tuple([Expr::val(word), Expr::val(id.0), Expr::val(field)])))
            }
        };
        if let Some(end) = dialect::after_prefix(word) {
            select.and_where(Expr::col("word").lt(end));
        }
        select.and_where(Expr::col("field").is_in(self.weighed.words.fields.iter().map(String::as_str)));
        order.iter().for_each(|column| {
            select.order_by(*column, Order::Asc);
        });
        select.limit(page);
        select
    }

    /// Those of the ids that have every word and are seen.
    fn seen(&self, tx: &mut Read, ids: &[Id]) -> Result<BTreeSet<Id>, Error> {
        let writer = Writer::new(tx.engine(), self.schema, self.scope);
        let mut select = Query::select();
        select.column(("t", "id")).from_as(table(&self.object.key), "t");
        select.and_where(Expr::col(("t", "id")).is_in(dialect::padded(ids).into_iter().map(|id| id.0)));
        for word in &self.weighed.words.asked {
            select.and_where(has(&writer, self.object, word, self.weighed.words, "t"));
        }
        self.narrow(&mut select, &writer);
        tx.all(&select)?.iter().map(|row| row.get(0)).collect()
    }
}

// ---- Keeping it ----

type Row = Vec<Value>;

fn rows<'a>(
    object: &'a Object,
    field: &'a model::Field,
    id: Id,
    words: impl IntoIterator<Item = String> + 'a,
) -> impl Iterator<Item = Row> + 'a {
    let row = move |word: String| vec![object.key.as_str().into(), word.into(), id.0.into(), field.key.as_str().into()];
    words.into_iter().map(row)
}

/// Enters new records: in the order of the index, which touches each of its pages once.
pub(crate) fn insert(tx: &mut Write, object: &Object, records: &[&Record]) -> Result<(), Error> {
    let mut entries: Vec<(String, Id, &str)> = Vec::with_capacity(records.len() * 8);
    for record in records {
        for field in searched(object) {
            entries.extend(words(object, field, record.get(&field.key)).into_iter().map(|word| (word, record.id, field.key.as_str())));
        }
    }
    entries.sort_unstable();
    let row = |(word, record, field): (String, Id, &str)| vec![object.key.as_str().into(), word.into(), record.0.into(), field.into()];
    tx.insert_rows(TABLE, &COLUMNS, entries.into_iter().map(row).collect())
}

/// Enters what a change of a record gives it, and takes out what it takes.
pub(crate) fn update(tx: &mut Write, object: &Object, before: &Record, after: &Record) -> Result<(), Error> {
    let mut new: Vec<Row> = Vec::new();
    for field in searched(object).filter(|field| before.get(&field.key) != after.get(&field.key)) {
        let value = |record: &Record| -> BTreeSet<String> { words(object, field, record.get(&field.key)) };
        let (had, has) = (value(before), value(after));
        let gone: Vec<&String> = had.difference(&has).collect();
        if !gone.is_empty() {
            let delete = Query::delete()
                .from_table(TABLE)
                .and_where(Expr::col("object").eq(object.key.as_str()))
                .and_where(Expr::col("record").eq(after.id.0))
                .and_where(Expr::col("field").eq(field.key.as_str()))
                .and_where(Expr::col("word").is_in(gone.into_iter().map(String::as_str)))
                .to_owned();
            tx.execute(delete)?;
        }
        new.extend(rows(object, field, after.id, has.difference(&had).cloned().collect::<Vec<_>>()));
    }
    tx.insert_rows(TABLE, &COLUMNS, new)
}

/// Enters records anew, whatever stands there of them: for databases from before, and for fields that begin to be searched. Their rows
/// must be locked.
pub fn enter_anew(tx: &mut Write, object: &Object, records: &[Record]) -> Result<(), Error> {
    for chunk in records.chunks(CHUNK) {
        let ids: Vec<Id> = chunk.iter().map(|record| record.id).collect();
        forget(tx, object, &ids)?;
        insert(tx, object, &chunk.iter().collect::<Vec<_>>())?;
    }
    Ok(())
}

fn forget(tx: &mut Write, object: &Object, ids: &[Id]) -> Result<(), Error> {
    let delete = Query::delete()
        .from_table(TABLE)
        .and_where(Expr::col("object").eq(object.key.as_str()))
        .and_where(Expr::col("record").is_in(dialect::padded(ids).into_iter().map(|id| id.0)))
        .to_owned();
    tx.execute(delete).map(|_| ())
}

/// An entry: record, field, word.
pub type Entry = (Id, String, String);

/// The entries of these records in fields that are searched, as they stand.
pub fn stored(tx: &mut Read, object: &Object, ids: &[Id]) -> Result<BTreeSet<Entry>, Error> {
    let mut found = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        let select = Query::select()
            .columns(["record", "field", "word"])
            .from(TABLE)
            .and_where(Expr::col("object").eq(object.key.as_str()))
            .and_where(Expr::col("record").is_in(dialect::padded(chunk).into_iter().map(|id| id.0)))
            .to_owned();
        for row in tx.all(&select)? {
            found.insert((row.get(0)?, row.get(1)?, row.get(2)?));
        }
    }
    // Nothing reads those of a field that is put aside.
    found.retain(|(_, field, _): &Entry| searched(object).any(|known| known.key == *field));
    Ok(found)
}

/// The entries that these records should have.
pub fn due(object: &Object, records: &[Record]) -> BTreeSet<Entry> {
    let of_field = |record: &Record, field: &model::Field| -> Vec<Entry> {
        let value: &Held = record.get(&field.key);
        words(object, field, value).into_iter().map(|word| (record.id, field.key.clone(), word)).collect()
    };
    records.iter().flat_map(|record| searched(object).flat_map(|field| of_field(record, field)).collect::<Vec<_>>()).collect()
}
