//! Pools: where records lie that nobody has, for members to claim or for others to give out (spec/05).
//!
//! For a salesperson: leads that nobody follows up lie in a pool, are read there with some fields covered, and belong to whoever claims one. For
//! a programmer: the pool is a field of the record, and what is done with it are changes that go through `save` like any other: [`settle`]
//! says what becomes of the record, [`judge`] what stands against it, [`log`] what is kept of it. That members see what lies in a pool is given
//! to the pool itself (`grant_to`), so that a change of its members costs nothing.

pub(crate) mod acts;
mod define;
mod document;
mod judge;
pub(crate) mod log;
pub mod reclaim;
mod settle;
mod show;
pub(crate) mod watch;

use std::collections::BTreeSet;

use db::Read;
use db::veil::{Veil, Veils};
use model::field::FieldType;
use model::pool::{FIELD, Mode, Pool};
use model::role::Act;
use model::sharing::Recipient;
use model::{Field, Id, Object, Record};
use sea_query::{Order, Query};

use crate::access::Rights;
use crate::{Ctx, Meta, Result, meta, people};

pub(crate) use acts::{BulkPool, deed_of};
pub use acts::{Claim, MovePool, Return, claim, move_pool, take_back};
pub use define::{delete, save};
pub use document::Wanted;
use judge::claims_today;
pub(crate) use judge::{allowed, came_too_late, claimed_already, judge};
pub use log::{LogRequest, list as log_of};
pub(crate) use settle::{clears_team, enter, settle};
pub use show::{list, one};

/// Every pool, by name.
pub(crate) fn load(tx: &mut Read) -> Result<Vec<Pool>> {
    let rows = tx.all(Query::select().column("doc").from("pool").order_by("id", Order::Asc))?;
    let mut pools = rows.iter().map(meta::doc).collect::<Result<Vec<Pool>>>()?;
    pools.sort_by_cached_key(|pool| (model::text::fold(&pool.name), pool.id));
    Ok(pools)
}

/// The pools of an object, by name.
pub(crate) fn of<'a>(cx: &'a Ctx, object: &'a str) -> impl Iterator<Item = &'a Pool> {
    cx.meta.pools.iter().filter(move |pool| pool.object == object)
}

/// The pool of this id.
pub(crate) fn find(meta: &Meta, id: Id) -> Option<&Pool> {
    meta.pools.iter().find(|pool| pool.id == id)
}

/// What the field says: in which pool a record lies, or from which its owner has it.
pub(crate) fn named_in(record: &Record) -> Option<Id> {
    record.get(FIELD).as_text().and_then(|id| id.parse().ok())
}

/// The pool in which a record lies; none while somebody has it.
pub(crate) fn lies_in(object: &Object, record: &Record) -> Option<Id> {
    if object.ownerless && record.owner().is_none() { named_in(record) } else { None }
}

/// The administrators of a pool, as one to whom records are given.
pub(crate) fn administrators_of(pool: Id) -> Id {
    people::named(&format!("administrators of the pool {pool}"))
}

/// The pools, and their administrators, as whom somebody is given records who belongs to these.
pub(crate) fn principals(pools: &[Pool], belongs: &[Id]) -> Vec<Id> {
    let among = |to: &[Recipient]| to.iter().any(|to| belongs.contains(&to.id));
    let mut found = Vec::new();
    for pool in pools {
        let administers = among(&pool.administrators);
        if administers || among(&pool.members) {
            found.push(pool.id);
        }
        if administers {
            found.push(administrators_of(pool.id));
        }
    }
    found
}

/// True for members and administrators of a pool.
pub(crate) fn is_in(cx: &Ctx, pool: Id) -> bool {
    cx.who.system.is_some() || cx.who.viewer.principals.contains(&pool)
}

/// True for those who give out what lies in a pool, and move it.
pub(crate) fn administers(cx: &Ctx, pool: Id) -> bool {
    cx.who.system.is_some() || cx.who.viewer.principals.contains(&administrators_of(pool))
}

/// True where the caller may claim the record as it lies there, so far as can be told without looking at what he has done before.
pub(crate) fn claimable(cx: &Ctx, object: &Object, record: &Record) -> bool {
    let pool = lies_in(object, record).and_then(|pool| find(&cx.meta, pool));
    pool.is_some_and(|pool| may_claim_from(cx, pool))
        && record.text("lifecycle_status") != model::objects::lifecycle::VOIDED
        && crate::leads::is_open(object, record)
}

/// True where the caller may claim from the pool.
pub(crate) fn may_claim_from(cx: &Ctx, pool: &Pool) -> bool {
    pool.active && pool.mode == Mode::Claimable && is_in(cx, pool.id) && cx.who.rights.may(Act::Claim, &pool.object)
}

/// What is blank to somebody of what lies in pools: to everybody but their administrators and those whose role sees all. What is reckoned
/// from a covered field is covered as well.
pub(crate) fn veils(meta: &Meta, principals: &[Id], rights: &Rights) -> Veils {
    let mut veils = Veils::new();
    let covering = meta.pools.iter().filter(|pool| !pool.hidden.is_empty() && !rights.see_all);
    for pool in covering.filter(|pool| !principals.contains(&administrators_of(pool.id))) {
        let Some(object) = meta.schema.object(&pool.object) else { continue };
        let mut fields: BTreeSet<String> = pool.hidden.iter().filter(|key| object.field(key).is_some()).cloned().collect();
        let drawn = object.fields.iter().filter(|field| crate::access::draws_from(&meta.sources, &object.key, &field.key, &pool.hidden));
        fields.extend(drawn.map(|field| field.key.clone()));
        veils.entry(object.key.clone()).or_default().push(Veil { pool: pool.id, fields });
    }
    veils
}

/// Figures kept on records that are drawn from such fields of other records, as the sum of an account's deals: whoever may not read the one in
/// some pool is not told the other at all, since what is kept counts for whoever looks.
pub(crate) fn untold(meta: &Meta, veils: &Veils) -> BTreeSet<(String, String)> {
    let covered =
        |(object, field): &(String, String)| veils.get(object).is_some_and(|all| all.iter().any(|veil| veil.fields.contains(field)));
    let is_told = |(object, key): &(String, String), from: &BTreeSet<(String, String)>| {
        let Some(field) = meta.schema.object(object).and_then(|object| object.field(key)).filter(|field| field.is_stored()) else {
            return true;
        };
        !from.iter().any(|source| covered(source) && (source.0 != *object || reaches_out(meta, object, field)))
    };
    if veils.is_empty() {
        return BTreeSet::new();
    }
    meta.sources.iter().filter(|(figure, from)| !is_told(figure, from)).map(|(figure, _)| figure.clone()).collect()
}

/// True for what is drawn from other records of its own object.
fn reaches_out(meta: &Meta, object: &str, field: &Field) -> bool {
    let formula = || meta.plan.formulas(object).iter().find(|one| one.field == field.key);
    match &field.kind {
        FieldType::Statistical { of, .. } => of == object,
        _ => formula().is_some_and(|one| one.formula.paths().iter().any(|path| !path.hops.is_empty() && path.object == object)),
    }
}

/// What the caller may do with what lies in a pool.
pub(crate) fn may(cx: &Ctx, pool: &Pool) -> Vec<&'static str> {
    let by_role_or_office = |act: Act| administers(cx, pool.id) || cx.who.rights.may(act, &pool.object);
    let mut may = Vec::new();
    may.extend(may_claim_from(cx, pool).then_some("claim"));
    may.extend(by_role_or_office(Act::Assign).then_some("assign"));
    may.extend(by_role_or_office(Act::MovePool).then_some("move"));
    may.extend(cx.is_administrator().then_some("administer"));
    may
}

/// Acts that a record's lying in a pool opens to the caller.
pub(crate) fn open(cx: &Ctx, object: &Object, record: &Record) -> Vec<Act> {
    let voided = record.text("lifecycle_status") == model::objects::lifecycle::VOIDED;
    let Some(pool) = lies_in(object, record).filter(|_| !voided) else { return Vec::new() };
    let mut open = Vec::new();
    open.extend(claimable(cx, object, record).then_some(Act::Claim));
    if administers(cx, pool) && cx.who.system.is_none() {
        open.extend(crate::leads::is_open(object, record).then_some(Act::Assign));
        open.push(Act::MovePool);
    }
    open
}

/// The pools whose definitions name a field of an object, with the place.
pub(crate) fn uses<'a>(meta: &'a Meta, object: &str, field: &str) -> Vec<(&'a Pool, &'static str)> {
    let meant = (object.to_owned(), field.to_owned());
    let mut found = Vec::new();
    for pool in &meta.pools {
        let own = pool.object == object;
        let in_condition = pool.condition.as_ref().is_some_and(|condition| condition.mentions(&pool.object, &meta.schema).contains(&meant));
        found.extend(in_condition.then_some((pool, "condition")));
        found.extend((own && pool.hidden.contains(&meant.1)).then_some((pool, "hidden")));
        found.extend((own && pool.clears.fields.contains(&meant.1)).then_some((pool, "clears/fields")));
    }
    found
}
