//! The facts, and the reasons that follow from them.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::access::{Above, Chart, Grant};
use db::records::Scope;
use model::role::{Act, FieldAccess};
use model::sharing::{Level, RecipientKind, SharingRule};
use model::{Base, Id, Object, Record};
use serde_json::{Value as Json, json};

use crate::access::{DEPTH, Rights};
use crate::activities::tasks;
use crate::records::Refs;
use crate::{Ctx, Error, Result, approvals, identity, people, pools, sharing, stage_tasks};

const WHY: Scope<'static> = Scope::All("to say who sees it");

/// Why somebody sees a record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reason {
    Owner,
    Above(Above),
    Team {
        role: String,
        level: Level,
    },
    Share {
        rule: Option<SharingRule>,
        to: Id,
        level: Level,
    },
    /// He has an open task about it.
    Task {
        task: Id,
        level: Level,
    },
    /// He has an open task of the stage in which it stands.
    StageTask {
        task: Id,
        level: Level,
    },
    /// An approval of it asks him, or has, and runs.
    Approval {
        approval: Id,
        level: Level,
    },
    /// The task is his to do.
    Assignee {
        level: Level,
    },
    Parent {
        object: String,
        record: Id,
        field: String,
        reasons: Vec<Reason>,
    },
    /// Nobody owns it, and he may assign it.
    Ownerless {
        level: Level,
    },
    /// It lies in a pool that he is in.
    Pool {
        pool: Option<Id>,
        level: Level,
    },
    /// A role of his sees all records.
    Role {
        role: String,
        level: Level,
    },
    /// The object's base.
    Public {
        level: Level,
    },
}

impl Reason {
    /// What it lets one do with the record.
    pub fn level(&self) -> Level {
        match self {
            Reason::Owner | Reason::Above(_) => Level::ReadWrite,
            Reason::Team { level, .. }
            | Reason::Share { level, .. }
            | Reason::Task { level, .. }
            | Reason::StageTask { level, .. }
            | Reason::Approval { level, .. }
            | Reason::Assignee { level }
            | Reason::Role { level, .. }
            | Reason::Ownerless { level }
            | Reason::Pool { level, .. }
            | Reason::Public { level } => *level,
            Reason::Parent { reasons, .. } => reasons.iter().map(Reason::level).max().unwrap_or(Level::Read),
        }
    }

    /// Its place among others: the owner first.
    pub fn rank(&self) -> u8 {
        match self {
            Reason::Owner => 0,
            Reason::Above(_) => 1,
            Reason::Team { .. } => 2,
            Reason::Assignee { .. } | Reason::Task { .. } | Reason::StageTask { .. } | Reason::Approval { .. } => 3,
            Reason::Share { .. } => 4,
            Reason::Parent { .. } => 5,
            Reason::Ownerless { .. } | Reason::Pool { .. } => 6,
            Reason::Role { .. } => 7,
            Reason::Public { .. } => 8,
        }
    }

    /// True where it holds for whoever may read the object at all.
    pub fn is_for_everybody(&self) -> bool {
        match self {
            Reason::Public { .. } => true,
            Reason::Parent { reasons, .. } => reasons.iter().all(Reason::is_for_everybody),
            _ => false,
        }
    }
}

/// A record as far as it decides who sees it.
struct Around {
    owner: Option<Id>,
    lender: Option<(String, Id)>,
    grants: Vec<Grant>,
}

/// A person as far as he decides what he sees.
pub(crate) struct Person {
    pub id: Id,
    pub name: String,
    pub active: bool,
    pub rights: Rights,
    pub principals: Vec<Id>,
}

impl Person {
    pub fn of(cx: &Ctx, record: &Record) -> Person {
        let rights = identity::rights_of(&cx.meta, record);
        Person {
            id: record.id,
            name: record.text("name").to_owned(),
            active: identity::is_active(record),
            principals: people::principals(&cx.meta, record, &rights),
            rights,
        }
    }
}

/// Everything that decides who sees some records of one object.
pub(crate) struct Facts<'a> {
    cx: &'a Ctx,
    object: &'a Object,
    around: BTreeMap<(String, Id), Around>,
    above: BTreeMap<Id, BTreeMap<Id, Vec<Above>>>,
    rules: BTreeMap<String, SharingRule>,
    kinds: BTreeMap<Id, RecipientKind>,
    /// Records on the way that the caller may not see: he is told that they lend, not by whom they are seen.
    unseen: BTreeSet<(String, Id)>,
}

impl<'a> Facts<'a> {
    pub fn load(cx: &'a Ctx, tx: &mut Read, object: &'a Object, ids: &[Id]) -> Result<Facts<'a>> {
        let mut facts = Facts {
            cx,
            object,
            around: BTreeMap::new(),
            above: BTreeMap::new(),
            rules: BTreeMap::new(),
            kinds: BTreeMap::new(),
            unseen: BTreeSet::new(),
        };
        facts.gather(tx, object, ids, &mut Vec::new())?;
        let chart = Chart::load(tx)?;
        let owners: BTreeSet<Id> = facts.around.values().filter_map(|around| around.owner).collect();
        for owner in owners {
            let mut above: BTreeMap<Id, Vec<Above>> = BTreeMap::new();
            chart.above(owner).into_iter().for_each(|(who, why)| above.entry(who).or_default().push(why));
            facts.above.insert(owner, above);
        }
        if facts.around.values().any(|around| around.grants.iter().any(|grant| grant.why.starts_with("share:"))) {
            for (why, rule) in sharing::by_reason(tx)? {
                facts.kinds.extend(rule.to.iter().map(|to| (to.id, to.kind)));
                facts.rules.insert(why, rule);
            }
        }
        Ok(facts)
    }

    fn gather(&mut self, tx: &mut Read, object: &Object, ids: &[Id], path: &mut Vec<String>) -> Result<()> {
        if path.contains(&object.key) || ids.is_empty() {
            return Ok(());
        }
        let mut grants: BTreeMap<Id, Vec<Grant>> = BTreeMap::new();
        for grant in db::access::grants(tx, &object.key, ids)? {
            grants.entry(grant.record).or_default().push(grant);
        }
        let mut lenders: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
        for holder in db::access::holders(tx, object, ids)? {
            if let Some((object, id)) = &holder.lender {
                lenders.entry(object.clone()).or_default().insert(*id);
            }
            let grants = grants.remove(&holder.record).unwrap_or_default();
            let around = Around { owner: holder.owner, lender: holder.lender, grants };
            self.around.insert((object.key.clone(), holder.record), around);
        }
        path.push(object.key.clone());
        if path.len() < DEPTH {
            for (key, ids) in lenders {
                let Some(parent) = self.cx.meta.schema.object(&key).cloned() else { continue };
                let ids: Vec<Id> = ids.into_iter().collect();
                let seen: BTreeSet<Id> = match self.cx.object(&key) {
                    Ok(_) => {
                        let names = db::records::names(tx, &self.cx.meta.schema, &parent, &self.cx.scope(), &ids)?;
                        names.into_iter().map(|(id, _)| id).collect()
                    }
                    Err(_) => BTreeSet::new(),
                };
                self.unseen.extend(ids.iter().filter(|id| !seen.contains(id)).map(|id| (key.clone(), *id)));
                self.gather(tx, &parent, &ids, path)?;
            }
        }
        path.pop();
        Ok(())
    }

    /// The record that is meant, for its owner.
    pub fn owner(&self, id: Id) -> Option<Id> {
        self.around.get(&(self.object.key.clone(), id)).and_then(|around| around.owner)
    }

    /// Every reason for which a person would see a record, were he allowed to read its object at all.
    pub fn reasons(&self, person: &Person, id: Id) -> Vec<Reason> {
        let mut reasons = self.through(person, self.object, id, &mut Vec::new());
        let may_edit = person.rights.may(Act::Edit, &self.object.key);
        let level = if may_edit { Level::ReadWrite } else { Level::Read };
        let see_all = person.rights.roles().iter().filter(|role| role.see_all);
        reasons.extend(see_all.map(|role| Reason::Role { role: role.key.clone(), level }));
        reasons.sort_by_key(Reason::rank);
        reasons
    }

    /// The pool that is meant by one to whom its records are given: itself, or its administrators.
    fn pool(&self, principal: Id) -> Option<Id> {
        let meant = |pool: &&model::pool::Pool| pool.id == principal || pools::administrators_of(pool.id) == principal;
        self.cx.meta.pools.iter().find(meant).map(|pool| pool.id)
    }

    /// As the scope reckons it: for what the record is, then for what it belongs to.
    fn through(&self, person: &Person, object: &Object, id: Id, path: &mut Vec<String>) -> Vec<Reason> {
        let mut reasons = Vec::new();
        match object.base {
            Base::PublicWrite => reasons.push(Reason::Public { level: Level::ReadWrite }),
            // What nobody owns and belongs to nothing is written by whoever may edit it.
            Base::PublicRead if !object.owned && object.lender().is_none() => reasons.push(Reason::Public { level: Level::ReadWrite }),
            Base::PublicRead => reasons.push(Reason::Public { level: Level::Read }),
            _ => {}
        }
        let Some(around) = self.around.get(&(object.key.clone(), id)) else { return reasons };
        if let Some(owner) = around.owner {
            if owner == person.id {
                reasons.push(Reason::Owner);
            }
            let above = self.above.get(&owner).and_then(|above| above.get(&person.id));
            reasons.extend(above.into_iter().flatten().cloned().map(Reason::Above));
        }
        for grant in around.grants.iter().filter(|grant| person.principals.contains(&grant.principal)) {
            let level = Level::of(&grant.level).unwrap_or(Level::Read);
            reasons.push(match &grant.role {
                Some(role) if grant.why == "team" => Reason::Team { role: role.clone(), level },
                _ if grant.why == db::access::OWNERLESS => Reason::Ownerless { level },
                _ if grant.why == db::access::POOL => Reason::Pool { pool: self.pool(grant.principal), level },
                _ if grant.why == "team" => Reason::Team { role: model::organisation::MEMBER.to_owned(), level },
                _ if grant.why == tasks::ASSIGNEE => Reason::Assignee { level },
                _ if let Some(task) = tasks::by_task(&grant.why) => Reason::Task { task, level },
                _ if let Some(task) = stage_tasks::sight::by_task(&grant.why) => Reason::StageTask { task, level },
                _ if let Some(approval) = approvals::sight::by_approval(&grant.why) => Reason::Approval { approval, level },
                _ => Reason::Share { rule: self.rules.get(&grant.why).cloned(), to: grant.principal, level },
            });
        }
        path.push(object.key.clone());
        if let (Some((key, parent)), Some(field), true) = (&around.lender, object.lender(), path.len() < DEPTH)
            && let Some(target) = self.cx.meta.schema.object(key).filter(|_| !path.contains(key))
        {
            let lent = self.through(person, target, *parent, path);
            if !lent.is_empty() {
                reasons.push(Reason::Parent { object: key.clone(), record: *parent, field: field.key.clone(), reasons: lent });
            }
        }
        path.pop();
        reasons
    }

    /// What a person may do with a record: nothing where he does not see it.
    pub fn level(&self, person: &Person, reasons: &[Reason]) -> Option<Level> {
        let level = reasons.iter().map(Reason::level).max()?;
        let key = &self.object.key;
        if !person.active || !person.rights.may(Act::Read, key) {
            return None;
        }
        Some(if person.rights.may(Act::Edit, key) { level } else { Level::Read })
    }

    /// True where the caller may not know who owns the records.
    pub fn hides_owner(&self) -> bool {
        let field = self.object.field("owner");
        self.cx.who.system.is_none() && field.is_some_and(|field| self.cx.who.rights.field(&self.object.key, field) == FieldAccess::Hidden)
    }

    /// Reasons as the API tells them: what the caller may not know of is left out.
    pub fn show(&self, reasons: &[Reason], refs: &mut Refs) -> Vec<Json> {
        // Where all others have a reason, those without one are the owner and those above him: then nobody has.
        if self.hides_owner() {
            return Vec::new();
        }
        reasons.iter().map(|reason| self.show_one(reason, refs)).collect()
    }

    fn show_one(&self, reason: &Reason, refs: &mut Refs) -> Json {
        let chain = |ids: &[Id], object: &str, refs: &mut Refs| {
            ids.iter().for_each(|id| refs.note(object, *id));
            ids.iter().map(Id::to_string).collect::<Vec<_>>()
        };
        let mut shown = match reason {
            Reason::Owner => json!({"why": "owner"}),
            Reason::Above(Above::Manager(managers)) => json!({"why": "manager", "chain": chain(managers, "employee", refs)}),
            Reason::Above(Above::Head(departments)) => {
                json!({"why": "head", "department": departments.last().map(Id::to_string), "chain": chain(departments, "department", refs)})
            }
            Reason::Above(Above::Assistant(departments)) => {
                json!({"why": "assistant", "department": departments.last().map(Id::to_string), "chain": chain(departments, "department", refs)})
            }
            Reason::Team { role, .. } => json!({"why": "team", "role": role}),
            Reason::Assignee { .. } => json!({"why": "assignee"}),
            Reason::Task { task, .. } => {
                refs.note("task", *task);
                json!({"why": "task", "task": task.to_string()})
            }
            Reason::StageTask { task, .. } => json!({"why": "stage_task", "task": task.to_string()}),
            Reason::Approval { approval, .. } => json!({"why": "approval", "approval": approval.to_string()}),
            Reason::Share { rule, to, .. } => {
                let kind = self.kinds.get(to).copied();
                if let Some(kind) = kind {
                    refs.note(kind.object(), *to);
                }
                // A rule may say by its name what one may not know.
                let rule = rule.as_ref().filter(|rule| sharing::is_known(self.cx, rule));
                json!({
                    "why": "share", "rule": rule.map(|rule| rule.id.to_string()), "name": rule.map(|rule| rule.name.as_str()),
                    "to": {"kind": kind, "id": to.to_string()},
                })
            }
            Reason::Parent { object, record, field, reasons } => {
                refs.note(object, *record);
                let told = !self.unseen.contains(&(object.clone(), *record));
                let reasons = if told { self.show(reasons, refs) } else { Vec::new() };
                json!({"why": "parent", "object": object, "record": record.to_string(), "field": field, "reasons": reasons})
            }
            Reason::Ownerless { .. } => json!({"why": "ownerless"}),
            Reason::Pool { pool, .. } => {
                let name = pool.and_then(|pool| pools::find(&self.cx.meta, pool)).map(|pool| pool.name.as_str());
                json!({"why": "pool", "pool": pool.map(|pool| pool.to_string()), "name": name})
            }
            Reason::Role { role, .. } => json!({"why": "role", "role": role}),
            Reason::Public { .. } => json!({"why": "public"}),
        };
        shown["level"] = json!(reason.level());
        shown
    }
}

/// Everybody who has ever worked here.
pub(crate) fn everybody(cx: &Ctx, tx: &mut Read) -> Result<Vec<Person>> {
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let ids = db::records::ids_after(tx, employee, None, u64::from(u32::MAX))?;
    let records = db::records::load(tx, &cx.meta.schema, employee, &WHY, &ids)?;
    Ok(records.iter().map(|record| Person::of(cx, record)).collect())
}

/// One person, if the caller sees him.
pub(crate) fn one_person(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Record> {
    let employee = cx.object("employee")?.clone();
    crate::records::load(cx, tx, &employee, id)
}
