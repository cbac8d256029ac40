use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::super::testing::{Deal, MAY_ALL, told};
use super::super::{How, MoveKind, Mover, Process, StageRules, shipped, stay};
use super::*;
use crate::condition::{Condition, Op};
use crate::field::Choice;
use crate::{Number, Value};

fn shown(deal: &Deal) -> Path {
    path(&deal.facts(&deal.record, None, false))
}

fn states(deal: &Deal) -> Vec<(String, StageState)> {
    shown(deal).stages.into_iter().map(|stage| (stage.key, stage.state)).collect()
}

fn expect(deal: &Deal, expected: &str) {
    let letters: String = states(deal)
        .iter()
        .map(|(_, state)| match state {
            StageState::Done => 'd',
            StageState::Current => 'C',
            StageState::Skipped => 's',
            StageState::Upcoming => 'u',
        })
        .collect();
    assert_eq!(letters, expected, "{:?}", states(deal));
}

#[test]
fn every_stage_has_its_state() {
    let mut process = shipped();
    process.stages.iter_mut().for_each(|rules| rules.required_fields.clear());
    let mut deal = Deal::new(&process);
    expect(&deal, "Cuuuuuu");
    deal.moves("qualification").moves("negotiation");
    expect(&deal, "ddsCuuu");
    deal.moves("prospecting");
    expect(&deal, "Cduuuuu");
    deal.moves("lost");
    expect(&deal, "ddsduCu");
    deal.moves("prospecting");
    expect(&deal, "Cuuuuuu");
    deal.moves("invalid");
    expect(&deal, "dsssuuC");
}

#[test]
fn it_tells_times_and_due_days() {
    let mut deal = Deal::new(&shipped());
    deal.moves("qualification");
    let start = deal.stays[0].entered_at;
    deal.now = start.plus_seconds(60 + 30 * 86_400);
    let path = shown(&deal);
    let first = &path.stages[0];
    assert_eq!((first.seconds, first.left_at), (Some(60), Some(start.plus_seconds(60))));
    let second = &path.stages[1];
    assert_eq!((second.seconds, second.left_at, second.overdue), (Some(30 * 86_400), None, true));
    assert_eq!(second.due_at, Some(start.plus_seconds(60 + 21 * 86_400)));
    assert_eq!((second.reachable, &second.requirements, &second.asks), (false, &vec![], &vec![]));
    let json = serde_json::to_value(&path).unwrap();
    assert_eq!(json["stages"][1]["type"], "in_progress");
    assert_eq!(json["stages"][1]["win_rate"], "25");
    assert_eq!(json["stages"][5]["asks"], json!(["lost_reason"]));
    assert_eq!(json["stages"][5]["requirements"][0]["code"], "stage.terminal_action");
    assert_eq!(json["stages"][5]["reachable"], true);
    assert_eq!(json["process"]["name"], "Standard sales process");
    assert!(json["stages"][5]["prompt"].is_string() && json["stages"][2].get("entered_at").is_none());
}

/// A process of `open` stages in progress and two terminal ones, with random rules; and what is done with a deal in it.
#[derive(Clone, Debug)]
struct Story {
    open: usize,
    back_moves: bool,
    rules: Vec<Rules>,
    steps: Vec<(usize, bool, bool, i64)>,
    mover: (bool, bool, bool),
    locked: bool,
    next_step: bool,
}

#[derive(Clone, Debug)]
struct Rules {
    allow_skip: bool,
    completion: bool,
    entry: bool,
    required: bool,
    ignore_normal: bool,
    prerequisite: usize,
}

fn stories() -> impl Strategy<Value = Story> {
    let rule = (any::<[bool; 5]>(), 0..12usize).prop_map(|([allow_skip, completion, entry, required, ignore_normal], prerequisite)| {
        Rules { allow_skip, completion: completion && entry, entry: entry && required, required, ignore_normal, prerequisite }
    });
    let steps = prop::collection::vec((0..7usize, prop::bool::weighted(0.8), prop::bool::weighted(0.8), -50..200i64), 0..25);
    let mover = (prop::bool::weighted(0.9), prop::bool::weighted(0.9), any::<bool>());
    (1..5usize, any::<bool>(), prop::collection::vec(rule, 6), steps, mover, prop::bool::weighted(0.05), any::<bool>()).prop_map(
        |(open, back_moves, rules, steps, mover, locked, next_step)| Story { open, back_moves, rules, steps, mover, locked, next_step },
    )
}

impl Story {
    fn deal(&self) -> Deal {
        let keys: Vec<String> = (0..self.open).map(|n| format!("s{n}")).chain(["won".to_owned(), "lost".to_owned()]).collect();
        let options: Vec<Choice> = keys
            .iter()
            .map(|key| {
                let stage_type = match key.as_str() {
                    "won" => StageType::Won,
                    "lost" => StageType::Lost,
                    _ => StageType::InProgress,
                };
                Choice::stage(key, Label::en(key), stage_type)
            })
            .collect();
        let stages = keys.iter().zip(&self.rules).enumerate().map(|(at, (key, rules))| {
            let terminal = at >= self.open;
            let set = |field: &str, holds: bool| holds.then(|| Condition::row(field, Op::IsNotEmpty, serde_json::Value::Null));
            StageRules {
                allow_skip: rules.allow_skip && !terminal,
                completion_condition: set("next_step", rules.completion && !terminal),
                entry_condition: set("account", rules.entry),
                required_fields: if rules.required { vec!["amount".to_owned()] } else { vec![] },
                ignore_normal: rules.ignore_normal && terminal,
                must_have_completed: keys
                    .get(rules.prerequisite)
                    .filter(|_| terminal && rules.prerequisite < self.open)
                    .cloned()
                    .into_iter()
                    .collect(),
                win_rate: Some(Number::whole(at as i64 * 10)),
                ..StageRules::new(key)
            }
        });
        let mut process = Process::new(Id(Uuid::from_u128(9)), "Random", stages.collect());
        process.back_moves = self.back_moves;
        let mut deal = Deal::unborn(&process, options);
        if self.next_step {
            deal.record.set("next_step", "call");
        }
        deal.enter("s0", How::Start, Vec::new());
        deal
    }
}

fn answers() -> Vec<(&'static str, Value)> {
    vec![("amount", Number::whole(5).into())]
}

/// Of an open deal and of a closed one, for moving and for reopening.
fn promises_are_kept(deal: &Deal) -> Result<(), TestCaseError> {
    promise_is_kept(deal, false)?;
    promise_is_kept(deal, true)
}

fn promise_is_kept(deal: &Deal, reopening: bool) -> Result<(), TestCaseError> {
    let shown = path(&deal.facts(&deal.record, None, reopening));
    let closed = deal.record.text("stage_type") != "in_progress";
    for stage in &shown.stages {
        let bare = deal.judged(&stage.key, &[], None, reopening);
        let answered = deal.judged(&stage.key, &answers(), Some("why"), reopening);
        // Reachable is what passes once the dialog is answered, and nothing else.
        prop_assert_eq!(stage.reachable, answered.passes(), "{} {:?}", &stage.key, told(&answered));
        if stage.key == shown.current {
            prop_assert!(!bare.passes());
            continue;
        }
        prop_assert_eq!(&stage.requirements, &bare.requirements);
        prop_assert_eq!((&stage.asks, stage.asks_reason), (&bare.asks, bare.asks_reason));
        prop_assert!(closed == reopening || !stage.reachable);
        for requirement in &stage.requirements {
            prop_assert!(requirement.code != "stage.missing_field" || stage.asks.contains(requirement.path.as_ref().unwrap()));
            prop_assert!(requirement.code != "stage.reason_required" || stage.asks_reason);
        }
    }
    let current = shown.stages.iter().filter(|stage| stage.state == StageState::Current).count();
    prop_assert_eq!(current, 1);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_the_path_promises_is_what_the_judge_says(story in stories()) {
        let mut deal = story.deal();
        let started = deal.stays[0].entered_at;
        for (target, answer, with_account, clock) in story.steps.iter().copied() {
            promises_are_kept(&deal)?;
            let target = deal.gates.process.stages[target % deal.gates.process.stages.len()].stage.clone();
            let reopening = deal.record.text("stage_type") != "in_progress";
            if with_account {
                deal.record.set("account", Id::SYSTEM);
            }
            let patch = if answer { answers() } else { vec![] };
            let verdict = deal.judged(&target, &patch, answer.then_some("why"), reopening);
            deal.now = Instant(deal.now.0 + clock);
            if verdict.passes() {
                deal.enter(&target, How::of(verdict.kind, &verdict.skipped), verdict.skipped.clone());
                let reopened = verdict.kind == MoveKind::Reopen;
                prop_assert_eq!(reopened, deal.stays.last().unwrap().how == How::Reopen);
            }
            prop_assert_eq!(stay::check(&deal.stays, started), Ok(()));
        }
        let (may_move, may_reopen, may_edit) = story.mover;
        deal.mover = Mover { may_move, may_reopen, may_edit, may_unlock: false, ..MAY_ALL };
        deal.record.set("locked", story.locked);
        promises_are_kept(&deal)?;
    }
}
