//! When a record was last followed up: the latest of the activities about it, or of what was done about its own.
//!
//! Any object may have the field. It comes to the latest `happened_at` of activities that regard the record (or name it, where it is a
//! contact) and are not in the recycle bin; of an account also to the latest of its opportunities, contacts and leads. Like a roll-up it is
//! settled in the transaction that changes what it follows from, under locks, and raises no version.

use std::collections::{BTreeMap, BTreeSet};

use db::records::Scope;
use db::{Limits, Read, Write};
use model::objects::activity;
use model::{Field, Id, Instant, Object, Patch, Record, Value, Via};

use super::Act;
use super::locks::{Planned, Rows};
use super::rollups::Pair;
use super::waves::{locked, settle};
use crate::access::{parent, parent_in};
use crate::jobs::WORKER;
use crate::{Ctx, House, Result, leads};

const FIELD: &str = "last_followed_at";
const CONTACT: &str = "contact";
const ACCOUNT: &str = "account";
/// Records that are looked at together.
const CHUNK: u64 = 200;
const ALL: Scope<'static> = Scope::All("what was done counts, whoever sees it");

/// Records with when they were followed up.
type Followed = BTreeSet<((String, Id), Instant)>;

/// True for the field that nobody types, not even of the past.
pub(crate) fn is_kept(object: &Object, field: &str) -> bool {
    field == FIELD && is_followed(object)
}

fn is_followed(object: &Object) -> bool {
    object.key != activity::KEY && object.field(FIELD).is_some_and(|field| !field.is_own() && field.read_only)
}

/// The field of the account whose record this is: what is done about it is done about the account.
fn account_of(object: &Object) -> Option<&Field> {
    object.field(ACCOUNT).filter(|field| is_followed(object) && field.kind.target() == Some(ACCOUNT))
}

/// True where anything follows from records of the object at all.
pub(crate) fn concerns(object: &Object) -> bool {
    object.key == activity::KEY || account_of(object).is_some()
}

/// True where something may follow from a change: of an activity, or of the account of a record that is there already.
pub(crate) fn follows(object: &Object, is_new: bool, patch: &Patch) -> bool {
    object.key == activity::KEY || !is_new && account_of(object).is_some_and(|field| patch.contains_key(&field.key))
}

/// As [`follows`], of a change that is judged.
pub(crate) fn follows_change(object: &Object, before: Option<&Record>, after: &Record) -> bool {
    let moves = |before: &Record| account_of(object).is_some_and(|field| before.get(&field.key) != after.get(&field.key));
    object.key == activity::KEY || before.is_some_and(moves)
}

/// The records whose field planned changes will touch.
pub(super) fn rows(cx: &Ctx, tx: &mut Read, object: &Object, planned: &Planned<'_>, rows: &mut Rows) -> Result<()> {
    let mut add = |of: String, id: Id| {
        rows.entry(of).or_default().insert(id);
    };
    if object.key != activity::KEY {
        let Some(field) = account_of(object) else { return Ok(()) };
        // A deletion plans no patches.
        if planned.patches.is_empty() || planned.patches.iter().any(|patch| patch.contains_key(&field.key)) {
            let present = planned.present.iter().filter_map(|record| parent(field, record));
            let given = planned.patches.iter().filter_map(|patch| parent_in(field, patch.get(&field.key)?));
            present.chain(given).for_each(|(of, id)| add(of, id));
        }
        return Ok(());
    }
    let mut targets: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    for field in leading(object) {
        let present = planned.present.iter().filter_map(|record| parent(field, record));
        let given = planned.patches.iter().filter_map(|patch| parent_in(field, patch.get(&field.key)?));
        for (of, id) in present.chain(given) {
            targets.entry(of.clone()).or_default().insert(id);
            add(of, id);
        }
    }
    for (of, ids) in targets {
        let Some((target, field)) = cx.meta.schema.object(&of).and_then(|target| Some((target, account_of(target)?))) else { continue };
        let ids: Vec<Id> = ids.into_iter().collect();
        for record in db::records::load(tx, &cx.meta.schema, target, &ALL, &ids)? {
            if let Some((of, id)) = parent(field, &record) {
                add(of, id);
            }
        }
    }
    Ok(())
}

/// The fields of an activity that say whom or what it was about.
fn leading(object: &Object) -> impl Iterator<Item = &Field> {
    object.hangs_by().into_iter().chain(object.field(CONTACT))
}

/// What a record, as it stands, says of when others were followed up.
fn told(object: &Object, record: Option<&Record>) -> Followed {
    let Some(record) = record else { return Followed::new() };
    if object.key == activity::KEY {
        let Some(at) = record.get("happened_at").as_instant() else { return Followed::new() };
        let lives = record.text("lifecycle_status") != "voided";
        return leading(object).filter(|_| lives).filter_map(|field| Some((parent(field, record)?, at))).collect();
    }
    let told = || Some((parent(account_of(object)?, record)?, record.get(FIELD).as_instant()?));
    told().into_iter().collect()
}

/// One wave: the records of which these changes say otherwise than before when they were followed up.
pub(super) fn follow(cx: &Ctx, tx: &mut Write, object: &str, pairs: &[Pair]) -> Result<Vec<(String, Vec<Pair>)>> {
    let Some(object) = cx.meta.schema.object(object).filter(|object| concerns(object)) else { return Ok(Vec::new()) };
    let (mut gone, mut new) = (BTreeMap::new(), BTreeMap::new());
    for (before, after) in pairs {
        let (was, is) = (told(object, before.as_ref()), told(object, after.as_ref()));
        for (place, at) in was.difference(&is).cloned() {
            latest(&mut gone, place, at);
        }
        for (place, at) in is.difference(&was).cloned() {
            latest(&mut new, place, at);
        }
    }
    let mut touched: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
    for (of, id) in gone.keys().chain(new.keys()) {
        touched.entry(of).or_default().insert(*id);
    }
    let mut waves = Vec::new();
    for (of, ids) in touched {
        let Some(target) = cx.meta.schema.object(of).filter(|target| is_followed(target)) else { continue };
        let before = locked(cx, tx, target, ids.into_iter().collect())?;
        let mut after: BTreeMap<Id, Record> = before.iter().map(|record| (record.id, record.clone())).collect();
        let mut anew = Vec::new();
        for record in after.values_mut() {
            let place = (of.to_owned(), record.id);
            let stands = record.get(FIELD).as_instant();
            // Only what stands there for that very one may have to give way to an earlier.
            if gone.get(&place).is_some_and(|at| stands.is_none_or(|stands| *at >= stands)) {
                anew.push(record.id);
            } else if let Some(at) = new.get(&place) {
                record.set(FIELD, stands.map_or(*at, |stands| stands.max(*at)));
            }
        }
        for (id, at) in recount(cx, tx, target, &anew)? {
            if let Some(record) = after.get_mut(&id) {
                record.set(FIELD, Value::from(at.map(Value::Instant)));
            }
        }
        for before in &before {
            if let Some(record) = after.get_mut(&before.id) {
                leads::followed(target, before, record);
            }
        }
        waves.push((of.to_owned(), settle(cx, tx, target, before, after, Act::RollUp)?));
    }
    Ok(waves)
}

fn latest<K: Ord>(kept: &mut BTreeMap<K, Instant>, place: K, at: Instant) {
    kept.entry(place).and_modify(|known| *known = at.max(*known)).or_insert(at);
}

/// When each of these records was last followed up, over all that tells it.
pub(crate) fn recount(cx: &Ctx, tx: &mut Read, object: &Object, ids: &[Id]) -> Result<BTreeMap<Id, Option<Instant>>> {
    let mut found: BTreeMap<Id, Instant> = BTreeMap::new();
    let mut add = |more: Vec<(Id, Instant)>| more.into_iter().for_each(|(id, at)| latest(&mut found, id, at));
    if ids.is_empty() || !is_followed(object) {
        return Ok(BTreeMap::new());
    }
    if let Some(activity) = cx.meta.schema.object(activity::KEY) {
        for field in leading(activity).filter(|field| field.kind.may_refer_to(&object.key)) {
            add(db::records::latest(tx, activity, &field.key, "happened_at", ids)?);
        }
    }
    for other in cx.meta.schema.objects() {
        if let Some(field) = account_of(other).filter(|field| field.kind.target() == Some(&object.key)) {
            add(db::records::latest_of_all(tx, other, &field.key, FIELD, ids)?);
        }
    }
    Ok(ids.iter().map(|id| (*id, found.get(id).copied())).collect())
}

/// Records in which it stands otherwise than it should: what stands, and what should.
pub(crate) fn differing(
    cx: &Ctx,
    tx: &mut Read,
    object: &Object,
    records: &[Record],
) -> Result<Vec<(Id, Option<Instant>, Option<Instant>)>> {
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    let due = recount(cx, tx, object, &ids)?;
    let all = records.iter().filter_map(|record| Some((record.id, record.get(FIELD).as_instant(), *due.get(&record.id)?)));
    Ok(all.filter(|(_, stands, due)| stands != due).collect())
}

/// Puts it right in every record; of how many it was otherwise, by object. The server may go on meanwhile.
pub fn repair_follow_ups(house: &House) -> Result<Vec<(String, String, u64)>> {
    // Accounts last: what stands in others counts for them.
    let keys = house.read(&WORKER, Limits::default(), |cx, _| {
        let (others, accounts): (Vec<_>, Vec<_>) =
            cx.meta.schema.objects().filter(|object| is_followed(object)).partition(|object| account_of(object).is_some());
        Ok(others.into_iter().chain(accounts).map(|object| object.key.clone()).collect::<Vec<_>>())
    })?;
    let mut mended = Vec::new();
    for key in keys {
        let (mut after, mut count) = (None, 0);
        loop {
            let (last, changed) = house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
                let Some(object) = cx.meta.schema.object(&key).cloned() else { return Ok((None, 0)) };
                let ids = db::records::ids_after(tx, &object, after, CHUNK)?;
                let before = locked(cx, tx, &object, ids.clone())?;
                let wrong = differing(cx, tx, &object, &before)?;
                let due: BTreeMap<Id, Option<Instant>> = wrong.into_iter().map(|(id, _, due)| (id, due)).collect();
                let mut right: BTreeMap<Id, Record> = before.iter().map(|record| (record.id, record.clone())).collect();
                for (id, at) in &due {
                    if let Some(record) = right.get_mut(id) {
                        record.set(FIELD, Value::from(at.map(Value::Instant)));
                    }
                }
                let pairs = settle(cx, tx, &object, before, right, Act::RollUp)?;
                super::after(cx, tx, &object.key, pairs)?;
                Ok((ids.last().copied(), due.len() as u64))
            })?;
            count += changed;
            after = last;
            if after.is_none() {
                break;
            }
        }
        if count > 0 {
            mended.push((key, FIELD.to_owned(), count));
        }
    }
    Ok(mended)
}
