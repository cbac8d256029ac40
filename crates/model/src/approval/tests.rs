use super::*;
use crate::{Id, Instant};

fn id(n: u128) -> Id {
    Id(uuid::Uuid::from_u128(n))
}

fn node(key: &str, does: Kind) -> Node {
    Node { key: key.into(), name: key.into(), at: None, does }
}

fn approve(method: Method, next: &str) -> Approve {
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

fn facts(found: &[(&str, &[u128])]) -> Facts {
    let found = found.iter().map(|(node, people)| ((*node).to_owned(), people.iter().map(|n| id(*n)).collect())).collect();
    Facts { now: Instant(1), found, administrators: vec![id(99)], ..Facts::default() }
}

fn by(n: u128) -> By {
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
