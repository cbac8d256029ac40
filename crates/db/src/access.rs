//! Who stands above whom, and what has been given to whom.

use std::collections::{BTreeMap, BTreeSet};

use model::condition::Resolved;
use model::field::Kind;
use model::{Id, Object, Schema};
use sea_query::{Expr, ExprTrait, Order, Query, Value};

use crate::columns::{decode_value, table};
use crate::condition::Writer;
use crate::records::{ROOT, Scope};
use crate::{Error, Read, Write, dialect};

/// Most steps up a chain of managers or departments; a circle ends there too.
const HEIGHT: usize = 100;

/// Rebuilds who sees whose records, from the people and departments as they stand: everybody his own; managers, up their chain;
/// heads and assistants of the owner's primary department and of those above it. Whole, in the transaction that changed people (core rule 24).
pub fn rebuild_sees(tx: &mut Write) -> Result<(), Error> {
    // Two who rebuild at once would each store the same rows.
    tx.lock(&["sees".to_owned()])?;
    let chart = Chart::load(tx)?;
    tx.execute(Query::delete().from_table("sees").to_owned())?;
    let rows = chart
        .sees()
        .into_iter()
        .map(|(viewer, owner)| {
            vec![Value::from(viewer.0), Value::from(owner.0), Value::from(if viewer == owner { "own" } else { "below" })]
        })
        .collect::<Vec<_>>();
    for chunk in rows.chunks(5000) {
        tx.insert_rows("sees", &["viewer", "owner", "level"], chunk.to_vec())?;
    }
    Ok(())
}

/// Who stands above whom: people with manager and department, departments with the one above and those who see what is in them.
#[derive(Default)]
pub struct Chart {
    people: BTreeMap<Id, (Option<Id>, Option<Id>)>,
    departments: BTreeMap<Id, Led>,
}

/// A department and those who lead it.
#[derive(Default)]
struct Led {
    parent: Option<Id>,
    head: Option<Id>,
    assistants: Vec<Id>,
}

/// Why somebody stands above an owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Above {
    /// The managers from the owner's own up to this one.
    Manager(Vec<Id>),
    /// The departments from the owner's own up to the one that he leads.
    Head(Vec<Id>),
    /// As its head does.
    Assistant(Vec<Id>),
}

impl Chart {
    /// As people and departments stand.
    pub fn load(tx: &mut Read) -> Result<Chart, Error> {
        let people = Query::select().columns(["id", "manager", "department"]).from(table("employee")).to_owned();
        let departments =
            Query::select().columns(["id", "parent", "head", "assistants", "lifecycle_status"]).from(table("department")).to_owned();
        let mut chart = Chart::default();
        for row in tx.all(&people)? {
            chart.people.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
        }
        for row in tx.all(&departments)? {
            // One that has been voided gives nothing, nor do those above it.
            if row.get::<Option<String>>(4)?.as_deref() != Some("voided") {
                let assistants = decode_value(Kind::Keys, &row, 3).map_or_else(Vec::new, |value| value.ids());
                chart.departments.insert(row.get(0)?, Led { parent: row.get(1)?, head: row.get(2)?, assistants });
            }
        }
        Ok(chart)
    }

    /// Everybody above a person, with every reason.
    pub fn above(&self, person: Id) -> Vec<(Id, Above)> {
        let mut above = Vec::new();
        let Some((_, department)) = self.people.get(&person) else { return above };
        let (mut managers, mut at) = (Vec::new(), person);
        for _ in 0..HEIGHT {
            match self.people.get(&at).and_then(|(manager, _)| *manager) {
                Some(manager) if manager != person && !managers.contains(&manager) => {
                    managers.push(manager);
                    above.push((manager, Above::Manager(managers.clone())));
                    at = manager;
                }
                _ => break,
            }
        }
        let (mut departments, mut at) = (Vec::new(), *department);
        while let Some((id, led)) = at.and_then(|id| self.departments.get(&id).map(|led| (id, led))) {
            if departments.contains(&id) || departments.len() >= HEIGHT {
                break;
            }
            departments.push(id);
            above.extend(led.head.map(|head| (head, Above::Head(departments.clone()))));
            above.extend(led.assistants.iter().map(|assistant| (*assistant, Above::Assistant(departments.clone()))));
            at = led.parent;
        }
        above
    }

    /// (viewer, owner).
    fn sees(&self) -> BTreeSet<(Id, Id)> {
        let of = |person: &Id| self.above(*person).into_iter().map(|(viewer, _)| (viewer, *person)).chain([(*person, *person)]).collect();
        self.people.keys().flat_map(|person| -> Vec<(Id, Id)> { of(person) }).collect()
    }
}

/// How many records of an object a person sees for each reason; one may count for several. The recycle bin's are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    pub own: i64,
    pub below: i64,
    pub team: i64,
    pub share: i64,
    /// They have no owner, and he may assign them.
    pub ownerless: i64,
    /// They lie in a pool of his.
    pub pool: i64,
    /// As the assignee of a task, of one about it, or of one of its stage.
    pub task: i64,
    /// As somebody whom an approval asks, or has asked, that runs.
    pub approval: i64,
}

/// By what a person sees records of an object with owners.
pub fn reach(tx: &mut Read, object: &Object, viewer: &crate::records::Viewer) -> Result<Reach, Error> {
    let owner = || Expr::col((ROOT, "owner"));
    let below = Query::select()
        .column("owner")
        .from("sees")
        .and_where(Expr::col("viewer").eq(viewer.id.0))
        .and_where(Expr::col("owner").ne(viewer.id.0))
        .to_owned();
    let given = |by: Expr| {
        let mut given = Query::select();
        given
            .column("record")
            .from("grant_to")
            .and_where(Expr::col("object").eq(object.key.as_str()))
            .and_where(Expr::col("principal").is_in(viewer.principals.iter().map(|id| id.0)));
        given.and_where(by);
        Expr::col((ROOT, "id")).in_subquery(given)
    };
    let mut count = |meets: Expr| {
        let mut select = Query::select();
        select.expr(Expr::cust("COUNT(1)")).from_as(table(&object.key), ROOT).and_where(meets);
        select.and_where_option(crate::condition::not_voided(object, ROOT));
        tx.one(&select)?.get::<i64>(0)
    };
    Ok(Reach {
        own: count(owner().eq(viewer.id.0))?,
        below: count(owner().in_subquery(below))?,
        team: count(given(Expr::col("why").eq("team")))?,
        share: count(given(by_rule()))?,
        ownerless: count(given(Expr::col("why").eq(OWNERLESS)))?,
        pool: count(given(Expr::col("why").eq(POOL)))?,
        task: count(given(by_task()))?,
        approval: count(given(by_approval()))?,
    })
}

/// How many people's records a person sees, himself included.
pub fn people_seen_by(tx: &mut Read, viewer: Id) -> Result<u32, Error> {
    let select = Query::select().expr(Expr::cust("COUNT(1)")).from("sees").and_where(Expr::col("viewer").eq(viewer.0)).to_owned();
    let count: i64 = tx.one(&select)?.get(0)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A record given to a person, department or group, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    pub record: Id,
    pub principal: Id,
    /// `team`, `share:` with the rule's id, [`OWNERLESS`], [`POOL`], `task:` with the id of an open task about it, `assignee` of the task itself, or
    /// `stage_task:` with the id of an open task of its stage, or `approval:` with the id of one that runs.
    pub why: String,
    /// `read` or `read_write`.
    pub level: String,
    /// The part that a member of a team plays.
    pub role: Option<String>,
}

/// To whom these records have been given, and why.
pub fn grants(tx: &mut Read, object: &str, ids: &[Id]) -> Result<Vec<Grant>, Error> {
    let mut found = Vec::new();
    for chunk in ids.chunks(512) {
        let select = Query::select()
            .columns(["record", "principal", "why", "level", "role"])
            .from("grant_to")
            .and_where(Expr::col("object").eq(object))
            .and_where(Expr::col("record").is_in(dialect::padded(chunk).into_iter().map(|id| id.0)))
            .to_owned();
        for row in tx.all(&select)? {
            found.push(Grant { record: row.get(0)?, principal: row.get(1)?, why: row.get(2)?, level: row.get(3)?, role: row.get(4)? });
        }
    }
    Ok(found)
}

/// The reason under which a record without an owner is given to those who may assign it.
pub const OWNERLESS: &str = "ownerless";

/// The reason under which a record without an owner is given to the members and administrators of the pool in which it lies.
pub const POOL: &str = "pool";

/// True for reasons that are kept with every write of the record: what sharing rules give, and what lies without an owner.
pub fn is_kept(why: &str) -> bool {
    why.starts_with("share:") || why == OWNERLESS || why == POOL
}

/// True for what sharing rules have given. The end of the range is the character after the colon.
fn by_rule() -> Expr {
    Expr::col("why").gte("share:").and(Expr::col("why").lt("share;"))
}

/// True for what tasks have given.
fn by_task() -> Expr {
    let within = |from: &'static str, to: &'static str| Expr::col("why").gte(from).and(Expr::col("why").lt(to));
    within("task:", "task;").or(within("stage_task:", "stage_task;")).or(Expr::col("why").eq("assignee"))
}

/// True for what approvals have given.
fn by_approval() -> Expr {
    Expr::col("why").gte("approval:").and(Expr::col("why").lt("approval;"))
}

/// Replaces what sharing rules have given of these records, and what was given for want of an owner.
pub fn set_shares(tx: &mut Write, object: &Object, records: &[Id], grants: &[Grant]) -> Result<(), Error> {
    for chunk in records.chunks(512) {
        let padded = dialect::padded(chunk).into_iter().map(|id| id.0);
        let delete = Query::delete()
            .from_table("grant_to")
            .and_where(Expr::col("object").eq(object.key.as_str()))
            .and_where(Expr::col("record").is_in(padded))
            .and_where(by_rule().or(Expr::col("why").is_in([OWNERLESS, POOL])))
            .to_owned();
        tx.execute(delete)?;
    }
    add_shares(tx, object, grants)
}

/// Gives records that no rule has given before.
pub fn add_shares(tx: &mut Write, object: &Object, grants: &[Grant]) -> Result<(), Error> {
    let row = |grant: &Grant| {
        vec![
            Value::from(object.key.as_str()),
            Value::from(grant.record.0),
            Value::from(grant.principal.0),
            Value::from(grant.level.as_str()),
            Value::from(grant.why.as_str()),
        ]
    };
    tx.insert_rows("grant_to", &["object", "record", "principal", "level", "why"], grants.iter().map(row).collect())
}

/// Takes back what has been given to somebody for one reason.
pub fn take(tx: &mut Write, object: &str, grant: &Grant) -> Result<(), Error> {
    tx.execute(
        Query::delete()
            .from_table("grant_to")
            .and_where(Expr::col("object").eq(object))
            .and_where(Expr::col("record").eq(grant.record.0))
            .and_where(Expr::col("principal").eq(grant.principal.0))
            .and_where(Expr::col("why").eq(grant.why.as_str()))
            .to_owned(),
    )?;
    Ok(())
}

/// Takes back whatever has been given of an object for these reasons.
pub fn take_for(tx: &mut Write, object: &str, reasons: &[String]) -> Result<(), Error> {
    for chunk in reasons.chunks(512) {
        let for_these = dialect::text_in(tx.engine(), Expr::col("why"), chunk);
        let delete = Query::delete().from_table("grant_to").and_where(for_these).and_where(Expr::col("object").eq(object)).to_owned();
        tx.execute(delete)?;
    }
    Ok(())
}

/// Replaces what has been given for one reason: principal and level, `read` or `read_write`.
pub fn set_grants(tx: &mut Write, object: &Object, record: Id, why: &str, grants: &[(Id, &str)]) -> Result<(), Error> {
    tx.execute(
        Query::delete()
            .from_table("grant_to")
            .and_where(Expr::col("object").eq(object.key.as_str()))
            .and_where(Expr::col("record").eq(record.0))
            .and_where(Expr::col("why").eq(why))
            .to_owned(),
    )?;
    let given = |(principal, level): &(Id, &str)| Grant {
        record,
        principal: *principal,
        why: why.to_owned(),
        level: (*level).to_owned(),
        role: None,
    };
    add_shares(tx, object, &grants.iter().map(given).collect::<Vec<_>>())
}

/// A record with those by whom it is seen for what stands in it.
pub struct Holder {
    pub record: Id,
    pub owner: Option<Id>,
    /// The record that lends its visibility.
    pub lender: Option<(String, Id)>,
}

/// Owners of records, and what the records belong to.
pub fn holders(tx: &mut Read, object: &Object, ids: &[Id]) -> Result<Vec<Holder>, Error> {
    let owner = object.field("owner").is_some();
    let lender = object.lender();
    let mut columns = vec!["id".to_owned()];
    columns.extend(owner.then(|| "owner".to_owned()));
    if let Some(field) = lender {
        columns.push(field.key.clone());
        columns.extend((field.kind.target().is_none()).then(|| format!("{}_object", field.key)));
    }
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(512) {
        let padded = dialect::padded(chunk).into_iter().map(|id| id.0);
        let select = Query::select().columns(columns.clone()).from(table(&object.key)).and_where(Expr::col("id").is_in(padded)).to_owned();
        for row in tx.all(&select)? {
            let at = 1 + usize::from(owner);
            let lender = match lender.map(|field| field.kind.target()) {
                None => None,
                Some(Some(target)) => row.get::<Option<Id>>(at)?.map(|id| (target.to_owned(), id)),
                Some(None) => row.get::<Option<Id>>(at)?.zip(row.get::<Option<String>>(at + 1)?).map(|(id, object)| (object, id)),
            };
            found.push(Holder { record: row.get(0)?, owner: if owner { row.get(1)? } else { None }, lender });
        }
    }
    Ok(found)
}

/// What has been given for these reasons, by object.
pub fn given_for(tx: &mut Read, reasons: &[String]) -> Result<Vec<(String, Grant)>, Error> {
    let mut found = Vec::new();
    for chunk in reasons.chunks(512) {
        let select = Query::select()
            .columns(["object", "record", "principal", "why", "level", "role"])
            .from("grant_to")
            .and_where(dialect::text_in(tx.engine(), Expr::col("why"), chunk))
            .to_owned();
        for row in tx.all(&select)? {
            let grant = Grant { record: row.get(1)?, principal: row.get(2)?, why: row.get(3)?, level: row.get(4)?, role: row.get(5)? };
            found.push((row.get(0)?, grant));
        }
    }
    Ok(found)
}

/// The next records of an object that a rule has given, or that meet its condition (`None`: none does), after one.
pub fn concerned(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    why: &str,
    condition: Option<&Resolved>,
    after: Option<Id>,
    limit: u32,
) -> Result<Vec<Id>, Error> {
    const EVERY: Scope<'static> = Scope::All("a rule gives every record that it means");
    let mut found: BTreeSet<Id> = BTreeSet::new();
    let mut given = Query::select();
    given.distinct().column("record").from("grant_to").and_where(Expr::col("why").eq(why));
    if let Some(after) = after {
        given.and_where(Expr::col("record").gt(after.0));
    }
    given.order_by("record", Order::Asc).limit(u64::from(limit));
    for row in tx.all(&given)? {
        found.insert(row.get(0)?);
    }
    if let Some(condition) = condition {
        let writer = Writer::new(tx.engine(), schema, &EVERY);
        let mut meets = Query::select();
        meets.column((ROOT, "id")).from_as(table(&object.key), ROOT).and_where(writer.condition(condition, object, ROOT));
        if let Some(after) = after {
            meets.and_where(Expr::col((ROOT, "id")).gt(after.0));
        }
        meets.order_by((ROOT, "id"), Order::Asc).limit(u64::from(limit));
        for row in tx.all_once(&meets)? {
            found.insert(row.get(0)?);
        }
    }
    // Each list goes as far as it goes; what is behind the shorter one's end comes with the next question.
    Ok(found.into_iter().take(limit as usize).collect())
}

/// How many records each rule gives, by the reason under which they stand.
pub fn shared_by_rule(tx: &mut Read) -> Result<BTreeMap<String, i64>, Error> {
    let select = Query::select()
        .column("why")
        .expr(Expr::cust("COUNT(DISTINCT record)"))
        .from("grant_to")
        .and_where(by_rule())
        .group_by_col("why")
        .to_owned();
    tx.all(&select)?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> Id {
        Id::from_parts(0, [n; 10])
    }

    #[test]
    fn chains_go_up_and_circles_end() {
        let mut chart = Chart::default();
        chart.people.insert(id(1), (Some(id(2)), Some(id(11))));
        chart.people.insert(id(2), (Some(id(3)), None));
        chart.people.insert(id(3), (Some(id(2)), None));
        chart.departments.insert(id(11), Led { parent: Some(id(12)), head: Some(id(4)), assistants: Vec::new() });
        chart.departments.insert(id(12), Led { parent: Some(id(11)), head: Some(id(5)), assistants: vec![id(6)] });
        let sees = chart.sees();
        let viewers: Vec<Id> = sees.iter().filter(|(_, owner)| *owner == id(1)).map(|(viewer, _)| *viewer).collect();
        assert_eq!(viewers, [1, 2, 3, 4, 5, 6].map(id).to_vec());
        let why = |n: u8| chart.above(id(1)).into_iter().filter(|(viewer, _)| *viewer == id(n)).map(|(_, why)| why).collect::<Vec<_>>();
        assert_eq!(why(3), [Above::Manager(vec![id(2), id(3)])]);
        assert_eq!(why(6), [Above::Assistant(vec![id(11), id(12)])]);
    }
}
