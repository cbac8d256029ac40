//! What follows for tasks from the save of a deal: they arise with the stage that is entered, are skipped with the one that is left, and go
//! with the owner. All that is to be read and written for many deals is read and written together.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use db::outbox::Event;
use model::process::{Gates, InForce, Party, StageTask, Stay, Task, TaskState, standing};
use model::{Id, Instant, Object, Record};

use super::store::{self, Kept};
use super::{assign, define, log, sight, tell};
use crate::processes::{due, in_force};
use crate::save::{Deed, Working};
use crate::{Ctx, Result, world};

/// A deal as a save leaves it, where its tasks may follow.
pub(crate) struct Turn {
    before: Option<Record>,
    after: Record,
    /// The stage in which it stands from now on.
    entered: Option<Stay>,
    left: bool,
    /// Its tasks, where whoever judged the move has read them; else they are read where the deal was there before.
    stood: Option<Vec<Kept>>,
    /// It comes with its past: nobody is told, and what is due counts from now.
    historic: bool,
    at: Instant,
}

impl Turn {
    /// Nothing where no task can follow.
    pub fn of(cx: &Ctx, item: &Working) -> Option<Turn> {
        let entered = item.entered.last().filter(|stay| stay.is_open());
        // A new deal has no tasks but those of its stage.
        if item.before.is_none() && (entered.is_none() || !has_tasks(cx, &item.after)) {
            return None;
        }
        let changes = |field: &str| item.before.as_ref().is_some_and(|before| before.get(field) != item.after.get(field));
        let left = item.left.is_some();
        let follows =
            entered.is_some() || left || changes("lifecycle_status") || changes("owner") || names_another(cx, &item.after, &changes);
        follows.then(|| Turn {
            before: item.before.clone(),
            after: item.after.clone(),
            entered: entered.cloned(),
            left,
            stood: item.how.is_some().then(|| item.tasks.clone()),
            historic: matches!(item.change.deed, Deed::Historic(_)),
            at: item.at,
        })
    }

    fn changes(&self, field: &str) -> bool {
        self.before.as_ref().is_some_and(|before| before.get(field) != self.after.get(field))
    }

    fn is_voided(&self) -> bool {
        self.after.text("lifecycle_status") == "voided"
    }

    fn is_restored(&self) -> bool {
        !self.is_voided() && self.before.as_ref().is_some_and(|before| before.text("lifecycle_status") == "voided")
    }

    fn owner_before(&self) -> Option<Id> {
        self.before.as_ref().and_then(Record::owner)
    }
}

fn has_tasks(cx: &Ctx, deal: &Record) -> bool {
    cx.meta.process_of(deal).is_none_or(|process| process.stages.iter().any(|stage| !stage.tasks.is_empty()))
}

/// A field of the deal that names people of tasks has changed.
fn names_another(cx: &Ctx, deal: &Record, changes: &dyn Fn(&str) -> bool) -> bool {
    let Some(process) = cx.meta.in_force(deal).map(InForce::process) else { return false };
    let tasks = process.stages.iter().flat_map(|stage| &stage.tasks);
    let mut parties = tasks.flat_map(|task| task.assignees.iter().chain(task.reminders.iter().flat_map(|reminder| &reminder.to)));
    parties.any(|party| matches!(party, Party::Field { field } if changes(field)))
}

/// A task on its way: as it stood, and as it stands.
struct Moved<'t> {
    turn: &'t Turn,
    before: Option<Kept>,
    after: Kept,
}

/// Writes what follows from these turns, and lets events tell whoever sees the deals now.
pub(crate) fn follow(cx: &Ctx, tx: &mut Write, object: &Object, turns: &[Turn], events: &mut [Event]) -> Result<()> {
    let unread = turns.iter().filter(|turn| turn.stood.is_none() && turn.before.is_some());
    let mut stood = store::rows(tx, &unread.map(|turn| turn.after.id).collect::<Vec<_>>())?;
    stood.extend(turns.iter().filter_map(|turn| Some((turn.after.id, turn.stood.clone()?))));
    let mut moved = Vec::new();
    for turn in turns {
        moved.extend(stood.get(&turn.after.id).into_iter().flatten().map(|kept| stays_or_goes(turn, kept)));
    }
    hand_on(cx, tx, &mut moved)?;
    let arisen = arise(cx, tx, turns, &stood)?;
    moved.extend(arisen);
    write(cx, tx, object, turns, &moved, events)
}

/// What is open when its stage is left, or its deal goes to the recycle bin, is skipped; taken out of the bin, it is open again.
fn stays_or_goes<'t>(turn: &'t Turn, kept: &Kept) -> Moved<'t> {
    let mut after = kept.clone();
    let of_this_visit = || turn.after.get("stage_entered_at").as_instant().is_some_and(|entered| kept.arisen_at >= entered);
    match kept.task.state {
        TaskState::Open if turn.left || turn.is_voided() => after.task.state = TaskState::Skipped,
        TaskState::Skipped if turn.is_restored() && of_this_visit() => after.task.state = TaskState::Open,
        _ => {}
    }
    Moved { turn, before: Some(kept.clone()), after }
}

/// Open tasks go with whom they are named by.
fn hand_on(cx: &Ctx, tx: &mut Write, moved: &mut [Moved<'_>]) -> Result<()> {
    let goes = |one: &Moved<'_>| {
        let (owner, field) = (one.turn.changes("owner"), |field: &str| one.turn.changes(field));
        let parties = one
            .after
            .party
            .iter()
            .cloned()
            .chain(define::in_force(cx, &one.after.task).into_iter().flat_map(|task| task.assignees.clone()));
        one.after.is_open() && one.after.party.is_some() && parties.into_iter().any(|party| assign::follows(&party, owner, &field))
    };
    let going: Vec<usize> = (0..moved.len()).filter(|at| goes(&moved[*at])).collect();
    if going.is_empty() {
        return Ok(());
    }
    let definitions = going.iter().map(|at| (moved[*at].after.task.id, define::in_force(cx, &moved[*at].after.task).cloned())).collect();
    let tasks: Vec<(&Record, &Kept)> = going.iter().map(|at| (&moved[*at].turn.after, &moved[*at].after)).collect();
    let whose = assign::anew(cx, tx, &tasks, &definitions)?;
    for (at, (assignee, party)) in going.into_iter().zip(whose) {
        (moved[at].after.task.assignee, moved[at].after.party) = (assignee, party);
    }
    Ok(())
}

/// The tasks of the stages that are entered: those whose condition holds for the deal as it is now. What was done stays done, unless it is to
/// be done each time.
fn arise<'t>(cx: &Ctx, tx: &mut Write, turns: &'t [Turn], stood: &BTreeMap<Id, Vec<Kept>>) -> Result<Vec<Moved<'t>>> {
    let mut by_version: BTreeMap<String, Vec<(&Turn, &Stay)>> = BTreeMap::new();
    for turn in turns {
        if let Some(stay) = &turn.entered {
            by_version.entry(in_force::group(cx, Some(&turn.after), &turn.after)).or_default().push((turn, stay));
        }
    }
    let mut found: Vec<(&Turn, &Stay, StageTask)> = Vec::new();
    for entering in by_version.into_values() {
        let Some((first, _)) = entering.first() else { continue };
        let gates = in_force::gates_of(cx, &first.after)?;
        if gates.process.stages.iter().all(|stage| stage.tasks.is_empty()) {
            continue;
        }
        let stages: BTreeSet<&str> = entering.iter().map(|(_, stay)| stay.stage.as_str()).collect();
        let conditions: Vec<_> =
            stages.iter().filter_map(|stage| gates.stage(stage)).flat_map(|(_, _, gates)| gates.tasks.iter().flatten()).collect();
        let records: Vec<&Record> = entering.iter().map(|(turn, _)| &turn.after).collect();
        let world = match conditions.is_empty() {
            true => model::condition::World::default(),
            false => world::around(cx, tx, &records, conditions.into_iter())?,
        };
        for (turn, stay) in entering {
            let tasks: Vec<Task> = stood.get(&turn.after.id).into_iter().flatten().map(|kept| kept.task.clone()).collect();
            found.extend(wanted(&gates, stay, &tasks, &turn.after, &world).into_iter().map(|task| (turn, stay, task)));
        }
    }
    let asked: Vec<(&Record, &[Party])> = found.iter().map(|(turn, _, task)| (&turn.after, task.assignees.as_slice())).collect();
    let whose = assign::whose(cx, tx, &asked)?;
    // Those of one visit stand in the order of their ids, as the stage names them, whoever else asks for ids in between.
    let mut ids: Vec<Id> = found.iter().map(|_| cx.new_id()).collect();
    ids.sort_unstable();
    let one = |(((turn, stay, task), (assignee, party)), id): (((&'t Turn, &Stay, StageTask), assign::Whose), Id)| {
        let from = if turn.historic { turn.at } else { stay.entered_at };
        let department = turn.after.reference("owner_department");
        let due_at = task.due_seconds.and_then(|seconds| due::instant(cx, department, from, seconds, task.due_in, 0));
        let level = sight::level(&cx.meta.schema, &task.act);
        let task = Task {
            id,
            opportunity: turn.after.id,
            process: stay.process,
            process_version: stay.process_version,
            stage: stay.stage.clone(),
            key: task.key,
            stay: stay.id,
            run: stay.run,
            name: task.name,
            required: task.required,
            state: TaskState::Open,
            assignee,
            due_at,
        };
        let after = Kept { task, party, level, arisen_at: stay.entered_at, done_at: None, done_by: None, note: None, version: 1 };
        Moved { turn, before: None, after }
    };
    Ok(found.into_iter().zip(whose).zip(ids).map(one).collect())
}

/// The tasks that arise for one deal.
fn wanted(gates: &Gates, stay: &Stay, tasks: &[Task], record: &Record, world: &model::condition::World) -> Vec<StageTask> {
    let Some((_, rules, conditions)) = gates.stage(&stay.stage) else { return Vec::new() };
    let standing = standing(&stay.stage, gates.process.id, tasks);
    let is_done = |task: &StageTask| standing.iter().any(|known| known.key == task.key && known.state == TaskState::Done);
    let holds = |at: usize| conditions.tasks.get(at).and_then(Option::as_ref).is_none_or(|condition| condition.holds(record, world));
    let arises = |(at, task): &(usize, &StageTask)| (task.repeat || !is_done(task)) && holds(*at);
    rules.tasks.iter().enumerate().filter(arises).map(|(_, task)| task.clone()).collect()
}

fn write(cx: &Ctx, tx: &mut Write, object: &Object, turns: &[Turn], moved: &[Moved<'_>], events: &mut [Event]) -> Result<()> {
    if moved.is_empty() {
        return Ok(());
    }
    let fresh: Vec<Kept> = moved.iter().filter(|one| one.before.is_none()).map(|one| one.after.clone()).collect();
    store::insert(tx, &fresh)?;
    let turned = |to: TaskState| {
        let into = move |one: &&Moved<'_>| one.after.task.state == to && one.before.as_ref().is_some_and(|before| before.task.state != to);
        moved.iter().filter(into).map(|one| one.after.task.id).collect::<Vec<Id>>()
    };
    let skipped = turned(TaskState::Skipped);
    store::turn(tx, &skipped, TaskState::Skipped)?;
    store::turn(tx, &turned(TaskState::Open), TaskState::Open)?;
    let is_left = |one: &&Moved<'_>| one.turn.left && skipped.contains(&one.after.task.id);
    if let Some(at) = moved.iter().find(is_left).map(|one| one.turn.at) {
        let told = moved.iter().filter(is_left).map(|one| (one.after.task.opportunity, one.after.task.id, None, None));
        log::write(cx, tx, log::Event::Skipped, at, told)?;
    }
    for ((assignee, party), tasks) in handed(moved) {
        store::give(tx, &tasks, assignee, party.as_ref())?;
    }
    let pairs = moved.iter().map(|one| {
        let before = one.before.as_ref().map(|kept| (kept, one.turn.owner_before()));
        (before, (&one.after, one.turn.after.owner()))
    });
    let concerned = sight::hand_over(tx, object, pairs)?;
    let deals: Vec<&Record> = turns.iter().map(|turn| &turn.after).filter(|record| concerned.contains(&record.id)).collect();
    sight::look_again(cx, tx, object, &deals, events)?;
    tell::given(cx, tx, moved.iter().filter(|one| is_news(one)).map(|one| &one.after))?;
    // What waits already, and waits on, is left as it is; who is told is found when the time has come.
    let turned = |one: &&Moved<'_>| one.before.as_ref().is_none_or(|before| before.task.state != one.after.task.state);
    let timed = moved.iter().filter(|one| one.after.task.due_at.is_some()).filter(turned);
    tell::remind(cx, tx, timed.map(|one| (&one.after, define::in_force(cx, &one.after.task))))
}

/// Tasks that go to somebody else, by to whom.
fn handed(moved: &[Moved<'_>]) -> Vec<(assign::Whose, Vec<Id>)> {
    let mut handed: Vec<(assign::Whose, Vec<Id>)> = Vec::new();
    for one in moved {
        let whose = (one.after.task.assignee, one.after.party.clone());
        if one.before.as_ref().is_none_or(|before| (before.task.assignee, &before.party) == (whose.0, &whose.1)) {
            continue;
        }
        match handed.iter_mut().find(|(known, _)| *known == whose) {
            Some((_, tasks)) => tasks.push(one.after.task.id),
            None => handed.push((whose, vec![one.after.task.id])),
        }
    }
    handed
}

/// A task that has come to somebody, and of which he does not learn by being given the deal.
fn is_news(one: &Moved<'_>) -> bool {
    let (now, turn) = (one.after.task.assignee, one.turn);
    let came = one.before.as_ref().is_none_or(|before| before.task.assignee != now);
    let with_the_deal = now == turn.after.owner() && turn.owner_before() != now;
    came && !turn.historic && !with_the_deal
}
