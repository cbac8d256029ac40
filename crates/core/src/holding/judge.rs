//! Judging what gives records to somebody.
//!
//! Everything that makes a record count for a person, department or group waits for whoever is giving to the same, and reads afterwards what is
//! held: so of any number of acts at the same instant only so many go through as there is room for. These locks are the last that a save takes.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use model::holding::judge::{Ask, Full, Room};
use model::holding::{Subject, judge as decide};
use model::role::Act;
use model::{Id, Object, Record, Violation};
use serde_json::json;

use super::live::Live;
use super::standing::Standing;
use super::{count, standing, told};
use crate::audit::{self, Note};
use crate::save::{Deed, Working};
use crate::{Ctx, Result, leads, veil, world};

/// A rule by its place among those in force, and whom it limits.
type Place = (usize, Id);

/// For whom a record stops and begins to count under a rule.
struct Turn {
    rule: usize,
    from: Option<Id>,
    to: Option<Id>,
}

/// What a change does to what is held.
type Effects = BTreeMap<Place, i64>;

/// Judges acts that give records to somebody: the last of the rules, since it needs to know who gets what, and its locks come last.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let rules = cx.meta.holding.live(&object.key);
    if rules.is_empty() || !object.owned || !work.iter().any(|item| item.is_sound() && item.after.owner().is_some()) {
        return Ok(());
    }
    let turns = turns(cx, tx, rules, work)?;
    if turns.iter().flatten().all(|turn| turn.to.is_none()) {
        return Ok(());
    }
    let standing = standing::of(cx, tx)?;
    let effects = effects(cx, tx, rules, &standing, &turns)?;
    let gaining: BTreeSet<Place> = effects.iter().flatten().filter(|(_, n)| **n > 0).map(|(place, _)| *place).collect();
    if gaining.is_empty() {
        return Ok(());
    }
    lock(tx, rules, &gaining)?;
    let mut rooms = rooms(cx, tx, rules, &standing, &gaining)?;
    let mut refused: Vec<(usize, Vec<Full>)> = Vec::new();
    let mut passed: Vec<(usize, Vec<Full>)> = Vec::new();
    for (at, effects) in effects.iter().enumerate() {
        let item = &mut work[at];
        let met = if gives(item) { met(&rooms, effects) } else { Vec::new() };
        if !met.is_empty() && cx.who.rights.may(Act::HoldingExempt, &object.key) {
            passed.push((at, met));
        } else if !met.is_empty() && item.by_rules {
            // Whoever's turn it was has got something else in this very instant: it waits for somebody with room, and is not turned away.
            leads::rules::leave_open(cx, object, item);
            continue;
        } else if !met.is_empty() {
            refused.push((at, met));
            continue;
        }
        for (place, n) in effects {
            if let Some(room) = rooms.get_mut(place) {
                room.held += n;
            }
        }
    }
    refuse(cx, tx, object, rules, work, &refused)?;
    for (at, met) in passed {
        let (record, rules) = (&work[at].after, told::passed(cx, &met));
        let name = model::search::name_field(object).map_or("", |field| record.text(&field.key));
        let note = Note::new(Act::HoldingExempt.key(), "record").record(&object.key, record.id).subject(name);
        audit::note(cx, tx, note.detail(json!({ "rules": rules, "owner": record.owner().map(|id| id.to_string()) })))?;
    }
    Ok(())
}

/// True for acts that give a record to somebody. Where an edit or a move makes one count that somebody has already, he is shown as over his limit;
/// not where it takes over what another record has, which is then its owner's.
fn gives(item: &Working) -> bool {
    // Its place was taken when it was asked for.
    if matches!(item.change.under, Some(crate::save::Under::Executes(_))) {
        return false;
    }
    match item.change.deed {
        Deed::Create | Deed::Historic(_) | Deed::ChangeOwner { .. } | Deed::Assign { .. } | Deed::Claim => true,
        Deed::Reopen { .. } | Deed::Revive | Deed::Restore | Deed::Submit => true,
        _ => item.before.is_none() || item.change.merging || item.changes("owner"),
    }
}

/// For whom each record stops and begins to count, rule by rule.
fn turns(cx: &Ctx, tx: &mut Write, rules: &[Live], work: &[Working]) -> Result<Vec<Vec<Turn>>> {
    let sound = |item: &&Working| item.is_sound();
    let states: Vec<&Record> = work.iter().filter(sound).flat_map(|item| item.before.iter().chain([&item.after])).collect();
    let world = world::around(cx, tx, &states, rules.iter().map(|live| &live.counts))?;
    let turn = |item: &Working, (rule, live): (usize, &Live)| {
        let owner = |record: &Record| record.owner().filter(|_| live.counts.holds(record, &world));
        let (from, to) = (item.before.as_ref().and_then(owner), owner(&item.after));
        (from != to).then_some(Turn { rule, from, to })
    };
    let of = |item: &Working| match item.is_sound() {
        true => rules.iter().enumerate().filter_map(|rule| turn(item, rule)).collect(),
        false => Vec::new(),
    };
    Ok(work.iter().map(of).collect())
}

/// What each change gives to whom a rule limits, and what it takes: nothing where it stays among those who are limited together.
fn effects(cx: &Ctx, tx: &mut Write, rules: &[Live], standing: &Standing, turns: &[Vec<Turn>]) -> Result<Vec<Effects>> {
    let mut meant: BTreeMap<usize, BTreeSet<Id>> = BTreeMap::new();
    for (rule, live) in rules.iter().enumerate().filter(|(_, live)| matches!(live.rule.subject, Subject::Employees { .. })) {
        let of_rule = turns.iter().flatten().filter(|turn| turn.rule == rule);
        let people: BTreeSet<Id> = of_rule.flat_map(|turn| turn.from.iter().chain(&turn.to)).copied().collect();
        if !people.is_empty() {
            let people: Vec<Id> = people.into_iter().collect();
            meant.insert(rule, standing::meant(cx, tx, standing, live, &people)?.into_iter().collect());
        }
    }
    let limited = |rule: usize, person: Id| match &rules[rule].rule.subject {
        Subject::Employees { .. } if meant.get(&rule).is_some_and(|people| people.contains(&person)) => vec![person],
        Subject::Employees { .. } => Vec::new(),
        shared => standing.shared(shared, person),
    };
    let of = |turns: &Vec<Turn>| {
        let mut effects = Effects::new();
        for turn in turns {
            let (from, to) = (turn.from.map(|id| (id, -1)), turn.to.map(|id| (id, 1)));
            for (person, n) in from.into_iter().chain(to) {
                limited(turn.rule, person).into_iter().for_each(|subject| *effects.entry((turn.rule, subject)).or_default() += n);
            }
        }
        effects
    };
    Ok(turns.iter().map(of).collect())
}

/// Waits for whoever is giving to the same.
fn lock(tx: &mut Write, rules: &[Live], gaining: &BTreeSet<Place>) -> Result<()> {
    let keys: Vec<String> = gaining.iter().map(|(rule, subject)| format!("holding:{}:{subject}", rules[*rule].rule.id)).collect();
    Ok(tx.lock(&keys)?)
}

/// What there is room for, as it is now.
fn rooms(cx: &Ctx, tx: &mut Write, rules: &[Live], standing: &Standing, gaining: &BTreeSet<Place>) -> Result<BTreeMap<Place, Room>> {
    let mut limited: BTreeMap<usize, Vec<(Id, i64)>> = BTreeMap::new();
    for (rule, live) in rules.iter().enumerate() {
        let subjects: Vec<Id> = gaining.iter().filter(|(of, _)| *of == rule).map(|(_, subject)| *subject).collect();
        if subjects.is_empty() {
            continue;
        }
        let limits = standing::limits(cx, tx, standing, live, &subjects)?;
        limited.insert(rule, limits.into_iter().filter_map(|(subject, limit)| Some((subject, limit?))).collect());
    }
    let subjects: Vec<(usize, Vec<Id>)> =
        limited.iter().map(|(rule, limits)| (*rule, limits.iter().map(|(subject, _)| *subject).collect())).collect();
    let asked: Vec<(&Live, &[Id])> = subjects.iter().map(|(rule, subjects)| (&rules[*rule], subjects.as_slice())).collect();
    let held = count::held(cx, tx, standing, &asked)?;
    let room = |rule: usize, (subject, limit): &(Id, i64)| {
        let id = rules[rule].rule.id;
        let held = held.get(&(id, *subject)).copied().unwrap_or(0);
        ((rule, *subject), Room { rule: id, subject: *subject, limit: Some(*limit), held })
    };
    Ok(limited.iter().flat_map(|(rule, limits)| limits.iter().map(|limit| room(*rule, limit))).collect())
}

/// The rules without room for what a change gives, the tightest first.
fn met(rooms: &BTreeMap<Place, Room>, effects: &Effects) -> Vec<Full> {
    let gained = effects.iter().filter(|(_, n)| **n > 0);
    decide(&Ask { asked: 1, rooms: gained.filter_map(|(place, _)| rooms.get(place)).cloned().collect() })
}

fn refuse(cx: &Ctx, tx: &mut Write, object: &Object, rules: &[Live], work: &mut [Working], refused: &[(usize, Vec<Full>)]) -> Result<()> {
    if refused.is_empty() {
        return Ok(());
    }
    let all: Vec<&Full> = refused.iter().flat_map(|(_, met)| met).collect();
    let names = told::names(cx, tx, rules, &all)?;
    for (at, met) in refused {
        // What a rule counts by may be nothing that the caller may know of.
        let known: Vec<&Full> = met.iter().filter(|full| told::in_sight(cx, &object.key, rules, full.room.rule)).collect();
        let item = &mut work[*at];
        item.findings.push(if known.is_empty() {
            Violation::new(veil::OUT_OF_SIGHT, "")
        } else {
            let list: Vec<_> = known.iter().map(|full| told::full(cx, rules, full, &names)).collect();
            let person = item.after.owner().map(|id| id.to_string());
            let told = Violation::new("holding.limit_reached", "owner").with("object", object.key.as_str()).with("person", person);
            // In words the tightest is enough.
            let first = &list[0];
            let told = told.with("name", first["name"].clone()).with("of", first["subject"]["name"].clone());
            told.with("held", first["held"].clone()).with("limit", first["limit"].clone()).with("rules", list)
        });
    }
    Ok(())
}
