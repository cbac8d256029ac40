//! Where people stand under the rules that mean them.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::Id;
use model::holding::Subject;

use super::live::Live;
use super::standing::Standing;
use super::{count, standing};
use crate::{Ctx, Result};

/// A rule that means a person, and how full it is for him.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    pub live: &'a Live,
    pub person: Id,
    /// He himself, or his department or group.
    pub subject: Id,
    pub limit: Option<i64>,
    pub held: i64,
    /// What of that is his own.
    pub mine: i64,
}

impl Place<'_> {
    /// True where others hold together with him.
    pub fn is_shared(&self) -> bool {
        !matches!(self.live.rule.subject, Subject::Employees { .. })
    }

    /// How many more there is room for; less than nothing where he is over.
    pub fn left(&self) -> Option<i64> {
        self.limit.map(|limit| limit - self.held)
    }
}

/// Where these people stand under these rules, in the order of the rules.
pub(super) fn of<'a>(cx: &Ctx, tx: &mut Read, standing: &Standing, rules: &[&'a Live], people: &[Id]) -> Result<Vec<Place<'a>>> {
    let mut found: Vec<(&'a Live, Vec<(Id, Id)>)> = Vec::new();
    for live in rules {
        let places: Vec<(Id, Id)> = match &live.rule.subject {
            Subject::Employees { .. } => standing::meant(cx, tx, standing, live, people)?.into_iter().map(|id| (id, id)).collect(),
            shared => people.iter().flat_map(|id| standing.shared(shared, *id).into_iter().map(|subject| (*id, subject))).collect(),
        };
        if !places.is_empty() {
            found.push((live, places));
        }
    }
    let subjects: Vec<(&'a Live, Vec<Id>)> = found
        .iter()
        .map(|(live, places)| (*live, places.iter().map(|(_, subject)| *subject).collect::<BTreeSet<_>>().into_iter().collect()))
        .collect();
    let asked: Vec<(&Live, &[Id])> = subjects.iter().map(|(live, subjects)| (*live, subjects.as_slice())).collect();
    let held = count::held(cx, tx, standing, &asked)?;
    let mut limits: BTreeMap<(Id, Id), Option<i64>> = BTreeMap::new();
    for (live, subjects) in &subjects {
        let of_rule = standing::limits(cx, tx, standing, live, subjects)?;
        limits.extend(of_rule.into_iter().map(|(subject, limit)| ((live.rule.id, subject), limit)));
    }
    // What somebody has of what is shared; of the others it is all.
    let shared: Vec<(&Live, BTreeSet<Id>)> = found
        .iter()
        .filter(|(live, _)| !matches!(live.rule.subject, Subject::Employees { .. }))
        .map(|(live, places)| (*live, places.iter().map(|(person, _)| *person).collect()))
        .collect();
    let own = count::per_owner(cx, tx, &shared)?;
    let mut all = Vec::new();
    for (live, places) in found {
        let rule = live.rule.id;
        for (person, subject) in places {
            let held = held.get(&(rule, subject)).copied().unwrap_or(0);
            let mine = if person == subject { held } else { own.get(&(rule, person)).copied().unwrap_or(0) };
            all.push(Place { live, person, subject, limit: limits.get(&(rule, subject)).copied().flatten(), held, mine });
        }
    }
    Ok(all)
}

/// The least room of each of these people for a record that only rules without conditions of their own count; those who are under no such limit are
/// left out.
pub(super) fn least(cx: &Ctx, tx: &mut Read, object: &str, people: &[Id]) -> Result<BTreeMap<Id, i64>> {
    let rules: Vec<&Live> = cx.meta.holding.live(object).iter().filter(|live| live.rule.counts.is_none()).collect();
    if rules.is_empty() || people.is_empty() {
        return Ok(BTreeMap::new());
    }
    let standing = standing::of(cx, tx)?;
    let mut least: BTreeMap<Id, i64> = BTreeMap::new();
    for place in of(cx, tx, &standing, &rules, people)? {
        if let Some(left) = place.left() {
            let known = least.entry(place.person).or_insert(i64::MAX);
            *known = (*known).min(left.max(0));
        }
    }
    Ok(least)
}
