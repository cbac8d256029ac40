//! People named by what they are to a deal: its owner, his manager, those in its team. Who they are is found when it is asked, so that
//! whoever has taken over in the meantime is the one.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::records::Scope;
use model::process::Party;
use model::{Id, Record, Value};
use sea_query::{Expr, ExprTrait, Order, Query};

use crate::access::department_chain;
use crate::{Ctx, Result, identity};

const WHY: Scope<'static> = Scope::All("whom a sales process names");

/// Somebody who was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    pub person: Id,
    /// As which of the parties asked for, counted from 0: the first of those as which he was named.
    pub party: usize,
}

/// Of each deal the people that its parties name, in their order, each once; of those who work here. A handful of statements, however
/// many deals.
pub fn people(cx: &Ctx, tx: &mut Read, asked: &[(&Record, &[Party])]) -> Result<Vec<Vec<Id>>> {
    let named = named(cx, tx, asked)?;
    Ok(named.into_iter().map(|people| people.into_iter().map(|one| one.person).collect()).collect())
}

/// As [`people`], with the party that each is.
pub fn named(cx: &Ctx, tx: &mut Read, asked: &[(&Record, &[Party])]) -> Result<Vec<Vec<Named>>> {
    let around = Around::of(cx, tx, asked)?;
    let found: Vec<Vec<Named>> = asked
        .iter()
        .map(|(record, parties)| {
            let of = |(party, one): (usize, &Party)| around.whom(cx, record, one).into_iter().map(move |person| Named { person, party });
            parties.iter().enumerate().flat_map(of).collect()
        })
        .collect();
    let active = active(cx, tx, found.iter().flatten().map(|one| one.person), &around.people)?;
    let once = |people: Vec<Named>| {
        let mut known = BTreeSet::new();
        people.into_iter().filter(|one| active.contains(&one.person) && known.insert(one.person)).collect()
    };
    Ok(found.into_iter().map(once).collect())
}

/// What the parties of some deals are looked up in.
#[derive(Default)]
struct Around {
    /// Owners, and managers of departments.
    people: BTreeMap<Id, Record>,
    heads: BTreeMap<Id, Id>,
    /// By deal: who is in its team, with his role.
    teams: BTreeMap<Id, Vec<(Id, String)>>,
}

impl Around {
    fn of(cx: &Ctx, tx: &mut Read, asked: &[(&Record, &[Party])]) -> Result<Around> {
        let asking = |wanted: fn(&Party) -> bool| asked.iter().filter(move |(_, all)| all.iter().any(wanted)).map(|(record, _)| *record);
        let mut around = Around::default();
        let departments: BTreeSet<Id> = asking(|party| *party == Party::DepartmentManager)
            .flat_map(|record| department_chain(&cx.meta.departments, record.reference("owner_department")))
            .collect();
        if let Some(object) = cx.meta.schema.object("department").filter(|_| !departments.is_empty()) {
            let found = db::records::load(tx, &cx.meta.schema, object, &WHY, &departments.into_iter().collect::<Vec<_>>())?;
            around.heads = found.iter().filter_map(|department| Some((department.id, department.reference("head")?))).collect();
        }
        let owners = asking(|party| *party == Party::OwnerManager).filter_map(|record| record.owner());
        around.people = load(cx, tx, owners.chain(around.heads.values().copied()))?;
        let mut teams: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
        for record in asking(|party| matches!(party, Party::Team | Party::TeamRole { .. })) {
            teams.entry(&record.object).or_default().insert(record.id);
        }
        for (object, records) in teams {
            around.teams.extend(team(tx, object, &records.into_iter().collect::<Vec<_>>())?);
        }
        Ok(around)
    }

    fn whom(&self, cx: &Ctx, record: &Record, party: &Party) -> Vec<Id> {
        let team = || self.teams.get(&record.id).into_iter().flatten();
        match party {
            Party::Owner => record.owner().into_iter().collect(),
            Party::OwnerManager => record.owner().and_then(|owner| self.people.get(&owner)?.reference("manager")).into_iter().collect(),
            Party::DepartmentManager => {
                let chain = department_chain(&cx.meta.departments, record.reference("owner_department"));
                let mut heads = chain.iter().filter_map(|department| self.heads.get(department).copied());
                heads.find(|head| self.people.get(head).is_some_and(identity::is_active)).into_iter().collect()
            }
            Party::Creator => record.reference("created_by").into_iter().collect(),
            Party::Team => team().map(|(person, _)| *person).collect(),
            Party::TeamRole { role } => team().filter(|(_, plays)| plays == role).map(|(person, _)| *person).collect(),
            Party::Person { id } => vec![*id],
            Party::Field { field } => match record.get(field) {
                Value::Ref(id) => vec![*id],
                several => several.ids(),
            },
        }
    }
}

fn load(cx: &Ctx, tx: &mut Read, people: impl Iterator<Item = Id>) -> Result<BTreeMap<Id, Record>> {
    let ids: BTreeSet<Id> = people.collect();
    let Some(employee) = cx.meta.schema.object("employee").filter(|_| !ids.is_empty()) else { return Ok(BTreeMap::new()) };
    let found = db::records::load(tx, &cx.meta.schema, employee, &WHY, &ids.into_iter().collect::<Vec<_>>())?;
    Ok(found.into_iter().map(|person| (person.id, person)).collect())
}

/// Those of these who work here; some are known already.
fn active(cx: &Ctx, tx: &mut Read, people: impl Iterator<Item = Id>, known: &BTreeMap<Id, Record>) -> Result<BTreeSet<Id>> {
    // Whoever asks works here.
    let asks = |id: Id| cx.who.system.is_none() && cx.who.id == id;
    let (there, unknown): (Vec<Id>, Vec<Id>) = people.partition(|id| known.contains_key(id) || asks(*id));
    let loaded = load(cx, tx, unknown.into_iter())?;
    let people = there.iter().filter_map(|id| known.get(id)).chain(loaded.values());
    let mut active: BTreeSet<Id> = people.filter(|person| identity::is_active(person)).map(|person| person.id).collect();
    active.extend(there.iter().copied().filter(|id| asks(*id)));
    Ok(active)
}

/// By record: who is in its team, with his role.
fn team(tx: &mut Read, object: &str, records: &[Id]) -> Result<BTreeMap<Id, Vec<(Id, String)>>> {
    let mut teams: BTreeMap<Id, Vec<(Id, String)>> = BTreeMap::new();
    for chunk in records.chunks(500) {
        let rows = tx.all(
            Query::select()
                .columns(["record", "principal", "role"])
                .from("grant_to")
                .and_where(Expr::col("object").eq(object))
                .and_where(Expr::col("record").is_in(chunk.iter().map(|id| id.0)))
                .and_where(Expr::col("why").eq("team"))
                .order_by("principal", Order::Asc),
        )?;
        for row in &rows {
            teams
                .entry(row.get("record")?)
                .or_default()
                .push((row.get("principal")?, row.get::<Option<String>>("role")?.unwrap_or_default()));
        }
    }
    Ok(teams)
}
