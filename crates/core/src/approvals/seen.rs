//! Who may read an approval, and what he may know of it.
//!
//! An approval stays readable by those who took part in it: who has decided what is theirs. What is asked for is values of the record: they are
//! told as far as its reader sees the record now, or is asked for somebody who is away, and knows the fields.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::approval::{By, Flow, Run};
use model::role::FieldAccess;
use model::{Id, Object, Record, Value};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};

use super::store::Approval;
use super::{can, effects, facts};
use crate::notices::deputies::Standing;
use crate::records::{Refs, names_of};
use crate::save::Deed;
use crate::{Ctx, Error, Result, veil};

/// The caller in front of some approvals.
pub(super) struct Reader<'a> {
    pub cx: &'a Ctx,
    /// The absent people for whom he stands in.
    pub stands_in_for: BTreeSet<Id>,
    flows: BTreeMap<(Id, i64), Flow>,
    records: BTreeMap<Id, Record>,
    names: BTreeMap<Id, String>,
}

impl<'a> Reader<'a> {
    /// With all that these approvals need, read together.
    pub fn of(cx: &'a Ctx, tx: &mut Read, approvals: &[Approval]) -> Result<Reader<'a>> {
        let stands_in_for: BTreeSet<Id> = Standing::load(cx, tx)?.by_person(cx.who.id).into_iter().collect();
        let mut reader = Reader { cx, stands_in_for, flows: BTreeMap::new(), records: BTreeMap::new(), names: BTreeMap::new() };
        let mut by_object: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
        for approval in approvals {
            let key = (approval.flow, approval.flow_version);
            if let Entry::Vacant(flow) = reader.flows.entry(key) {
                flow.insert(facts::flow_of(tx, approval.flow, approval.flow_version)?);
            }
            by_object.entry(&approval.object).or_default().insert(approval.record);
        }
        for (key, ids) in by_object {
            let Ok(object) = cx.object(key) else { continue };
            let ids: Vec<Id> = ids.into_iter().collect();
            reader.names.extend(names_of(cx, tx, object, &ids)?);
            let records = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)?;
            reader.records.extend(records.into_iter().map(|record| (record.id, record)));
        }
        Ok(reader)
    }

    pub fn flow(&self, approval: &Approval) -> Result<&Flow> {
        let key = (approval.flow, approval.flow_version);
        self.flows.get(&key).ok_or_else(|| Error::Internal("an approval of an unread version".into()))
    }

    /// The record, where he sees it now.
    pub fn record(&self, approval: &Approval) -> Option<&Record> {
        self.records.get(&approval.record)
    }

    pub fn name(&self, approval: &Approval) -> Option<&str> {
        self.names.get(&approval.record).map(String::as_str)
    }

    /// As whom he would act.
    pub fn by(&self, approval: &Approval) -> By {
        by(self.cx, &self.stands_in_for, self.record(approval))
    }

    /// The tasks that are his to do now, with the absent person for whom each is; his own first.
    pub fn tasks(&self, run: &Run) -> Vec<(usize, Option<Id>)> {
        let me = self.cx.who.id;
        let mut mine: Vec<(usize, Option<Id>)> = run
            .open()
            .filter(|(_, task)| task.person == me || self.stands_in_for.contains(&task.person))
            .map(|(n, task)| (n, Some(task.person).filter(|person| *person != me)))
            .collect();
        mine.sort_by_key(|(n, absent)| (absent.is_some(), *n));
        mine
    }

    pub fn can(&self, approval: &Approval) -> Result<Vec<&'static str>> {
        let task = self.tasks(&approval.run).first().map(|(task, _)| *task);
        Ok(can::can(self.flow(approval)?, &approval.run, &self.by(approval), task))
    }

    /// True where he may know this field of the record.
    pub fn knows(&self, approval: &Approval, field: &str) -> bool {
        let Ok(object) = self.cx.object(&approval.object) else { return false };
        let known = |of: &model::Field| self.cx.who.rights.field(&object.key, of) > FieldAccess::Hidden;
        object.field(field).is_some_and(known) && !veil::covers(self.cx, self.record(approval), field)
    }

    /// What is asked for, each field with what stands there and what would; what he may not know of is left out, and that it is so is told.
    pub fn asks(&self, approval: &Approval, refs: &mut Refs) -> Json {
        let asked = &approval.asked;
        let mut shown = json!({"fields": [], "to_stage": null, "receiver": null, "reason": asked.reason, "out_of_sight": false});
        let (Some(record), Ok(object)) = (self.record(approval), self.cx.object(&approval.object)) else {
            shown["reason"] = Json::Null;
            shown["out_of_sight"] = true.into();
            return shown;
        };
        let mut rows: Vec<(String, Json, Json)> = Vec::new();
        let stands = |key: &str| model::field::show(record.get(key));
        for (key, after) in &asked.patch {
            // What is new holds what is asked for already, with what was filled in since.
            let after = if effects::what(approval).makes() { stands(key) } else { after.clone() };
            rows.push((key.clone(), asked.before.get(key).cloned().unwrap_or_default(), after));
        }
        if let Some(stage) = &asked.stage {
            let before =
                asked.before.get("stage").cloned().unwrap_or_else(|| if approval.run.is_running() { stands("stage") } else { Json::Null });
            rows.push(("stage".into(), before, stage.as_str().into()));
        }
        if let Some(to) = receiver(approval) {
            let before =
                asked.before.get("owner").cloned().unwrap_or_else(|| if approval.run.is_running() { stands("owner") } else { Json::Null });
            rows.push(("owner".into(), before, to.to_string().into()));
        }
        let mut fields = Vec::new();
        for (key, before, after) in rows {
            if !self.knows(approval, &key) {
                shown["out_of_sight"] = true.into();
                continue;
            }
            let Some(field) = object.field(&key) else { continue };
            for value in [&before, &after] {
                if let Ok(value) = field.parse(value, self.cx.meta.organisation.main_currency) {
                    refs.note_value(&field.kind, &value);
                }
            }
            let label = field.label.in_language(&self.cx.who.language);
            fields.push(json!({"field": key, "label": label, "before": before, "after": after}));
        }
        shown["fields"] = fields.into();
        if self.knows(approval, "stage") {
            shown["to_stage"] = asked.stage.clone().into();
        }
        if self.knows(approval, "owner") {
            shown["receiver"] = receiver(approval).map(|id| id.to_string()).into();
        }
        shown
    }

    /// The values of some fields as they would be, of those that he may know.
    pub fn values(&self, approval: &Approval, fields: &[String], refs: &mut Refs) -> Json {
        let mut shown = serde_json::Map::new();
        if let (Some(record), Ok(object)) = (self.record(approval), self.cx.object(&approval.object)) {
            let would_be = effects::as_asked(self.cx, object, record, approval);
            for field in fields.iter().filter(|field| self.knows(approval, field)) {
                let value: &Value = would_be.get(field);
                object.field(field).into_iter().for_each(|of| refs.note_value(&of.kind, value));
                shown.insert(field.clone(), model::field::show(value));
            }
        }
        Json::Object(shown)
    }
}

/// Who would own it.
fn receiver(approval: &Approval) -> Option<Id> {
    match &approval.asked.deed {
        Deed::ChangeOwner { to, .. } => Some(*to),
        Deed::Claim => Some(approval.run.submitter),
        _ => None,
    }
}

/// As whom the caller acts.
pub(super) fn by(cx: &Ctx, stands_in_for: &BTreeSet<Id>, record: Option<&Record>) -> By {
    By {
        id: cx.who.id,
        stands_in_for: stands_in_for.clone(),
        administrator: cx.is_administrator(),
        owner: record.is_some_and(|record| record.owner() == Some(cx.who.id)),
    }
}

/// Errors: the caller neither sees the record nor has, or had, to do with the approval.
pub(super) fn must_concern(cx: &Ctx, tx: &mut Read, approval: &Approval, stands_in_for: &BTreeSet<Id>) -> Result<()> {
    let (run, me) = (&approval.run, cx.who.id);
    let took_part = run.tasks.iter().any(|task| task.person == me || task.by == Some(me));
    let stands_in = run.tasks.iter().any(|task| task.state.is_left() && stands_in_for.contains(&task.person));
    if took_part || stands_in || [run.submitter, run.initiator].contains(&me) || cx.is_administrator() {
        return Ok(());
    }
    let object: Option<&Object> = cx.object(&approval.object).ok();
    if let Some(object) = object
        && !db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &[approval.record])?.is_empty()
    {
        return Ok(());
    }
    // He has handed on what he was asked, or has said something.
    let entries = Query::select()
        .column("n")
        .from("approval_entry")
        .and_where(Expr::col("approval").eq(approval.id.0))
        .and_where(Expr::col("by_id").eq(me.0))
        .limit(1)
        .to_owned();
    tx.optional(&entries)?.map(|_| ()).ok_or(Error::NotFound)
}
