use super::*;
use crate::{Id, Instant};

pub(super) fn id(n: u128) -> Id {
    Id(uuid::Uuid::from_u128(n))
}

fn node(key: &str, does: Kind) -> Node {
    Node { key: key.into(), name: key.into(), at: None, does }
}

pub(super) fn approve(method: Method, next: &str) -> Approve {
    Approve {
        method,
        who: vec![Source::Owner],
        nobody: Nobody::Administrators,
        may_edit: Vec::new(),
        must_fill: Vec::new(),
        rejects: Rejects::End,
        submitter: Alike::Asks,
        agreed_already: true,
        comment_required: false,
        limit: None,
        next: next.into(),
    }
}

fn asks(key: &str, method: Method, next: &str) -> Node {
    node(key, Kind::Approve(Box::new(approve(method, next))))
}

fn flow(between: Vec<Node>) -> Flow {
    let mut nodes = vec![node("start", Kind::Start { next: between[0].key.clone() })];
    nodes.extend(between);
    nodes.push(node("approved", Kind::Approved));
    nodes.push(node("rejected", Kind::Rejected));
    flow_of(nodes)
}

pub(super) fn flow_of(nodes: Vec<Node>) -> Flow {
    Flow {
        id: id(1),
        api_name: "f".into(),
        name: "F".into(),
        description: String::new(),
        object: "opportunity".into(),
        trigger: Trigger::Create,
        fields: Vec::new(),
        stages: Vec::new(),
        condition: None,
        position: 0,
        active: true,
        initiated_as: Initiator::Submitter,
        owner_may_withdraw: true,
        nodes,
        approved: Vec::new(),
        rejected: Vec::new(),
        version: 1,
    }
}

/// Of people whose manager is the next one.
pub(super) fn facts_of() -> Facts {
    let managers = (1..6).map(|n| (id(n), id(n + 1))).chain([(id(10), id(1))]).collect();
    Facts { now: Instant(1), administrators: vec![id(99)], managers, ..Facts::default() }
}

fn facts(found: &[(&str, &[u128])]) -> Facts {
    let found = found.iter().map(|(node, people)| ((*node).to_owned(), people.iter().map(|n| id(*n)).collect())).collect();
    Facts { now: Instant(1), found, administrators: vec![id(99)], ..Facts::default() }
}

pub(super) fn by(n: u128) -> By {
    By { id: id(n), stands_in_for: Default::default(), administrator: n == 99, owner: false }
}

/// Begins, and does the acts one after another; the trail and the state.
fn played(flow: &Flow, facts: &Facts, acts: &[(u128, Act)]) -> (Run, Vec<Result<(), &'static str>>) {
    let mut trail = begin(flow, facts, id(10), id(10)).expect("begins");
    let mut run = Run::replay(id(10), id(10), &trail);
    let mut answers = Vec::new();
    for (who, act) in acts {
        let outcome = decide(flow, &run, facts, &by(*who), act, Some("because"));
        answers.push(
            outcome
                .map(|entries| {
                    entries.iter().for_each(|entry| run.apply(entry));
                    trail.extend(entries);
                })
                .map_err(|violation| violation.code),
        );
    }
    assert_eq!(Run::replay(id(10), id(10), &trail), run, "the trail tells the run");
    (run, answers)
}

#[test]
fn whoever_answers_first_decides_a_standard_node() {
    let flow = flow(vec![asks("a", Method::Standard, "approved")]);
    let (run, answers) = played(&flow, &facts(&[("a", &[1, 2])]), &[(2, Act::Agree { task: 1 }), (1, Act::Agree { task: 0 })]);
    assert_eq!(run.outcome, Some(Outcome::Approved));
    assert_eq!(answers, [Ok(()), Err("approval.over")]);
    assert_eq!(run.tasks[0].state, TaskState::Dropped);
}

#[test]
fn a_ratio_is_decided_as_soon_as_it_is_certain() {
    let flow = flow(vec![asks("a", Method::Countersign { percent: Some(60) }, "approved")]);
    let people = facts(&[("a", &[1, 2, 3, 4, 5])]);
    let two = [(1, Act::Agree { task: 0 }), (2, Act::Agree { task: 1 })];
    assert_eq!(played(&flow, &people, &two).0.outcome, None);
    let three: Vec<_> = two.iter().cloned().chain([(3, Act::Agree { task: 2 })]).collect();
    assert_eq!(played(&flow, &people, &three).0.outcome, Some(Outcome::Approved));
    let against = [(1, Act::Reject { task: 0 }), (2, Act::Reject { task: 1 }), (3, Act::Reject { task: 2 })];
    assert_eq!(played(&flow, &people, &against[..2]).0.outcome, None);
    assert_eq!(played(&flow, &people, &against).0.outcome, Some(Outcome::Rejected));
}

#[test]
fn a_named_order_asks_one_after_another() {
    let flow = flow(vec![asks("a", Method::NamedOrder, "approved")]);
    let people = facts(&[("a", &[1, 2])]);
    let (run, answers) = played(&flow, &people, &[(2, Act::Agree { task: 1 }), (1, Act::Agree { task: 0 }), (2, Act::Agree { task: 1 })]);
    assert_eq!(answers, [Err("approval.not_yet"), Ok(()), Ok(())]);
    assert_eq!(run.outcome, Some(Outcome::Approved));
}

#[test]
fn all_ways_of_a_fork_come_to_the_join() {
    let fork = node("fork", Kind::Fork { ways: vec!["a".into(), "b".into()], join: "join".into() });
    let join = node("join", Kind::Join { next: "approved".into() });
    let flow = flow(vec![fork, asks("a", Method::Standard, "join"), asks("b", Method::Standard, "join"), join]);
    let people = facts(&[("a", &[1]), ("b", &[2])]);
    assert_eq!(played(&flow, &people, &[(1, Act::Agree { task: 0 })]).0.outcome, None);
    assert_eq!(played(&flow, &people, &[(1, Act::Agree { task: 0 }), (2, Act::Agree { task: 1 })]).0.outcome, Some(Outcome::Approved));
    let (run, _) = played(&flow, &people, &[(1, Act::Reject { task: 0 })]);
    assert_eq!((run.outcome, run.tasks[1].state), (Some(Outcome::Rejected), TaskState::Dropped));
}

#[test]
fn an_agreement_is_taken_back_while_the_next_has_done_nothing() {
    let flow = flow(vec![asks("a", Method::Standard, "b"), asks("b", Method::Standard, "approved")]);
    let people = facts(&[("a", &[1]), ("b", &[2])]);
    let (run, answers) = played(&flow, &people, &[(1, Act::Agree { task: 0 }), (1, Act::Retrieve { task: 0 })]);
    assert_eq!(answers, [Ok(()), Ok(())]);
    assert_eq!((run.tasks[0].state, run.tasks[1].state), (TaskState::Open, TaskState::Dropped));
    let (_, answers) = played(
        &flow,
        &people,
        &[(1, Act::Agree { task: 0 }), (2, Act::Comment), (2, Act::Agree { task: 1 }), (1, Act::Retrieve { task: 0 })],
    );
    assert_eq!(answers.last(), Some(&Err("approval.over")));
}

#[test]
fn somebody_added_before_answers_first_and_after_last() {
    let flow = flow(vec![asks("a", Method::Standard, "approved")]);
    let people = facts(&[("a", &[1])]);
    let added = |place| Act::AddSigner { task: 0, person: id(5), place };
    let (run, answers) = played(
        &flow,
        &people,
        &[(1, added(Added::Before)), (1, Act::Agree { task: 0 }), (5, Act::Agree { task: 1 }), (1, Act::Agree { task: 0 })],
    );
    assert_eq!(answers, [Ok(()), Err("approval.not_yet"), Ok(()), Ok(())]);
    assert_eq!(run.outcome, Some(Outcome::Approved));
    let (run, _) = played(&flow, &people, &[(1, added(Added::After)), (1, Act::Agree { task: 0 }), (5, Act::Reject { task: 1 })]);
    assert_eq!(run.outcome, Some(Outcome::Rejected));
}

#[test]
fn a_rejection_comes_back_to_the_node_before() {
    let mut second = approve(Method::Standard, "approved");
    second.rejects = Rejects::Previous;
    let flow = flow(vec![asks("a", Method::Standard, "b"), node("b", Kind::Approve(Box::new(second)))]);
    let people = facts(&[("a", &[1]), ("b", &[2])]);
    let acts = [(1, Act::Agree { task: 0 }), (2, Act::Reject { task: 1 }), (1, Act::Agree { task: 2 }), (2, Act::Agree { task: 3 })];
    let (run, answers) = played(&flow, &people, &acts);
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(run.outcome, Some(Outcome::Approved));
}

#[test]
fn the_initiator_submits_again() {
    let mut first = approve(Method::Standard, "approved");
    first.rejects = Rejects::Initiator { back_to_node: false };
    let flow = flow(vec![node("a", Kind::Approve(Box::new(first)))]);
    let people = facts(&[("a", &[1])]);
    let (run, answers) =
        played(&flow, &people, &[(1, Act::Reject { task: 0 }), (1, Act::Resubmit), (10, Act::Resubmit), (1, Act::Agree { task: 1 })]);
    assert_eq!(answers, [Ok(()), Err("approval.not_yours"), Ok(()), Ok(())]);
    assert_eq!(run.outcome, Some(Outcome::Approved));
}

#[test]
fn a_broken_graph_is_told_with_its_place() {
    let object = crate::objects::preset().into_iter().find(|object| object.key == "opportunity").expect("preset");
    let codes = |flow: &Flow| check(flow, &object).iter().map(|found| (found.code, found.path.clone())).collect::<Vec<_>>();
    let sound = flow(vec![asks("a", Method::Standard, "approved")]);
    assert_eq!(codes(&Flow { nodes: sound.nodes[..3].to_vec(), ..sound.clone() }), []);
    assert_eq!(codes(&sound), [("approval.never_come_to", "nodes[3]".to_owned())]);
    let circle = flow(vec![asks("a", Method::Standard, "b"), asks("b", Method::Standard, "a")]);
    assert_eq!(codes(&circle), [("approval.circle", "nodes[1]".to_owned())]);
    let nowhere = flow(vec![asks("a", Method::Standard, "")]);
    assert_eq!(codes(&nowhere), [("approval.leads_nowhere", "nodes[1]".to_owned())]);
}

#[test]
fn nobody_is_asked_twice_in_a_run_but_where_there_is_something_to_fill() {
    let people = facts(&[("a", &[1]), ("b", &[1])]);
    let plain = flow(vec![asks("a", Method::Standard, "b"), asks("b", Method::Standard, "approved")]);
    assert_eq!(played(&plain, &people, &[(1, Act::Agree { task: 0 })]).0.outcome, Some(Outcome::Approved));
    let mut second = approve(Method::Standard, "approved");
    second.must_fill = vec!["name".into()];
    let fills = flow(vec![asks("a", Method::Standard, "b"), node("b", Kind::Approve(Box::new(second)))]);
    assert_eq!(played(&fills, &people, &[(1, Act::Agree { task: 0 })]).0.outcome, None);
    let blank = Facts { missing: vec!["name".into()], ..people };
    let (_, answers) = played(&fills, &blank, &[(1, Act::Agree { task: 0 }), (1, Act::Agree { task: 1 })]);
    assert_eq!(answers, [Ok(()), Err("field.required")]);
}

#[test]
fn the_submitter_is_asked_or_not_as_the_node_says() {
    let node_with = |submitter| {
        let mut first = approve(Method::Standard, "approved");
        first.submitter = submitter;
        flow(vec![node("a", Kind::Approve(Box::new(first)))])
    };
    let people = Facts { managers: [(id(10), id(4))].into(), ..facts(&[("a", &[10])]) };
    assert_eq!(played(&node_with(Alike::Agrees), &people, &[]).0.outcome, Some(Outcome::Approved));
    assert_eq!(played(&node_with(Alike::Asks), &people, &[]).0.tasks[0].person, id(10));
    assert_eq!(played(&node_with(Alike::Manager), &people, &[]).0.tasks[0].person, id(4));
}

#[test]
fn where_nobody_is_found_the_node_says_what_becomes_of_it() {
    let node_with = |nobody| {
        let mut first = approve(Method::Standard, "approved");
        first.nobody = nobody;
        flow(vec![node("a", Kind::Approve(Box::new(first)))])
    };
    let people = facts(&[]);
    assert_eq!(played(&node_with(Nobody::Skip), &people, &[]).0.outcome, Some(Outcome::Approved));
    assert_eq!(played(&node_with(Nobody::Person { id: id(7) }), &people, &[]).0.tasks[0].person, id(7));
    assert_eq!(played(&node_with(Nobody::Administrators), &people, &[]).0.tasks[0].person, id(99));
    assert_eq!(begin(&node_with(Nobody::Fail), &people, id(10), id(10)).unwrap_err().code, "approval.nobody");
}

#[test]
fn a_deputy_acts_for_the_absent() {
    let flow = flow(vec![asks("a", Method::Standard, "approved")]);
    let people = facts(&[("a", &[1])]);
    let run = Run::replay(id(10), id(10), &begin(&flow, &people, id(10), id(10)).unwrap());
    let deputy = By { stands_in_for: [id(1)].into(), ..by(2) };
    let entries = decide(&flow, &run, &people, &deputy, &Act::Agree { task: 0 }, None).unwrap();
    assert_eq!((entries[0].by, entries[0].on_behalf_of), (id(2), Some(id(1))));
    assert_eq!(decide(&flow, &run, &people, &by(2), &Act::Agree { task: 0 }, None).unwrap_err().code, "approval.not_asked");
}

#[test]
fn it_is_withdrawn_by_whom_it_belongs_to() {
    let sound = flow(vec![asks("a", Method::Standard, "approved")]);
    let people = facts(&[("a", &[1])]);
    assert_eq!(played(&sound, &people, &[(1, Act::Withdraw)]).1, [Err("approval.not_yours")]);
    assert_eq!(played(&sound, &people, &[(10, Act::Withdraw)]).0.outcome, Some(Outcome::Withdrawn));
    assert_eq!(played(&sound, &people, &[(99, Act::Withdraw)]).0.outcome, Some(Outcome::Withdrawn));
    let run = Run::replay(id(10), id(10), &begin(&sound, &people, id(10), id(10)).unwrap());
    let owner = By { owner: true, ..by(3) };
    assert!(decide(&sound, &run, &people, &owner, &Act::Withdraw, None).is_ok());
    let closed = Flow { owner_may_withdraw: false, ..sound };
    assert_eq!(decide(&closed, &run, &people, &owner, &Act::Withdraw, None).unwrap_err().code, "approval.not_yours");
}

#[test]
fn an_administrator_takes_it_elsewhere() {
    let flow = flow(vec![asks("a", Method::Standard, "b"), asks("b", Method::Standard, "approved")]);
    let people = facts(&[("a", &[1]), ("b", &[2])]);
    let (run, answers) = played(&flow, &people, &[(1, Act::Jump { node: "b".into() }), (99, Act::Jump { node: "b".into() })]);
    assert_eq!(answers, [Err("approval.administrators_only"), Ok(())]);
    assert_eq!((run.tasks[0].state, run.tasks[1].person), (TaskState::Dropped, id(2)));
    let (run, _) = played(&flow, &people, &[(99, Act::Replace { task: 0, to: id(5) })]);
    assert_eq!(run.tasks[0].person, id(5));
    assert_eq!(played(&flow, &people, &[(99, Act::End { approve: false })]).0.outcome, Some(Outcome::Rejected));
    assert_eq!(played(&flow, &people, &[(99, Act::End { approve: true })]).0.outcome, Some(Outcome::Approved));
}

#[test]
fn what_is_done_when_the_time_is_over() {
    let expired = |then: Expiry| {
        let mut first = approve(Method::Standard, "approved");
        first.limit = Some(Limit { hours: 1, remind_hours_before: Vec::new(), then });
        let flow = flow(vec![node("a", Kind::Approve(Box::new(first)))]);
        let people = Facts { managers: [(id(1), id(4))].into(), ..facts(&[("a", &[1])]) };
        let mut run = Run::replay(id(10), id(10), &begin(&flow, &people, id(10), id(10)).unwrap());
        assert_eq!(decide(&flow, &run, &people, &by(1), &Act::Expire { task: 0 }, None).unwrap_err().code, "approval.not_asked");
        let product = By { id: Id::SYSTEM, ..by(0) };
        decide(&flow, &run, &people, &product, &Act::Expire { task: 0 }, None).unwrap().iter().for_each(|entry| run.apply(entry));
        run
    };
    assert_eq!(expired(Expiry::Remind).outcome, None);
    assert_eq!(expired(Expiry::Agree).outcome, Some(Outcome::Approved));
    assert_eq!(expired(Expiry::Reject).outcome, Some(Outcome::Rejected));
    assert_eq!(expired(Expiry::Manager).tasks[0].person, id(4));
}

#[test]
fn a_rejection_goes_where_the_node_says() {
    let with = |rejects| {
        let mut last = approve(Method::Standard, "approved");
        last.rejects = rejects;
        flow(vec![asks("a", Method::Standard, "b"), asks("b", Method::Standard, "c"), node("c", Kind::Approve(Box::new(last)))])
    };
    let people = facts(&[("a", &[1]), ("b", &[2]), ("c", &[3])]);
    let acts = [(1, Act::Agree { task: 0 }), (2, Act::Agree { task: 1 }), (3, Act::Reject { task: 2 })];
    let at = |rejects| {
        let run = played(&with(rejects), &people, &acts).0;
        let open = run.open().map(|(_, task)| run.steps[task.step].node.clone()).next();
        (run.outcome, open, run.returned)
    };
    assert_eq!(at(Rejects::End), (Some(Outcome::Rejected), None, None));
    assert_eq!(at(Rejects::Previous), (None, Some("b".into()), None));
    assert_eq!(at(Rejects::Node { node: "a".into() }), (None, Some("a".into()), None));
    let (outcome, open, returned) = at(Rejects::Initiator { back_to_node: true });
    assert_eq!((outcome, open, returned.and_then(|returned| returned.back_to)), (None, None, Some("c".into())));
}
