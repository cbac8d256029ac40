//! Whom the sources of a node mean. Only those are read who may be meant: where a flow names people, their managers and heads, nobody reads the
//! whole house; where it means whole departments or groups, what is known of everybody by this version of the metadata is used.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::records::Scope;
use model::approval::{Flow, Kind, Method, Source, Until, Whose};
use model::{Id, Record, Value};

use crate::holding::{self, Known, Person};
use crate::{Ctx, Result, identity};

const WHY: Scope<'static> = Scope::All("an approval asks whom its flow means, whoever submits");
/// Managers of managers who have all left.
const MOST_LEFT: usize = 20;
/// Steps of one line, as the graph's check allows them.
const LONGEST_LINE: usize = 20;

pub(super) struct Asking<'a> {
    cx: &'a Ctx,
    record: &'a Record,
    submitter: Id,
    team: &'a [(Id, String)],
    /// Everybody, where that is known already or needed.
    everybody: Option<Known<'a>>,
    read: BTreeMap<Id, Record>,
    /// The heads of departments, once they are asked for.
    heads: Option<BTreeMap<Id, Id>>,
}

impl<'a> Asking<'a> {
    pub fn new(cx: &'a Ctx, tx: &mut Read, flow: &Flow, record: &'a Record, submitter: Id, team: &'a [(Id, String)]) -> Result<Asking<'a>> {
        let whole = |source: &Source| matches!(source, Source::Department { .. } | Source::Group { .. });
        let everybody = match flow.nodes.iter().flat_map(model::approval::Node::sources).any(whole) {
            true => Some(holding::everybody(cx, tx)?),
            false => holding::at_hand(cx),
        };
        let mut asking = Asking { cx, record, submitter, team, everybody, read: BTreeMap::new(), heads: None };
        if flow.nodes.iter().any(starts_from_somebody) {
            let from = [Some(submitter), record.owner()].into_iter().flatten().collect();
            asking.know(tx, from)?;
        }
        Ok(asking)
    }

    /// Reads those who are not known yet, in one statement.
    fn know(&mut self, tx: &mut Read, ids: BTreeSet<Id>) -> Result<()> {
        let known = |id: &Id| self.read.contains_key(id) || self.everybody.as_ref().is_some_and(|all| all.person(*id).is_some());
        let new: Vec<Id> = ids.into_iter().filter(|id| !known(id)).collect();
        if let Some(employee) = self.cx.meta.schema.object("employee").filter(|_| !new.is_empty()) {
            let found = db::records::load(tx, &self.cx.meta.schema, employee, &WHY, &new)?;
            self.read.extend(found.into_iter().map(|person| (person.id, person)));
        }
        Ok(())
    }

    fn person(&self, id: Id) -> Option<&Record> {
        self.read.get(&id).or_else(|| self.everybody.as_ref()?.person(id).map(|person| &person.record))
    }

    fn one(&mut self, tx: &mut Read, id: Id) -> Result<Option<Record>> {
        self.know(tx, [id].into())?;
        Ok(self.person(id).cloned())
    }

    fn whose(&self, of: Whose) -> Id {
        match of {
            Whose::Owner => self.record.owner().unwrap_or(self.submitter),
            Whose::Submitter => self.submitter,
        }
    }

    fn manager(&mut self, tx: &mut Read, id: Id) -> Result<Option<Id>> {
        Ok(self.one(tx, id)?.and_then(|person| person.reference("manager")).filter(|manager| *manager != id))
    }

    /// The department of somebody and those above it, the nearest first.
    fn chain(&mut self, tx: &mut Read, id: Id) -> Result<Vec<Id>> {
        let department = self.one(tx, id)?.and_then(|person| person.reference("department"));
        Ok(department.map_or_else(Vec::new, |department| self.cx.meta.tree().chain(department)))
    }

    fn head(&mut self, tx: &mut Read, department: Id) -> Result<Option<Id>> {
        if self.heads.is_none() {
            let all = match self.cx.meta.schema.object("department") {
                Some(object) => db::records::all_references(tx, object, "head")?,
                None => Vec::new(),
            };
            self.heads = Some(all.into_iter().filter_map(|(id, head)| Some((id, head?))).collect());
        }
        Ok(self.heads.as_ref().and_then(|heads| heads.get(&department)).copied())
    }

    /// Of many who are meant together those who work here: nobody steps in for one of many.
    fn all(&self, wanted: impl Fn(&Person) -> bool) -> Vec<Id> {
        let all = self.everybody.iter().flat_map(|all| all.everybody());
        all.filter(|person| wanted(person) && identity::is_active(&person.record)).map(|person| person.record.id).collect()
    }

    /// Those whom a source names.
    pub fn whom(&mut self, tx: &mut Read, source: &Source) -> Result<Vec<Id>> {
        Ok(match source {
            Source::Person { id } => vec![*id],
            Source::Department { id, with_sub: true } => self.all(|person| person.chain().contains(id)),
            Source::Department { id, .. } => self.all(|person| person.chain().first() == Some(id)),
            Source::Group { id } => self.all(|person| person.groups().contains(id)),
            Source::DepartmentHead { of, up } => {
                let chain = self.chain(tx, self.whose(*of))?;
                match chain.get(*up as usize) {
                    Some(department) => self.head(tx, *department)?.into_iter().collect(),
                    None => Vec::new(),
                }
            }
            Source::Role { role } => {
                let Some(employee) = self.cx.meta.schema.object("employee") else { return Ok(Vec::new()) };
                let mut people = db::records::all_with_key(tx, employee, "roles", role)?;
                self.know(tx, people.iter().copied().collect())?;
                people.retain(|id| self.person(*id).is_some_and(identity::is_active));
                people
            }
            Source::Owner => self.record.owner().into_iter().collect(),
            Source::Submitter => vec![self.submitter],
            Source::Manager { of, up } => {
                let mut at = Some(self.whose(*of));
                for _ in 0..=*up {
                    at = match at {
                        Some(id) => self.manager(tx, id)?,
                        None => break,
                    };
                }
                at.into_iter().collect()
            }
            Source::Team { role } => {
                let plays = |part: &str| role.as_ref().is_none_or(|role| role == part);
                self.team.iter().filter(|(_, part)| plays(part)).map(|(person, _)| *person).collect()
            }
            Source::Field { path } => self.along(tx, path)?,
        })
    }

    /// Whom a field names, of the record itself or of one to which it leads.
    fn along(&self, tx: &mut Read, path: &str) -> Result<Vec<Id>> {
        let mut here = self.record.clone();
        let mut parts = path.split('.').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return Ok(match here.get(part) {
                    Value::Ref(id) => vec![*id],
                    several => several.ids(),
                });
            }
            let schema = &self.cx.meta.schema;
            let target =
                schema.object(&here.object).and_then(|object| object.field(part)?.kind.target()).and_then(|key| schema.object(key));
            let next = here.reference(part);
            let (Some(target), Some(next)) = (target, next) else { break };
            match db::records::load(tx, schema, target, &WHY, &[next])?.pop() {
                Some(record) => here = record,
                None => break,
            }
        }
        Ok(Vec::new())
    }

    /// The managers above somebody, the nearest first.
    pub fn line(&mut self, tx: &mut Read, of: Whose, until: &Until) -> Result<Vec<Id>> {
        let from = self.whose(of);
        let mut head = None;
        if *until == Until::DepartmentHead {
            for department in self.chain(tx, from)? {
                head = self.head(tx, department)?;
                if head.is_some() {
                    break;
                }
            }
            // Whoever leads the department himself has his own manager above him, and that is far enough.
            if head == Some(from) {
                return Ok(self.manager(tx, from)?.into_iter().collect());
            }
        }
        let mut line: Vec<Id> = Vec::new();
        let mut at = self.manager(tx, from)?;
        while let Some(id) = at.filter(|id| !line.contains(id) && *id != from && line.len() < LONGEST_LINE) {
            line.push(id);
            let enough = match until {
                Until::Levels { n } => line.len() >= *n as usize,
                Until::Role { role } => self.one(tx, id)?.is_some_and(|person| has_role(&person, role)),
                Until::DepartmentHead => Some(id) == head,
            };
            if enough {
                break;
            }
            at = self.manager(tx, id)?;
        }
        Ok(line)
    }

    /// Whoever does not work here any more is asked in the person of his manager (D41); each once, in their order.
    pub fn here(&mut self, tx: &mut Read, people: Vec<Id>) -> Result<Vec<Id>> {
        self.know(tx, people.iter().copied().collect())?;
        let mut found: Vec<Id> = Vec::new();
        for id in people {
            if let Some(id) = self.in_his_place(tx, id)?.filter(|id| !found.contains(id)) {
                found.push(id);
            }
        }
        Ok(found)
    }

    fn in_his_place(&mut self, tx: &mut Read, mut id: Id) -> Result<Option<Id>> {
        for _ in 0..MOST_LEFT {
            let Some(person) = self.one(tx, id)? else { return Ok(None) };
            if identity::is_active(&person) {
                return Ok(Some(id));
            }
            match person.reference("manager") {
                Some(manager) => id = manager,
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Of each the manager, or whoever is there above him.
    pub fn managers(&mut self, tx: &mut Read, people: Vec<Id>) -> Result<BTreeMap<Id, Id>> {
        let people: BTreeSet<Id> = people.into_iter().collect();
        self.know(tx, people.clone())?;
        let above = |asking: &Self, id: &Id| asking.person(*id).and_then(|person| person.reference("manager"));
        let managers: BTreeMap<Id, Id> = people.iter().filter_map(|id| Some((*id, above(self, id)?))).collect();
        self.know(tx, managers.values().copied().collect())?;
        let mut found = BTreeMap::new();
        for (id, manager) in managers {
            if let Some(manager) = self.in_his_place(tx, manager)?.filter(|manager| *manager != id) {
                found.insert(id, manager);
            }
        }
        Ok(found)
    }
}

/// True where a node looks up from the owner or the submitter.
fn starts_from_somebody(node: &model::approval::Node) -> bool {
    let line = matches!(&node.does, Kind::Approve(approve) if matches!(approve.method, Method::StepByStep { .. }));
    line || node.sources().iter().any(|source| matches!(source, Source::Manager { .. } | Source::DepartmentHead { .. }))
}

fn has_role(person: &Record, role: &str) -> bool {
    matches!(person.get("roles"), Value::Keys(keys) if keys.iter().any(|key| key == role))
}
