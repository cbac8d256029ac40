//! Counts of what somebody holds (`holding_count`): changed with every write of a record.
//!
//! What a transaction gives and takes is gathered and added in one order right before it commits, as with boards: until then the rows are
//! nobody's, and nobody waits for them. Whoever judges by a count adds what his own transaction has yet to write down.

use std::collections::{BTreeMap, BTreeSet};

use model::condition::{Resolved, World};
use model::{Id, Object, Record, Schema};
use sea_query::{Expr, ExprTrait, Query, Value};
use sha2::{Digest, Sha256};

use crate::columns::table;
use crate::condition::Writer;
use crate::followed::{Counted, Followed};
use crate::records::Scope;
use crate::{Error, Read, Write, dialect};

const TABLE: &str = "holding_count";
const COLUMNS: [&str; 4] = ["id", "rule", "owner", "n"];
/// The records as they are called in a statement.
const ROOT: &str = "r";
/// Rows in one statement.
const ROWS: usize = 5_000;
/// Owners in one statement.
const OWNERS: usize = 2_000;

/// What a rule and an owner come to; what is to be added may be negative.
pub type Counts = BTreeMap<(Id, Id), i64>;

/// What a transaction will add to the table when it commits.
#[derive(Clone, Default)]
pub(crate) struct Pending(Counts);

impl Pending {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, rule: Id, owner: Id, n: i64) {
        *self.0.entry((rule, owner)).or_default() += n;
    }

    /// Adds everything to the table.
    pub fn flush(self, tx: &mut Write) -> Result<(), Error> {
        let mut rows: Vec<(Id, Vec<Value>)> =
            self.0.into_iter().filter(|(_, n)| *n != 0).map(|((rule, owner), n)| (place(rule, owner), row(rule, owner, n))).collect();
        rows.sort_unstable_by_key(|(id, _)| *id);
        let rows: Vec<Vec<Value>> = rows.into_iter().map(|(_, row)| row).collect();
        for part in rows.chunks(ROWS) {
            tx.add_later(TABLE, &COLUMNS, &["n"], part.to_vec())?;
        }
        Ok(())
    }
}

fn row(rule: Id, owner: Id, n: i64) -> Vec<Value> {
    vec![place(rule, owner).0.into(), rule.0.into(), owner.0.into(), n.into()]
}

/// A row's id: the same for the same rule and owner on every server.
fn place(rule: Id, owner: Id) -> Id {
    let mut hash = Sha256::new();
    hash.update(rule.bytes());
    hash.update(owner.bytes());
    let digest: [u8; 32] = hash.finalize().into();
    Id(uuid::Uuid::from_slice(&digest[..16]).unwrap_or_default())
}

/// Counts what changes of records give their owners, and what they take.
pub(crate) fn changed(
    tx: &mut Write,
    followed: &Followed,
    object: &Object,
    changes: &[(Option<&Record>, Option<&Record>)],
) -> Result<(), Error> {
    let world = World::default();
    for counted in followed.counted.iter().filter(|counted| counted.object == object.key) {
        let owner = |record: Option<&Record>| record.filter(|record| counted.condition.holds(record, &world)).and_then(Record::owner);
        for (before, after) in changes {
            let (from, to) = (owner(*before), owner(*after));
            if from == to {
                continue;
            }
            if let Some(from) = from {
                tx.gained().add(counted.rule, from, -1);
            }
            if let Some(to) = to {
                tx.gained().add(counted.rule, to, 1);
            }
        }
    }
    Ok(())
}

/// What these owners have of what rules count that are kept: what stands in the table and what this transaction has yet to add. One statement.
pub fn counts(tx: &mut Read, asked: &BTreeSet<(Id, Id)>) -> Result<Counts, Error> {
    let mut counts = Counts::new();
    let places: Vec<Id> = asked.iter().map(|(rule, owner)| place(*rule, *owner)).collect();
    for part in places.chunks(OWNERS) {
        let select = Query::select()
            .columns(["rule", "owner", "n"])
            .from(TABLE)
            .and_where(dialect::id_in(tx.engine(), Expr::col("id"), part))
            .to_owned();
        for row in tx.all(&select)? {
            counts.insert((row.get(0)?, row.get(1)?), row.get(2)?);
        }
    }
    for (at, n) in tx.held_pending() {
        if asked.contains(at) {
            *counts.entry(*at).or_default() += n;
        }
    }
    Ok(counts)
}

/// How many records that meet a condition each of these owners has, or every owner: from the records themselves, as this transaction sees them.
pub fn counted(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    condition: &Resolved,
    owners: Option<&[Id]>,
) -> Result<BTreeMap<Id, i64>, Error> {
    let scope = Scope::All("what somebody holds is counted whoever asks");
    let mut counts = BTreeMap::new();
    let parts: Vec<Option<&[Id]>> = owners.map_or_else(|| vec![None], |owners| owners.chunks(OWNERS).map(Some).collect());
    for part in parts {
        let writer = Writer::new(tx.engine(), schema, &scope);
        let owner = || Expr::col((ROOT, "owner"));
        let mut select = Query::select();
        select.column((ROOT, "owner")).expr(Expr::cust("COUNT(1)")).from_as(table(&object.key), ROOT).group_by_col((ROOT, "owner"));
        match part {
            Some(owners) => select.and_where(dialect::id_in(tx.engine(), owner(), owners)),
            None => select.and_where(owner().is_not_null()),
        };
        select.and_where(writer.condition(condition, object, ROOT));
        for row in tx.all_once(&select)? {
            counts.insert(row.get(0)?, row.get(1)?);
        }
    }
    Ok(counts)
}

/// Counts anew what rules count, in a transaction that keeps every other write out; what they counted before is gone. Nothing is counted where
/// there is no condition any more.
pub fn recount(tx: &mut Write, schema: &Schema, object: &Object, rule: Id, condition: Option<&Resolved>) -> Result<(), Error> {
    tx.execute(Query::delete().from_table(TABLE).and_where(Expr::col("rule").eq(rule.0)).to_owned())?;
    tx.gained().0.retain(|(of, _), _| *of != rule);
    let Some(condition) = condition else { return Ok(()) };
    let rows: Vec<Vec<Value>> = counted(tx, schema, object, condition, None)?.into_iter().map(|(owner, n)| row(rule, owner, n)).collect();
    for part in rows.chunks(ROWS) {
        tx.insert_rows(TABLE, &COLUMNS, part.to_vec())?;
    }
    Ok(())
}

/// Where what is kept differs from what the records come to: rule and owner, what is kept, what is due.
pub fn differing(tx: &mut Read, schema: &Schema, object: &Object, counted: &Counted) -> Result<Vec<(Id, i64, i64)>, Error> {
    let mut both: BTreeMap<Id, (i64, i64)> = BTreeMap::new();
    let select = Query::select().columns(["owner", "n"]).from(TABLE).and_where(Expr::col("rule").eq(counted.rule.0)).to_owned();
    for row in tx.all(&select)? {
        both.entry(row.get(0)?).or_default().0 = row.get(1)?;
    }
    for (owner, n) in self::counted(tx, schema, object, &counted.condition, None)? {
        both.entry(owner).or_default().1 = n;
    }
    Ok(both.into_iter().filter(|(_, (kept, due))| kept != due).map(|(owner, (kept, due))| (owner, kept, due)).collect())
}

/// Rules of which something is kept.
pub fn kept(tx: &mut Read) -> Result<Vec<Id>, Error> {
    tx.all(&Query::select().distinct().column("rule").from(TABLE).to_owned())?.iter().map(|row| row.get(0)).collect()
}

impl Read {
    fn held_pending(&self) -> impl Iterator<Item = (&(Id, Id), &i64)> {
        self.held.0.iter()
    }
}
