//! What is held: by a person, or by a department or group together.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::holdings::Counts;
use db::records::Scope;
use model::approval::Trigger;
use model::{Id, Record};

use super::live::Live;
use super::standing::Standing;
use crate::{Ctx, Result, approvals, world};

const WHY: Scope<'static> = Scope::All("what counts for a limit, whoever sees it");

/// What each of these owners has of what each of these rules counts, as this transaction sees it: what it has given already is counted. Rules of
/// which counts are kept are answered in one statement together, each other one from the records.
pub(super) fn per_owner(cx: &Ctx, tx: &mut Read, asked: &[(&Live, BTreeSet<Id>)]) -> Result<Counts> {
    let kept: BTreeSet<(Id, Id)> =
        asked.iter().filter(|(live, _)| live.kept).flat_map(|(live, owners)| owners.iter().map(|owner| (live.rule.id, *owner))).collect();
    let mut counts = if kept.is_empty() { Counts::new() } else { db::holdings::counts(tx, &kept)? };
    for (live, owners) in asked.iter().filter(|(live, owners)| !live.kept && !owners.is_empty()) {
        let Some(object) = cx.meta.schema.object(&live.rule.object) else { continue };
        let owners: Vec<Id> = owners.iter().copied().collect();
        for (owner, n) in db::holdings::counted(tx, &cx.meta.schema, object, &live.counts, Some(&owners))? {
            counts.insert((live.rule.id, owner), n);
        }
    }
    coming(cx, tx, asked, &mut counts)?;
    Ok(counts)
}

/// What is to be given to somebody and waits for its approval has its place with him already, and keeps the giver's.
fn coming(cx: &Ctx, tx: &mut Read, asked: &[(&Live, BTreeSet<Id>)], counts: &mut Counts) -> Result<()> {
    for (live, owners) in asked {
        let gives = |flow: &std::sync::Arc<model::approval::Flow>| {
            flow.object == live.rule.object && matches!(flow.trigger, Trigger::ChangeOwner | Trigger::Claim)
        };
        let may_come = cx.meta.flows.iter().any(gives) || cx.meta.given_before.contains(&live.rule.object);
        let Some(object) = cx.meta.schema.object(&live.rule.object).filter(|_| may_come) else { continue };
        let coming = approvals::coming(tx, &object.key, &owners.iter().copied().collect::<Vec<_>>())?;
        if coming.is_empty() {
            continue;
        }
        let ids: Vec<Id> = coming.iter().map(|(_, record)| *record).collect();
        let mut records = db::records::load(tx, &cx.meta.schema, object, &WHY, &ids)?;
        for record in &mut records {
            // As it will be his; what he has already is counted.
            if let Some((to, _)) = coming.iter().find(|(to, id)| *id == record.id && record.owner() != Some(*to)) {
                record.set("owner", *to);
            }
        }
        let world = world::around(cx, tx, &records.iter().collect::<Vec<_>>(), std::iter::once(&live.counts))?;
        for (to, id) in coming {
            let counted = |record: &&Record| record.id == id && record.owner() == Some(to) && live.counts.holds(record, &world);
            if records.iter().any(|record| counted(&record)) {
                *counts.entry((live.rule.id, to)).or_default() += 1;
            }
        }
    }
    Ok(())
}

/// What each of these people, departments or groups holds under each of these rules.
pub(super) fn held(cx: &Ctx, tx: &mut Read, standing: &Standing, asked: &[(&Live, &[Id])]) -> Result<BTreeMap<(Id, Id), i64>> {
    let mut owners: Vec<(&Live, BTreeSet<Id>)> = Vec::with_capacity(asked.len());
    for (live, subjects) in asked {
        let members = subjects.iter().flat_map(|id| standing.members(&live.rule.subject, *id)).map(|person| person.record.id);
        owners.push((*live, members.collect()));
    }
    let counts = per_owner(cx, tx, &owners)?;
    let mut held = BTreeMap::new();
    for (live, subjects) in asked {
        for id in *subjects {
            let members = standing.members(&live.rule.subject, *id);
            let sum = members.filter_map(|person| counts.get(&(live.rule.id, person.record.id))).sum();
            held.insert((live.rule.id, *id), sum);
        }
    }
    Ok(held)
}
