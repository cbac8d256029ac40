//! Who waits for room. Whoever is first in line is told when there is some, once, by whichever server sees it first.

use std::collections::{BTreeMap, BTreeSet};

use db::records::Scope;
use db::{Limits, Read, Row, Write};
use model::role::Act;
use model::{Id, Instant, Record, Via};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::live::Live;
use super::{places, standing, told};
use crate::notices::{Kind, Notice, tell_all};
use crate::records::Refs;
use crate::{Credential, Ctx, Error, House, Result, world};

/// Seconds for which room is left to whoever was told of it; then the next one is told.
const LEFT_TO_HIM: i64 = 24 * 3600;
/// Those who wait that are looked at together.
const MOST: u64 = 1_000;
const TELLER: Credential = Credential::System("there is room again");

/// The body of `POST /holdings/wait`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    pub object: String,
    /// For this record, as far as the caller sees it; for any when absent.
    #[serde(default)]
    pub record: Option<String>,
    /// Without a record: the rules under which there is to be room, as a refusal names them; those that count an average record when absent.
    #[serde(default)]
    pub rules: Vec<String>,
}

/// Somebody who waits.
struct Waiting {
    id: Id,
    object: String,
    person: Id,
    record: Option<Id>,
    rules: Option<BTreeSet<Id>>,
    since: Instant,
    told_at: Option<Instant>,
}

fn read(row: &Row) -> Result<Waiting> {
    Ok(Waiting {
        id: row.get("id")?,
        object: row.get("object")?,
        person: row.get("person")?,
        record: row.get("record")?,
        rules: row.get::<Option<String>>("rules")?.map(|text| text.split(' ').filter_map(|id| id.parse().ok()).collect()),
        since: row.get("since")?,
        told_at: row.get("told_at")?,
    })
}

/// Those who wait, in line.
fn line() -> SelectStatement {
    Query::select()
        .columns(["id", "object", "person", "record", "rules", "since", "told_at"])
        .from("holding_wait")
        .order_by("since", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(MOST)
        .to_owned()
}

fn all(tx: &mut Read) -> Result<Vec<Waiting>> {
    tx.all(&line())?.iter().map(read).collect()
}

/// Joins the line, once for an object and record; who waits already stays where he is.
pub fn wait(cx: &Ctx, tx: &mut Write, wanted: &Wait) -> Result<Json> {
    let object = cx.object(&wanted.object)?.clone();
    if !object.owned {
        return Err(Error::NotFound);
    }
    // Who cannot come to have one has nothing to wait for.
    if ![Act::Create, Act::Claim].iter().any(|act| cx.who.rights.may(*act, &object.key)) {
        cx.must_be_allowed(Act::Claim, &object.key)?;
    }
    let record: Option<Id> = wanted.record.as_deref().map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()?;
    if let Some(record) = record {
        crate::records::load(cx, tx, &object, record)?;
    }
    tx.lock(&[format!("holding_wait:{}", cx.who.id)])?;
    let mine = |one: &Waiting| one.person == cx.who.id && one.object == object.key && one.record == record;
    let known = all(tx)?.into_iter().find(mine).map(|one| one.id);
    let id = known.unwrap_or_else(|| cx.new_id());
    // A rule that has been taken back meanwhile stands in nobody's way.
    let named = cx.meta.holding.live(&object.key).iter().filter(|live| wanted.rules.contains(&live.rule.id.to_string()));
    let rules: Vec<String> = named.filter(|live| told::is_known(cx, &live.rule)).map(|live| live.rule.id.to_string()).collect();
    let rules = Some(rules.join(" ")).filter(|rules| !rules.is_empty());
    if let Some(known) = known {
        tx.execute(Query::update().table("holding_wait").value("rules", rules).and_where(Expr::col("id").eq(known.0)).to_owned())?;
    } else {
        let told: Option<i64> = None;
        tx.execute(
            Query::insert()
                .into_table("holding_wait")
                .columns(["id", "object", "person", "record", "rules", "since", "told_at"])
                .values_panic([
                    id.0.into(),
                    object.key.as_str().into(),
                    cx.who.id.0.into(),
                    sea_query::Value::Uuid(record.map(|id| id.0)).into(),
                    rules.into(),
                    cx.at.0.into(),
                    told.into(),
                ])
                .to_owned(),
        )?;
    }
    let shown = place(cx, tx, id)?;
    if shown.is_null() { Err(Error::Internal("nobody waits".into())) } else { Ok(shown) }
}

/// The caller's place in line; null where he waits no longer.
pub fn place(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let (line, mut refs) = (all(tx)?, Refs::default());
    let Some(at) = line.iter().position(|one| one.id == id && one.person == cx.who.id) else { return Ok(Json::Null) };
    let mut shown = shown(&line, at, &mut refs);
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

/// What the caller waits for, with his place in line.
pub fn waits(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let (line, mut refs) = (all(tx)?, Refs::default());
    let mine = (0..line.len()).filter(|at| line[*at].person == cx.who.id && cx.object(&line[*at].object).is_ok());
    let items: Vec<Json> = mine.map(|at| shown(&line, at, &mut refs)).collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?}))
}

/// Leaves the line.
pub fn leave(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    let mine = Expr::col("id").eq(id.0).and(Expr::col("person").eq(cx.who.id.0));
    let gone = tx.execute(Query::delete().from_table("holding_wait").and_where(mine).to_owned())?;
    if gone == 0 { Err(Error::NotFound) } else { Ok(()) }
}

fn shown(line: &[Waiting], at: usize, refs: &mut Refs) -> Json {
    let one = &line[at];
    if let Some(record) = one.record {
        refs.note(&one.object, record);
    }
    let before: BTreeSet<Id> = line[..at].iter().filter(|other| other.object == one.object).map(|other| other.person).collect();
    let ahead = before.iter().filter(|person| **person != one.person).count();
    json!({
        "id": one.id.to_string(), "object": one.object, "record": one.record.map(|id| id.to_string()), "since": one.since.to_string(),
        "place": ahead + 1, "told_at": one.told_at.map(|at| at.to_string()),
    })
}

/// Tells those for whom there is room now; true when there may be more.
pub fn tell_waiting(house: &House) -> Result<bool> {
    // Asked without writing first: mostly nobody waits, and SQLite has one writer.
    let due = house.read(&TELLER, Limits::default(), |cx, tx| {
        let turn = turn(cx, tx)?;
        Ok(!turn.told.is_empty() || !turn.over.is_empty())
    })?;
    if due {
        house.write(&TELLER, Limits::default(), Via::System, tell)?;
    }
    Ok(false)
}

/// Tells in one transaction those whose turn it is.
pub fn tell(cx: &Ctx, tx: &mut Write) -> Result<()> {
    // Another server that sees the same waits here, and then finds it told.
    tx.lock(&["holding_wait".to_owned()])?;
    let Turn { told, over } = turn(cx, tx)?;
    let gone = |ids: &[Id]| Expr::col("id").is_in(ids.iter().map(|id| id.0).collect::<Vec<_>>());
    if !over.is_empty() {
        tx.execute(Query::delete().from_table("holding_wait").and_where(gone(&over)).to_owned())?;
    }
    let mut notices = Vec::with_capacity(told.len());
    for one in &told {
        tx.execute(Query::update().table("holding_wait").value("told_at", cx.at.0).and_where(Expr::col("id").eq(one.id.0)).to_owned())?;
        let notice = Notice { object: Some(one.object.clone()), ..Notice::new(one.person, Kind::HoldingRoom) };
        notices.push(notice.with(json!({"record": one.record.map(|id| id.to_string())})).once(one.id.to_string()));
    }
    tell_all(cx, tx, notices)
}

/// Whose turn it is, and whose is over.
struct Turn {
    told: Vec<Waiting>,
    over: Vec<Id>,
}

/// In line, each has what those before him who were told have not taken yet.
fn turn(cx: &Ctx, tx: &mut Read) -> Result<Turn> {
    let mut turn = Turn { told: Vec::new(), over: Vec::new() };
    let mut line = all(tx)?;
    if line.is_empty() {
        return Ok(turn);
    }
    let standing = standing::of(cx, tx)?;
    // By who waits: the rules under which he waits, with whom each limits and what there is room for.
    let mut rooms: BTreeMap<Id, Vec<(Id, Id, i64)>> = BTreeMap::new();
    for key in line.iter().map(|one| one.object.clone()).collect::<BTreeSet<_>>() {
        let Some(object) = cx.meta.schema.object(&key) else { continue };
        let (live, of_object): (&[Live], Vec<&Waiting>) =
            (cx.meta.holding.live(&key), line.iter().filter(|one| one.object == key).collect());
        let ids: Vec<Id> = of_object.iter().filter_map(|one| one.record).collect();
        let records: Vec<Record> = db::records::load(tx, &cx.meta.schema, object, &Scope::All("what somebody waits for"), &ids)?;
        let world = world::around(cx, tx, &records.iter().collect::<Vec<_>>(), live.iter().map(|live| &live.counts))?;
        let people: Vec<Id> = of_object.iter().map(|one| one.person).collect::<BTreeSet<_>>().into_iter().collect();
        let places = places::of(cx, tx, &standing, &live.iter().collect::<Vec<_>>(), &people)?;
        for one in of_object {
            let record = one.record.map(|id| records.iter().find(|record| record.id == id));
            // What is gone, or his by now, he does not wait for.
            let there = |record: &Record| record.text("lifecycle_status") != "voided" && record.owner() != Some(one.person);
            if record.is_some_and(|record| !record.is_some_and(there)) {
                turn.over.push(one.id);
                continue;
            }
            let looks = |live: &Live| match (record.flatten(), &one.rules) {
                (Some(record), _) => live.counts.holds(record, &world),
                (None, Some(rules)) => rules.contains(&live.rule.id),
                (None, None) => live.rule.counts.is_none(),
            };
            let his = places.iter().filter(|place| place.person == one.person && looks(place.live));
            rooms.insert(one.id, his.filter_map(|place| Some((place.live.rule.id, place.subject, place.left()?))).collect());
        }
    }
    let is_late = |one: &Waiting| one.told_at.is_some_and(|at| cx.at.seconds_since(at) >= LEFT_TO_HIM);
    turn.over.extend(line.iter().filter(|one| is_late(one)).map(|one| one.id));
    line.retain(|one| !turn.over.contains(&one.id));
    let mut taken: BTreeMap<(Id, Id), i64> = BTreeMap::new();
    // What somebody was told of is left to him first, wherever he stands in line.
    line.sort_by_key(|one| (one.told_at.is_none(), one.since, one.id));
    for one in line {
        let places = rooms.remove(&one.id).unwrap_or_default();
        let fits = places.iter().all(|(rule, subject, left)| left - taken.get(&(*rule, *subject)).copied().unwrap_or(0) > 0);
        if one.told_at.is_some() || fits {
            places.iter().for_each(|(rule, subject, _)| *taken.entry((*rule, *subject)).or_default() += 1);
        }
        if one.told_at.is_none() && fits {
            turn.told.push(one);
        }
    }
    Ok(turn)
}
