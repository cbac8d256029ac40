//! Whose figures one may open, and whose add up to whose: people along the chain of managers, departments along their tree.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use db::Read;
use db::people::{self, Department, Person, Which};
use model::Id;

use crate::{Ctx, Error, Result, access};

/// Whose figures a caller sees: himself and those below him, or everybody.
pub(super) enum Eyes {
    Everybody,
    These(HashSet<Id>),
}

impl Eyes {
    pub fn of(cx: &Ctx, tx: &mut Read) -> Result<Eyes> {
        if cx.who.system.is_some() || cx.who.viewer.sees_all {
            return Ok(Eyes::Everybody);
        }
        let below = access::subordinates(cx, tx)?;
        Ok(Eyes::These(below.into_iter().chain([cx.who.id]).collect()))
    }

    pub fn see(&self, person: Id) -> bool {
        match self {
            Eyes::Everybody => true,
            Eyes::These(ids) => ids.contains(&person),
        }
    }

    /// True for one who is above the person himself, whatever his roles see.
    pub fn above(cx: &Ctx, tx: &mut Read, person: Id) -> Result<bool> {
        Ok(person != cx.who.id && access::subordinates(cx, tx)?.contains(&person))
    }
}

/// Some people with who reports to whom among them, as far as the caller sees them.
#[derive(Default)]
pub(super) struct Chart {
    pub people: BTreeMap<Id, Person>,
    reports: BTreeMap<Id, Vec<Id>>,
}

impl Chart {
    /// A person with his whole line.
    pub fn below(tx: &mut Read, eyes: &Eyes, root: Id) -> Result<Chart> {
        let mut chart = Chart::default();
        let mut level = people::people(tx, Which::These(&[root]))?;
        while !level.is_empty() {
            let ids: Vec<Id> = level.iter().map(|person| person.id).collect();
            level.into_iter().for_each(|person| chart.add(person, root));
            let reports = people::people(tx, Which::ReportingTo(&ids))?;
            level = reports.into_iter().filter(|person| eyes.see(person.id) && !chart.people.contains_key(&person.id)).collect();
        }
        Ok(chart)
    }

    /// Everybody.
    pub fn whole(tx: &mut Read) -> Result<Chart> {
        let mut chart = Chart::default();
        people::people(tx, Which::Everybody)?.into_iter().for_each(|person| chart.add(person, Id::SYSTEM));
        Ok(chart)
    }

    /// Those whose primary department is one of these.
    pub fn within(tx: &mut Read, departments: &[Id]) -> Result<Chart> {
        let mut chart = Chart::default();
        people::people(tx, Which::In(departments))?.into_iter().for_each(|person| chart.add(person, Id::SYSTEM));
        Ok(chart)
    }

    fn add(&mut self, person: Person, root: Id) {
        if let Some(manager) = person.manager.filter(|_| person.id != root) {
            self.reports.entry(manager).or_default().push(person.id);
        }
        self.people.insert(person.id, person);
    }

    /// Those who report to a person directly.
    pub fn reports(&self, person: Id) -> &[Id] {
        self.reports.get(&person).map_or(&[], Vec::as_slice)
    }

    /// A person and everybody below him, each once.
    pub fn line(&self, person: Id) -> Vec<Id> {
        let (mut line, mut seen) = (vec![person], BTreeSet::from([person]));
        let mut at = 0;
        while at < line.len() {
            line.extend(self.reports(line[at]).iter().filter(|id| seen.insert(**id)));
            at += 1;
        }
        line
    }

    /// Those to whom everybody else leads up: without a manager who is there, and one of each circle.
    pub fn roots(&self) -> Vec<Id> {
        let top = |person: &&Person| person.manager.is_none_or(|manager| manager == person.id || !self.people.contains_key(&manager));
        let mut roots: Vec<Id> = self.people.values().filter(top).map(|person| person.id).collect();
        let mut reached: BTreeSet<Id> = roots.iter().flat_map(|root| self.line(*root)).collect();
        for id in self.people.keys() {
            if !reached.contains(id) {
                roots.push(*id);
                reached.extend(self.line(*id));
            }
        }
        roots
    }
}

/// The departments as a tree; those in the recycle bin are not there.
pub(super) struct Departments(BTreeMap<Id, Department>);

impl Departments {
    pub fn load(tx: &mut Read) -> Result<Departments> {
        let all = people::departments(tx)?.into_iter().filter(|department| !department.voided);
        Ok(Departments(all.map(|department| (department.id, department)).collect()))
    }

    pub fn get(&self, id: Id) -> Option<&Department> {
        self.0.get(&id)
    }

    /// Those right below one; those below none where there is none.
    pub fn children(&self, of: Option<Id>) -> Vec<&Department> {
        let parent = |department: &&Department| department.parent.filter(|parent| self.0.contains_key(parent)) == of;
        let mut children: Vec<&Department> = self.0.values().filter(parent).collect();
        children.sort_by_cached_key(|department| (model::text::fold(&department.name), department.id));
        children
    }

    /// A department with all below it.
    pub fn tree(&self, root: Id) -> Vec<Id> {
        let (mut tree, mut at) = (vec![root], 0);
        while at < tree.len() {
            let below: Vec<Id> =
                self.children(Some(tree[at])).iter().map(|department| department.id).filter(|id| !tree.contains(id)).collect();
            tree.extend(below);
            at += 1;
        }
        tree
    }

    /// The department and those above it.
    fn chain(&self, id: Id) -> Vec<&Department> {
        let mut chain: Vec<&Department> = Vec::new();
        let mut at = Some(id);
        while let Some(department) = at.and_then(|id| self.0.get(&id)).filter(|one| chain.iter().all(|seen| seen.id != one.id)) {
            chain.push(department);
            at = department.parent;
        }
        chain
    }

    /// True where the caller leads the department or one above it, or sees everything.
    pub fn open_to(&self, cx: &Ctx, eyes: &Eyes, id: Id) -> bool {
        let leads = |department: &&Department| department.head == Some(cx.who.id) || department.assistants.contains(&cx.who.id);
        self.0.contains_key(&id) && (matches!(eyes, Eyes::Everybody) || self.chain(id).iter().any(leads))
    }

    /// True where somebody leads one above it.
    pub fn led_from_above(&self, cx: &Ctx, id: Id) -> bool {
        self.chain(id).iter().skip(1).any(|department| department.head == Some(cx.who.id))
    }
}

/// A person whom the caller may open.
pub(super) fn visible(eyes: &Eyes, person: Id) -> Result<Id> {
    if eyes.see(person) { Ok(person) } else { Err(Error::NotFound) }
}
