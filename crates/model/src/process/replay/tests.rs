use uuid::Uuid;

use super::super::testing::{Deal, told};
use super::super::{NeededTasks, Process, StageRules, StageTask, TaskAct, shipped};
use super::*;
use crate::condition::{Condition, Op};

fn task(key: &str) -> StageTask {
    StageTask {
        key: key.to_owned(),
        name: key.to_uppercase(),
        instructions: None,
        required: true,
        act: TaskAct::ChecklistItem,
        assignees: Vec::new(),
        due_seconds: None,
        due_in: Default::default(),
        reminders: Vec::new(),
        condition: None,
        repeat: false,
    }
}

fn draft(change: impl FnOnce(&mut StageRules)) -> Process {
    let mut process = shipped();
    change(&mut process.stages[0]);
    process
}

/// A deal that went to proposal; the second of its moves judged anew.
fn tried(process: &Process, tasks: &[PastTask]) -> (Verdict, BTreeSet<String>) {
    let mut deal = Deal::new(&shipped());
    deal.moves("qualification");
    let gates = Deal::new(process).gates;
    let before = vec![reopened(&deal.stays[0])];
    let mut record = deal.record.clone();
    record.set("stage", "prospecting");
    let (then, new) = tasks_then(&gates, &before[0], tasks, &[], deal.stays[1].entered_at);
    let past =
        PastMove { before: &record, after: &record, stays: &before, entered: &deal.stays[1], tasks: &then, creating: &[], owner: None };
    (judge_past(&gates, &deal.options, &deal.world, &past), new)
}

fn had(key: &str, done: Option<Instant>) -> PastTask {
    let visit = Deal::new(&shipped()).stays[0].clone();
    let mut task = arisen(&visit, key);
    task.id = Id(Uuid::from_u128(7));
    PastTask { task, arisen_at: visit.entered_at, turns: done.map(|at| (at, true)).into_iter().collect() }
}

#[test]
fn under_the_rules_it_was_made_by_a_move_passes() {
    assert_eq!(told(&tried(&shipped(), &[]).0), Vec::<String>::new());
}

#[test]
fn a_task_counts_as_it_stood_then_and_a_new_one_as_open() {
    let process = draft(|stage| stage.tasks = vec![task("call"), task("visit")]);
    let entered = had("call", None).arisen_at;
    let (verdict, new) = tried(&process, &[had("call", Some(entered.plus_seconds(1)))]);
    assert_eq!(told(&verdict), ["stage.task_open"]);
    assert_eq!(verdict.requirements[0].params["key"], "visit");
    assert_eq!(new.into_iter().collect::<Vec<_>>(), ["visit"]);
    // Done only after the move: then it was open.
    let (verdict, new) = tried(&process, &[had("call", Some(entered.plus_seconds(999))), had("visit", Some(entered.plus_seconds(1)))]);
    assert_eq!(verdict.requirements.len(), 1);
    assert_eq!(verdict.requirements[0].params["key"], "call");
    assert!(new.is_empty());
    // Done, and reopened before the move.
    let reopened = PastTask { turns: vec![(entered.plus_seconds(1), true), (entered.plus_seconds(2), false)], ..had("visit", None) };
    assert_eq!(tried(&process, &[had("call", Some(entered.plus_seconds(1))), reopened]).0.requirements[0].params["key"], "visit");
}

#[test]
fn a_task_that_the_draft_lacks_or_needs_no_more_holds_nothing_back() {
    let process = draft(|stage| {
        stage.tasks = vec![task("call"), StageTask { required: false, ..task("visit") }];
        stage.needed_tasks = NeededTasks::Number { n: 1 };
    });
    let entered = had("call", None).arisen_at;
    assert!(tried(&process, &[had("call", Some(entered.plus_seconds(1))), had("gone", None)]).0.passes());
    assert_eq!(tried(&process, &[had("gone", None)]).0.requirements.len(), 2);
}

#[test]
fn gates_are_counted_by_what_they_ask_for() {
    let mut tally = Tally::default();
    let process = draft(|stage| stage.tasks = vec![task("visit")]);
    let (verdict, new) = tried(&process, &[]);
    let deal = Id(Uuid::from_u128(1));
    let gates = tally.add(deal, &verdict, &new);
    assert_eq!(gates.iter().map(Gate::key).collect::<Vec<_>>(), ["prospecting:task_open:visit"]);
    tally.add(deal, &verdict, &new);
    tally.add(Id(Uuid::from_u128(2)), &Verdict { requirements: Vec::new(), ..verdict.clone() }, &new);
    assert_eq!((tally.judged, tally.held_back, tally.deals, tally.deals_held_back), (3, 2, 2, 1));
    assert_eq!((tally.only_new_tasks, tally.only_asked), (2, 0));
    let count = tally.gates.values().next().unwrap();
    assert_eq!((count.moves, count.alone, count.deals, count.new_task), (2, 2, 1, true));
}

#[test]
fn stages_that_may_not_be_skipped_are_gates_of_their_own() {
    let unmet = Requirement::new("stage.not_skippable", "won", FixableBy::You).with("stages", vec!["proposal", "negotiation"]);
    let gates: Vec<(String, serde_json::Value)> =
        Gate::of(&unmet).into_iter().map(|(gate, says)| (gate.key(), says.params["stages"].clone())).collect();
    let expected = [("proposal:not_skippable", "proposal"), ("negotiation:not_skippable", "negotiation")];
    assert_eq!(gates, expected.map(|(key, stage)| (key.to_owned(), serde_json::json!([stage]))));
}

#[test]
fn a_deal_is_stuck_where_its_stage_is_gone_or_nothing_but_losing_it_is_left() {
    let deal = Deal::new(&shipped());
    let look = |process: &Process| {
        let gates = Deal::new(process).gates;
        stuck(&gates, &deal.options, &deal.record, &deal.stays, &[], &deal.world, deal.now)
    };
    assert_eq!(look(&shipped()), None);
    let mut without = shipped();
    without.stages.remove(0);
    assert_eq!(look(&without), Some(Stuck::StageMissing));
    let needs = Condition::row("account", Op::IsNotEmpty, serde_json::Value::Null);
    let Some(Stuck::NothingAhead(unmet)) = look(&draft(|stage| stage.completion_condition = Some(needs))) else { panic!("it goes on") };
    assert_eq!(unmet.iter().map(|unmet| unmet.code).collect::<Vec<_>>(), ["stage.completion_condition"]);
}
