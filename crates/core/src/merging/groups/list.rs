//! Groups as they are told: to those who may make records one, of the records that they see.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::role::Act;
use model::{Id, Object, Record, Violation};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::scan;
use super::store::{self, Head, Kept, State};
use crate::records::{self, Refs};
use crate::{Ctx, Error, Result};

/// Groups of a page.
const PAGE: u64 = 25;
/// How many pages are looked through for groups of which the caller sees two records.
const ROUNDS: usize = 20;

/// The query of `GET /duplicate-groups`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupsRequest {
    pub object: String,
    /// `open` when absent; `dismissed`, `merged`.
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Groups of an object, the most alike first, and how the last scan stands.
pub fn list(cx: &Ctx, tx: &mut Read, request: &GroupsRequest) -> Result<Json> {
    let object = cx.object(&request.object)?.clone();
    if !crate::merging::concerns(&object) {
        return Err(Error::NotFound);
    }
    cx.must_be_allowed(Act::Merge, &object.key)?;
    let wanted = request.state.as_deref().unwrap_or(State::Open.key());
    let state = State::of(wanted).ok_or_else(|| {
        let options: Vec<&str> = State::ALL.iter().map(|state| state.key()).collect();
        Violation::new("field.not_an_option", "state").with("value", wanted).with("options", options)
    })?;
    let strange = || Error::Malformed("cursor: not one of this list's".into());
    let mut behind = request.cursor.as_deref().map(|text| place(text).ok_or_else(strange)).transpose()?;
    let mut refs = Refs::default();
    let mut items = Vec::new();
    let mut more = false;
    for _ in 0..ROUNDS {
        let heads = store::page(tx, &object.key, state, behind, PAGE)?;
        more = heads.len() as u64 == PAGE;
        behind = heads.last().map(|head| (head.score, head.id)).or(behind);
        items.extend(shown(cx, tx, &object, &heads, &mut refs)?);
        if !more || items.len() as u64 >= PAGE {
            break;
        }
    }
    let next = behind.filter(|_| more).map(|(score, id)| format!("{score}.{id}"));
    let scan = scan::last(tx, &object.key)?.map(|job| scan::show(&job));
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "scan": scan, "next_cursor": next}))
}

fn place(text: &str) -> Option<(i64, Id)> {
    let (score, id) = text.split_once('.')?;
    Some((score.parse().ok()?, id.parse().ok()?))
}

/// The groups of which the caller sees at least two records that are still to be made one.
fn shown(cx: &Ctx, tx: &mut Read, object: &Object, heads: &[Head], refs: &mut Refs) -> Result<Vec<Json>> {
    let members = store::members(tx, &heads.iter().map(|head| head.id).collect::<Vec<_>>())?;
    let seen = seen(cx, tx, object, &members)?;
    let mut shown = Vec::new();
    for head in heads {
        let of_group = members.iter().filter(|member| member.group == head.id);
        let stands = |record: &&Record| head.state == State::Merged || record.text("lifecycle_status") != "voided";
        let there: Vec<(&Kept, &Record)> = of_group.filter_map(|member| Some((member, seen.get(&member.record).filter(stands)?))).collect();
        if there.len() < 2 {
            continue;
        }
        let records: Vec<Json> = there.into_iter().map(|(member, record)| one(cx, object, member, record, refs)).collect();
        head.decided_by.iter().for_each(|by| refs.note("employee", *by));
        shown.push(json!({
            "id": head.id.to_string(), "object": head.object, "state": head.state.key(), "score": head.score,
            "found_at": head.found_at.to_string(), "decided_at": head.decided_at.map(|at| at.to_string()),
            "decided_by": head.decided_by.map(|by| by.to_string()), "records": records,
        }));
    }
    Ok(shown)
}

/// The records of groups that the caller sees.
pub(super) fn seen(cx: &Ctx, tx: &mut Read, object: &Object, members: &[Kept]) -> Result<BTreeMap<Id, Record>> {
    let ids: Vec<Id> = members.iter().map(|member| member.record).collect();
    let found = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)?;
    Ok(found.into_iter().map(|record| (record.id, record)).collect())
}

/// A record with what it was compared by, and whose it is.
fn one(cx: &Ctx, object: &Object, member: &Kept, record: &Record, refs: &mut Refs) -> Json {
    let live = cx.meta.duplicate_rules.iter().find(|live| live.rule.id == member.rule);
    let mut fields: BTreeSet<String> = ["name", "owner", "created_at"].map(str::to_owned).into();
    if let Some(live) = live {
        fields.extend(live.rule.groups.iter().flat_map(|group| &group.rows).map(|row| row.field.clone()));
    }
    let shown = records::show(cx, object, record, Some(&fields));
    let known = |field: &&model::Field| shown["fields"].get(&field.key).is_some();
    for field in object.fields.iter().filter(known) {
        refs.note_value(&field.kind, record.get(&field.key));
    }
    json!({
        "id": record.id.to_string(), "name": shown["fields"]["name"], "version": record.version, "score": member.score,
        "rule": {"id": member.rule.to_string(), "name": live.map(|live| live.rule.name.as_str())}, "fields": shown["fields"],
    })
}
