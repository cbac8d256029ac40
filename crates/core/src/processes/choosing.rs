//! Which process a deal goes through: given to a new one, changed by an act, and nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use db::{Read, Write};
use model::condition::World;
use model::process::{Gates, Owner, Process, choose};
use model::{Id, Record, Value, Violation};

use crate::access::department_chain;
use crate::save::{Deed, Working};
use crate::{Ctx, Error, Result, world};

/// Gives a new deal its process and first stage, and one that changes its process the new one; an edit does not change it.
pub(crate) fn begin(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    let fresh: Vec<usize> = (0..work.len()).filter(|i| work[*i].error.is_none() && takes_a_process(&work[*i])).collect();
    for item in work.iter_mut().filter(|item| item.error.is_none() && item.before.is_some()) {
        if item.changes("sales_process") {
            item.findings.push(Violation::new("field.read_only", "sales_process"));
        }
    }
    if fresh.is_empty() {
        return Ok(());
    }
    let records: Vec<&Record> = fresh.iter().map(|i| &work[*i].after).collect();
    let takers = Takers::of(cx, tx, &records)?;
    for i in fresh {
        let item = &mut work[i];
        match &item.change.deed {
            Deed::ChangeProcess { process, .. } => change(&takers, *process, item),
            _ => start(&takers, item),
        }
    }
    Ok(())
}

fn takes_a_process(item: &Working) -> bool {
    item.before.is_none() || matches!(item.change.deed, Deed::ChangeProcess { .. })
}

fn start(takers: &Takers<'_>, item: &mut Working) {
    let wanted = item.after.get("sales_process").as_text().and_then(|text| text.parse::<Id>().ok());
    let historic = matches!(item.change.deed, Deed::Historic(_));
    let chosen = match wanted {
        Some(id) if historic => takers.process(id).ok_or_else(|| Violation::new("process.not_permitted", "sales_process")),
        wanted => takers.choose(wanted, &item.after),
    };
    match chosen {
        Ok(gates) => {
            item.after.set("sales_process", gates.process.id.to_string());
            if item.after.get("stage").is_null() {
                let first = gates.process.stages.first().map(|rules| rules.stage.as_str()).unwrap_or_default();
                item.after.set("stage", first);
            }
            if let Deed::Historic(past) = &item.change.deed
                && let Some((stage, _)) = past.entered.last()
            {
                item.after.set("stage", stage.as_str());
            }
        }
        Err(violation) => {
            // What follows from the process is not asked for on top of it.
            item.after.set("sales_process", "-");
            item.after.set("stage", "-");
            item.findings.push(violation);
        }
    }
}

fn change(takers: &Takers<'_>, to: Id, item: &mut Working) {
    if item.after.text("sales_process") == to.to_string() {
        item.findings.push(Violation::new("process.already_there", "process"));
        return;
    }
    match takers.choose(Some(to), &item.after) {
        Ok(gates) => item.after.set("sales_process", gates.process.id.to_string()),
        Err(violation) => item.findings.push(Violation { path: "process".to_owned(), ..violation }),
    }
}

/// The processes with what decides which of them some deals may take.
pub(super) struct Takers<'a> {
    cx: &'a Ctx,
    all: Vec<Gates>,
    roles: BTreeMap<Id, Vec<String>>,
    world: World,
}

impl<'a> Takers<'a> {
    /// For these deals.
    pub fn of(cx: &'a Ctx, tx: &mut Read, deals: &[&Record]) -> Result<Takers<'a>> {
        let all: Vec<Gates> = cx.meta.processes.iter().filter_map(|p| Gates::resolve(p, &cx.system_reading()).ok()).collect();
        let roles = owner_roles(cx, tx, cx.meta.processes.iter(), deals.iter().filter_map(|deal| deal.owner()))?;
        let entry: Vec<_> = all.iter().filter_map(|gates| gates.entry.clone()).collect();
        let world = world::around(cx, tx, deals, entry.iter())?;
        Ok(Takers { cx, all, roles, world })
    }

    fn process(&self, id: Id) -> Option<&Gates> {
        self.all.iter().find(|gates| gates.process.id == id)
    }

    fn choose(&self, wanted: Option<Id>, deal: &Record) -> std::result::Result<&Gates, Violation> {
        with_owner(self.cx, &self.roles, deal, |owner| choose(&self.all, wanted, owner, deal, &self.world))
    }

    /// Those that the deal may take, by precedence.
    pub fn applicable(&self, deal: &Record) -> Vec<&Gates> {
        with_owner(self.cx, &self.roles, deal, |owner| model::process::applicable(&self.all, owner, deal, &self.world))
    }
}

/// Calls `f` with the deal's owner, as far as the choice of a process looks at him.
pub(super) fn with_owner<T>(cx: &Ctx, roles: &BTreeMap<Id, Vec<String>>, deal: &Record, f: impl FnOnce(Option<Owner<'_>>) -> T) -> T {
    let nobody: Vec<String> = Vec::new();
    let chain = department_chain(&cx.meta.departments, deal.reference("owner_department"));
    let Some(id) = deal.owner() else { return f(None) };
    let groups = cx.meta.groups.iter();
    let groups: Vec<Id> = groups
        .filter(|group| group.members.contains(&id) || group.departments.iter().any(|department| chain.contains(department)))
        .map(|group| group.id)
        .collect();
    f(Some(Owner { id, departments: &chain, roles: roles.get(&id).unwrap_or(&nobody), groups: &groups }))
}

/// The roles of deals' owners, where one of the processes asks for them.
pub(super) fn owner_roles<'a>(
    cx: &Ctx,
    tx: &mut Read,
    mut processes: impl Iterator<Item = &'a Process>,
    owners: impl Iterator<Item = Id>,
) -> Result<BTreeMap<Id, Vec<String>>> {
    if processes.all(|process| process.who.roles.is_empty()) {
        return Ok(BTreeMap::new());
    }
    let ids: BTreeSet<Id> = owners.collect();
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let people = db::records::load(
        tx,
        &cx.meta.schema,
        employee,
        &db::records::Scope::All("the owner's roles"),
        &ids.into_iter().collect::<Vec<_>>(),
    )?;
    let roles = |person: &Record| match person.get("roles") {
        Value::Keys(keys) => keys.clone(),
        _ => Vec::new(),
    };
    Ok(people.iter().map(|person| (person.id, roles(person))).collect())
}
