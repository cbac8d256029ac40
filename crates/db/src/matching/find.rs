//! Records that may be like another: by the index, or by the records themselves where it does not have them yet.
//!
//! Nothing is left out for reasons of scope or likeness: whoever asks verifies what he is given.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::duplicate::matching::{KeyKind, Nature};
use model::{Field, Id, Instant, Object, Record, Value};
use sea_query::{Expr, ExprTrait, Order, Query};

use super::keys_of;
use super::memory::{Memory, Pending};
use crate::columns::{decode_value, of_field, table};
use crate::followed::{Followed, Part};
use crate::param::Param;
use crate::records::{Scope, find_by, find_within, ids_after, load};
use crate::{Engine, Error, Read, dialect};

/// Records that are given for one question at most, those that have most in common with it first.
pub(super) const MOST: usize = 400;
/// Entries of one key that are looked at, at most.
const MOST_OF_KEY: i64 = 4000;
/// Entries that are looked at for one question, as far as fewer leave no record out that has enough in common with it.
const ENOUGH: i64 = 1500;
/// Records that are read in one statement where the index does not serve.
const PAGE: u64 = 2000;

/// What is looked for in one field of an object.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// Whose records are looked for.
    pub object: &'a Object,
    pub field: &'a Field,
    pub by: By,
    /// What the records that are found must be like, where that can be said by this field alone.
    pub like: Option<Like>,
    /// Between which instants, both included, another field of them must lie.
    pub between: Option<(&'a Field, Instant, Instant)>,
}

/// What is looked for as a whole: a text that is compared as `nature` says, and how alike it must be in percent.
#[derive(Clone, Debug, PartialEq)]
pub struct Like {
    pub text: String,
    pub nature: Nature,
    pub threshold: u8,
}

/// By what.
#[derive(Clone, Debug, PartialEq)]
pub enum By {
    /// Records that have at least so many of these keys.
    Keys { kind: KeyKind, keys: Vec<i64>, shared: usize },
    /// Records with this value in the field, compared as the field is, texts folded; with none in it where the value is null.
    Value(Value),
}

/// For each of the questions the records that come into question, those that have most in common with it first.
///
/// Where there is a memory of the field, it answers: with no more than what is like the question, together with what has changed since it
/// looked.
pub fn candidates(tx: &mut Read, followed: &Followed, asks: &[Ask<'_>], memory: Option<&Memory>) -> Result<Vec<Vec<Id>>, Error> {
    let mut found = vec![Vec::new(); asks.len()];
    let mut remembered = vec![false; asks.len()];
    if let Some(memory) = memory {
        let pending = Pending::of(tx, memory, &followed.country, asks)?;
        for (at, ask) in asks.iter().enumerate() {
            if let Some(ids) = pending.as_ref().and_then(|pending| memory.like(&followed.country, ask, pending)) {
                (found[at], remembered[at]) = (ids, true);
            }
        }
    }
    let mut by_part: BTreeMap<(&str, &str, KeyKind), Vec<usize>> = BTreeMap::new();
    let mut by_value: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    let mut within: BTreeMap<(&str, &str, &str), Vec<usize>> = BTreeMap::new();
    for (at, ask) in asks.iter().enumerate().filter(|(at, _)| !remembered[*at]) {
        match (&ask.by, &ask.between) {
            (By::Keys { keys, .. }, _) if keys.is_empty() => {}
            (By::Keys { kind, .. }, _) => by_part.entry((&ask.object.key, &ask.field.key, *kind)).or_default().push(at),
            (By::Value(value), Some((between, ..))) if !value.is_null() => {
                within.entry((&ask.object.key, &ask.field.key, &between.key)).or_default().push(at);
            }
            (By::Value(_), _) => by_value.entry((&ask.object.key, &ask.field.key)).or_default().push(at),
        }
    }
    for ((object, field, kind), places) in by_part {
        let part = followed.parts.iter().find(|part| (part.object.as_str(), part.field.as_str(), part.kind) == (object, field, kind));
        let wanted: Vec<Wanted<'_>> = places.iter().filter_map(|at| wanted(*at, &asks[*at])).collect();
        let Some(ask) = places.first().map(|at| &asks[*at]) else { continue };
        let mut scored: Vec<(usize, Id, usize)> = Vec::new();
        // The place first: what is entered meanwhile is then found twice rather than not at all.
        let from = match part {
            Some(part) if part.ready => None,
            Some(part) => Some(position(tx, part)?),
            None => Some(None),
        };
        if let Some(part) = part {
            entered(tx, part, &wanted, &mut scored)?;
        }
        if let Some(after) = from {
            among_records(tx, followed, ask, kind, after, &wanted, &mut scored)?;
        }
        take(scored, &mut found);
    }
    for places in by_value.into_values() {
        with_values(tx, asks, &places, &mut found)?;
    }
    for places in within.into_values() {
        with_values_within(tx, asks, &places, &mut found)?;
    }
    Ok(found)
}

/// A question by its place.
struct Wanted<'a> {
    at: usize,
    keys: &'a [i64],
    shared: usize,
}

fn wanted<'a>(at: usize, ask: &'a Ask<'_>) -> Option<Wanted<'a>> {
    match &ask.by {
        By::Keys { keys, shared, .. } => Some(Wanted { at, keys, shared: (*shared).max(1) }),
        By::Value(_) => None,
    }
}

/// Sorts what was found under its questions, the most alike first, each record once.
fn take(mut scored: Vec<(usize, Id, usize)>, found: &mut [Vec<Id>]) {
    scored.sort_unstable_by(|a, b| (a.0, b.2, a.1).cmp(&(b.0, a.2, b.1)));
    let mut known = BTreeSet::new();
    for (at, id, _) in scored {
        if found[at].len() < MOST && known.insert((at, id)) {
            found[at].push(id);
        }
    }
}

// ---- By the index ----

/// Finds by what is entered in a part.
fn entered(tx: &mut Read, part: &Part, wanted: &[Wanted<'_>], scored: &mut Vec<(usize, Id, usize)>) -> Result<(), Error> {
    if part.kind != KeyKind::Parts && tx.engine() == Engine::Sqlite {
        return with_keys(tx, part, wanted, scored);
    }
    let chosen: Vec<Chosen> = match part.kind {
        KeyKind::Parts => rarest(tx, part, wanted)?,
        _ => wanted.iter().map(|ask| Chosen { at: ask.at, keys: ask.keys.to_vec(), least: ask.shared }).collect(),
    };
    let engine = tx.engine();
    let head = [Param::from(part.id), Param::from(MOST as i64), Param::from(MOST_OF_KEY)];
    let asked: Vec<Vec<Param>> = match engine {
        Engine::Sqlite => chosen
            .iter()
            .map(|ask| vec![Param::from(ask.at as i64), dialect::numbers(engine, &ask.keys), Param::from(ask.least as i64)])
            .collect(),
        // A round trip costs: all of them in one.
        Engine::Postgres => {
            let rows = || chosen.iter().flat_map(|ask| ask.keys.iter().map(move |key| (ask, *key)));
            let column = |of: &dyn Fn((&Chosen, i64)) -> i64| dialect::numbers(engine, &rows().map(of).collect::<Vec<_>>());
            vec![vec![column(&|(ask, _)| ask.at as i64), column(&|(_, key)| key), column(&|(ask, _)| ask.least as i64)]]
        }
    };
    for params in asked {
        let params: Vec<Param> = head.iter().cloned().chain(params).collect();
        for row in tx.all_sql(dialect::sharing_entries(engine), &params)? {
            let (at, shared): (i64, i64) = (row.get(0)?, row.get(2)?);
            scored.push((usize::try_from(at).unwrap_or_default(), row.get(1)?, usize::try_from(shared).unwrap_or_default()));
        }
    }
    Ok(())
}

/// Finds those that have one of the keys, all questions in one statement: making one costs more than looking up a key.
fn with_keys(tx: &mut Read, part: &Part, wanted: &[Wanted<'_>], scored: &mut Vec<(usize, Id, usize)>) -> Result<(), Error> {
    let mut of_key: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for ask in wanted {
        ask.keys.iter().for_each(|key| of_key.entry(*key).or_default().push(ask.at));
    }
    let keys: Vec<i64> = of_key.keys().copied().collect();
    let params = [Param::from(part.id), dialect::numbers(tx.engine(), &keys), Param::from(MOST as i64)];
    for row in tx.all_sql(dialect::ENTRIES_OF_KEYS, &params)? {
        let (key, record): (i64, Id) = (row.get(0)?, row.get(1)?);
        scored.extend(of_key.get(&key).into_iter().flatten().map(|at| (*at, record, 1)));
    }
    Ok(())
}

/// Of a question's keys those by which it is answered, and how many of them a record must have.
struct Chosen {
    at: usize,
    keys: Vec<i64>,
    least: usize,
}

/// The keys that the fewest records have: as many as leave no record out that has enough of all of them, and more as long as they cost little,
/// since each of them tells the alike from the others.
fn rarest(tx: &mut Read, part: &Part, wanted: &[Wanted<'_>]) -> Result<Vec<Chosen>, Error> {
    let keys: BTreeSet<i64> = wanted.iter().flat_map(|ask| ask.keys).copied().collect();
    let counts = counts(tx, part, &keys.into_iter().collect::<Vec<_>>())?;
    let choose = |ask: &Wanted<'_>| {
        let keys = ask.keys.iter().map(|key| (counts.get(key).copied().unwrap_or_default(), *key)).collect();
        let (keys, least) = telling(keys, ask.shared);
        Chosen { at: ask.at, keys: keys.into_iter().filter(|(count, _)| *count > 0).map(|(_, key)| key).collect(), least }
    };
    Ok(wanted.iter().map(choose).filter(|chosen| !chosen.keys.is_empty()).collect())
}

/// Of keys with how many records have them those that are to be looked at, and how many of them a record must have that has `shared` of all.
pub(super) fn telling(mut keys: Vec<(i64, i64)>, shared: usize) -> (Vec<(i64, i64)>, usize) {
    keys.sort_unstable();
    keys.dedup();
    let all = keys.len();
    // A record that has `shared` of all has one at least of any that are more than the others.
    let needed = (all + 1).saturating_sub(shared).max(1);
    let mut sum = 0;
    let many = keys.iter().enumerate().take_while(|(at, (count, _))| {
        sum += count;
        *at < needed || sum <= ENOUGH
    });
    let many = many.count();
    keys.truncate(many);
    (keys, (many + shared).saturating_sub(all).max(1))
}

/// How many records have each key, counted no further than to where it makes no difference.
fn counts(tx: &mut Read, part: &Part, keys: &[i64]) -> Result<HashMap<i64, i64>, Error> {
    let params = [Param::from(part.id), Param::from(ENOUGH + 1), dialect::numbers(tx.engine(), keys)];
    let rows = tx.all_sql(dialect::count_entries(tx.engine()), &params)?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Up to which record a part that is not ready has the older ones.
fn position(tx: &mut Read, part: &Part) -> Result<Option<Id>, Error> {
    let select = Query::select().column("position").from("match_part").and_where(Expr::col("id").eq(part.id)).to_owned();
    tx.optional(&select)?.map_or(Ok(None), |row| row.get(0))
}

// ---- By the records themselves ----

/// Finds among the records behind one what their values say: slower, and right.
fn among_records(
    tx: &mut Read,
    followed: &Followed,
    ask: &Ask<'_>,
    kind: KeyKind,
    mut after: Option<Id>,
    wanted: &[Wanted<'_>],
    scored: &mut Vec<(usize, Id, usize)>,
) -> Result<(), Error> {
    let mut with: HashMap<i64, Vec<usize>> = HashMap::new();
    for (place, ask) in wanted.iter().enumerate() {
        ask.keys.iter().collect::<BTreeSet<_>>().into_iter().for_each(|key| with.entry(*key).or_default().push(place));
    }
    loop {
        let (records, last) = values_after(tx, ask.object, ask.field, after)?;
        for record in records {
            let mut shared: HashMap<usize, usize> = HashMap::new();
            for key in keys_of(kind, &followed.country, ask.object, ask.field, &record) {
                with.get(&key).into_iter().flatten().for_each(|place| *shared.entry(*place).or_default() += 1);
            }
            let enough = shared.into_iter().filter(|(place, many)| *many >= wanted[*place].shared);
            scored.extend(enough.map(|(place, many)| (wanted[place].at, record.id, many)));
        }
        if last.is_none() {
            return Ok(());
        }
        after = last;
    }
}

/// Records behind one with their value in a field and nothing else, and the last of them where there may be more.
pub(super) fn values_after(tx: &mut Read, object: &Object, field: &Field, after: Option<Id>) -> Result<(Vec<Record>, Option<Id>), Error> {
    let columns = of_field(field);
    if columns.is_empty() {
        let ids = ids_after(tx, object, after, PAGE)?;
        let records = load(tx, &model::Schema::default(), object, &Scope::All("alike ones are looked for"), &ids)?;
        return Ok((records, ids.last().filter(|_| ids.len() as u64 == PAGE).copied()));
    }
    let mut select = Query::select();
    select.column("id").columns(columns.into_iter().map(|(name, _)| name)).from(table(&object.key));
    if let Some(after) = after {
        select.and_where(Expr::col("id").gt(after.0));
    }
    select.order_by("id", Order::Asc).limit(PAGE);
    let rows = tx.all(&select)?;
    let last = rows.last().filter(|_| rows.len() as u64 == PAGE).map(|row| row.get(0)).transpose()?;
    let mut records = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut record = Record::new(&object.key, row.get::<Id>(0)?);
        let value = decode_value(field.kind.kind(), row, 1).ok_or_else(|| Error::decode(&field.key, format!("{:?}", row.cell(1))))?;
        if !value.is_null() {
            record.set(&field.key, value);
            records.push(record);
        }
    }
    Ok((records, last))
}

/// Finds by the values of a column; the newest of many.
fn with_values(tx: &mut Read, asks: &[Ask<'_>], places: &[usize], found: &mut [Vec<Id>]) -> Result<(), Error> {
    let Some(ask) = places.first().map(|at| &asks[*at]) else { return Ok(()) };
    let value = |at: usize| match &asks[at].by {
        By::Value(value) => value.clone(),
        By::Keys { .. } => Value::Null,
    };
    let mut of_value: HashMap<Value, Vec<Id>> = HashMap::new();
    let values: Vec<Value> = places.iter().map(|at| value(*at)).collect();
    for (value, id) in find_by(tx, ask.object, &ask.field.key, &values)? {
        of_value.entry(value).or_default().push(id);
    }
    if values.iter().any(Value::is_null) && !of_field(ask.field).is_empty() {
        let blank = Expr::col(ask.field.key.clone()).is_null();
        let select = Query::select().column("id").from(table(&ask.object.key)).and_where(blank).limit(MOST as u64).to_owned();
        let ids = tx.all(&select)?.iter().map(|row| row.get(0)).collect::<Result<Vec<Id>, Error>>()?;
        of_value.insert(Value::Null, ids);
    }
    for ids in of_value.values_mut() {
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids.dedup();
        ids.truncate(MOST);
    }
    for at in places {
        found[*at] = of_value.get(&value(*at)).cloned().unwrap_or_default();
    }
    Ok(())
}

/// The same among those that another field puts between two instants: the latest of many.
fn with_values_within(tx: &mut Read, asks: &[Ask<'_>], places: &[usize], found: &mut [Vec<Id>]) -> Result<(), Error> {
    let asked = |at: &usize| match (&asks[*at].by, asks[*at].between) {
        (By::Value(value), Some((between, from, to))) => Some((*at, between, (value, from, to))),
        _ => None,
    };
    let asked: Vec<_> = places.iter().filter_map(asked).collect();
    let Some((at, between, _)) = asked.first() else { return Ok(()) };
    let (object, field) = (asks[*at].object, asks[*at].field);
    let within: Vec<_> = asked.iter().map(|(.., within)| *within).collect();
    for (place, id) in find_within(tx, object, (field, between), &within, MOST as u64)? {
        found[asked[place].0].push(id);
    }
    Ok(())
}
