//! Groups and pairs as they are stored.

use std::collections::{BTreeMap, BTreeSet};

use db::{Read, Row, Write};
use model::duplicate::{Grouped, Pair};
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Order, Query, Value};

use crate::{Ctx, Error, Result};

const CHUNK: usize = 500;

/// Where a group stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Open,
    /// Somebody has said that they are several.
    Dismissed,
    Merged,
}

impl State {
    pub const ALL: [State; 3] = [State::Open, State::Dismissed, State::Merged];

    pub fn key(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Dismissed => "dismissed",
            State::Merged => "merged",
        }
    }

    pub fn of(key: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// A group without its members.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub id: Id,
    pub object: String,
    pub state: State,
    pub score: i64,
    pub found_at: Instant,
    pub decided_at: Option<Instant>,
    pub decided_by: Option<Id>,
}

/// A record of a group.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub group: Id,
    pub record: Id,
    pub rule: Id,
    pub score: i64,
}

const COLUMNS: [&str; 7] = ["id", "object", "state", "score", "found_at", "decided_at", "decided_by"];

fn head(row: &Row) -> Result<Head> {
    let state = row.get::<String>("state")?;
    Ok(Head {
        id: row.get("id")?,
        object: row.get("object")?,
        state: State::of(&state).ok_or_else(|| Error::Internal(format!("a group that is {state}")))?,
        score: row.get("score")?,
        found_at: row.get("found_at")?,
        decided_at: row.get("decided_at")?,
        decided_by: row.get("decided_by")?,
    })
}

/// One group. Error: there is none.
pub(super) fn load(tx: &mut Read, id: Id) -> Result<Head> {
    let row = tx.optional(Query::select().columns(COLUMNS).from("duplicate_group").and_where(Expr::col("id").eq(id.0)))?;
    head(&row.ok_or(Error::NotFound)?)
}

/// Groups of an object in a state, the most alike first, behind a place.
pub(super) fn page(tx: &mut Read, object: &str, state: State, behind: Option<(i64, Id)>, limit: u64) -> Result<Vec<Head>> {
    let mut select = Query::select();
    select
        .columns(COLUMNS)
        .from("duplicate_group")
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("state").eq(state.key()))
        .order_by("score", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(limit);
    if let Some((score, id)) = behind {
        select.and_where(Expr::tuple([Expr::col("score"), Expr::col("id")]).lt(Expr::tuple([Expr::val(score), Expr::val(id.0)])));
    }
    tx.all(&select)?.iter().map(head).collect()
}

/// The records of groups.
pub(super) fn members(tx: &mut Read, groups: &[Id]) -> Result<Vec<Kept>> {
    let mut found = Vec::new();
    for chunk in groups.chunks(CHUNK) {
        let select = Query::select()
            .columns(["in_group", "record", "rule", "score"])
            .from("duplicate_member")
            .and_where(Expr::col("in_group").is_in(chunk.iter().map(|id| id.0)))
            .order_by("score", Order::Desc)
            .order_by("record", Order::Asc)
            .to_owned();
        for row in tx.all_once(&select)? {
            found.push(Kept { group: row.get(0)?, record: row.get(1)?, rule: row.get(2)?, score: row.get(3)? });
        }
    }
    Ok(found)
}

/// The groups in which a record is.
pub(super) fn of_record(tx: &mut Read, record: Id) -> Result<Vec<Head>> {
    let within = Query::select().column("in_group").from("duplicate_member").and_where(Expr::col("record").eq(record.0)).to_owned();
    let select = Query::select().columns(COLUMNS).from("duplicate_group").and_where(Expr::col("id").in_subquery(within)).to_owned();
    tx.all(&select)?.iter().map(head).collect()
}

/// Says where a group stands, by whom.
pub(super) fn decide(cx: &Ctx, tx: &mut Write, id: Id, state: State) -> Result<()> {
    let open = state == State::Open;
    let update = Query::update()
        .table("duplicate_group")
        .value("state", state.key())
        .value("decided_at", (!open).then_some(cx.at.0))
        .value("decided_by", Value::from((!open).then_some(cx.who.id.0)))
        .and_where(Expr::col("id").eq(id.0))
        .to_owned();
    tx.execute(update)?;
    Ok(())
}

/// Every pair of records that somebody has said to be several.
pub(super) fn dismissed(tx: &mut Read, object: &str) -> Result<BTreeSet<(Id, Id)>> {
    let mut by_group: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for member in members_in(tx, object, State::Dismissed)? {
        by_group.entry(member.group).or_default().push(member.record);
    }
    let pairs = |ids: Vec<Id>| ids.iter().flat_map(|a| ids.iter().filter(move |b| a < *b).map(|b| (*a, *b))).collect::<Vec<_>>();
    Ok(by_group.into_values().flat_map(pairs).collect())
}

/// The members of all groups of an object in a state.
pub(super) fn members_in(tx: &mut Read, object: &str, state: State) -> Result<Vec<Kept>> {
    let groups = Query::select()
        .column("id")
        .from("duplicate_group")
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("state").eq(state.key()))
        .to_owned();
    let select = Query::select()
        .columns(["in_group", "record", "rule", "score"])
        .from("duplicate_member")
        .and_where(Expr::col("in_group").in_subquery(groups))
        .to_owned();
    tx.all(&select)?.iter().map(|row| Ok(Kept { group: row.get(0)?, record: row.get(1)?, rule: row.get(2)?, score: row.get(3)? })).collect()
}

/// Puts what a scan has found in the place of the open groups. A group of the same records stays the one it was.
pub(super) fn replace_open(cx: &Ctx, tx: &mut Write, object: &str, found: &[Grouped]) -> Result<()> {
    let mut standing: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for member in members_in(tx, object, State::Open)? {
        standing.entry(member.group).or_default().push(member.record);
    }
    let mut known: BTreeMap<Vec<Id>, Id> = standing
        .into_iter()
        .map(|(group, mut records)| {
            records.sort_unstable();
            (records, group)
        })
        .collect();
    let (mut heads, mut members, mut rescored) = (Vec::new(), Vec::new(), Vec::new());
    for group in found {
        let records: Vec<Id> = group.members.iter().map(|member| member.record).collect();
        match known.remove(&records) {
            Some(id) => rescored.push((id, group.score)),
            None => {
                let id = cx.new_id();
                heads.push(vec![id.0.into(), object.into(), State::Open.key().into(), i64::from(group.score).into(), cx.at.0.into()]);
                let rows = group.members.iter();
                members.extend(rows.map(|one| vec![id.0.into(), one.record.0.into(), one.rule.0.into(), i64::from(one.score).into()]));
            }
        }
    }
    remove(tx, &known.into_values().collect::<Vec<_>>())?;
    for (id, score) in rescored {
        let update =
            Query::update().table("duplicate_group").value("score", i64::from(score)).and_where(Expr::col("id").eq(id.0)).to_owned();
        tx.execute(update)?;
    }
    for chunk in heads.chunks(CHUNK) {
        tx.insert_rows("duplicate_group", &["id", "object", "state", "score", "found_at"], chunk.to_vec())?;
    }
    for chunk in members.chunks(CHUNK) {
        tx.insert_rows("duplicate_member", &["in_group", "record", "rule", "score"], chunk.to_vec())?;
    }
    Ok(())
}

fn remove(tx: &mut Write, groups: &[Id]) -> Result<()> {
    for chunk in groups.chunks(CHUNK) {
        let ids = || chunk.iter().map(|id| id.0);
        tx.execute(Query::delete().from_table("duplicate_member").and_where(Expr::col("in_group").is_in(ids())))?;
        tx.execute(Query::delete().from_table("duplicate_group").and_where(Expr::col("id").is_in(ids())))?;
    }
    Ok(())
}

/// Notes pairs that a scan has come by; one that is known already stays as it is.
pub(super) fn note_pairs(tx: &mut Write, scan: Id, pairs: &[Pair]) -> Result<()> {
    for chunk in pairs.chunks(CHUNK) {
        let mut insert = Query::insert();
        insert.into_table("duplicate_pair").columns(["scan", "a", "b", "rule", "score"]);
        for pair in chunk {
            insert.values_panic([scan.0.into(), pair.a.0.into(), pair.b.0.into(), pair.rule.0.into(), i64::from(pair.score).into()]);
        }
        insert.on_conflict(sea_query::OnConflict::columns(["scan", "a", "b"]).do_nothing().to_owned());
        tx.execute(insert)?;
    }
    Ok(())
}

/// The pairs of a scan.
pub(super) fn pairs(tx: &mut Read, scan: Id) -> Result<Vec<Pair>> {
    let select =
        Query::select().columns(["a", "b", "rule", "score"]).from("duplicate_pair").and_where(Expr::col("scan").eq(scan.0)).to_owned();
    let read = |row: &Row| {
        let score: i64 = row.get(3)?;
        Ok(Pair { a: row.get(0)?, b: row.get(1)?, rule: row.get(2)?, score: u8::try_from(score).unwrap_or(100) })
    };
    tx.all(&select)?.iter().map(read).collect()
}

/// Lets go of the pairs of a scan that is over.
pub(super) fn forget_pairs(tx: &mut Write, scan: Id) -> Result<()> {
    tx.execute(Query::delete().from_table("duplicate_pair").and_where(Expr::col("scan").eq(scan.0)))?;
    Ok(())
}
