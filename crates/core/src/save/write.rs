//! Writing what was found sound: records, external ids, history, stays, roll-ups, outbox.

use std::collections::BTreeSet;

use db::Write;
use db::history::Entry;
use db::outbox::{Event, Eyes};
use model::change::differences;
use model::role::Act;
use model::{Id, Object, Record, Value};

use super::change::{Deed, Saved, Working};
use crate::sight::{Sight, Team};
use crate::{
    Ctx, Error, Result, activities, approvals, deals, duplicates, files, identity, notices, orders, pools, processes, quotes, reckoning,
    records, reminders, stage_tasks, veil,
};

/// Fields that tell of the write itself; they are not changes of their own.
const NOISE: [&str; 2] = ["updated_at", "updated_by"];

/// `sight`: who sees these records, as read before.
pub(super) fn write(cx: &Ctx, tx: &mut Write, object: &Object, work: Vec<Working>, mut sight: Sight<'_>) -> Result<Vec<Result<Saved>>> {
    let mut results: Vec<Result<Saved>> = Vec::with_capacity(work.len());
    let (mut inserts, mut external, mut entries, mut events) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut left, mut entered) = (Vec::new(), Vec::new());
    let (mut given, mut due, mut watched, mut slips) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut touched: BTreeSet<String> = BTreeSet::new();
    let mut pairs: Vec<(Option<Record>, Option<Record>)> = Vec::new();
    let mut people_moved: Vec<(Id, Value)> = Vec::new();
    let mut people_left: Vec<Id> = Vec::new();
    let reaches_out = reckoning::locks::reaches_out(cx, &object.key);
    let mut tasks: Vec<(Option<Record>, Record)> = Vec::new();
    let mut turns: Vec<stage_tasks::Turn> = Vec::new();
    let (mut pooled, mut taken_back) = (Vec::new(), Vec::new());
    let (mut passed, mut begun) = (Vec::new(), Vec::new());
    let (mut skipped, mut superseded) = (Vec::new(), Vec::new());
    let mut answered = Vec::new();
    let (mut ordered, mut ended): (Vec<orders::Turn>, Vec<deals::Turn>) = (Vec::new(), Vec::new());
    let takes_back = work.iter().any(|item| item.change.takes_back || item.change.merging);
    for mut item in work {
        if let Some(error) = refusal(cx, object, &mut item) {
            results.push(Err(error));
            continue;
        }
        // What a record was created with is what it holds until its first change, so its beginning needs no rows of fields.
        let mut changes = item.before.as_ref().map_or_else(Vec::new, |before| differences(Some(before), &item.after));
        changes.retain(|change| !NOISE.contains(&change.field.as_str()));
        let columns: Vec<String> = match item.before {
            Some(_) => changes.iter().map(|change| change.field.clone()).collect(),
            None => fields(&item.after),
        };
        for field in &columns {
            if !touched.contains(field) {
                touched.insert(field.clone());
            }
        }
        let changed = item.before.is_none() || !changes.is_empty();
        // In a stage that two processes have, a deal that changes its process enters anew.
        let moved = item.before.is_some() && !item.entered.is_empty();
        if !changed {
            let record = item.before.take().unwrap_or(item.after);
            results.push(Ok(Saved {
                record,
                created: false,
                changed: false,
                moved: false,
                bypassed: Vec::new(),
                approval: None,
                alike: Vec::new(),
            }));
            continue;
        }
        match &item.before {
            None => {
                external.extend(item.change.external.drain(..).map(|(source, id)| (item.after.id, source, id)));
                inserts.push(results.len());
            }
            Some(before) => {
                item.after.version = before.version + 1;
                item.after.revision = before.revision + 1;
                if !db::records::update(tx, object, before.version, before, &item.after)? {
                    results.push(Err(Error::Conflict { record: Box::new(records::show_one(cx, tx, object, before)?) }));
                    continue;
                }
            }
        }
        let team = if pools::clears_team(cx, &item) { Team::Left } else { staying(&item).map_or(Team::Same, Team::With) };
        let seen = sight.turn(item.before.as_ref(), &item.after, team);
        events.push(event(cx, object, &item, columns, seen));
        if object.key == model::objects::task::KEY {
            tasks.push((item.before.clone(), item.after.clone()));
        }
        if reaches_out || reckoning::follow_ups::follows_change(object, item.before.as_ref(), &item.after) {
            pairs.push((item.before.clone(), Some(item.after.clone())));
        }
        if object.key == "employee" && item.before.is_some() && item.changes("department") {
            people_moved.push((item.after.id, item.after.get("department").clone()));
        }
        if object.key == "employee" && item.before.as_ref().is_some_and(identity::is_active) && !identity::is_active(&item.after) {
            people_left.push(item.after.id);
        }
        due.extend(reminders::change(cx, object, item.before.as_ref(), &item.after));
        slips.extend(processes::slips::turns(object, &item));
        watched.extend(reminders::of_stage(cx, object, item.before.as_ref(), &item.after));
        if !matches!(item.change.deed, Deed::Historic(_)) {
            given.extend(notices::assigned::newly(cx, object, item.before.as_ref(), &item.after));
        }
        if !item.passed_duplicates.is_empty() {
            passed.push((item.after.id, item.at, std::mem::take(&mut item.passed_duplicates)));
        }
        keep_team(cx, tx, object, &item)?;
        ordered.extend(orders::Turn::of(object, &item));
        ended.extend(deals::Turn::of(object, &item));
        pooled.extend(pools::log::of_change(cx, object, &item));
        taken_back.extend(pools::watch::turn(cx, object, item.before.as_ref(), &item.after, item.at));
        files::hang(tx, object, item.before.as_ref(), &item.after)?;
        entries.push(Entry {
            object: object.key.clone(),
            record: item.after.id,
            revision: item.after.revision,
            at: item.at,
            by: cx.who.id,
            via: cx.via.key().to_owned(),
            act: happened(object, &item).to_owned(),
            reason: item.change.reason().map(str::to_owned),
            origin: cx.origin,
            changes,
        });
        answered.extend(quotes::answered(object, &item));
        if processes::concerns(object) {
            turns.extend(stage_tasks::Turn::of(cx, &item));
        }
        let approval = item.begun.as_ref().map(|begun| begun.id);
        skipped.extend(approvals::Skipped::of(object, &mut item));
        superseded.extend(item.superseded.take().map(|approval| (item.after.clone(), approval)));
        begun.extend(item.begun.take().map(|one| (item.after.id, one)));
        left.extend(item.left.take());
        let bypassed = item.entered.last().map(|stay| stay.bypassed.clone()).unwrap_or_default();
        entered.append(&mut item.entered);
        results.push(Ok(Saved {
            created: item.before.is_none(),
            record: item.after,
            changed: true,
            moved,
            bypassed,
            approval,
            alike: item.alike,
        }));
    }
    let inserts: Vec<&Record> = inserts.into_iter().filter_map(|at: usize| Some(&results[at].as_ref().ok()?.record)).collect();
    db::records::insert(tx, object, &inserts)?;
    db::external::insert(tx, object, &external)?;
    sight.write(tx)?;
    if !tasks.is_empty() {
        // What a task gives decides who sees it afterwards, and what it regards.
        activities::tasks::hand_over(cx, tx, &tasks)?;
        let after = Sight::of(cx, tx, object, tasks.iter().map(|(_, task)| (Some(task), task)))?;
        for (event, (_, task)) in events.iter_mut().zip(&tasks) {
            event.after = after.present(task);
        }
    }
    duplicates::keep_overrides(cx, tx, object, passed)?;
    processes::stays::write(tx, &left, &entered)?;
    if !turns.is_empty() {
        stage_tasks::follow(cx, tx, object, &turns, &mut events)?;
    }
    processes::slips::write(cx, tx, &slips)?;
    pools::watch::write(tx, object, &taken_back)?;
    approvals::write(cx, tx, object, begun)?;
    approvals::superseded(cx, tx, object, &superseded)?;
    approvals::note_skipped(cx, tx, object, skipped)?;
    // These can wait for each other: one round trip for all.
    pools::log::write(tx, &pooled)?;
    db::history::insert(tx, &entries)?;
    db::outbox::insert(tx, &events)?;
    notices::assigned::tell(cx, tx, object, &given)?;
    quotes::tell(cx, tx, &answered)?;
    reminders::on_save(cx, tx, &due)?;
    reminders::watching::watch(cx, tx, &watched)?;
    match takes_back {
        true => reckoning::after(&cx.taking_back(), tx, &object.key, pairs)?,
        false => reckoning::after(cx, tx, &object.key, pairs)?,
    }
    orders::follow(cx, tx, &ordered)?;
    deals::follow(cx, tx, &ended)?;
    people_changed(tx, object, &touched)?;
    reckoning::people_moved(cx, tx, &people_moved)?;
    approvals::clock::left(tx, &people_left)?;
    Ok(results)
}

/// The fields that a new record has.
fn fields(record: &Record) -> Vec<String> {
    let told = |(field, value): &(&String, &Value)| !value.is_null() && !NOISE.contains(&field.as_str());
    record.values.iter().filter(told).map(|(field, _)| field.clone()).collect()
}

fn refusal(cx: &Ctx, object: &Object, item: &mut Working) -> Option<Error> {
    if let Some(error) = item.error.take() {
        return Some(error);
    }
    // Values come first: a requirement cannot be judged on a value that is not one.
    if !item.findings.is_empty() {
        let mut all = std::mem::take(&mut item.findings);
        all.append(&mut item.unmet);
        return Some(Error::Invalid(veil::over(cx, object, all)));
    }
    (!item.unmet.is_empty()).then(|| Error::Unmet(veil::over(cx, object, std::mem::take(&mut item.unmet))))
}

/// The act as it is told: what waits for its approval is asked for and not done, and what was approved or let go is no second beginning.
fn happened(object: &Object, item: &Working) -> &'static str {
    match item.change.deed {
        _ if item.begun.is_some() && item.before.is_some() => "submit",
        Deed::TakeEffect => "take_effect",
        Deed::Release { .. } => "release",
        Deed::Submit => Act::Edit.key(),
        _ => quotes::act_of(object, item).or_else(|| orders::act_of(object, item)).unwrap_or(item.change.act().key()),
    }
}

fn event(cx: &Ctx, object: &Object, item: &Working, columns: Vec<String>, (before, after): (Eyes, Eyes)) -> Event {
    Event {
        object: object.key.clone(),
        record: item.after.id,
        revision: item.after.revision,
        act: happened(object, item).to_owned(),
        at: item.at,
        by: cx.who.id,
        columns,
        before,
        after,
    }
}

/// A former owner who stays in the team goes on seeing the record.
fn staying(item: &Working) -> Option<Id> {
    match &item.change.deed {
        Deed::ChangeOwner { keep_as: Some(_), .. } if item.begun.is_none() => item.before.as_ref().and_then(Record::owner),
        _ => None,
    }
}

/// The former owner may stay in the team (D7); what comes into a pool may lose it.
fn keep_team(cx: &Ctx, tx: &mut Write, object: &Object, item: &Working) -> Result<()> {
    if pools::clears_team(cx, item) {
        return Ok(db::access::set_grants(tx, object, item.after.id, "team", &[])?);
    }
    let (Deed::ChangeOwner { keep_as: Some(level), .. }, Some(before)) = (&item.change.deed, &item.before) else { return Ok(()) };
    match before.owner().filter(|_| item.begun.is_none()) {
        Some(owner) => records::team::add(tx, object, item.after.id, owner, level),
        None => Ok(()),
    }
}

/// Who sees whose records follows from people and departments; every transaction after this one knows.
pub(super) fn people_changed(tx: &mut Write, object: &Object, touched: &BTreeSet<String>) -> Result<()> {
    let lines_of_command: &[&str] = match object.key.as_str() {
        "employee" => &["manager", "department", "active", "lifecycle_status"],
        "department" => &["parent", "head", "assistants", "lifecycle_status"],
        "user_group" => &[],
        _ => return Ok(()),
    };
    if touched.is_empty() {
        return Ok(());
    }
    if lines_of_command.iter().any(|field| touched.contains(*field)) {
        db::access::rebuild_sees(tx)?;
    }
    tx.publish_meta()?;
    Ok(())
}
