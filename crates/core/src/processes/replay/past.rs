//! The past of deals, read many at a time: their stays, what has changed in them, their tasks, and what was created along with their moves.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use db::Read;
use db::history::Told;
use db::records::Scope;
use model::condition::World;
use model::process::Stay;
use model::process::replay::PastTask;
use model::{Id, Instant, Record, Value};

use super::trial::Trial;
use crate::processes::{choosing, stays};
use crate::{Result, stage_tasks, world};

const SCOPE: Scope<'static> = Scope::All("rules are tried on everything");

/// A deal as it is, and what is known of how it came there.
pub(super) struct Past {
    pub id: Id,
    pub owner: Option<Id>,
    pub amount: Value,
    /// As it is today, as far as it is looked at.
    pub record: Record,
    /// Oldest first.
    pub stays: Vec<Stay>,
    /// Of the fields that are looked at, oldest first.
    pub changes: Vec<Told>,
    pub tasks: Vec<PastTask>,
    /// Objects of which records that refer to it were created, and when.
    pub created: Vec<(String, Instant)>,
}

/// Deals that are tried together, and what conditions look at around them: as it is today.
pub(super) struct Pasts {
    pub deals: Vec<Past>,
    pub world: World,
    /// Roles that the owners have today, where it matters.
    pub roles: BTreeMap<Id, Vec<String>>,
}

/// Reads the past of these deals back to an instant; those in the recycle bin included.
pub(super) fn load(trial: &mut Trial<'_>, tx: &mut Read, ids: &[Id], since: Instant) -> Result<Pasts> {
    let (cx, object) = (trial.cx, trial.object);
    let mut records = db::records::load(tx, &cx.meta.schema, object, &SCOPE, ids)?;
    let shown: HashMap<Id, (Option<Id>, Value)> =
        records.iter().map(|record| (record.id, (record.owner(), record.get("amount").clone()))).collect();
    // What nobody looks at is not carried along and copied with each move.
    records.iter_mut().for_each(|record| record.values.retain(|field, _| trial.fields.contains(field)));
    let mut stays = stays::load(tx, ids)?;
    // The stage before the first move that is judged was entered earlier; its tasks arose then.
    let since = stays.values().filter_map(|stays| before(stays, since)).min().unwrap_or(since);
    let fields: Vec<&str> = trial.fields.iter().map(String::as_str).collect();
    let mut changes: HashMap<Id, Vec<Told>> = HashMap::new();
    for told in db::history::of_fields(tx, &object.key, ids, &fields, since)? {
        changes.entry(told.record).or_default().push(told);
    }
    let mut tasks = tasks(tx, ids)?;
    let mut created = created(trial, tx, ids)?;
    let around: Vec<Record> = records.iter().cloned().chain(formerly(&records, &changes)).collect();
    let gates = trial.gates(cx.at)?;
    let world = world::around(cx, tx, &around.iter().collect::<Vec<_>>(), gates.conditions())?;
    let roles = choosing::owner_roles(cx, tx, std::iter::once(&trial.process), records.iter().filter_map(Record::owner))?;
    let deals = records.into_iter().map(|record| Past {
        id: record.id,
        owner: shown.get(&record.id).and_then(|(owner, _)| *owner),
        amount: shown.get(&record.id).map(|(_, amount)| amount.clone()).unwrap_or_default(),
        stays: stays.remove(&record.id).unwrap_or_default(),
        changes: changes.remove(&record.id).unwrap_or_default(),
        tasks: tasks.remove(&record.id).unwrap_or_default(),
        created: created.remove(&record.id).unwrap_or_default(),
        record,
    });
    Ok(Pasts { deals: deals.collect(), world, roles })
}

/// When the last stay before the instant was entered.
fn before(stays: &[Stay], since: Instant) -> Option<Instant> {
    stays.iter().map(|stay| stay.entered_at).rfind(|entered| *entered < since)
}

/// What they referred to earlier: around these, too, conditions look.
fn formerly(records: &[Record], changes: &HashMap<Id, Vec<Told>>) -> Vec<Record> {
    let mut values: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
    for change in changes.values().flatten().map(|told| &told.change) {
        let ids = [&change.old, &change.new].into_iter().filter_map(|value| value.as_id());
        values.entry(&change.field).or_default().extend(ids);
    }
    let Some(object) = records.first().map(|record| record.object.clone()) else { return Vec::new() };
    let stand_in = |(field, id): (&str, Id)| {
        let mut record = Record::new(&object, Id::SYSTEM);
        record.set(field, id);
        record
    };
    values.into_iter().flat_map(|(field, ids)| ids.into_iter().map(move |id| (field, id))).map(stand_in).collect()
}

fn tasks(tx: &mut Read, ids: &[Id]) -> Result<HashMap<Id, Vec<PastTask>>> {
    let rows = stage_tasks::rows(tx, ids)?;
    let mut turns = if rows.is_empty() { BTreeMap::new() } else { stage_tasks::turns(tx, ids)? };
    let mut past = |kept: stage_tasks::Kept| PastTask {
        arisen_at: kept.arisen_at,
        turns: turns.remove(&kept.task.id).unwrap_or_else(|| kept.done_at.map(|at| (at, true)).into_iter().collect()),
        task: kept.task,
    };
    Ok(rows.into_iter().map(|(deal, kept)| (deal, kept.into_iter().map(&mut past).collect())).collect())
}

/// Records of the objects that terminal stages ask for, as far as they refer to these deals.
fn created(trial: &Trial<'_>, tx: &mut Read, ids: &[Id]) -> Result<HashMap<Id, Vec<(String, Instant)>>> {
    let wanted: BTreeSet<(&str, &str)> =
        trial.process.stages.iter().flat_map(|stage| &stage.creates).map(|one| (one.object.as_str(), one.link.as_str())).collect();
    let mut found: HashMap<Id, Vec<(String, Instant)>> = HashMap::new();
    for (key, link) in wanted {
        let Some(object) = trial.cx.meta.schema.object(key) else { continue };
        for record in db::records::referring(tx, &trial.cx.meta.schema, object, link, &SCOPE, ids)? {
            if let (Some(deal), Some(at)) = (record.reference(link), record.get("created_at").as_instant()) {
                found.entry(deal).or_default().push((key.to_owned(), at));
            }
        }
    }
    Ok(found)
}
