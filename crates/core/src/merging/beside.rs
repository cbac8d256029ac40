//! What is kept beside the records and moves with them: the team, ids in other systems, comments, and what is asked or waited for.

use std::collections::{BTreeMap, BTreeSet};

use db::records::Scope;
use db::{Read, Write};
use model::{Id, Number, Object, Record};
use sea_query::{Expr, ExprTrait, Query};

use super::asked::Asked;
use super::kept::{Kept, Teams};
use crate::records::team::{self, Member};
use crate::{Ctx, Error, Result};

/// Access of a member who may change the record.
const WRITES: &str = "read_write";
/// Rows about one record that move with it.
const TABLES: [&str; 3] = ["comment", "join_request", "holding_wait"];
const CHUNK: usize = 500;

/// Moves it to the winner and keeps whose it was.
pub(super) fn forth(cx: &Ctx, tx: &mut Write, object: &Object, asked: &Asked, kept: &mut Kept) -> Result<()> {
    let losers: Vec<Id> = asked.losers.iter().map(|loser| loser.id).collect();
    let winner = asked.winner.id;
    for (record, source, external) in db::external::of(tx, object, &losers)? {
        kept.external.push((source, external, record));
    }
    for (source, external, _) in &kept.external {
        external_id(tx, object, source, external, None, winner)?;
    }
    for table in TABLES {
        let rows = rows(tx, table, &losers)?;
        for loser in &losers {
            let ids: Vec<Id> = rows.iter().filter(|(_, record)| record == loser).map(|(id, _)| *id).collect();
            put(tx, table, &ids, *loser, winner)?;
        }
        if !rows.is_empty() {
            kept.beside.insert(table.to_owned(), rows);
        }
    }
    join_teams(cx, tx, object, asked, kept)
}

/// Moves back what is still the winner's.
pub(super) fn back(cx: &Ctx, tx: &mut Write, object: &Object, winner: &Record, kept: &Kept) -> Result<()> {
    for (source, external, loser) in &kept.external {
        external_id(tx, object, source, external, Some(winner.id), *loser)?;
    }
    for table in TABLES {
        let mut by_loser: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for (id, loser) in kept.beside.get(table).into_iter().flatten() {
            by_loser.entry(*loser).or_default().push(*id);
        }
        for (loser, ids) in by_loser {
            put(tx, table, &ids, winner.id, loser)?;
        }
    }
    part_teams(cx, tx, object, winner, kept)
}

/// An id in another system belongs to another record; with `from` only where it still belongs to that one.
fn external_id(tx: &mut Write, object: &Object, source: &str, external: &str, from: Option<Id>, to: Id) -> Result<()> {
    let mut update = Query::update();
    update
        .table("external_id")
        .value("record", to.0)
        .and_where(Expr::col("object").eq(object.key.as_str()))
        .and_where(Expr::col("source").eq(source))
        .and_where(Expr::col("external").eq(external));
    if let Some(from) = from {
        update.and_where(Expr::col("record").eq(from.0));
    }
    tx.execute(update)?;
    Ok(())
}

/// Rows of a table about these records: their ids, with the record.
fn rows(tx: &mut Read, table: &'static str, records: &[Id]) -> Result<Vec<(Id, Id)>> {
    let mut select = Query::select();
    select.columns(["id", "record"]).from(table).and_where(Expr::col("record").is_in(records.iter().map(|id| id.0)));
    if table == "join_request" {
        select.and_where(Expr::col("state").eq("open"));
    }
    tx.all_once(&select)?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

fn put(tx: &mut Write, table: &'static str, ids: &[Id], from: Id, to: Id) -> Result<()> {
    for chunk in ids.chunks(CHUNK) {
        let update = Query::update()
            .table(table)
            .value("record", to.0)
            .and_where(Expr::col("id").is_in(chunk.iter().map(|id| id.0)))
            .and_where(Expr::col("record").eq(from.0))
            .to_owned();
        tx.execute(update)?;
    }
    Ok(())
}

/// The losers' members, and their owners, are in the winner's team from now on, each with the highest access that he had: nobody who worked
/// on one of the records loses sight of it. Parts and shares of the winner's own stand; shares that come along do as far as all come to
/// no more than the whole.
fn join_teams(cx: &Ctx, tx: &mut Write, object: &Object, asked: &Asked, kept: &mut Kept) -> Result<()> {
    let Some(winner) = super::any(cx, tx, object, &[asked.winner.id])?.into_iter().next() else { return Err(Error::NotFound) };
    let before = team::members_of(tx, object, winner.id)?;
    let mut all: BTreeMap<Id, Member> = before.iter().map(|member| (member.0, member.clone())).collect();
    let mut coming: Vec<Member> = Vec::new();
    for record in &asked.losers {
        coming.extend(team::members_of(tx, object, record.id)?);
        coming.extend(record.owner().map(|owner| (owner, model::organisation::MEMBER.to_owned(), WRITES.to_owned(), None)));
    }
    // A former owner of the winner, where a loser's takes its place.
    coming.extend(asked.winner.owner().map(|owner| (owner, model::organisation::MEMBER.to_owned(), WRITES.to_owned(), None)));
    let here = active(cx, tx, coming.iter().map(|member| member.0).collect())?;
    let mut room = Number::whole(100).0 - before.iter().filter_map(|member| member.3).map(|share| share.0).sum::<i64>();
    for (person, role, access, share) in coming {
        if winner.owner() == Some(person) || !here.contains(&person) {
            continue;
        }
        if let Some(member) = all.get_mut(&person) {
            if access == WRITES {
                member.2 = access;
            }
            continue;
        }
        let share = share.filter(|share| share.0 <= room);
        room -= share.map_or(0, |share| share.0);
        all.insert(person, (person, role, access, share));
    }
    let after: Vec<Member> = all.into_values().collect();
    if after == before {
        return Ok(());
    }
    team::replace(cx, tx, object, &winner, after.clone())?;
    kept.team = Some(Teams { before: stored(&before), after: stored(&after) });
    Ok(())
}

/// Takes out of the winner's team whom the merge brought in, and gives back the access that it raised, where nobody has changed that since.
fn part_teams(cx: &Ctx, tx: &mut Write, object: &Object, winner: &Record, kept: &Kept) -> Result<()> {
    let Some(teams) = &kept.team else { return Ok(()) };
    let present = team::members_of(tx, object, winner.id)?;
    let of = |team: &[(Id, String, String, Option<i64>)], person: Id| team.iter().find(|member| member.0 == person).cloned();
    let mut next = Vec::with_capacity(present.len());
    for member in &present {
        let untouched = of(&teams.after, member.0).is_some_and(|after| stored(std::slice::from_ref(member)) == [after]);
        match of(&teams.before, member.0) {
            Some((person, role, access, share)) if untouched => next.push((person, role, access, share.map(Number))),
            None if untouched => {}
            _ => next.push(member.clone()),
        }
    }
    if next != present {
        team::replace(cx, tx, object, winner, next)?;
    }
    Ok(())
}

fn stored(members: &[Member]) -> Vec<(Id, String, String, Option<i64>)> {
    members.iter().map(|(person, role, access, share)| (*person, role.clone(), access.clone(), share.map(|share| share.0))).collect()
}

/// Who of these works here still.
fn active(cx: &Ctx, tx: &mut Read, people: BTreeSet<Id>) -> Result<BTreeSet<Id>> {
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let ids: Vec<Id> = people.into_iter().collect();
    let found = db::records::load(tx, &cx.meta.schema, employee, &Scope::All("who comes into a team works here"), &ids)?;
    Ok(found.iter().filter(|person| crate::identity::is_active(person)).map(|person| person.id).collect())
}
