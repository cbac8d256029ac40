//! The records around a judged one that conditions look at, loaded beforehand and set by set.

use std::collections::BTreeSet;

use db::Read;
use db::records::Scope;
use model::condition::{Hop, Resolved, World};
use model::{Id, Record};

use crate::{Ctx, Result};

/// Rules see everything; what a person may see does not change what a rule demands.
const SCOPE: Scope<'static> = Scope::All("rules look at everything");

/// Loads what the conditions look at around these records; asks nothing where they look at the records alone.
pub(crate) fn around<'a>(cx: &Ctx, tx: &mut Read, records: &[&Record], conditions: impl Iterator<Item = &'a Resolved>) -> Result<World> {
    around_within(cx, tx, records, conditions, &SCOPE)
}

/// As [`around`], as far as `scope` sees.
pub(crate) fn around_within<'a>(
    cx: &Ctx,
    tx: &mut Read,
    records: &[&Record],
    conditions: impl Iterator<Item = &'a Resolved>,
    scope: &Scope<'_>,
) -> Result<World> {
    let mut world = World::default();
    let mut paths: BTreeSet<Vec<Hop>> = BTreeSet::new();
    let mut children = Vec::new();
    for condition in conditions {
        condition.paths(&mut |path| {
            paths.insert(path.to_vec());
        });
        condition.exists(&mut |test| children.push(test.clone()));
    }
    for path in &paths {
        follow(cx, tx, &mut world, records, path, scope)?;
    }
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    let mut loaded: BTreeSet<(String, String)> = BTreeSet::new();
    for test in children {
        let Some(object) = cx.meta.schema.object(&test.object) else { continue };
        if !loaded.insert((test.object.clone(), test.via.clone())) {
            continue;
        }
        let mut found = db::records::referring(tx, &cx.meta.schema, object, &test.via, scope, &ids)?;
        found.retain(|child| child.text("lifecycle_status") != "voided");
        let mut paths: BTreeSet<Vec<Hop>> = BTreeSet::new();
        test.filter.paths(&mut |path| {
            paths.insert(path.to_vec());
        });
        for path in &paths {
            follow(cx, tx, &mut world, &found.iter().collect::<Vec<_>>(), path, scope)?;
        }
        for id in &ids {
            let of_this = found.iter().filter(|child| child.reference(&test.via) == Some(*id)).cloned().collect();
            world.add_referring(&test.object, &test.via, *id, of_this);
        }
    }
    Ok(world)
}

/// Loads the targets along one path as far as `scope` sees them, one statement per step.
pub(crate) fn follow(cx: &Ctx, tx: &mut Read, world: &mut World, records: &[&Record], path: &[Hop], scope: &Scope<'_>) -> Result<()> {
    let mut level: Vec<Record> = records.iter().map(|record| (*record).clone()).collect();
    for hop in path {
        let ids: BTreeSet<Id> = level.iter().filter_map(|record| record.reference(&hop.field)).collect();
        let missing: Vec<Id> = ids.iter().filter(|id| world.find(&hop.object, **id).is_none()).copied().collect();
        if let (false, Some(object)) = (missing.is_empty(), cx.meta.schema.object(&hop.object)) {
            for record in db::records::load(tx, &cx.meta.schema, object, scope, &missing)? {
                world.add(record);
            }
        }
        level = ids.iter().filter_map(|id| world.find(&hop.object, *id).cloned()).collect();
    }
    Ok(())
}
