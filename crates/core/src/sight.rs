//! Who hears of a change: those by whose eyes a record is seen before and after it, so that whoever loses sight is told that it is gone
//! (core rule 28). They are told as principals (owners, those to whom something is given), which every listener holds against what he is.

use std::collections::{BTreeMap, BTreeSet};

use db::access::Grant;
use db::outbox::{EVERYBODY, Eyes};
use db::{Read, Write};
use model::{Base, Id, Object, Record};

use crate::access::{DEPTH, parent};
use crate::sharing::{self, Live};
use crate::{Ctx, Result, approvals};

/// What becomes of a record's team with a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Team {
    Same,
    /// Somebody comes to it.
    With(Id),
    /// All leave it.
    Left,
}

/// What stands of some records of one object before they are written.
pub(crate) struct Sight<'a> {
    object: &'a Object,
    rules: &'a [Live],
    standing: BTreeMap<Id, Vec<Grant>>,
    lent: BTreeMap<(String, Id), Eyes>,
    kept: sharing::Kept,
}

impl<'a> Sight<'a> {
    /// Reads by whom the records are seen that are about to change: each as it was (nothing where it is new) and as it will be.
    pub fn of<'r>(
        cx: &'a Ctx,
        tx: &mut Read,
        object: &'a Object,
        changes: impl Iterator<Item = (Option<&'r Record>, &'r Record)>,
    ) -> Result<Sight<'a>> {
        let (mut ids, mut lenders) = (Vec::new(), BTreeSet::new());
        for (before, after) in changes {
            ids.extend(before.map(|record| record.id));
            if let Some(field) = object.lender() {
                lenders.extend(before.into_iter().chain([after]).filter_map(|record| parent(field, record)));
            }
        }
        let mut standing: BTreeMap<Id, Vec<Grant>> = BTreeMap::new();
        if is_given(cx, object) && !ids.is_empty() {
            for grant in db::access::grants(tx, &object.key, &ids)? {
                standing.entry(grant.record).or_default().push(grant);
            }
        }
        let lent = lent(cx, tx, lenders, &mut vec![object.key.clone()])?;
        let rules = cx.meta.sharing.get(&object.key).map_or(&[][..], Vec::as_slice);
        Ok(Sight { object, rules, standing, lent, kept: sharing::Kept::default() })
    }

    /// Those by whose eyes a record is seen before and after its change; what rules give of it is noted to be written. `team` says what
    /// becomes of its team with this.
    pub fn turn(&mut self, before: Option<&Record>, after: &Record, team: Team) -> (Eyes, Eyes) {
        let standing = self.standing.get(&after.id).map_or(&[][..], Vec::as_slice);
        let shared = sharing::kept(self.object, self.rules, standing, after, &mut self.kept);
        // By team, and by tasks about it.
        let others = standing.iter().filter(|grant| !db::access::is_kept(&grant.why) && (team != Team::Left || grant.why != "team"));
        let stays = if let Team::With(person) = team { Some(person) } else { None };
        let seen_after = others.map(|grant| grant.principal).chain(shared.iter().map(|grant| grant.principal)).chain(stays);
        let seen_before = before.map(|record| self.eyes(record, standing.iter().map(|grant| grant.principal)));
        (seen_before.unwrap_or_default(), self.eyes(after, seen_after))
    }

    /// Those by whose eyes a record is seen as it stands.
    pub fn present(&self, record: &Record) -> Eyes {
        self.eyes(record, self.standing.get(&record.id).into_iter().flatten().map(|grant| grant.principal))
    }

    /// Those by whose eyes a record is seen before and after its team becomes another.
    pub fn of_team(&self, record: &Record, team: impl Iterator<Item = Id>) -> (Eyes, Eyes) {
        let standing = self.standing.get(&record.id).map_or(&[][..], Vec::as_slice);
        let others = standing.iter().filter(|grant| grant.why != "team").map(|grant| grant.principal);
        (self.eyes(record, standing.iter().map(|grant| grant.principal)), self.eyes(record, others.chain(team)))
    }

    /// With those to whom it is given, the owner and those who see what it belongs to.
    fn eyes(&self, record: &Record, given: impl Iterator<Item = Id>) -> Eyes {
        let lender = self.object.lender().and_then(|field| parent(field, record));
        let lent = lender.and_then(|lender| self.lent.get(&lender)).cloned().unwrap_or_default();
        let once = |ids: BTreeSet<Id>| ids.into_iter().collect();
        Eyes { owners: once(record.owner().into_iter().chain(lent.owners).collect()), given: once(given.chain(lent.given).collect()) }
    }

    /// Writes what rules give of these records now.
    pub fn write(self, tx: &mut Write) -> Result<()> {
        sharing::write(tx, self.object, self.kept)
    }
}

/// True where single records are given to people: by teams, rules and tasks, or by approvals alone.
fn is_given(cx: &Ctx, object: &Object) -> bool {
    object.owned || approvals::takes_flows(&cx.meta.schema, object)
}

/// By whom records are seen that lend their visibility, through whatever lends it to them. `path` are the objects on the way, as in the scope.
fn lent(cx: &Ctx, tx: &mut Read, wanted: BTreeSet<(String, Id)>, path: &mut Vec<String>) -> Result<BTreeMap<(String, Id), Eyes>> {
    let mut by_object: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    for (object, id) in wanted {
        by_object.entry(object).or_default().push(id);
    }
    let mut found: BTreeMap<(String, Id), Eyes> = BTreeMap::new();
    for (key, ids) in by_object {
        let Some(object) = cx.meta.schema.object(&key).filter(|_| !path.contains(&key)) else { continue };
        if matches!(object.base, Base::PublicRead | Base::PublicWrite) {
            found.extend(ids.into_iter().map(|id| ((key.clone(), id), Eyes { given: vec![EVERYBODY], ..Eyes::default() })));
            continue;
        }
        let holders = db::access::holders(tx, object, &ids)?;
        if is_given(cx, object) {
            for grant in db::access::grants(tx, &key, &ids)? {
                found.entry((key.clone(), grant.record)).or_default().given.push(grant.principal);
            }
        }
        path.push(key.clone());
        let above = match path.len() < DEPTH {
            true => lent(cx, tx, holders.iter().filter_map(|holder| holder.lender.clone()).collect(), path)?,
            false => BTreeMap::new(),
        };
        path.pop();
        for holder in holders {
            let seen = found.entry((key.clone(), holder.record)).or_default();
            seen.owners.extend(holder.owner);
            if let Some(lent) = holder.lender.and_then(|lender| above.get(&lender)) {
                seen.owners.extend(&lent.owners);
                seen.given.extend(&lent.given);
            }
        }
    }
    Ok(found)
}
