use serde_json::json;
use uuid::Uuid;

use super::super::testing::{Deal, told};
use super::super::{How, Process, StageRules};
use super::*;
use crate::{Condition, Id, Number, Value, Violation};

/// Four stages in progress, then won, lost and invalid, without any rule.
fn bare(change: impl FnOnce(&mut Process)) -> Process {
    let stages = ["prospecting", "qualification", "proposal", "negotiation", "won", "lost", "invalid"];
    let mut process = Process::new(Id(Uuid::from_u128(9)), "Bare", stages.into_iter().map(StageRules::new).collect());
    change(&mut process);
    process
}

fn deal(change: impl FnOnce(&mut Process)) -> Deal {
    Deal::new(&bare(change))
}

fn condition(json: Json) -> Option<Condition> {
    Some(Condition::from_json(&json).unwrap())
}

fn rules<'a>(process: &'a mut Process, stage: &str) -> &'a mut StageRules {
    process.stages.iter_mut().find(|rules| rules.stage == stage).unwrap()
}

fn kind(deal: &Deal, target: &str) -> MoveKind {
    deal.judged(target, &[], None, false).kind
}

#[test]
fn forward_to_the_next_stage_and_over_those_that_may_be_skipped() {
    let plain = deal(|_| {});
    assert_eq!(plain.blocked("qualification"), Vec::<String>::new());
    assert_eq!(plain.blocked("proposal"), ["stage.not_skippable"]);
    let verdict = plain.judged("negotiation", &[], None, false);
    assert_eq!(verdict.requirements[0].params["stages"], json!(["qualification", "proposal"]));

    let skipping = deal(|p| rules(p, "qualification").allow_skip = true);
    let verdict = skipping.judged("proposal", &[], None, false);
    assert!(verdict.passes());
    assert_eq!((verdict.kind, verdict.skipped), (MoveKind::Forward, vec!["qualification".to_owned()]));
    let verdict = skipping.judged("negotiation", &[], None, false);
    assert_eq!(verdict.requirements[0].params["stages"], json!(["proposal"]), "only the one which may not be skipped");
}

#[test]
fn what_was_completed_in_this_run_may_be_passed_again() {
    let mut again = deal(|p| rules(p, "lost").ignore_normal = true);
    again.moves("qualification").moves("proposal").moves("prospecting");
    let verdict = again.judged("proposal", &[], None, false);
    assert!(verdict.passes() && verdict.skipped.is_empty(), "qualification was completed: {verdict:?}");
    assert_eq!(again.blocked("negotiation"), ["stage.not_skippable"], "proposal was left backwards");

    again.moves("lost").moves("prospecting");
    assert_eq!(again.blocked("proposal"), ["stage.not_skippable"], "reopening begins a new run");
}

#[test]
fn back_asks_a_reason_and_passes_no_gates() {
    let gated = |p: &mut Process| {
        rules(p, "prospecting").required_fields = vec!["account".into()];
        rules(p, "prospecting").entry_condition = condition(json!({"field": "amount", "op": "gt", "value": 10}));
    };
    let mut back = deal(gated);
    back.moves("qualification");
    assert_eq!(kind(&back, "prospecting"), MoveKind::Back);
    assert_eq!(back.blocked("prospecting"), ["stage.reason_required:reason"]);
    assert_eq!(told(&back.judged("prospecting", &[], Some("  "), false)), ["stage.reason_required:reason"]);
    let verdict = back.judged("prospecting", &[], Some("too early"), false);
    assert!(verdict.passes() && verdict.asks_reason && verdict.asks.is_empty());

    let mut never = deal(|p| p.back_moves = false);
    never.moves("qualification");
    assert_eq!(told(&never.judged("prospecting", &[], Some("why"), false)), ["stage.back_forbidden"]);
}

#[test]
fn the_current_stage_must_be_complete() {
    let done = |p: &mut Process| {
        rules(p, "prospecting").completion_condition = condition(json!({"field": "next_step", "op": "is_not_empty"}));
        rules(p, "lost").ignore_normal = true;
    };
    let open = deal(done);
    assert_eq!(open.blocked("qualification"), ["stage.completion_condition"]);
    assert_eq!(open.blocked("won"), ["stage.not_skippable", "stage.completion_condition"]);
    assert!(open.judged("lost", &[], None, false).passes(), "the terminal stage ignores it");
    let given = [("next_step", Value::from("call them"))];
    assert!(open.judged("qualification", &given, None, false).passes(), "a value given with the move counts");
}

#[test]
fn of_a_condition_the_parts_are_told_that_do_not_hold() {
    let name = json!({"field": "name", "op": "is_empty"});
    let step = json!({"field": "next_step", "op": "is_not_empty"});
    let either = json!({"any": [{"field": "amount", "op": "gt", "value": 10}, {"field": "account", "op": "is_not_empty"}]});
    let asking = deal(|p| {
        rules(p, "prospecting").completion_condition = condition(json!({"all": [name, {"all": [step, either]}]}));
        rules(p, "qualification").entry_condition = condition(step.clone());
    });
    let unmet = |given: &[(&str, Value)]| -> Vec<Json> {
        asking.judged("qualification", given, None, false).requirements.into_iter().map(|it| it.params["unmet"].clone()).collect()
    };
    assert_eq!(unmet(&[]), [json!([step, either]), json!([step])]);
    assert_eq!(unmet(&[("next_step", Value::from("call them"))]), [json!([either])]);
}

#[test]
fn terminal_stages_have_gates_of_their_own() {
    let asking = |p: &mut Process| {
        let lost = rules(p, "lost");
        lost.ignore_normal = true;
        lost.required_fields = vec!["lost_reason".into(), "competitor".into()];
        lost.entry_condition = condition(json!({"field": "account", "op": "is_not_empty"}));
    };
    let asked = deal(asking);
    let verdict = asked.judged("lost", &[("competitor", Value::Ref(Id::SYSTEM))], None, false);
    assert_eq!(told(&verdict), ["stage.entry_condition", "stage.terminal_action:lost_reason"]);
    assert_eq!(verdict.asks, ["lost_reason", "competitor"]);
    assert!(!verdict.is_reachable(), "the dialog does not ask for the account");
    assert_eq!(verdict.skipped, ["qualification", "proposal", "negotiation"]);

    let mut last = deal(|_| {});
    last.moves("qualification").moves("proposal").moves("negotiation");
    for target in ["won", "lost", "invalid"] {
        assert!(last.judged(target, &[], None, false).passes(), "{target} from the last stage");
    }
}

#[test]
fn stages_that_must_have_been_completed() {
    let strict = |p: &mut Process| {
        let lost = rules(p, "lost");
        lost.ignore_normal = true;
        lost.must_have_completed = vec!["prospecting".into(), "qualification".into()];
        rules(p, "invalid").ignore_normal = true;
        rules(p, "qualification").completion_condition = condition(json!({"field": "next_step", "op": "is_not_empty"}));
    };
    let mut lost = deal(strict);
    let verdict = lost.judged("lost", &[], None, false);
    assert_eq!(told(&verdict), ["stage.prerequisite_stage"]);
    assert_eq!(verdict.requirements[0].params["stages"], json!(["qualification"]), "the current one is complete as it is");
    lost.moves("qualification");
    assert_eq!(lost.blocked("lost"), ["stage.prerequisite_stage"], "the current one is not complete");
    assert!(lost.judged("lost", &[("next_step", "write".into())], None, false).passes());
    lost.moves("invalid").moves("qualification");
    assert_eq!(lost.blocked("lost"), ["stage.prerequisite_stage"], "leaving past the rules completes nothing");
}

#[test]
fn entering_asks_for_fields_and_conditions() {
    let entry = |p: &mut Process| {
        let stage = rules(p, "qualification");
        stage.required_fields = vec!["amount".into(), "expected_close_date".into()];
        stage.entry_condition =
            condition(json!({"exists": {"object": "contact_role", "where": {"field": "role", "op": "eq", "value": "decision_maker"}}}));
    };
    let mut asked = deal(entry);
    assert_eq!(
        asked.blocked("qualification"),
        ["stage.entry_condition", "stage.missing_field:amount", "stage.missing_field:expected_close_date"]
    );
    let mut role = Record::new("contact_role", Id(Uuid::from_u128(5)));
    role.set("role", "decision_maker");
    asked.world.add_referring("contact_role", "opportunity", asked.record.id, vec![role]);
    let verdict = asked.judged("qualification", &[], None, false);
    assert!(verdict.is_reachable() && !verdict.passes());
    let day = Value::from("2026-11-23".parse::<crate::Date>().unwrap());
    let verdict = asked.judged("qualification", &[("amount", Number::whole(1).into()), ("expected_close_date", day)], None, false);
    assert!(verdict.passes(), "{verdict:?}");
}

#[test]
fn locked_records_stand_still() {
    for (status, locked, may_unlock, expected) in [
        ("normal", false, false, None),
        ("normal", true, false, Some("locked")),
        ("normal", true, true, None),
        ("under_review", false, true, Some("under_review")),
        ("in_change", false, true, Some("in_change")),
        ("voided", false, true, Some("voided")),
        ("ineffective", false, true, Some("ineffective")),
    ] {
        let mut still = deal(|_| {});
        still.record.set("lifecycle_status", status);
        still.record.set("locked", locked);
        still.mover.may_unlock = may_unlock;
        let verdict = still.judged("qualification", &[], None, false);
        let reason = verdict.requirements.first().map(|r| (r.code, r.params["reason"].as_str().unwrap()));
        assert_eq!(reason, expected.map(|reason| ("stage.locked", reason)), "{status} {locked} {may_unlock}");
    }
}

#[test]
fn moving_and_reopening_are_rights_of_their_own() {
    let mut other = deal(|_| {});
    other.mover.may_move = false;
    assert_eq!(other.blocked("qualification"), ["stage.not_permitted"]);
    other.mover.may_reopen = true;
    assert_eq!(other.blocked("qualification"), ["stage.not_permitted"], "reopening is another right");
}

/// A deal which was closed from a stage.
fn closed(stage: &str, change: impl FnOnce(&mut Process)) -> Deal {
    let mut closed = deal(|p| {
        rules(p, "lost").ignore_normal = true;
        change(p);
    });
    closed.record.set("next_step", "ask again");
    for next in ["qualification", "proposal", "negotiation"] {
        if closed.record.text("stage") == stage {
            break;
        }
        closed.moves(next);
    }
    closed.moves("lost");
    closed.record.set("next_step", Value::Null);
    closed
}

#[test]
fn a_closed_deal_is_reopened_and_not_moved() {
    let mut lost = closed("proposal", |p| rules(p, "proposal").required_fields = vec!["next_step".into()]);
    for target in ["prospecting", "proposal", "won"] {
        assert_eq!(lost.blocked(target), ["stage.use_reopen"], "{target}");
    }
    assert_eq!(lost.blocked("lost"), ["stage.already_there"]);
    let reopened = |lost: &Deal, target: &str, reason: Option<&str>| told(&lost.judged(target, &[], reason, true));
    assert_eq!(reopened(&lost, "won", Some("why")), ["stage.use_reopen"], "not from one end to another");
    assert_eq!(reopened(&lost, "prospecting", Some("why")), Vec::<String>::new());
    assert_eq!(reopened(&lost, "prospecting", None), ["stage.reason_required:reason"]);
    assert_eq!(reopened(&lost, "proposal", Some("why")), ["stage.missing_field:next_step"], "gates are judged on reopening");
    assert_eq!(reopened(&lost, "negotiation", Some("why")), ["stage.not_skippable"], "no further than where it was closed");
    lost.mover.may_reopen = false;
    assert_eq!(reopened(&lost, "prospecting", Some("why")), ["stage.not_permitted"]);
    assert_eq!(lost.judged("prospecting", &[], None, false).requirements[0].fixable_by, FixableBy::Administrator);
    let open = deal(|_| {});
    assert_eq!(reopened(&open, "qualification", Some("why")), ["stage.already_there"], "an open deal needs no reopening");
}

#[test]
fn reopening_goes_where_the_deal_was_closed() {
    let target = |deal: &Deal| reopen_target(&deal.gates, &deal.options, &deal.stays);
    let mut lost = closed("proposal", |_| {});
    assert_eq!(target(&lost).as_deref(), Some("proposal"));
    lost.options.iter_mut().find(|option| option.key == "proposal").unwrap().active = false;
    assert_eq!(target(&lost).as_deref(), Some("prospecting"), "a stage that is not used any more");
    lost.stays.clear();
    assert_eq!(target(&lost).as_deref(), Some("prospecting"));
}

#[test]
fn a_new_deal_begins_in_the_first_stage() {
    let process = bare(|p| {
        rules(p, "prospecting").required_fields = vec!["account".into()];
        rules(p, "qualification").allow_skip = true;
    });
    let options = crate::objects::opportunity::object().options("stage").to_vec();
    let mut unborn = Deal::unborn(&process, options);
    unborn.mover.may_move = false;
    assert_eq!(kind(&unborn, "prospecting"), MoveKind::Start);
    assert_eq!(unborn.blocked("prospecting"), ["stage.missing_field:account"], "and its gates hold");
    assert_eq!(told(&unborn.judged("prospecting", &[("account", Id::SYSTEM.into())], None, false)), Vec::<String>::new());
    assert_eq!(unborn.blocked("proposal"), ["stage.not_skippable"]);
    assert_eq!(unborn.blocked("won"), ["stage.not_skippable"]);
}

#[test]
fn stages_that_cannot_be_entered() {
    let mut there = deal(|p| drop(p.stages.remove(2)));
    assert_eq!(there.blocked("prospecting"), ["stage.already_there"]);
    assert_eq!(there.blocked("proposal"), ["stage.unknown"], "not of this process");
    assert_eq!(there.blocked("dreaming"), ["stage.unknown"]);
    there.options.iter_mut().find(|option| option.key == "qualification").unwrap().active = false;
    assert_eq!(there.blocked("qualification"), ["stage.unknown"], "not used any more");
}

#[test]
fn a_deal_in_a_stage_of_another_process_may_move_on() {
    let mut stray = deal(|p| drop(p.stages.remove(1)));
    stray.record.set("stage", "qualification");
    for target in ["prospecting", "negotiation", "won"] {
        assert_eq!(stray.blocked(target), Vec::<String>::new(), "{target}");
    }
}

#[test]
fn everything_unmet_is_told_at_once_in_the_order_of_the_rules() {
    let mut all = deal(|p| {
        rules(p, "prospecting").completion_condition = condition(json!({"field": "next_step", "op": "is_not_empty"}));
        let won = rules(p, "won");
        won.must_have_completed = vec!["proposal".into()];
        won.entry_condition = condition(json!({"field": "account", "op": "is_not_empty"}));
        won.required_fields = vec!["amount".into()];
    });
    all.record.set("locked", true);
    all.mover = Mover { is_owner: true, ..Mover::default() };
    let verdict = all.judged("won", &[], None, false);
    assert_eq!(
        told(&verdict),
        [
            "stage.locked",
            "stage.not_permitted",
            "stage.not_skippable",
            "stage.prerequisite_stage",
            "stage.completion_condition",
            "stage.entry_condition",
            "stage.terminal_action:amount",
        ]
    );
    assert!(verdict.requirements.iter().all(|r| r.fixable_by != FixableBy::You), "this owner may do nothing himself");
}

#[test]
fn it_says_who_can_mend_it() {
    let mut asked = deal(|p| rules(p, "qualification").required_fields = vec!["amount".into()]);
    let who = |asked: &Deal| asked.judged("qualification", &[], None, false).requirements[0].fixable_by;
    assert_eq!(who(&asked), FixableBy::You);
    asked.mover = Mover { may_move: true, ..Mover::default() };
    assert_eq!(who(&asked), FixableBy::Owner);
    asked.mover.is_owner = true;
    assert_eq!(who(&asked), FixableBy::Administrator);
}

#[test]
fn a_requirement_becomes_a_violation_at_its_field() {
    let asked = deal(|p| rules(p, "qualification").required_fields = vec!["amount".into()]);
    let requirement = asked.judged("qualification", &[], None, false).requirements.remove(0);
    assert_eq!(
        serde_json::to_value(Violation::from(requirement)).unwrap(),
        json!({"code": "stage.missing_field", "path": "amount", "params": {"field": "amount", "stage": "qualification", "fixable_by": "you"}})
    );
    let skipped = asked.judged("proposal", &[], None, false).requirements.remove(0);
    assert_eq!(Violation::from(skipped).path, "stage");
    assert_eq!(How::of(MoveKind::Back, &[]).key(), "back");
}
