//! Where what happened is kept, and how it is told.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::audit::Wanted;
use db::history::Entry;
use db::records::{About, Bound};
use model::field::FieldType;
use model::objects::{activity, task};
use model::role::Act;
use model::{Id, Instant, Object, Record};
use serde_json::{Value as Json, json};

use super::moves::Moves;
use super::{Place, Subject};
use crate::audit::Tokens;
use crate::comments::{self, Comment};
use crate::processes::{self, slips};
use crate::records::{Refs, show as show_record};
use crate::{Ctx, Error, Result, access, approvals, duplicates, holding, merging, reckoning, stage_tasks, veil};

/// How often a source is asked on where nothing of what it gives may be shown.
const ROUNDS: usize = 5;

macro_rules! kinds {
    ($($name:ident $key:literal [$($act:literal),*]),* $(,)?) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Kind { $($name),* }

        impl Kind {
            const ALL: &'static [Kind] = &[$(Kind::$name),*];

            fn key(self) -> &'static str {
                match self { $(Kind::$name => $key),* }
            }

            /// The acts that a record's history has for it.
            fn acts(self) -> &'static [&'static str] {
                match self { $(Kind::$name => &[$($act),*]),* }
            }
        }
    };
}
kinds! {
    Activity "activity" [], Task "task" [], Comment "comment" [], Team "team" [], Slip "slip" [], Merged "merged" [], Holding "holding" [], Alike "alike" [], Approval "approval" [], StageTask "stage_task" [],
    Created "created" ["create", "import_history"], Stage "stage" ["move", "reopen"], Process "process" ["change_process"], Owner "owner" ["change_owner", "assign"],
    Pool "pool" ["claim", "return", "move_pool"], Converted "converted" ["convert"], Voided "voided" ["void"], Restored "restored" ["restore"], Locked "locked" ["lock"],
    Unlocked "unlocked" ["unlock"], Quote "quote" ["quote_sent", "quote_accepted", "quote_rejected", "quote_reopened"],
    Order "order" ["order_confirmed", "order_cancelled"], File "file" [], Change "change" [],
}

impl Kind {
    /// The kinds asked for; all when none is named.
    pub fn wanted(keys: Option<&str>) -> Result<BTreeSet<Kind>> {
        let keys: Vec<&str> = keys.into_iter().flat_map(|keys| keys.split(',')).map(str::trim).filter(|key| !key.is_empty()).collect();
        if keys.is_empty() {
            return Ok(Kind::ALL.iter().copied().collect());
        }
        let known = |key: &&str| Kind::ALL.iter().copied().find(|kind| kind.key() == *key);
        keys.iter().map(|key| known(key).ok_or_else(|| Error::Malformed(format!("kinds: there is no {key}")))).collect()
    }
}

/// One thing that happened.
pub(super) struct Item {
    pub place: Place,
    of: (String, Id),
    told: Told,
}

enum Told {
    Record(Record),
    Comment(Comment),
    Team(db::audit::Entry),
    Slip(slips::Kept),
    StageTask(stage_tasks::Happened),
    Merge(merging::Happened),
    Exempt(db::audit::Entry),
    Alike(duplicates::Happened),
    Approval(approvals::Happened),
    Change(Kind, Entry),
}

/// Where it is kept. The greater comes first of what happened at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Changes = 1,
    Team = 2,
    Comments = 3,
    Tasks = 4,
    Activities = 5,
    StageTasks = 6,
    Slips = 7,
    Merges = 8,
    Exempt = 9,
    Alike = 10,
    Approvals = 11,
}

/// What a source gives, and down to where it has been read if there may be more.
type Found = (Vec<Item>, Option<Place>);

impl Source {
    pub const ALL: [Source; 11] = [
        Source::Exempt,
        Source::Alike,
        Source::Approvals,
        Source::Merges,
        Source::Slips,
        Source::StageTasks,
        Source::Activities,
        Source::Tasks,
        Source::Comments,
        Source::Team,
        Source::Changes,
    ];

    /// True where it has any of these kinds.
    pub fn gives(self, kinds: &BTreeSet<Kind>) -> bool {
        let own = match self {
            Source::Activities => Kind::Activity,
            Source::Tasks => Kind::Task,
            Source::Comments => Kind::Comment,
            Source::Team => Kind::Team,
            Source::Slips => Kind::Slip,
            Source::Merges => Kind::Merged,
            Source::Exempt => Kind::Holding,
            Source::Alike => Kind::Alike,
            Source::Approvals => Kind::Approval,
            Source::StageTasks => Kind::StageTask,
            Source::Changes => return kinds.iter().any(|kind| *kind > Kind::StageTask),
        };
        kinds.contains(&own)
    }

    /// The next ones behind a place.
    pub fn items(self, cx: &Ctx, tx: &mut Read, of: &Subject, kinds: &BTreeSet<Kind>, place: Option<Place>, limit: u32) -> Result<Found> {
        let bound = place.map(|place| place.bound(self as u8));
        match self {
            Source::Activities => self.records(cx, tx, of, activity::KEY, &["happened_at", "created_at"], bound, limit),
            Source::Tasks => self.records(cx, tx, of, task::KEY, &["created_at"], bound, limit),
            Source::Comments => {
                let found = comments::before(tx, of.id, bound, limit)?;
                let items = found.into_iter().map(|comment| (comment.at, comment.id, Told::Comment(comment)));
                Ok(self.found(of, items, limit))
            }
            Source::Team | Source::Exempt => self.noted(tx, of, bound, limit),
            Source::Slips if processes::concerns(&of.object) => {
                let found = slips::before(cx, tx, &slips::Of { deal: of.id, covered: &of.covered }, bound, limit)?;
                Ok(self.found(of, found.into_iter().map(|slip| (slip.at, slip.id, Told::Slip(slip))), limit))
            }
            Source::StageTasks if processes::concerns(&of.object) && !veil::hides(cx, &of.object.key, "stage") => {
                let found = stage_tasks::happened(tx, of.id, bound, limit)?;
                Ok(self.found(of, found.into_iter().map(|one| (one.at, one.id, Told::StageTask(one))), limit))
            }
            Source::Merges if merging::concerns(&of.object) => {
                let mut found = merging::happened(tx, of.id)?;
                found.retain(|one| bound.is_none_or(|bound| is_behind(bound, one.at, one.merge)));
                found.truncate(limit as usize);
                Ok(self.found(of, found.into_iter().map(|one| (one.at, one.merge, Told::Merge(one))), limit))
            }
            Source::Alike => {
                let mut found = duplicates::happened(cx, tx, &of.object.key, of.id)?;
                found.retain(|one| bound.is_none_or(|bound| is_behind(bound, one.at, one.id)));
                found.truncate(limit as usize);
                Ok(self.found(of, found.into_iter().map(|one| (one.at, one.id, Told::Alike(one))), limit))
            }
            Source::Approvals => {
                let mut found = approvals::happened(tx, of.id)?;
                found.retain(|one| bound.is_none_or(|bound| is_behind(bound, one.at, one.approval)));
                found.truncate(limit as usize);
                Ok(self.found(of, found.into_iter().map(|one| (one.at, one.approval, Told::Approval(one))), limit))
            }
            Source::Slips | Source::StageTasks | Source::Merges => Ok((Vec::new(), None)),
            Source::Changes => self.changes(cx, tx, of, kinds, place, limit),
        }
    }

    fn place(self, at: Instant, id: Id, revision: i64) -> Place {
        Place { at, source: self as u8, id, revision }
    }

    fn found(self, of: &Subject, told: impl Iterator<Item = (Instant, Id, Told)>, limit: u32) -> Found {
        let item = |(at, id, told)| Item { place: self.place(at, id, 0), of: (of.object.key.clone(), of.id), told };
        let items: Vec<Item> = told.map(item).collect();
        let end = items.last().filter(|_| items.len() >= limit as usize).map(|item| item.place);
        (items, end)
    }

    /// Records that hang on this one. Whoever may not know what they hang on, or when they were, does not learn it here.
    fn records(self, cx: &Ctx, tx: &mut Read, of: &Subject, key: &str, times: &[&str], bound: Option<Bound>, limit: u32) -> Result<Found> {
        let Ok(object) = cx.object(key) else { return Ok((Vec::new(), None)) };
        let known = |field: &str| !veil::hides(cx, key, field);
        let at = times.iter().copied().find(|field| known(field));
        let (Some(at), Some(via)) = (at, object.hangs_by().filter(|field| known(&field.key))) else { return Ok((Vec::new(), None)) };
        let wanted = About { via: &via.key, record: of.id, at, bound, limit };
        let found = db::records::about(tx, &cx.meta.schema, object, &cx.scope(), &wanted)?;
        let told = found.into_iter().filter_map(|record| Some((record.get(at).as_instant()?, record.id, Told::Record(record))));
        Ok(self.found(of, told, limit))
    }

    /// What was noted in the trace: changes of the team, and acts that went over holding limits.
    fn noted(self, tx: &mut Read, of: &Subject, bound: Option<Bound>, limit: u32) -> Result<Found> {
        if !of.object.owned {
            return Ok((Vec::new(), None));
        }
        let mut wanted = Wanted {
            object: Some(of.object.key.clone()),
            record: Some(of.id),
            act: Some(if self == Source::Team { Act::Team } else { Act::HoldingExempt }.key().to_owned()),
            refused: Some(false),
            ..Wanted::default()
        };
        let behind = match bound {
            Some(Bound::Before(at)) => {
                wanted.until = Some(at);
                None
            }
            Some(Bound::UpTo(at)) => Some((at, None)),
            Some(Bound::Behind(at, id)) => Some((at, Some(id))),
            None => None,
        };
        let found = db::audit::list(tx, &wanted, behind, limit)?;
        let told =
            |entry: db::audit::Entry| (entry.at, entry.id, if self == Source::Team { Told::Team(entry) } else { Told::Exempt(entry) });
        Ok(self.found(of, found.into_iter().map(told), limit))
    }

    fn changes(self, cx: &Ctx, tx: &mut Read, of: &Subject, kinds: &BTreeSet<Kind>, place: Option<Place>, limit: u32) -> Result<Found> {
        // Whatever is none of the acts that have a kind of their own is an edit.
        let acts: Vec<&str> = kinds.iter().flat_map(|kind| kind.acts().iter().copied()).collect();
        let acts = if kinds.contains(&Kind::Change) || kinds.contains(&Kind::File) { None } else { Some(acts) };
        let mut bound = place.map(|place| place.bound_of(self as u8, of.id));
        let (mut items, mut end) = (Vec::new(), None);
        for _ in 0..ROUNDS {
            let found = db::history::told(tx, &of.object.key, of.id, bound, acts.as_deref(), limit)?;
            let last = found.last().filter(|_| found.len() >= limit as usize).map(|entry| (entry.at, entry.revision));
            for mut entry in found {
                let known = |field: &str| !veil::hides(cx, &of.object.key, field) && !of.covered.contains(field);
                entry.changes.retain(|change| of.object.field(&change.field).is_some() && known(&change.field));
                if let Some(kind) = kind_of(&of.object, &entry).filter(|kind| kinds.contains(kind)) {
                    let place = self.place(entry.at, of.id, entry.revision);
                    items.push(Item { place, of: (of.object.key.clone(), of.id), told: Told::Change(kind, entry) });
                }
            }
            end = last.map(|(at, revision)| self.place(at, of.id, revision));
            bound = last.map(|(at, revision)| Bound::Behind(at, revision));
            if end.is_none() || items.len() >= limit as usize {
                break;
            }
        }
        Ok((items, end))
    }
}

/// What a change was; nothing where all that it changed is out of sight.
fn kind_of(object: &Object, entry: &Entry) -> Option<Kind> {
    // Its approvals are told by themselves.
    if ["submit", "take_effect", "release"].contains(&entry.act.as_str()) {
        return None;
    }
    let own = Kind::ALL.iter().copied().find(|kind| kind.acts().contains(&entry.act.as_str()));
    match own {
        Some(kind @ (Kind::Stage | Kind::Process | Kind::Owner)) => (!entry.changes.is_empty()).then_some(kind),
        Some(kind) => Some(kind),
        None if entry.changes.is_empty() => None,
        None => {
            let is_file = |field: &str| object.field(field).is_some_and(|field| field.kind == FieldType::Attachment);
            Some(if entry.changes.iter().all(|change| is_file(&change.field)) { Kind::File } else { Kind::Change })
        }
    }
}

/// Items as the API shows them.
pub(super) fn show(cx: &Ctx, tx: &mut Read, mut items: Vec<Item>, refs: &mut Refs) -> Result<Vec<Json>> {
    let cans = acts(cx, tx, &mut items)?;
    let moves = Moves::of(cx, tx, &items)?;
    let begun = begun(tx, &items)?;
    let tokens = Tokens::of(tx, items.iter().map(|item| item.origin(&begun)))?;
    let token = |item: &Item| tokens.name(item.origin(&begun));
    let mut told = Vec::with_capacity(items.len());
    for item in &items {
        let mut shown = one(cx, item, &cans, &moves, &tokens, refs);
        if let Told::Record(record) = &item.told {
            shown["via"] = begun.get(&record.id).map(|(via, _)| via.as_str()).into();
        }
        shown["token"] = token(item);
        told.push(shown);
    }
    Ok(told)
}

/// The ways by which activities and tasks among them came to be.
fn begun(tx: &mut Read, items: &[Item]) -> Result<BTreeMap<Id, (String, Option<i64>)>> {
    let mut found = BTreeMap::new();
    for key in [activity::KEY, task::KEY] {
        let ids: Vec<Id> = items.iter().filter_map(record_of).filter(|record| record.object == key).map(|record| record.id).collect();
        if !ids.is_empty() {
            found.extend(db::history::begun(tx, key, &ids)?);
        }
    }
    Ok(found)
}

/// Reckons what is reckoned on reading of the records among them, and tells what the caller may do to each.
fn acts(cx: &Ctx, tx: &mut Read, items: &mut [Item]) -> Result<BTreeMap<Id, Vec<&'static str>>> {
    let mut cans = BTreeMap::new();
    for key in [activity::KEY, task::KEY] {
        let Ok(object) = cx.object(key).cloned() else { continue };
        let places: Vec<usize> =
            (0..items.len()).filter(|at| matches!(&items[*at].told, Told::Record(record) if record.object == key)).collect();
        let mut records: Vec<Record> = places.iter().filter_map(|at| record_of(&items[*at]).cloned()).collect();
        if records.is_empty() {
            continue;
        }
        reckoning::on_read(cx, tx, &object, &mut records, None)?;
        let writable = access::writable(cx, tx, &object, &records.iter().collect::<Vec<_>>())?;
        for (at, record) in places.into_iter().zip(records) {
            let held = record.get("locked").is_true() && !cx.who.rights.may(Act::Unlock, key);
            let open =
                [Act::Edit, Act::Void].into_iter().filter(|act| writable.contains(&record.id) && !held && cx.who.rights.may(*act, key));
            cans.insert(record.id, open.map(Act::key).collect());
            items[at].told = Told::Record(record);
        }
    }
    Ok(cans)
}

impl Item {
    /// From where it was done, where that is kept.
    fn origin(&self, begun: &BTreeMap<Id, (String, Option<i64>)>) -> Option<i64> {
        match &self.told {
            Told::Record(record) => begun.get(&record.id).and_then(|(_, origin)| *origin),
            Told::Comment(comment) => comment.origin,
            Told::Team(entry) | Told::Exempt(entry) => entry.origin,
            Told::StageTask(one) => one.origin,
            Told::Approval(one) => one.origin,
            Told::Change(_, entry) => entry.origin,
            Told::Slip(_) | Told::Merge(_) | Told::Alike(_) => None,
        }
    }

    /// The deal that entered a stage by it, and when.
    pub fn entered(&self) -> Option<(Id, Instant)> {
        match &self.told {
            Told::Change(Kind::Stage | Kind::Process | Kind::Created, _) if self.of.0 == model::objects::opportunity::KEY => {
                Some((self.of.1, self.place.at))
            }
            _ => None,
        }
    }
}

fn record_of(item: &Item) -> Option<&Record> {
    match &item.told {
        Told::Record(record) => Some(record),
        _ => None,
    }
}

fn one(cx: &Ctx, item: &Item, cans: &BTreeMap<Id, Vec<&'static str>>, moves: &Moves, tokens: &Tokens, refs: &mut Refs) -> Json {
    let (object, id) = &item.of;
    refs.note(object, *id);
    let mut shown = json!({
        "at": item.place.at.to_string(), "object": object, "record_id": id.to_string(), "record": null, "comment": null, "changes": [], "team": null,
        "via": null, "token": null, "reason": null, "move": null, "slip": null, "stage_task": null, "merge": null,
        "holding": null, "alike": null, "approval": null,
    });
    let by = match &item.told {
        Told::Record(record) => {
            shown["kind"] = record.object.as_str().into();
            shown["id"] = record.id.to_string().into();
            let known = |field: &&str| !veil::hides(cx, &record.object, field);
            if let Ok(of) = cx.object(&record.object) {
                refs.note_record(cx, of, record);
                shown["record"] = show_record(cx, of, record, None);
                shown["record"]["can"] = json!(cans.get(&record.id));
            }
            ["owner", "created_by"].into_iter().filter(known).find_map(|field| record.reference(field))
        }
        Told::Comment(comment) => {
            shown["kind"] = Kind::Comment.key().into();
            shown["id"] = comment.id.to_string().into();
            shown["comment"] = comments::show(cx, comment, tokens, refs);
            Some(comment.by)
        }
        Told::Team(entry) => {
            shown["kind"] = Kind::Team.key().into();
            shown["id"] = entry.id.to_string().into();
            shown["via"] = entry.via.as_str().into();
            shown["team"] = team(entry, refs);
            Some(entry.by)
        }
        Told::Exempt(entry) => {
            shown["kind"] = Kind::Holding.key().into();
            shown["id"] = entry.id.to_string().into();
            shown["via"] = entry.via.as_str().into();
            shown["holding"] = exempt(cx, object, entry, refs);
            Some(entry.by)
        }
        Told::Slip(slip) => {
            shown["kind"] = Kind::Slip.key().into();
            shown["id"] = slip.id.to_string().into();
            shown["reason"] = slip.reason.as_deref().into();
            shown["slip"] = slips::show(slip, refs);
            Some(slip.by)
        }
        Told::StageTask(one) => {
            shown["kind"] = Kind::StageTask.key().into();
            shown["id"] = one.id.to_string().into();
            shown["stage_task"] = stage_task(one, refs);
            Some(one.by)
        }
        Told::Merge(one) => {
            shown["kind"] = Kind::Merged.key().into();
            shown["id"] = format!("{}.{}", one.merge, one.undone).into();
            shown["reason"] = one.reason.as_deref().into();
            shown["merge"] = merge(one, refs);
            Some(one.by)
        }
        Told::Alike(one) => {
            shown["kind"] = Kind::Alike.key().into();
            shown["id"] = one.id.to_string().into();
            shown["alike"] = json!(one.matches);
            Some(one.by)
        }
        Told::Approval(one) => {
            shown["kind"] = Kind::Approval.key().into();
            shown["id"] = format!("{}.{}", one.approval, one.event).into();
            shown["reason"] = one.comment.as_deref().into();
            shown["approval"] = json!({"id": one.approval.to_string(), "event": one.event, "what": one.what, "flow_name": one.flow});
            Some(one.by)
        }
        Told::Change(kind, entry) => {
            shown["move"] = moves.told(cx, *id, entry.at);
            shown["kind"] = kind.key().into();
            shown["id"] = format!("{id}.{}", entry.revision).into();
            shown["via"] = entry.via.as_str().into();
            shown["reason"] = entry.reason.as_deref().into();
            shown["changes"] = changes(cx, object, entry, refs);
            Some(entry.by)
        }
    };
    by.into_iter().for_each(|by| refs.note("employee", by));
    shown["by"] = by.map(|by| by.to_string()).into();
    shown
}

/// True for what comes after a place, newest first.
fn is_behind(bound: Bound, at: Instant, id: Id) -> bool {
    match bound {
        Bound::Before(place) => at < place,
        Bound::UpTo(place) => at <= place,
        Bound::Behind(place, last) => (at, id) < (place, last),
    }
}

fn merge(one: &merging::Happened, refs: &mut Refs) -> Json {
    one.losers.iter().chain([&one.winner]).for_each(|id| refs.note(&one.object, *id));
    let losers: Vec<String> = one.losers.iter().map(Id::to_string).collect();
    json!({"id": one.merge.to_string(), "winner": one.winner.to_string(), "losers": losers, "undone": one.undone})
}

/// An act that went over holding limits: who has it by that, and over which rules.
fn exempt(cx: &Ctx, object: &str, entry: &db::audit::Entry, refs: &mut Refs) -> Json {
    let detail: Json = entry.detail.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let owner: Option<Id> = detail["owner"].as_str().filter(|_| !veil::hides(cx, object, "owner")).and_then(|id| id.parse().ok());
    owner.iter().for_each(|id| refs.note("employee", *id));
    json!({"owner": owner.map(|id| id.to_string()), "rules": holding::passed_by(cx, &detail)})
}

fn stage_task(one: &stage_tasks::Happened, refs: &mut Refs) -> Json {
    one.assignee.iter().for_each(|person| refs.note("employee", *person));
    json!({
        "id": one.task.to_string(), "name": one.name, "stage": one.stage, "event": one.event.key(), "note": one.note,
        "assignee": one.assignee.map(|person| person.to_string()),
    })
}

fn team(entry: &db::audit::Entry, refs: &mut Refs) -> Json {
    let detail: Json = entry.detail.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    for member in ["old", "new"].iter().filter_map(|side| detail[side].as_array()).flatten() {
        if let Some(person) = member["person"].as_str().and_then(|id| id.parse().ok()) {
            refs.note("employee", person);
        }
    }
    json!({"old": detail["old"], "new": detail["new"]})
}

fn changes(cx: &Ctx, object: &str, entry: &Entry, refs: &mut Refs) -> Json {
    let Some(object) = cx.meta.schema.object(object) else { return json!([]) };
    // What followed by itself from what somebody changed stands in the history, and is no news here.
    let by_hand = |key: &str| object.field(key).is_some_and(|field| !field.system && !field.read_only);
    let only_by_hand = entry.changes.iter().any(|change| by_hand(&change.field));
    let mut told = Vec::new();
    for change in entry.changes.iter().filter(|change| !only_by_hand || by_hand(&change.field)) {
        let Some(field) = object.field(&change.field) else { continue };
        [&change.old, &change.new].into_iter().for_each(|value| refs.note_value(&field.kind, value));
        told.push(json!({"field": change.field, "old": model::field::show(&change.old), "new": model::field::show(&change.new)}));
    }
    told.into()
}
