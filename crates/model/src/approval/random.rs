//! Any acts on any flow: what must hold whatever people do.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::tests::{by, facts_of, id};
use super::*;
use crate::{Id, Instant};

/// People who may be asked; 99 administers.
const PEOPLE: u128 = 6;

/// A piece of a flow between its beginning and its end.
#[derive(Clone, Debug)]
enum Piece {
    Ask(Approve, Vec<u128>),
    Task(Vec<u128>),
    Branch(Vec<Piece>, Vec<Piece>, bool),
    Fork(Vec<Piece>, Vec<Piece>),
}

fn people() -> impl Strategy<Value = Vec<u128>> {
    prop::collection::vec(1..=PEOPLE, 0..4)
}

fn asking() -> impl Strategy<Value = Piece> {
    let method = prop_oneof![
        Just(Method::Standard),
        Just(Method::NamedOrder),
        Just(Method::StepByStep { of: Whose::Owner, until: Until::Levels { n: 3 } }),
        Just(Method::Countersign { percent: None }),
        (1u8..=100).prop_map(|percent| Method::Countersign { percent: Some(percent) }),
    ];
    let rejects = prop_oneof![
        Just(Rejects::End),
        Just(Rejects::Previous),
        Just(Rejects::Initiator { back_to_node: true }),
        Just(Rejects::Initiator { back_to_node: false }),
    ];
    let nobody = prop_oneof![Just(Nobody::Skip), Just(Nobody::Administrators), Just(Nobody::Person { id: id(1) })];
    let submitter = prop_oneof![Just(Alike::Asks), Just(Alike::Agrees), Just(Alike::Manager)];
    (method, rejects, nobody, submitter, any::<bool>(), any::<bool>(), people()).prop_map(
        |(method, rejects, nobody, submitter, agreed_already, fills, people)| {
            let must_fill = if fills { vec!["name".to_owned()] } else { Vec::new() };
            let limit = Some(Limit { hours: 2, remind_hours_before: Vec::new(), then: Expiry::Agree });
            let approve = Approve {
                method,
                who: vec![Source::Owner],
                nobody,
                may_edit: Vec::new(),
                must_fill,
                rejects,
                submitter,
                agreed_already,
                comment_required: false,
                limit,
                next: String::new(),
            };
            Piece::Ask(approve, people)
        },
    )
}

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let leaf = prop_oneof![4 => asking(), 1 => people().prop_map(Piece::Task)];
    let piece = leaf.prop_recursive(3, 10, 3, |inner| {
        let several = || prop::collection::vec(inner.clone(), 0..3);
        let some = || prop::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            (several(), several(), any::<bool>()).prop_map(|(a, b, first)| Piece::Branch(a, b, first)),
            (some(), some()).prop_map(|(a, b)| Piece::Fork(a, b)),
        ]
    });
    prop::collection::vec(piece, 1..4)
}

/// Draws the pieces as a graph.
#[derive(Default)]
struct Drawn {
    nodes: Vec<Node>,
    facts: Facts,
}

impl Drawn {
    /// The first node of these pieces, which lead to `next`.
    fn all(&mut self, pieces: &[Piece], next: &str) -> String {
        pieces.iter().rev().fold(next.to_owned(), |next, piece| self.one(piece, &next))
    }

    fn one(&mut self, piece: &Piece, next: &str) -> String {
        let key = format!("n{}", self.nodes.len());
        let at = self.nodes.len();
        self.nodes.push(Node { key: key.clone(), name: String::new(), at: None, does: Kind::Approved });
        let whom = |people: &[u128]| people.iter().map(|n| id(*n)).collect::<Vec<_>>();
        self.nodes[at].does = match piece {
            Piece::Ask(approve, people) => {
                self.facts.found.insert(key.clone(), whom(people));
                Kind::Approve(Box::new(Approve { next: next.to_owned(), ..approve.clone() }))
            }
            Piece::Task(people) => {
                self.facts.found.insert(key.clone(), whom(people));
                let (nobody, must_fill) = (Nobody::Administrators, vec!["name".to_owned()]);
                let who = vec![Source::Owner];
                Kind::Task { who, nobody, instruction: String::new(), must_fill, limit: None, next: next.to_owned() }
            }
            Piece::Branch(a, b, first) => {
                let (a, b) = (self.all(a, next), self.all(b, next));
                self.facts.holds.insert(key.clone(), vec![*first]);
                let when = serde_json::from_str(r#"{"field": "name", "op": "eq", "value": "x"}"#).expect("a condition");
                Kind::Branch { ways: vec![Way { name: String::new(), when, to: a }], otherwise: b }
            }
            Piece::Fork(a, b) => {
                let join = format!("j{at}");
                let (a, b) = (self.all(a, &join), self.all(b, &join));
                let does = Kind::Join { next: next.to_owned() };
                self.nodes.push(Node { key: join.clone(), name: String::new(), at: None, does });
                Kind::Fork { ways: vec![a, b], join }
            }
        };
        key
    }
}

fn drawn(pieces: &[Piece]) -> (Flow, Facts) {
    let mut drawn = Drawn { facts: facts_of(), ..Drawn::default() };
    let first = drawn.all(pieces, "approved");
    drawn.nodes.insert(0, Node { key: "start".into(), name: String::new(), at: None, does: Kind::Start { next: first } });
    drawn.nodes.push(Node { key: "approved".into(), name: String::new(), at: None, does: Kind::Approved });
    (super::tests::flow_of(drawn.nodes), drawn.facts)
}

/// An act with the numbers it speaks of left open: they are taken from what there is.
#[derive(Clone, Debug)]
struct Try {
    who: u128,
    kind: u8,
    task: usize,
    other: u128,
    node: usize,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let who = prop_oneof![6 => 1..=PEOPLE, 2 => Just(10u128), 1 => Just(99u128), 1 => Just(0u128)];
    let one = (who, 0u8..14, 0usize..12, 1..=PEOPLE + 3, 0usize..12).prop_map(|(who, kind, task, other, node)| Try {
        who,
        kind,
        task,
        other,
        node,
    });
    prop::collection::vec(one, 0..25)
}

fn act_of(flow: &Flow, run: &Run, wanted: &Try) -> Act {
    let open: Vec<usize> = run.open().map(|(n, _)| n).collect();
    // Mostly one that is open; whatever there is else.
    let task = if !wanted.task.is_multiple_of(3) && !open.is_empty() { open[wanted.task % open.len()] } else { wanted.task };
    let (to, person) = (id(wanted.other), id(wanted.other));
    match wanted.kind {
        0..=3 => Act::Agree { task },
        4 => Act::Reject { task },
        5 => Act::Reassign { task, to },
        6 => Act::AddSigner { task, person, place: if wanted.node.is_multiple_of(2) { Added::Before } else { Added::After } },
        7 => Act::Retrieve { task: wanted.task },
        8 => Act::Resubmit,
        9 => Act::Jump { node: flow.nodes[wanted.node % flow.nodes.len()].key.clone() },
        10 => Act::Replace { task, to },
        11 => Act::Expire { task },
        12 => Act::Depart { task },
        _ => Act::Comment,
    }
}

/// Whoever may act as the flow says: the product for what only it does, and the person asked.
fn doing(run: &Run, wanted: &Try, act: &Act) -> By {
    match act {
        Act::Expire { .. } | Act::Depart { .. } => By { id: Id::SYSTEM, ..by(0) },
        // Mostly by the one who is asked.
        Act::Agree { task } | Act::Reject { task } | Act::Reassign { task, .. } | Act::AddSigner { task, .. }
            if !wanted.node.is_multiple_of(4) =>
        {
            By { id: run.tasks.get(*task).map_or(id(wanted.who), |task| task.person), ..by(wanted.who) }
        }
        _ => by(wanted.who),
    }
}

/// Agrees to whatever is left, and says in how many steps it came to an end.
fn agreed_to_the_end(flow: &Flow, facts: &Facts, mut run: Run) -> Result<usize, TestCaseError> {
    let begun = run.steps.len();
    for _ in 0..1000 {
        if !run.is_running() {
            return Ok(run.steps.len() - begun);
        }
        let act = match run.open().map(|(n, _)| n).next() {
            Some(task) => Act::Agree { task },
            None => Act::Resubmit,
        };
        let who = match &act {
            Act::Agree { task } => run.tasks[*task].person,
            _ => run.initiator,
        };
        let doing = By { id: who, ..by(0) };
        let entries = decide(flow, &run, facts, &doing, &act, Some("fine"));
        let entries = entries.map_err(|refused| TestCaseError::fail(format!("{act:?} by {who}: {refused:?} in {run:#?}")))?;
        entries.iter().for_each(|entry| run.apply(entry));
    }
    Err(TestCaseError::fail("it does not end"))
}

/// What holds of every run.
fn sound(flow: &Flow, run: &Run, trail: &[Entry]) -> Result<(), TestCaseError> {
    let ends = trail.iter().filter(|entry| matches!(entry.what, What::Ended { .. })).count();
    prop_assert_eq!(ends, usize::from(!run.is_running()), "one outcome and no second");
    prop_assert_eq!(&Run::replay(run.submitter, run.initiator, trail), run, "the trail tells the run");
    let open: BTreeSet<usize> = run.open().map(|(_, task)| task.step).collect();
    for (n, step) in run.steps.iter().enumerate() {
        let asks = flow.node(&step.node).is_some_and(Node::asks);
        if step.state == StepState::Open {
            prop_assert!(asks && open.contains(&n), "an open step asks somebody: {n} of {run:#?}");
        } else {
            prop_assert!(run.tasks_of(n).all(|(_, task)| !task.state.is_left()), "nobody is asked for what is over: {n} of {run:#?}");
        }
    }
    if run.is_running() && run.returned.is_none() {
        prop_assert!(!open.is_empty(), "it lies with somebody: {run:#?}");
    } else {
        prop_assert!(open.is_empty(), "nobody is asked any more");
    }
    for (n, _) in run.steps.iter().enumerate() {
        let people: Vec<Id> = run.tasks_of(n).filter(|(_, task)| task.state != TaskState::Dropped).map(|(_, task)| task.person).collect();
        prop_assert_eq!(people.len(), people.iter().collect::<BTreeSet<_>>().len(), "nobody is asked twice at once");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_it_has_one_outcome_and_comes_to_it(pieces in pieces(), tries in tries()) {
        let (flow, facts) = drawn(&pieces);
        let object = crate::objects::preset().into_iter().find(|object| object.key == "opportunity").expect("preset");
        prop_assert_eq!(check(&flow, &object), vec![], "a sound graph");
        let mut trail = begin(&flow, &facts, id(10), id(10)).expect("somebody is always found");
        let mut run = Run::replay(id(10), id(10), &trail);
        sound(&flow, &run, &trail)?;
        for (n, wanted) in tries.iter().enumerate() {
            let facts = Facts { now: Instant(n as i64 + 2), ..facts.clone() };
            let act = act_of(&flow, &run, wanted);
            let doing = doing(&run, wanted, &act);
            let before = run.clone();
            let Ok(entries) = decide(&flow, &run, &facts, &doing, &act, Some("because")) else { continue };
            may(&before, &doing, &act)?;
            entries.iter().for_each(|entry| run.apply(entry));
            trail.extend(entries);
            sound(&flow, &run, &trail)?;
            if before.outcome.is_some() {
                prop_assert_eq!(&before, &run, "what is over stays as it is");
            }
        }
        let steps = agreed_to_the_end(&flow, &facts, run)?;
        prop_assert!(steps <= flow.nodes.len() * 2, "{steps} steps of {} nodes", flow.nodes.len());
    }

    #[test]
    fn a_countersigned_node_is_decided_when_it_is_certain_and_not_before(
        seats in 1usize..8, percent in prop::option::of(1u8..=100), answers in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 8)
    ) {
        let approve = super::tests::approve(Method::Countersign { percent }, "approved");
        let nodes = vec![
            Node { key: "start".into(), name: String::new(), at: None, does: Kind::Start { next: "a".into() } },
            Node { key: "a".into(), name: String::new(), at: None, does: Kind::Approve(Box::new(approve)) },
            Node { key: "approved".into(), name: String::new(), at: None, does: Kind::Approved },
        ];
        let flow = super::tests::flow_of(nodes);
        let mut facts = facts_of();
        facts.found.insert("a".into(), (1..=seats as u128).map(id).collect());
        let mut run = Run::replay(id(10), id(10), &begin(&flow, &facts, id(10), id(10)).expect("begins"));
        let (mut agreed, mut rejected) = (0, 0);
        // Certain: whatever the others say, it comes out the same.
        let passes = |agreed: usize| percent.map_or(agreed == seats, |percent| agreed * 100 >= usize::from(percent) * seats);
        let certain = |agreed: usize, rejected: usize| passes(agreed) || !passes(seats - rejected);
        for (index, agrees) in answers {
            let open: Vec<usize> = run.open().map(|(n, _)| n).collect();
            if open.is_empty() { break }
            let task = open[index.index(open.len())];
            let act = if agrees { Act::Agree { task } } else { Act::Reject { task } };
            if agrees { agreed += 1 } else { rejected += 1 }
            let doing = By { id: run.tasks[task].person, ..by(0) };
            let entries = decide(&flow, &run, &facts, &doing, &act, Some("so")).expect("asked");
            entries.iter().for_each(|entry| run.apply(entry));
            prop_assert_eq!(run.outcome.is_some(), certain(agreed, rejected), "{} of {} agree, {} do not", agreed, seats, rejected);
            if run.outcome.is_some() {
                prop_assert_eq!(run.outcome == Some(Outcome::Approved), passes(agreed));
            }
        }
    }
}

/// Nobody does what is not his.
fn may(before: &Run, doing: &By, act: &Act) -> Result<(), TestCaseError> {
    let own =
        |task: usize| before.tasks.get(task).is_some_and(|task| task.person == doing.id || doing.stands_in_for.contains(&task.person));
    let allowed = match act {
        Act::Agree { task } | Act::Reject { task } | Act::Reassign { task, .. } | Act::AddSigner { task, .. } => {
            own(*task) && before.tasks[*task].state == TaskState::Open
        }
        Act::Retrieve { task } => before.tasks.get(*task).is_some_and(|task| task.by.unwrap_or(task.person) == doing.id),
        Act::Jump { .. } | Act::Replace { .. } | Act::End { .. } => doing.administrator,
        Act::Expire { .. } | Act::Depart { .. } | Act::Close { .. } => doing.id == Id::SYSTEM,
        Act::Resubmit | Act::Withdraw | Act::Urge => {
            [before.submitter, before.initiator].contains(&doing.id) || doing.administrator || doing.owner
        }
        Act::Comment => true,
    };
    prop_assert!(allowed, "{act:?} by {doing:?} in {before:#?}");
    Ok(())
}
