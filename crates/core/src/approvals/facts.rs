//! What is known around an approval: who is asked at each node, which ways of its branches are open, who manages whom.

use std::collections::BTreeMap;

use db::{Read, Write};
use model::approval::{Facts, Flow, Kind, Method, Run, Source, TaskState, Until, Whose};
use model::condition::Resolved;
use model::role::ADMINISTRATOR;
use model::{Id, Object, Record, Value};
use sea_query::{Expr, ExprTrait, Query};

use crate::holding::{Person, Standing, everybody};
use crate::{Ctx, Result, identity, world};

/// Everything that the nodes of a flow ask, for a record as it would be.
pub(super) fn of(cx: &Ctx, tx: &mut Write, flow: &Flow, object: &Object, record: &Record, submitter: Id) -> Result<Facts> {
    let holds = holds(cx, tx, flow, object, record)?;
    let team = team(tx, flow, object, record)?;
    let heads = heads(cx, tx)?;
    let people = everybody(cx, tx)?;
    let around = Around { cx, people: &people, record, submitter, team: &team, heads: &heads };
    let mut found = BTreeMap::new();
    for node in flow.nodes.iter().filter(|node| node.asks()) {
        let mut whom: Vec<Id> = Vec::new();
        if let Kind::Approve(approve) = &node.does
            && let Method::StepByStep { of, until } = &approve.method
        {
            whom.extend(around.line(*of, until));
        }
        for source in node.sources() {
            whom.extend(around.whom(source));
        }
        found.insert(node.key.clone(), around.here(whom));
    }
    let managers = people.everybody().filter_map(|person| Some((person.record.id, person.record.reference("manager")?))).collect();
    let administrators =
        people.everybody().filter(|person| has_role(person, ADMINISTRATOR) && works_here(person)).map(|person| person.record.id);
    Ok(Facts { now: cx.at, found, holds, administrators: administrators.collect(), managers, missing: Vec::new() })
}

/// Which ways of each branch are open.
fn holds(cx: &Ctx, tx: &mut Read, flow: &Flow, object: &Object, record: &Record) -> Result<BTreeMap<String, Vec<bool>>> {
    let reading = cx.system_reading();
    let mut ways: Vec<(&str, Vec<Option<Resolved>>)> = Vec::new();
    for node in &flow.nodes {
        if let Kind::Branch { ways: of, .. } = &node.does {
            ways.push((&node.key, of.iter().map(|way| way.when.resolve(&object.key, &reading).ok()).collect()));
        }
    }
    if ways.is_empty() {
        return Ok(BTreeMap::new());
    }
    let world = world::around(cx, tx, &[record], ways.iter().flat_map(|(_, of)| of.iter().flatten()))?;
    let open = |condition: &Option<Resolved>| condition.as_ref().is_some_and(|condition| condition.holds(record, &world));
    Ok(ways.into_iter().map(|(node, of)| (node.to_owned(), of.iter().map(open).collect())).collect())
}

/// Who is in the record's team, with his part; asked for only where a node names it.
fn team(tx: &mut Read, flow: &Flow, object: &Object, record: &Record) -> Result<Vec<(Id, String)>> {
    if !flow.nodes.iter().flat_map(model::approval::Node::sources).any(|source| matches!(source, Source::Team { .. })) {
        return Ok(Vec::new());
    }
    let grants = db::access::grants(tx, &object.key, &[record.id])?;
    let members = grants.into_iter().filter(|grant| grant.why == "team");
    Ok(members.map(|grant| (grant.principal, grant.role.unwrap_or_default())).collect())
}

/// The heads of departments.
fn heads(cx: &Ctx, tx: &mut Read) -> Result<BTreeMap<Id, Id>> {
    let Some(department) = cx.meta.schema.object("department") else { return Ok(BTreeMap::new()) };
    let all = db::records::all_references(tx, department, "head")?;
    Ok(all.into_iter().filter_map(|(id, head)| Some((id, head?))).collect())
}

struct Around<'a> {
    cx: &'a Ctx,
    people: &'a Standing,
    record: &'a Record,
    submitter: Id,
    team: &'a [(Id, String)],
    heads: &'a BTreeMap<Id, Id>,
}

impl Around<'_> {
    fn whose(&self, of: Whose) -> Option<&Person> {
        let id = match of {
            Whose::Owner => self.record.owner().unwrap_or(self.submitter),
            Whose::Submitter => self.submitter,
        };
        self.people.person(id)
    }

    fn manager(&self, id: Id) -> Option<Id> {
        self.people.person(id)?.record.reference("manager").filter(|manager| *manager != id)
    }

    /// Those whom a source names.
    fn whom(&self, source: &Source) -> Vec<Id> {
        let all = |wanted: &dyn Fn(&Person) -> bool| {
            self.people.everybody().filter(|person| wanted(person)).map(|person| person.record.id).collect()
        };
        match source {
            Source::Person { id } => vec![*id],
            Source::Department { id, with_sub: true } => all(&|person| person.chain().contains(id)),
            Source::Department { id, .. } => all(&|person| person.chain().first() == Some(id)),
            Source::DepartmentHead { of, up } => {
                let chain = self.whose(*of).map_or(&[][..], Person::chain);
                chain.get(*up as usize).and_then(|department| self.heads.get(department)).copied().into_iter().collect()
            }
            Source::Group { id } => all(&|person| person.groups().contains(id)),
            Source::Role { role } => all(&|person| has_role(person, role)),
            Source::Owner => self.record.owner().into_iter().collect(),
            Source::Submitter => vec![self.submitter],
            Source::Manager { of, up } => {
                let mut at = self.whose(*of).map(|person| person.record.id);
                for _ in 0..=*up {
                    at = at.and_then(|id| self.manager(id));
                }
                at.into_iter().collect()
            }
            Source::Team { role } => {
                let plays = |part: &str| role.as_ref().is_none_or(|role| role == part);
                self.team.iter().filter(|(_, part)| plays(part)).map(|(person, _)| *person).collect()
            }
            Source::Field { path } => match self.record.get(path) {
                Value::Ref(id) => vec![*id],
                several => several.ids(),
            },
        }
    }

    /// The managers above somebody, the nearest first.
    fn line(&self, of: Whose, until: &Until) -> Vec<Id> {
        let Some(from) = self.whose(of) else { return Vec::new() };
        let head = from.chain().iter().find_map(|department| self.heads.get(department)).copied();
        let mut line: Vec<Id> = Vec::new();
        let mut at = self.manager(from.record.id);
        while let Some(id) = at.filter(|id| !line.contains(id) && *id != from.record.id) {
            line.push(id);
            let enough = match until {
                Until::Levels { n } => line.len() >= *n as usize,
                Until::Role { role } => self.people.person(id).is_some_and(|person| has_role(person, role)),
                Until::DepartmentHead => Some(id) == head,
            };
            if enough {
                break;
            }
            at = self.manager(id);
        }
        line
    }

    /// Whoever does not work here any more is asked in the person of his manager (D41).
    fn here(&self, people: Vec<Id>) -> Vec<Id> {
        let mut found: Vec<Id> = Vec::new();
        for mut id in people {
            for _ in 0..20 {
                match self.people.person(id) {
                    Some(person) if works_here(person) => {
                        if !found.contains(&id) {
                            found.push(id);
                        }
                        break;
                    }
                    Some(person) => match person.record.reference("manager") {
                        Some(manager) => id = manager,
                        None => break,
                    },
                    None => break,
                }
            }
        }
        let _ = self.cx;
        found
    }
}

fn works_here(person: &Person) -> bool {
    identity::is_active(&person.record)
}

fn has_role(person: &Person, role: &str) -> bool {
    matches!(person.record.get("roles"), Value::Keys(keys) if keys.iter().any(|key| key == role))
}

/// The version of a flow with which an approval began.
pub(super) fn flow_of(tx: &mut Read, flow: Id, version: i64) -> Result<Flow> {
    let select = Query::select()
        .column("doc")
        .from("approval_flow_version")
        .and_where(Expr::col("flow").eq(flow.0))
        .and_where(Expr::col("version").eq(version))
        .to_owned();
    let row = tx.optional(&select)?.ok_or_else(|| crate::Error::Internal("an approval of an unknown version".into()))?;
    crate::meta::doc(&row)
}

/// Who is asked instead of one who has left: the nearest manager above him who works here and is not asked in this step already, else an
/// administrator (D41).
pub(super) fn instead(cx: &Ctx, tx: &mut Write, run: &Run, task: usize, known: &mut Facts) -> Result<()> {
    let people = everybody(cx, tx)?;
    let Some(of) = run.tasks.get(task) else { return Ok(()) };
    let asked = |id: Id| run.tasks_of(of.step).any(|(_, other)| other.person == id && other.state != TaskState::Dropped);
    let mut line: Vec<Id> = Vec::new();
    let mut at = known.managers.get(&of.person).copied();
    while let Some(id) = at.filter(|id| !line.contains(id) && *id != of.person) {
        line.push(id);
        at = known.managers.get(&id).copied();
    }
    line.extend(&known.administrators);
    let fits = |id: &Id| *id != of.person && !asked(*id) && people.person(*id).is_some_and(works_here);
    if let Some(to) = line.into_iter().find(fits) {
        known.managers.insert(of.person, to);
    }
    Ok(())
}
