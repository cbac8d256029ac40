//! Somebody leaves: what he owns goes to others and he is disabled, in one act, all of it or nothing (spec/01, People).
//!
//! Every record changes its owner through `save`, with its rules; where one is refused, nothing has happened and he stays. The act
//! begins by raising the version of the metadata: it waits for every other write, and none begins before it has ended, so that nobody gives
//! him anything meanwhile (core rule 5).

mod holdings;
mod spread;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};

use db::records::{Bin, Query, Scope, Sort};
use db::{Read, Write};
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::objects::task;
use model::sharing::{RecipientKind, SharingRule};
use model::{Id, Record, Value, Violation, Violations};
use sea_query::{Expr, ExprTrait, Query as Sql};
use serde_json::{Value as Json, json};

use crate::audit::{self, Note};
use crate::records::{self, Refs};
use crate::save::{Change, Deed, save, save_all};
use crate::{Ctx, Error, Result, approvals, holding, identity, sharing, stage_tasks};

pub(crate) use holdings::Part;
pub use holdings::person;
pub use wanted::{Disable, Enable, Heir, Spread};

/// Records in one act: on the slower of both databases a matter of seconds, for which every other write waits. Whoever has more hands
/// some over before, by bulk.
pub const MOST: usize = 5_000;
const WHY: Scope<'static> = Scope::All("to hand over what somebody owns");

/// `POST /people/{id}/disable`; administrators only.
///
/// Errors, all at once: what cannot be read in the request, `disable.not_spread` for records that nobody gets, and what stands
/// against each record, under `records/{object}/{id}`.
pub fn disable(cx: &Ctx, tx: &mut Write, id: Id, wanted: &Disable) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let employee = cx.object("employee")?.clone();
    cx.attempts("disable", "employee", Some((id, "")));
    cx.administrators_only("disable", "employee")?;
    tx.publish_meta()?;
    let leaver = records::load(cx, tx, &employee, id)?;
    cx.attempts("disable", "employee", Some((id, leaver.text("name"))));
    if !identity::is_active(&leaver) {
        return Err(Error::invalid("people.inactive_already", ""));
    }
    if id == cx.who.id {
        return Err(Error::invalid("people.not_oneself", ""));
    }
    let mut act = Act { cx, leaver: &leaver, wanted, found: Violations::new(), refs: Refs::default() };
    act.refs.note("employee", id);
    let plan = wanted::read(cx, tx, &leaver, wanted)?;
    let objects = act.hand_over(tx, &plan)?;
    let rest = act.settle(tx, &plan)?;
    let ended = act.end(tx)?;
    let Act { found, refs, .. } = act;
    if !found.is_empty() && !wanted.dry_run {
        return Err(found.into());
    }
    if wanted.dry_run {
        tx.abandon();
    }
    let mut answer = json!({
        "result": "disabled", "dry_run": wanted.dry_run, "person": id.to_string(), "objects": objects, "violations": found,
        "sessions": ended.0, "tokens": ended.1, "refs": refs.names(cx, tx)?,
    });
    for (key, value) in rest {
        answer[key] = value;
    }
    if !wanted.dry_run {
        let detail = json!({"reason": wanted.reason, "objects": answer["objects"]});
        audit::note(cx, tx, Note::new("disable", "person").record("employee", id).subject(leaver.text("name")).detail(detail))?;
    }
    Ok(answer)
}

/// `POST /people/{id}/enable`; administrators only. What has been handed over stays where it is.
pub fn enable(cx: &Ctx, tx: &mut Write, id: Id, wanted: &Enable) -> Result<Json> {
    let employee = cx.object("employee")?.clone();
    cx.attempts("enable", "employee", Some((id, "")));
    cx.administrators_only("enable", "employee")?;
    let person = records::load(cx, tx, &employee, id)?;
    if identity::is_active(&person) {
        return Err(Error::invalid("people.active_already", ""));
    }
    let mut change = Change::of("employee", id, Deed::Edit);
    change.patch.insert("active".into(), true.into());
    change.reason.clone_from(&wanted.reason);
    save(cx, tx, change)?;
    audit::note(
        cx,
        tx,
        Note::new("enable", "person").record("employee", id).subject(person.text("name")).detail(json!({"reason": wanted.reason})),
    )?;
    Ok(json!({"result": "enabled", "person": id.to_string()}))
}

/// The people who report to somebody, by id; disabled ones too, those in the recycle bin not.
fn reports(cx: &Ctx, tx: &mut Read, id: Id, scope: &Scope<'_>) -> Result<Vec<Id>> {
    let is_manager = one("manager", Kind::Ref, Check::Equal(Value::Ref(id)));
    all(cx, tx, "employee", &is_manager, scope)
}

/// The departments whose head a person is, and those in which he assists.
fn leads(cx: &Ctx, tx: &mut Read, id: Id) -> Result<(Vec<Id>, Vec<Id>)> {
    let heads = all(cx, tx, "department", &one("head", Kind::Ref, Check::Equal(Value::Ref(id))), &WHY)?;
    let assists = all(cx, tx, "department", &one("assistants", Kind::Keys, Check::HasAny(vec![id.to_string()])), &WHY)?;
    Ok((heads, assists))
}

fn one(field: &str, kind: Kind, check: Check) -> Resolved {
    Resolved::Test(Test { hops: Vec::new(), field: field.to_owned(), kind, folded: false, check })
}

fn all(cx: &Ctx, tx: &mut Read, object: &str, condition: &Resolved, scope: &Scope<'_>) -> Result<Vec<Id>> {
    let Some(object) = cx.meta.schema.object(object) else { return Ok(Vec::new()) };
    let sort = Sort { field: "id".into(), descending: false };
    let query = Query { condition: Some(condition), words: None, sort, cursor: None, limit: 100_000, bin: Bin::Out };
    Ok(db::records::ids(tx, &cx.meta.schema, object, scope, &query)?.0)
}

/// The act while it is being done.
struct Act<'a> {
    cx: &'a Ctx,
    leaver: &'a Record,
    wanted: &'a Disable,
    found: Violations,
    refs: Refs,
}

impl Act<'_> {
    /// Gives what he owns to those who are to have it.
    fn hand_over(&mut self, tx: &mut Write, plan: &wanted::Plan) -> Result<Vec<Json>> {
        let mut objects = Vec::new();
        for given in &plan.parts {
            let (part, count) = (&given.part, given.ids.len());
            if count == 0 {
                continue;
            }
            let shared = spread::spread(&given.ids, &given.receivers, &given.named);
            let nobodys = if given.stays || given.pool.is_some() { 0 } else { shared.iter().filter(|(_, to)| to.is_none()).count() };
            if nobodys > 0 {
                let path = format!("spread/{}/{}", part.object.key, part.part);
                let missing = Violation::new("disable.not_spread", path).with("object", part.object.key.as_str());
                self.found.push(missing.with("part", part.part).with("count", nobodys));
            }
            let mut gets: BTreeMap<Id, usize> = given.receivers.iter().map(|receiver| (*receiver, 0)).collect();
            let mut changes = Vec::new();
            for (record, to) in shared.iter().filter_map(|(record, to)| Some((*record, (*to)?))) {
                *gets.entry(to).or_default() += 1;
                changes.push((record, to));
            }
            let owners: Vec<Id> = gets.keys().copied().collect();
            let holds = part.counts(self.cx, tx, &owners, &self.cx.scope())?;
            // What is closed counts for nobody unless the administrator says so; the room is told for what counts.
            let room = holding::room_of(self.cx, tx, &part.object.key, &owners)?;
            let pooled = shared.iter().filter(|(_, to)| to.is_none()).filter_map(|(record, _)| Some((*record, given.pool?)));
            let pooled: Vec<Change> = pooled.map(|(record, pool)| self.given_up(&part.object.key, record, pool)).collect();
            let into_pool = pooled.len();
            self.saves(tx, &part.object.key, pooled)?;
            let deeds = changes.iter().map(|(record, to)| (*record, Deed::ChangeOwner { to: *to, keep_as: None }));
            let changes = deeds.map(|(record, deed)| Change::of(&part.object.key, record, deed)).collect();
            self.saves(tx, &part.object.key, changes)?;
            owners.iter().for_each(|owner| self.refs.note("employee", *owner));
            let receivers: Vec<Json> = gets
                .iter()
                .map(|(person, gets)| {
                    let holds = holds.get(person).copied().unwrap_or(0);
                    json!({"person": person.to_string(), "gets": gets, "holds": holds, "room": room.get(person)})
                })
                .collect();
            objects.push(json!({
                "object": part.object.key, "part": part.part, "count": count, "may_stay": part.may_stay(), "stays": given.stays,
                "nobodys": nobodys, "pool": given.pool.map(|pool| pool.to_string()), "into_pool": into_pool, "receivers": receivers,
            }));
        }
        Ok(objects)
    }

    /// Why it goes into the pool is that he leaves: without other words his name is the reason.
    fn given_up(&self, object: &str, record: Id, pool: Id) -> Change {
        let mut change = Change::of(object, record, Deed::Return { pool: Some(pool) });
        change.reason = self.wanted.reason.clone().or_else(|| Some(self.leaver.text("name").to_owned()));
        change
    }

    /// Who reported to him, what he led, where he worked along, the groups that hold him.
    fn settle(&mut self, tx: &mut Write, plan: &wanted::Plan) -> Result<Vec<(&'static str, Json)>> {
        let id = self.leaver.id;
        let shown = |ids: &[Id]| ids.iter().map(Id::to_string).collect::<Vec<_>>();
        let above = self.leaver.reference("manager");
        let reports = reports(self.cx, tx, id, &WHY)?;
        // Whoever takes the others over does not report to himself.
        let manager = |person: Id| if plan.manager == Some(person) { above } else { plan.manager };
        let changes = reports.iter().map(|person| edit("employee", *person, &[("manager", manager(*person).map(Value::Ref).into())]));
        self.saves(tx, "employee", changes.collect())?;
        let (heads, assists) = leads(self.cx, tx, id)?;
        let mut departments: BTreeMap<Id, Vec<(&str, Value)>> = BTreeMap::new();
        for department in &heads {
            departments.entry(*department).or_default().push(("head", plan.head.map(Value::Ref).into()));
        }
        self.without(tx, "department", "assistants", &assists, &mut departments)?;
        let changes = departments.iter().map(|(department, fields)| edit("department", *department, fields));
        self.saves(tx, "department", changes.collect())?;
        let groups: Vec<Id> = self.cx.meta.groups.iter().filter(|group| group.members.contains(&id)).map(|group| group.id).collect();
        let mut left: BTreeMap<Id, Vec<(&str, Value)>> = BTreeMap::new();
        self.without(tx, "user_group", "members", &groups, &mut left)?;
        self.saves(tx, "user_group", left.iter().map(|(group, fields)| edit("user_group", *group, fields)).collect())?;
        let teams = self.leave_teams(tx, plan)?;
        let tasks = self.leave_tasks(tx, plan.manager.or(above))? + stage_tasks::leave(self.cx, tx, id)?;
        let rules = self.leave_rules(tx)?;
        for (object, ids) in [("employee", &reports), ("department", &heads), ("department", &assists), ("user_group", &groups)] {
            ids.iter().for_each(|id| self.refs.note(object, *id));
        }
        [plan.manager, plan.head, plan.team].into_iter().flatten().for_each(|person| self.refs.note("employee", person));
        let to = |person: Option<Id>| person.map(|id| id.to_string());
        Ok(vec![
            ("reports", json!({"people": shown(&reports), "to": to(plan.manager)})),
            ("heads", json!({"departments": shown(&heads), "to": to(plan.head)})),
            ("assists", json!({"departments": shown(&assists)})),
            ("groups", json!({"groups": shown(&groups)})),
            ("sharing_rules", rules.into()),
            // They stay as they are: whoever has left is asked in the person of his manager.
            ("approval_flows", approvals::uses::told(approvals::uses::of_person(&self.cx.meta.flows, id)).into()),
            ("tasks", json!({"count": tasks})),
            ("teams", json!({"records": teams, "leaves": self.wanted.teams.is_some(), "to": to(plan.team)})),
        ])
    }

    /// Takes him out of lists of people.
    fn without<'f>(
        &self,
        tx: &mut Write,
        object: &str,
        field: &'f str,
        ids: &[Id],
        changes: &mut BTreeMap<Id, Vec<(&'f str, Value)>>,
    ) -> Result<()> {
        let Some(object) = self.cx.meta.schema.object(object) else { return Ok(()) };
        for record in db::records::load(tx, &self.cx.meta.schema, object, &WHY, ids)? {
            let left: Vec<String> =
                record.get(field).ids().into_iter().filter(|id| *id != self.leaver.id).map(|id| id.to_string()).collect();
            let left = if left.is_empty() { Value::Null } else { Value::Keys(left) };
            changes.entry(record.id).or_default().push((field, left));
        }
        Ok(())
    }

    /// Teams keep their members unless it was said otherwise: one who cannot sign in sees nothing by them. How many records they are of.
    fn leave_teams(&mut self, tx: &mut Write, plan: &wanted::Plan) -> Result<usize> {
        let rows = tx.all(
            Sql::select()
                .columns(["object", "record"])
                .from("grant_to")
                .and_where(Expr::col("principal").eq(self.leaver.id.0))
                .and_where(Expr::col("why").eq("team")),
        )?;
        let mut member_of: Vec<(String, Id)> = Vec::with_capacity(rows.len());
        for row in &rows {
            member_of.push((row.get(0)?, row.get(1)?));
        }
        if self.wanted.teams.is_none() {
            return Ok(member_of.len());
        }
        for (key, record) in &member_of {
            let Some(object) = self.cx.meta.schema.object(key).cloned() else { continue };
            let found = db::records::load(tx, &self.cx.meta.schema, &object, &WHY, &[*record])?;
            // What lies in the recycle bin is read-only.
            let Some(present) = found.first().filter(|record| record.text("lifecycle_status") != "voided") else { continue };
            let members = records::team::with_another(tx, &object, *record, self.leaver.id, plan.team, present.owner())?;
            if let Err(error) = records::set_team(self.cx, tx, key, *record, &members) {
                self.refused(key, *record, error)?;
            }
        }
        Ok(member_of.len())
    }

    /// What he has still to do goes back to whoever asked him, else to who takes over the people; how many tasks they are.
    fn leave_tasks(&mut self, tx: &mut Write, instead: Option<Id>) -> Result<usize> {
        let id = self.leaver.id;
        let open = Resolved::All(vec![
            one("assignee", Kind::Ref, Check::Equal(Value::Ref(id))),
            one("task_status", Kind::Key, Check::Equal(task::OPEN.into())),
        ]);
        let ids = all(self.cx, tx, task::KEY, &open, &WHY)?;
        let Some(object) = self.cx.meta.schema.object(task::KEY).cloned() else { return Ok(0) };
        let mut changes = Vec::with_capacity(ids.len());
        for record in db::records::load(tx, &self.cx.meta.schema, &object, &WHY, &ids)? {
            let to = record.owner().filter(|owner| *owner != id).or(instead).unwrap_or(self.cx.who.id);
            changes.push(edit(task::KEY, record.id, &[("assignee", to.into())]));
        }
        self.saves(tx, task::KEY, changes)?;
        Ok(ids.len())
    }

    /// Sharing rules give to him no more; one that gave to him alone is put aside.
    fn leave_rules(&mut self, tx: &mut Write) -> Result<Vec<Json>> {
        let mut told = Vec::new();
        for rule in sharing::to_person(tx, self.leaver.id)? {
            let mut next = rule.clone();
            next.to.retain(|to| to.kind != RecipientKind::Person || to.id != self.leaver.id);
            if next.to.is_empty() {
                next = SharingRule { active: false, ..rule.clone() };
            }
            told.push(
                json!({"id": rule.id.to_string(), "name": rule.name, "object": rule.object, "put_aside": rule.active && !next.active}),
            );
            let wanted = serde_json::from_value(json!(next)).map_err(|e| Error::Internal(e.to_string()))?;
            match sharing::save(self.cx, tx, Some(rule.id), Some(rule.version), &wanted) {
                // One that looks at what this administrator may not know is not his to change, and gives nothing to who cannot sign in.
                Ok(_) | Err(Error::NotFound) => {}
                Err(Error::Invalid(reasons)) => self.found.extend(reasons.into_iter().map(|reason| {
                    let path = format!("sharing_rules/{}", rule.id);
                    Violation { path, ..reason.with("rule", rule.name.as_str()) }
                })),
                Err(other) => return Err(other),
            }
        }
        Ok(told)
    }

    /// He is disabled; his sessions and tokens end. How many of each.
    fn end(&mut self, tx: &mut Write) -> Result<(u64, u64)> {
        let id = self.leaver.id;
        let sound = self.found.is_empty();
        self.saves(tx, "employee", vec![edit("employee", id, &[("active", false.into())])])?;
        if !sound {
            // Follows from what is told already.
            self.found.retain(|reason| reason.code != "people.still_owns");
        }
        let mut end = |table: &'static str| tx.execute(Sql::delete().from_table(table).and_where(Expr::col("person").eq(id.0)));
        Ok((end("session")?, end("token")?))
    }

    fn saves(&mut self, tx: &mut Write, object: &str, mut changes: Vec<Change>) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let ids: Vec<Option<Id>> = changes.iter().map(|change| change.id).collect();
        for change in &mut changes {
            change.reason = self.wanted.reason.clone().or_else(|| change.reason.take());
        }
        for (id, result) in ids.into_iter().zip(save_all(self.cx, tx, object, changes)?) {
            if let (Some(id), Err(error)) = (id, result) {
                self.refused(object, id, error)?;
            }
        }
        Ok(())
    }

    /// Notes what stands against a record.
    fn refused(&mut self, object: &str, id: Id, error: Error) -> Result<()> {
        let reasons = match error {
            Error::Invalid(violations) | Error::Unmet(violations) => violations,
            Error::NotFound => vec![Violation::new("disable.not_visible", "")],
            Error::Forbidden { act, .. } => vec![Violation::new("disable.not_allowed", "").with("act", act)],
            other => return Err(other),
        };
        self.refs.note(object, id);
        for mut reason in reasons {
            reason.path =
                if reason.path.is_empty() { format!("records/{object}/{id}") } else { format!("records/{object}/{id}/{}", reason.path) };
            self.found.push(reason.with("object", object).with("record", id.to_string()));
        }
        Ok(())
    }
}

fn edit(object: &str, id: Id, fields: &[(&str, Value)]) -> Change {
    let mut change = Change::of(object, id, Deed::Edit);
    change.patch = fields.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
    change
}

/// Nobody is put aside with what others are to go on with: it is handed over by the act above.
pub(crate) fn judge(cx: &Ctx, tx: &mut Read, people: &[Id]) -> Result<BTreeMap<Id, Violation>> {
    let mut held = BTreeMap::new();
    for person in people {
        let (mut count, mut objects) = (0, BTreeSet::new());
        for part in Part::all(cx).iter().filter(|part| !part.may_stay()) {
            let owns = part.count(cx, tx, *person, &WHY)?;
            if owns > 0 {
                objects.insert(part.object.key.clone());
            }
            count += owns;
        }
        if count > 0 {
            let objects: Vec<String> = objects.into_iter().collect();
            held.insert(*person, Violation::new("people.still_owns", "active").with("count", count).with("object", objects));
        }
    }
    Ok(held)
}
