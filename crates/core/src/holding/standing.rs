//! Who stands in which department and group: whom a rule limits, and who belongs to whom it limits.

use std::collections::BTreeMap;
use std::ops::Deref;

use db::Read;
use db::records::Scope;
use model::holding::{Limit, Subject};
use model::{Id, Record};

use super::live::Live;
use crate::{Ctx, Result, identity, people, world};

const WHY: Scope<'static> = Scope::All("whom a holding rule limits, whoever asks");

/// Everybody, as of one version of the metadata.
#[derive(Default)]
pub(crate) struct Standing {
    people: BTreeMap<Id, Person>,
}

/// A person with where he stands.
#[derive(Clone)]
pub(crate) struct Person {
    pub record: Record,
    /// His primary department and those above it.
    chain: Vec<Id>,
    groups: Vec<Id>,
}

impl Person {
    fn of(cx: &Ctx, record: Record) -> Person {
        let tree = cx.meta.tree();
        let chain = record.reference("department").map_or_else(Vec::new, |department| tree.chain(department));
        let belongs = people::belongs_to(tree, &cx.meta.groups, &record);
        let groups = cx.meta.groups.iter().map(|group| group.id).filter(|group| belongs.contains(group)).collect();
        Person { record, chain, groups }
    }

    /// His primary department and those above it.
    pub fn chain(&self) -> &[Id] {
        &self.chain
    }

    /// The groups to which he belongs.
    pub fn groups(&self) -> &[Id] {
        &self.groups
    }

    /// True where he is limited by the rule as a part of this department or group.
    fn is_in(&self, subject: &Subject, id: Id) -> bool {
        match subject {
            Subject::Employees { .. } => self.record.id == id,
            Subject::Departments { with_sub: true, .. } => self.chain.contains(&id),
            Subject::Departments { .. } => self.chain.first() == Some(&id),
            Subject::Groups { .. } => self.groups.contains(&id),
        }
    }
}

impl Standing {
    fn load(cx: &Ctx, tx: &mut Read) -> Result<Standing> {
        let Some(employee) = cx.meta.schema.object("employee") else { return Ok(Standing::default()) };
        let ids = db::records::ids_after(tx, employee, None, u64::from(u32::MAX))?;
        let found = db::records::load(tx, &cx.meta.schema, employee, &WHY, &ids)?;
        Ok(Standing { people: found.into_iter().map(|record| (record.id, Person::of(cx, record))).collect() })
    }

    pub fn person(&self, id: Id) -> Option<&Person> {
        self.people.get(&id)
    }

    pub fn everybody(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// Everybody who belongs to a person, department or group that a rule limits; whoever is disabled too, since he may still have something.
    pub fn members<'a>(&'a self, subject: &'a Subject, id: Id) -> Box<dyn Iterator<Item = &'a Person> + 'a> {
        match subject {
            Subject::Employees { .. } => Box::new(self.people.get(&id).into_iter()),
            _ => Box::new(self.people.values().filter(move |person| person.is_in(subject, id))),
        }
    }

    /// The departments or groups of a rule to which a person belongs; a rule for employees means him or not by its condition.
    pub fn shared(&self, subject: &Subject, person: Id) -> Vec<Id> {
        let Some(person) = self.people.get(&person) else { return Vec::new() };
        let ids = match subject {
            Subject::Employees { .. } => return Vec::new(),
            Subject::Departments { ids, .. } | Subject::Groups { ids } => ids,
        };
        ids.iter().copied().filter(|id| person.is_in(subject, *id)).collect()
    }
}

/// Everybody's standing as a transaction knows it.
pub(crate) enum Known<'a> {
    Kept(&'a Standing),
    Own(Box<Standing>),
}

impl Deref for Known<'_> {
    type Target = Standing;
    fn deref(&self) -> &Standing {
        match self {
            Known::Kept(standing) => standing,
            Known::Own(standing) => standing,
        }
    }
}

/// What is known of this version of the metadata, if somebody has read it already.
pub(crate) fn at_hand(cx: &Ctx) -> Option<Known<'_>> {
    cx.meta.holding.standing.get().map(Known::Kept)
}

/// What is known of this version of the metadata, else it is read. A transaction that has published a version of its own may have changed it and
/// keeps what it reads to itself.
pub(crate) fn of<'a>(cx: &'a Ctx, tx: &mut Read) -> Result<Known<'a>> {
    if let Some(known) = cx.meta.holding.standing.get() {
        return Ok(Known::Kept(known));
    }
    let read = Standing::load(cx, tx)?;
    if tx.meta_version() != cx.meta.version {
        return Ok(Known::Own(Box::new(read)));
    }
    Ok(Known::Kept(cx.meta.holding.standing.get_or_init(|| read)))
}

/// Which of these people a rule for employees means.
pub(super) fn meant(cx: &Ctx, tx: &mut Read, standing: &Standing, live: &Live, people: &[Id]) -> Result<Vec<Id>> {
    let fresh;
    let records: Vec<&Record> = if live.people_steady {
        people.iter().filter_map(|id| standing.person(*id)).map(|person| &person.record).collect()
    } else {
        fresh = again(cx, tx, people)?;
        fresh.iter().collect()
    };
    let world = world::around(cx, tx, &records, std::iter::once(&live.people))?;
    Ok(records.into_iter().filter(|person| live.people.holds(person, &world)).map(|person| person.id).collect())
}

/// People as they are now: what is reckoned of them changes without the metadata.
fn again(cx: &Ctx, tx: &mut Read, people: &[Id]) -> Result<Vec<Record>> {
    match cx.meta.schema.object("employee") {
        Some(employee) => Ok(db::records::load(tx, &cx.meta.schema, employee, &WHY, people)?),
        None => Ok(Vec::new()),
    }
}

/// The limit of each of these people, departments or groups: `None` where the rule sets none.
pub(super) fn limits(cx: &Ctx, tx: &mut Read, standing: &Standing, live: &Live, subjects: &[Id]) -> Result<BTreeMap<Id, Option<i64>>> {
    let field = match &live.rule.limit {
        Limit::Number { number } => return Ok(subjects.iter().map(|id| (*id, Some(i64::from(*number)))).collect()),
        Limit::Variable { field } => field,
    };
    let shared = !matches!(live.rule.subject, Subject::Employees { .. });
    let mut members: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for subject in subjects {
        let counted = |person: &&Person| !shared || identity::is_active(&person.record);
        members.insert(*subject, standing.members(&live.rule.subject, *subject).filter(counted).map(|person| person.record.id).collect());
    }
    let mut values: BTreeMap<Id, Option<model::Number>> = BTreeMap::new();
    if live.limit_steady {
        for person in members.values().flatten().filter_map(|id| standing.person(*id)) {
            values.insert(person.record.id, person.record.get(field).as_number());
        }
    } else {
        let mut wanted: Vec<Id> = members.values().flatten().copied().collect();
        wanted.sort_unstable();
        wanted.dedup();
        values.extend(again(cx, tx, &wanted)?.into_iter().map(|person| (person.id, person.get(field).as_number())));
    }
    Ok(members
        .into_iter()
        .map(|(subject, members)| {
            let set: Vec<i128> = members.iter().filter_map(|id| values.get(id).copied().flatten()).map(|n| i128::from(n.0)).collect();
            (subject, (!set.is_empty()).then(|| whole(set.iter().sum())))
        })
        .collect())
}

/// A sum of millionths as a limit: fractions are cut, and less than nothing is nothing.
fn whole(millionths: i128) -> i64 {
    i64::try_from((millionths / 1_000_000).max(0)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_whole_and_never_below_nothing() {
        assert_eq!([2_900_000, 3_000_000, -1, -4_000_000, 999_999].map(whole), [2, 3, 0, 0, 0]);
    }
}
