//! Whose turn it is, and giving leads out by it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use db::records::Scope;
use db::{Read, Write};
use model::objects::lead::KEY;
use model::role::Act;
use model::sharing::RecipientKind;
use model::{Id, Object, Record, Value, Via, Violation};
use sea_query::{Expr, ExprTrait, OnConflict, Query};

use super::document::LeadRule;
use crate::notices::deputies;
use crate::save::{Deed, Working};
use crate::{Ctx, Error, Result, holding, identity, leads, people, world};

const WHY: Scope<'static> = Scope::All("whose turn it is to get a lead");

/// True for a lead that comes in without an owner and is given out by the rules: by a web form, an import or a program, or left open by whoever
/// made it.
pub(crate) fn asks(cx: &Ctx, object: &Object, item: &Working) -> bool {
    if object.key != KEY || item.before.is_some() || item.after.owner().is_some() || cx.meta.lead_rules.is_empty() {
        return false;
    }
    let left_open = item.change.patch.get("owner").is_some_and(Value::is_null);
    let comes_in = matches!(cx.via, Via::Api | Via::Mcp | Via::Import | Via::WebForm);
    item.change.by_rules.unwrap_or(left_open || comes_in)
}

/// Gives out those leads of these that ask for it. What was refused takes nobody's turn.
pub(crate) fn give(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let by_hand = |item: &Working| matches!(item.change.deed, Deed::Assign { to: None });
    let meant = |item: &Working| item.is_sound() && (by_hand(item) || asks(cx, object, item));
    let asking: Vec<usize> = (0..work.len()).filter(|at| meant(&work[*at])).collect();
    if object.key != KEY || asking.is_empty() {
        return Ok(());
    }
    let records: Vec<&Record> = asking.iter().map(|at| &work[*at].after).collect();
    let world = world::around(cx, tx, &records, cx.meta.lead_rules.iter().map(|live| &live.condition))?;
    let mut turns = Turns::default();
    for at in asking {
        let meant = cx.meta.lead_rules.iter().filter(|live| live.condition.holds(&work[at].after, &world));
        let mut chosen = None;
        for live in meant {
            chosen = turns.take(cx, tx, &live.rule, &work[at].after)?;
            if chosen.is_some() {
                break;
            }
        }
        let item = &mut work[at];
        match chosen {
            Some(person) => {
                item.after.set("owner", person.id);
                item.after.set("owner_department", person.department.map(Value::Ref).unwrap_or_default());
                item.by_rules = !by_hand(item);
                leads::settle(cx, object, item);
            }
            None if by_hand(item) => item.findings.push(Violation::new("lead.no_rule_takes_it", "")),
            // As when there are no rules: whoever made it has it, unless he left it open or nobody made it.
            None if cx.who.system.is_none() && !item.change.patch.get("owner").is_some_and(Value::is_null) => {
                item.after.set("owner", cx.who.id);
                item.after.set("owner_department", cx.who.department.map(Value::Ref).unwrap_or_default());
                leads::settle(cx, object, item);
            }
            None => {}
        }
    }
    turns.write(cx, tx)
}

/// Leaves a lead that was given out without an owner after all.
pub(crate) fn leave_open(cx: &Ctx, object: &Object, item: &mut Working) {
    item.after.set("owner", Value::Null);
    item.after.set("owner_department", Value::Null);
    leads::settle(cx, object, item);
}

/// Somebody who may get a lead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Receiver {
    pub id: Id,
    pub department: Option<Id>,
}

/// The turns that are taken together.
#[derive(Default)]
struct Turns {
    /// By rule: its receivers, and who of them got the last one.
    rules: BTreeMap<Id, (Vec<Receiver>, Option<Id>)>,
    /// What has been given to whom so far: it takes room before it is written.
    given: Vec<(Record, Id)>,
}

impl Turns {
    /// The receiver whose turn it is; nobody where none of them can get one.
    fn take(&mut self, cx: &Ctx, tx: &mut Write, rule: &LeadRule, lead: &Record) -> Result<Option<Receiver>> {
        let (receivers, last) = match self.rules.entry(rule.id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                // Whoever gives out by the same rule waits here, and reads afterwards whose turn it was.
                tx.lock(&[format!("lead_rule:{}", rule.id)])?;
                place.insert((receivers(cx, tx, rule)?, last(tx, rule.id)?))
            }
        };
        // Whoever has no room for this one keeps his turn for another.
        let people: Vec<Id> = receivers.iter().map(|person| person.id).collect();
        let full = holding::full(cx, tx, lead, &people, &self.given)?;
        let free: Vec<Receiver> = receivers.iter().filter(|person| !full.contains(&person.id)).copied().collect();
        let chosen = after(&free, *last);
        *last = chosen.map(|person| person.id).or(*last);
        if let Some(person) = chosen.filter(|_| cx.meta.holding.limits(KEY)) {
            let mut given = lead.clone();
            given.set("owner", person.id);
            self.given.push((given, person.id));
        }
        Ok(chosen)
    }

    fn write(self, cx: &Ctx, tx: &mut Write) -> Result<()> {
        for (rule, (_, last)) in self.rules {
            let Some(person) = last else { continue };
            tx.execute(
                Query::insert()
                    .into_table("lead_turn")
                    .columns(["rule", "person", "at"])
                    .values_panic([rule.0.into(), person.0.into(), cx.at.0.into()])
                    .on_conflict(OnConflict::column("rule").update_columns(["person", "at"]).to_owned()),
            )?;
        }
        Ok(())
    }
}

/// Whose turn it would be now.
pub(super) fn next(cx: &Ctx, tx: &mut Read, rule: &LeadRule) -> Result<Option<Receiver>> {
    let receivers = receivers(cx, tx, rule)?;
    Ok(after(&receivers, last(tx, rule.id)?))
}

/// The one after the last in the fixed order, from the beginning again behind the end. It stays right when people come and go.
fn after(receivers: &[Receiver], last: Option<Id>) -> Option<Receiver> {
    let behind = last.and_then(|last| receivers.iter().find(|person| person.id > last));
    behind.or_else(|| receivers.first()).copied()
}

fn last(tx: &mut Read, rule: Id) -> Result<Option<Id>> {
    let row = tx.optional(&Query::select().column("person").from("lead_turn").and_where(Expr::col("rule").eq(rule.0)).to_owned())?;
    row.map(|row| row.get(0).map_err(Error::from)).transpose()
}

/// Those who can get leads by a rule, in a fixed order. Passed over is who is disabled, away (he has a deputy now) or may not work on
/// leads; and of these, for a single lead, whoever has no room for it.
pub(super) fn receivers(cx: &Ctx, tx: &mut Read, rule: &LeadRule) -> Result<Vec<Receiver>> {
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let all_by_name = rule.to.iter().all(|to| to.kind == RecipientKind::Person);
    let ids: Vec<Id> = match all_by_name {
        true => rule.to.iter().map(|to| to.id).collect(),
        false => db::records::ids_after(tx, employee, None, u64::from(u32::MAX))?,
    };
    let standing = deputies::Standing::load(cx, tx)?;
    let mut found = Vec::new();
    for person in db::records::load(tx, &cx.meta.schema, employee, &WHY, &ids)? {
        if !identity::is_active(&person) || standing.is_away(person.id) {
            continue;
        }
        let rights = identity::rights_of(&cx.meta, &person);
        if !rights.may(Act::Read, KEY) || !rights.may(Act::Edit, KEY) {
            continue;
        }
        let belongs = people::belongs_to(cx.meta.tree(), &cx.meta.groups, &person);
        if rule.to.iter().any(|to| belongs.contains(&to.id)) {
            found.push(Receiver { id: person.id, department: person.reference("department") });
        }
    }
    found.sort_by_key(|person| person.id);
    Ok(found)
}
