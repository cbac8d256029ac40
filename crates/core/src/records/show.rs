//! A record as the API shows it: the fields one may know of, and the names of what they refer to.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::field::FieldType;
use model::objects::{lead, lifecycle};
use model::role::{Act, FieldAccess};
use model::{Field, Id, Object, Record, Value};
use serde_json::{Map, Value as Json, json};

use crate::save::locks;
use crate::{Ctx, Result, access, approvals, files, leads, merging, orders, pools, prices, processes, quotes, reckoning, veil};

/// Ids mentioned in an answer, by object, to be named at once; files beside.
#[derive(Default)]
pub(crate) struct Refs(BTreeMap<String, BTreeSet<Id>>, BTreeSet<Id>);

impl Refs {
    /// Notes an id.
    pub fn note(&mut self, object: &str, id: Id) {
        self.0.entry(object.to_owned()).or_default().insert(id);
    }

    /// Notes every id in the shown fields of a record.
    pub fn note_record(&mut self, cx: &Ctx, object: &Object, record: &Record) {
        let known = |field: &&Field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden;
        for field in object.fields.iter().filter(known) {
            self.note_value(&field.kind, record.get(&field.key));
        }
        for field in object.fields.iter().filter(known).filter(|field| field.kind == FieldType::Attachment) {
            if let Value::Keys(files) = record.get(&field.key) {
                self.1.extend(files.iter().filter_map(|id| id.parse::<Id>().ok()));
            }
        }
    }

    /// Notes every id in a field's value.
    pub fn note_value(&mut self, kind: &FieldType, value: &Value) {
        for (object, id) in kind.referred(value) {
            self.note(object, id);
        }
    }

    /// The names of those that the caller may see.
    pub fn names(&self, cx: &Ctx, tx: &mut Read) -> Result<Json> {
        let mut named = Map::new();
        for (key, ids) in &self.0 {
            let Ok(object) = cx.object(key) else { continue };
            let mut ids: Vec<Id> = ids.iter().filter(|id| **id != Id::SYSTEM).copied().collect();
            if let Some(at) = ids.iter().position(|id| is_oneself(cx, object, *id)) {
                let id = ids.remove(at);
                named.insert(id.to_string(), json!({"object": key, "name": cx.who.name}));
            }
            for (id, name) in names_of(cx, tx, object, &ids)? {
                named.insert(id.to_string(), json!({"object": key, "name": name}));
            }
        }
        // The history of what was deleted for good still has its name, for those who read the trace.
        if cx.who.rights.reads_audit {
            for (key, ids) in &self.0 {
                let missing: Vec<Id> =
                    ids.iter().filter(|id| **id != Id::SYSTEM && !named.contains_key(&id.to_string())).copied().collect();
                for (id, name) in
                    if missing.is_empty() || cx.object(key).is_err() { Vec::new() } else { db::audit::buried(tx, key, &missing)? }
                {
                    named.insert(id.to_string(), json!({"object": key, "name": name, "deleted": true}));
                }
            }
        }
        for (id, file) in files::names(tx, &self.1)? {
            named.insert(id.to_string(), file);
        }
        Ok(Json::Object(named))
    }
}

/// The caller knows his own name, and so need not be looked up.
fn is_oneself(cx: &Ctx, object: &Object, id: Id) -> bool {
    object.key == "employee" && cx.who.system.is_none() && cx.who.id == id && !veil::hides(cx, &object.key, "name")
}

/// Names of the records of these ids that the caller may see; blank where he may not know what they are called.
pub(crate) fn names_of(cx: &Ctx, tx: &mut Read, object: &Object, ids: &[Id]) -> Result<Vec<(Id, String)>> {
    let mut names = db::records::names(tx, &cx.meta.schema, object, &cx.scope(), ids)?;
    let hidden = model::search::name_field(object).is_some_and(|field| veil::hides(cx, &object.key, &field.key));
    if hidden {
        names.iter_mut().for_each(|(_, name)| name.clear());
    }
    Ok(names)
}

/// The values of a record's fields, as far as the caller may know of them.
pub(crate) fn shown_fields(cx: &Ctx, object: &Object, record: &Record) -> Json {
    show(cx, object, record, None)["fields"].take()
}

/// The fields of a record; `only` keeps those asked for.
pub(crate) fn show(cx: &Ctx, object: &Object, record: &Record, only: Option<&BTreeSet<String>>) -> Json {
    let mut fields = Map::new();
    for field in &object.fields {
        let wanted = only.is_none_or(|only| only.contains(&field.key));
        if wanted && cx.who.rights.field(&object.key, field) > FieldAccess::Hidden {
            let value = if veil::covers(cx, Some(record), &field.key) { &Value::Null } else { record.get(&field.key) };
            fields.insert(field.key.clone(), model::field::show(value));
        }
    }
    if processes::shows_overdue(cx, object) && only.is_none_or(|only| only.contains("overdue")) {
        fields.insert("overdue".into(), processes::overdue(cx, record).into());
    }
    json!({
        "object": object.key, "id": record.id.to_string(), "version": record.version, "revision": record.revision, "fields": fields,
    })
}

/// Rows of a list or a board, each with the approval for which it waits; what they refer to is noted.
pub(crate) fn show_rows(
    cx: &Ctx,
    tx: &mut Read,
    object: &Object,
    records: &[Record],
    only: Option<&BTreeSet<String>>,
    refs: &mut Refs,
) -> Result<Vec<Json>> {
    records.iter().for_each(|record| refs.note_record(cx, object, record));
    let mut awaited = approvals::awaited_by(cx, tx, &object.key, records, refs)?;
    let row = |record: &Record| {
        let mut shown = show(cx, object, record, only);
        if let Some(approval) = awaited.remove(&record.id) {
            shown["approval"] = approval;
        }
        shown
    };
    Ok(records.iter().map(row).collect())
}

/// A single record with names, external ids, and what the caller may do to it.
pub(crate) fn show_one(cx: &Ctx, tx: &mut Read, object: &Object, record: &Record) -> Result<Json> {
    let mut one = [record.clone()];
    cx.scope().cover(&mut one);
    reckoning::on_read(cx, tx, object, &mut one, None)?;
    let [record] = &one;
    let mut refs = Refs::default();
    refs.note_record(cx, object, record);
    let mut shown = show(cx, object, record, None);
    let held = locks::holder(cx, tx, object, record)?;
    shown["lock"] = match &held {
        Some((of, id)) => {
            let last = db::history::last(tx, of, *id, Act::Lock.key())?;
            refs.note(of, *id);
            last.iter().for_each(|(by, _)| refs.note("employee", *by));
            let (by, at) = (last.map(|(by, _)| by.to_string()), last.map(|(_, at)| at.to_string()));
            json!({"object": of, "record": id.to_string(), "by": by, "at": at})
        }
        None => Json::Null,
    };
    if record.text("lifecycle_status") == "voided" {
        shown["merged_into"] = merging::led_to(cx, tx, object, record.id)?.into();
    }
    shown["approval"] = approvals::awaited(cx, tx, record, &mut refs)?;
    shown["refs"] = refs.names(cx, tx)?;
    let external: Vec<Json> =
        db::external::of(tx, object, &[record.id])?.into_iter().map(|(_, source, id)| json!({"source": source, "id": id})).collect();
    shown["external_ids"] = external.into();
    let (can, cannot) = can(cx, tx, object, record, locks::stands_against(cx, held.as_ref()))?;
    if processes::concerns(object) {
        let known = object.field("lines_total").is_some_and(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
        shown["amount_follows_lines"] = (known && prices::amount::follows(cx, object, record)).into();
    }
    shown["can"] = can.into();
    shown["cannot"] = cannot.into_iter().map(|(act, code)| json!({"act": act, "code": code})).collect();
    quotes::tell_what_may_be(cx, tx, object, record, &mut shown)?;
    orders::tell_what_may_be(cx, object, record, &mut shown);
    Ok(shown)
}

/// Acts that are open, and those that a rule stands against, with its code.
type Open = (Vec<&'static str>, Vec<(&'static str, &'static str)>);

/// The acts open to the caller on this record: his roles allow them, he may write it, and its state does not rule them out. `held` is true
/// where a lock stands against him.
fn can(cx: &Ctx, tx: &mut Read, object: &Object, record: &Record, held: bool) -> Result<Open> {
    let voided = record.text("lifecycle_status") == "voided";
    // Whoever sees a record may make one like it.
    let clone = !voided && [Act::Clone, Act::Create].iter().all(|act| cx.who.rights.may(*act, &object.key));
    let mut clone = if clone { vec![Act::Clone.key()] } else { Vec::new() };
    // What lies in a pool is claimed by its members, and given out by its administrators, whatever they may write.
    clone.extend(pools::open(cx, object, record).into_iter().map(Act::key));
    if !access::writable(cx, tx, object, &[record])?.contains(&record.id) {
        return Ok((clone, Vec::new()));
    }
    let closed = !record.get("closed_at").is_null();
    let locked = record.get("locked").is_true();
    // What was never approved has not come into its process.
    let outside = matches!(record.text("lifecycle_status"), lifecycle::UNDER_REVIEW | lifecycle::INEFFECTIVE);
    let fits = |act: &Act| match act {
        Act::Restore | Act::Delete => voided,
        Act::Edit => !voided && !leads::is_converted(object, record),
        Act::Void => !voided,
        Act::Assign => object.ownerless && !voided && record.owner().is_none() && leads::is_open(object, record),
        Act::Return => {
            object.ownerless
                && !voided
                && record.owner().is_some()
                && leads::is_open(object, record)
                && pools::of(cx, &object.key).any(|pool| pool.active)
        }
        Act::MovePool => object.ownerless && !voided && record.owner().is_none() && pools::of(cx, &object.key).any(|pool| pool.active),
        Act::Convert if pools::lies_in(object, record).is_some() => false,
        Act::Convert | Act::MarkInvalid => !voided && object.key == lead::KEY && leads::is_open(object, record),
        Act::Reopen if object.key == lead::KEY => !voided && leads::is_invalid(record),
        Act::Lock => !voided && !locked,
        Act::Unlock => !voided && locked,
        Act::ChangeOwner => object.owned && !voided && !(object.ownerless && record.owner().is_none()),
        Act::Team => object.owned && !voided,
        Act::Merge => merging::concerns(object) && !voided && !leads::is_converted(object, record),
        Act::Move => processes::concerns(object) && !voided && !closed && !outside,
        Act::Reopen => processes::concerns(object) && !voided && closed,
        _ => false,
    };
    const SHOWN: [Act; 16] = [
        Act::Edit,
        Act::Move,
        Act::Convert,
        Act::MarkInvalid,
        Act::Reopen,
        Act::ChangeOwner,
        Act::Assign,
        Act::Return,
        Act::MovePool,
        Act::Team,
        Act::Merge,
        Act::Lock,
        Act::Unlock,
        Act::Void,
        Act::Restore,
        Act::Delete,
    ];
    // A lock stands against every change; what it says of a move is told by the path.
    const HELD: [Act; 11] = [
        Act::Edit,
        Act::Convert,
        Act::MarkInvalid,
        Act::ChangeOwner,
        Act::Assign,
        Act::Return,
        Act::MovePool,
        Act::Team,
        Act::Merge,
        Act::Void,
        Act::Delete,
    ];
    // Confirmed orders hold a deal in its place, and are themselves cancelled first.
    let ordered = orders::holds_deal(object, record);
    let confirmed = orders::is_confirmed(object, record);
    // So does an approval, against all that changes the record but who works on it.
    let waiting = locks::waiting(cx, tx, object, record)?;
    // What came back to him he mends; what lives in it, too.
    let mends = match &waiting {
        Some(waiting) => approvals::mended_under(cx, tx, waiting)?.is_some(),
        None => false,
    };
    let waits = waiting.is_some_and(|waiting| waiting.id == record.id || !mends);
    let code = |act: &Act| match act {
        Act::Team if waits && !held => None,
        Act::Edit if mends && !held => None,
        _ if waits && (HELD.contains(act) || matches!(act, Act::Lock | Act::Unlock | Act::Restore)) => Some("record.in_approval"),
        _ if held && HELD.contains(act) => Some("record.locked"),
        Act::Void | Act::Reopen if ordered => Some("opportunity.has_orders"),
        Act::Void if confirmed => Some("order.confirmed"),
        _ => None,
    };
    let shown = SHOWN.iter().filter(|act| cx.who.rights.may(**act, &object.key) && fits(act));
    let (stands, open): (Vec<&Act>, Vec<&Act>) = shown.partition(|act| code(act).is_some());
    let mut open: Vec<&'static str> = open.into_iter().map(|act| act.key()).collect();
    if record.text("lifecycle_status") == lifecycle::INEFFECTIVE && !waits && !held && cx.who.rights.may(Act::Create, &object.key) {
        open.push("submit");
    }
    clone.retain(|act| !open.contains(act));
    open.append(&mut clone);
    Ok((open, stands.into_iter().filter_map(|act| Some((act.key(), code(act)?))).collect()))
}
