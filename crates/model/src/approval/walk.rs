//! Going through the graph: what follows by itself from an answer, until somebody has to be asked or it is over.

use super::act::Facts;
use super::entry::{Entry, What};
use super::flow::{Alike, Flow, Kind, Method, Nobody, Rejects};
use super::run::{Outcome, Run, StepState, TaskState};
use crate::Id;

/// A run on its way, with what has happened in this act.
pub(super) struct Walk<'a> {
    pub flow: &'a Flow,
    pub facts: &'a Facts,
    pub run: Run,
    pub entries: Vec<Entry>,
    /// Somebody has taken his agreement back in this act: he is asked in person.
    retrieved: bool,
}

/// How the seats of a step, taken together, have answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    Open,
    Agreed,
    Rejected,
}

impl<'a> Walk<'a> {
    pub fn new(flow: &'a Flow, facts: &'a Facts, run: Run) -> Walk<'a> {
        Walk { flow, facts, run, entries: Vec::new(), retrieved: false }
    }

    /// Notes what somebody has done.
    pub fn did(&mut self, by: Id, on_behalf_of: Option<Id>, comment: Option<&str>, what: What) {
        let entry = Entry { at: self.facts.now, by, on_behalf_of, comment: comment.map(str::to_owned), what };
        self.run.apply(&entry);
        self.entries.push(entry);
    }

    /// Notes what follows by itself.
    pub fn follows(&mut self, what: What) {
        self.did(Id::SYSTEM, None, None, what);
    }

    /// Ends it; whatever is left is dropped.
    pub fn end(&mut self, outcome: Outcome) {
        self.end_by(Id::SYSTEM, None, outcome);
    }

    /// Likewise, because somebody says so.
    pub fn end_by(&mut self, by: Id, comment: Option<&str>, outcome: Outcome) {
        if self.run.outcome.is_none() {
            self.drop_all();
            self.did(by, None, comment, What::Ended { outcome });
        }
    }

    /// Comes to a node.
    pub fn enter(&mut self, node: &str, from: Option<usize>, within: Vec<usize>) {
        if self.run.outcome.is_some() {
            return;
        }
        let Some(found) = self.flow.node(node) else { return self.fail("approval.node_unknown") };
        let step = self.run.steps.len();
        self.follows(What::Entered { node: node.to_owned(), from, within: within.clone() });
        match &found.does {
            Kind::Start { next } => {
                self.passed(step, StepState::Passed);
                self.enter(next, Some(step), within);
            }
            Kind::Branch { ways, otherwise } => {
                let held = self.facts.holds.get(node);
                let way = ways.iter().enumerate().find(|(n, _)| held.and_then(|held| held.get(*n)).copied().unwrap_or(false));
                let to = way.map_or(otherwise, |(_, way)| &way.to);
                self.passed(step, StepState::Passed);
                self.enter(to, Some(step), within);
            }
            Kind::Fork { ways, .. } => {
                self.passed(step, StepState::Passed);
                let inside: Vec<usize> = within.into_iter().chain([step]).collect();
                for way in ways {
                    // One way may have ended it all.
                    if self.run.outcome.is_none() && self.run.returned.is_none() {
                        self.enter(way, Some(step), inside.clone());
                    }
                }
            }
            Kind::Join { next } => self.join(step, next, within),
            Kind::Approved => {
                self.passed(step, StepState::Passed);
                self.end(Outcome::Approved);
            }
            Kind::Rejected => {
                self.passed(step, StepState::Passed);
                self.end(Outcome::Rejected);
            }
            Kind::Approve(_) | Kind::Task { .. } => self.ask(step),
        }
    }

    /// A way has come to its join: all must have.
    fn join(&mut self, step: usize, next: &str, mut within: Vec<usize>) {
        self.passed(step, StepState::Passed);
        let Some(fork) = within.pop() else { return self.fail("approval.join_outside") };
        let ways = match self.flow.node(&self.run.steps[fork].node).map(|node| &node.does) {
            Some(Kind::Fork { ways, .. }) => ways.len(),
            _ => return self.fail("approval.join_outside"),
        };
        let node = self.run.steps[step].node.clone();
        let arrived =
            |other: &&super::run::Step| other.node == node && other.within.last() == Some(&fork) && other.state == StepState::Passed;
        if self.run.steps.iter().filter(arrived).count() == ways {
            self.enter(next, Some(step), within);
        }
    }

    /// Asks the people of a node.
    fn ask(&mut self, step: usize) {
        let Some(node) = self.flow.node(&self.run.steps[step].node) else { return };
        let mut people: Vec<Id> = Vec::new();
        for person in self.facts.found.get(&node.key).into_iter().flatten() {
            let person = self.instead_of_submitter(node.key.as_str(), *person);
            if !people.contains(&person) {
                people.push(person);
            }
        }
        if people.is_empty() {
            match node.nobody() {
                Nobody::Skip => {}
                Nobody::Person { id } => match self.facts.gone.get(id) {
                    None => people.push(*id),
                    Some(Some(other)) => people.push(*other),
                    Some(None) => people.extend(&self.facts.administrators),
                },
                Nobody::Administrators => people.extend(&self.facts.administrators),
                Nobody::Fail => return self.fail("approval.nobody"),
            }
            if people.is_empty() && *node.nobody() != Nobody::Skip {
                return self.fail("approval.nobody");
            }
        }
        if people.is_empty() {
            self.passed(step, StepState::Skipped);
            return self.go_on(step);
        }
        let in_order = self.in_order(step);
        for (seat, person) in people.into_iter().enumerate() {
            self.follows(What::Asked { step, person, seat, place: 0, open: !in_order || seat == 0 });
        }
        self.settle(step);
    }

    /// Whom to ask where it would be the submitter.
    fn instead_of_submitter(&self, node: &str, person: Id) -> Id {
        let Some(Kind::Approve(approve)) = self.flow.node(node).map(|node| &node.does) else { return person };
        if person == self.run.submitter && approve.submitter == Alike::Manager {
            return self.facts.managers.get(&person).copied().unwrap_or(person);
        }
        person
    }

    /// True where nobody needs to be asked: he is the submitter, or has agreed in this run already.
    fn agrees_by_itself(&self, step: usize, person: Id) -> bool {
        let Some(Kind::Approve(approve)) = self.flow.node(&self.run.steps[step].node).map(|node| &node.does) else { return false };
        if approve.asks_for_fields() {
            return false;
        }
        let agreed = |task: &super::run::Task| {
            task.person == person
                && task.state == TaskState::Agreed
                && !task.by_itself
                && task.by.is_none()
                && task.step != step
                && task.step >= self.run.counts_from
        };
        (person == self.run.submitter && approve.submitter == Alike::Agrees)
            || (approve.agreed_already && self.run.tasks.iter().any(agreed))
    }

    /// True where the people of a step are asked one after another.
    pub fn is_in_order(&self, step: usize) -> bool {
        self.in_order(step)
    }

    /// After an agreement was taken back: who did not need to answer any more is asked again, and whose turn had come by it waits.
    pub fn ask_again(&mut self, step: usize, seat: usize, place: usize) {
        let in_order = self.in_order(step);
        let tasks: Vec<(usize, usize, usize, TaskState)> =
            self.run.tasks_of(step).map(|(n, task)| (n, task.seat, task.place, task.state)).collect();
        for (task, of, at, state) in tasks {
            let later = of == seat && at > place || in_order && of > seat;
            match state {
                TaskState::Open if later => self.follows(What::Waits { task }),
                TaskState::Dropped => self.follows(What::Waits { task }),
                // What came about without anybody's answer comes about again, if it still does.
                TaskState::Agreed if later && self.run.tasks[task].by_itself => self.follows(What::Waits { task }),
                _ => {}
            }
        }
        self.retrieved = true;
        self.settle(step);
    }

    /// The next task of a step that nobody needs to do.
    fn agreeing_by_itself(&self, step: usize) -> Option<usize> {
        let needless = |task: &super::run::Task| task.state == TaskState::Open && self.agrees_by_itself(step, task.person);
        self.run.tasks_of(step).find(|(_, task)| !self.retrieved && needless(task)).map(|(n, _)| n)
    }

    fn in_order(&self, step: usize) -> bool {
        let node = self.flow.node(&self.run.steps[step].node);
        let Some(Kind::Approve(approve)) = node.map(|node| &node.does) else { return false };
        matches!(approve.method, Method::StepByStep { .. } | Method::NamedOrder)
    }

    /// Draws what follows in a step: turns, answers that nobody needs to give, and the step's own outcome.
    pub fn settle(&mut self, step: usize) {
        loop {
            if self.run.outcome.is_some() || self.run.steps[step].state != StepState::Open {
                return;
            }
            match self.verdict(step) {
                Verdict::Agreed => {
                    self.passed(step, StepState::Passed);
                    self.drop_left(step);
                    return self.go_on(step);
                }
                Verdict::Rejected => {
                    self.passed(step, StepState::Rejected);
                    self.drop_left(step);
                    return self.sent_away(step);
                }
                Verdict::Open => {}
            }
            if let Some(task) = self.next_turn(step) {
                self.follows(What::Turn { task });
                continue;
            }
            match self.agreeing_by_itself(step) {
                Some(task) => self.follows(What::Agreed { task, by_itself: true }),
                None => return,
            }
        }
    }

    /// A task whose turn has come and that still waits.
    fn next_turn(&self, step: usize) -> Option<usize> {
        let in_order = self.in_order(step);
        let mut seats: Vec<usize> = self.run.tasks_of(step).map(|(_, task)| task.seat).collect();
        seats.sort_unstable();
        seats.dedup();
        for seat in seats {
            let mut inside: Vec<(usize, &super::run::Task)> = self.run.tasks_of(step).filter(|(_, task)| task.seat == seat).collect();
            inside.sort_by_key(|(_, task)| task.place);
            if let Some((n, task)) = inside.into_iter().find(|(_, task)| task.state.is_left()) {
                if task.state == TaskState::Waiting {
                    return Some(n);
                }
                if in_order {
                    return None;
                }
            }
        }
        None
    }

    /// What the seats of a step say together; decided as soon as nothing can change it any more.
    fn verdict(&self, step: usize) -> Verdict {
        let seats = self.seats(step);
        let agreed = seats.iter().filter(|seat| **seat == Verdict::Agreed).count();
        let rejected = seats.iter().filter(|seat| **seat == Verdict::Rejected).count();
        let method = match self.flow.node(&self.run.steps[step].node).map(|node| &node.does) {
            Some(Kind::Approve(approve)) => &approve.method,
            _ => &Method::Standard,
        };
        let (passes, fails) = match method {
            Method::Standard => (agreed > 0, rejected > 0),
            Method::Countersign { percent: Some(percent) } => {
                let needed = usize::from(*percent) * seats.len();
                (agreed * 100 >= needed, (seats.len() - rejected) * 100 < needed)
            }
            Method::Countersign { percent: None } | Method::StepByStep { .. } | Method::NamedOrder => (agreed == seats.len(), rejected > 0),
        };
        if passes {
            Verdict::Agreed
        } else if fails {
            Verdict::Rejected
        } else {
            Verdict::Open
        }
    }

    /// The answer of each seat: one who rejects speaks for all in it, and all must have agreed.
    fn seats(&self, step: usize) -> Vec<Verdict> {
        let mut seats: Vec<Verdict> = Vec::new();
        for (_, task) in self.run.tasks_of(step).filter(|(_, task)| task.state != TaskState::Dropped) {
            if seats.len() <= task.seat {
                seats.resize(task.seat + 1, Verdict::Agreed);
            }
            let seat = &mut seats[task.seat];
            match task.state {
                TaskState::Rejected => *seat = Verdict::Rejected,
                TaskState::Waiting | TaskState::Open if *seat != Verdict::Rejected => *seat = Verdict::Open,
                _ => {}
            }
        }
        seats
    }

    /// Out of a step that has passed.
    fn go_on(&mut self, step: usize) {
        let next = match self.flow.node(&self.run.steps[step].node).map(|node| &node.does) {
            Some(Kind::Approve(approve)) => approve.next.clone(),
            Some(Kind::Task { next, .. }) => next.clone(),
            _ => return,
        };
        let within = self.run.steps[step].within.clone();
        self.enter(&next, Some(step), within);
    }

    /// Where a rejection goes.
    fn sent_away(&mut self, step: usize) {
        let rejects = match self.flow.node(&self.run.steps[step].node).map(|node| &node.does) {
            Some(Kind::Approve(approve)) => approve.rejects.clone(),
            _ => Rejects::End,
        };
        let earlier = |walk: &Walk<'_>, wanted: Option<&str>| {
            let decided = |n: &usize| {
                let other = &walk.run.steps[*n];
                let asks = walk.flow.node(&other.node).is_some_and(super::flow::Node::asks);
                asks && other.state == StepState::Passed && wanted.is_none_or(|wanted| wanted == other.node)
            };
            walk.run.before(step).into_iter().find(decided)
        };
        match rejects {
            Rejects::End => self.end(Outcome::Rejected),
            Rejects::Previous => match earlier(self, None) {
                Some(to) => self.send_back(to),
                None => self.end(Outcome::Rejected),
            },
            // One that this run has not passed: the one before then.
            Rejects::Node { node } => match earlier(self, Some(&node)).or_else(|| earlier(self, None)) {
                Some(to) => self.send_back(to),
                None => self.end(Outcome::Rejected),
            },
            Rejects::Initiator { back_to_node } => {
                // Into a fork nobody comes back from outside: its other ways were given up.
                let back_to =
                    Some(&self.run.steps[step]).filter(|step| back_to_node && step.within.is_empty()).map(|step| step.node.clone());
                self.drop_all();
                self.follows(What::Returned { step, back_to });
            }
        }
    }

    /// To a step that was passed before; whatever has followed from it is given up.
    fn send_back(&mut self, to: usize) {
        // A way that had come to its join has not come there any more: it comes again.
        let given_up = |n: &usize| {
            let step = &self.run.steps[*n];
            let joins = || self.flow.node(&step.node).is_some_and(|node| matches!(node.does, Kind::Join { .. }));
            step.state == StepState::Open || step.state == StepState::Passed && joins()
        };
        let given_up: Vec<usize> = self.run.after(to).into_iter().filter(given_up).collect();
        given_up.into_iter().for_each(|step| self.drop_step(step));
        let (node, from, within) = (self.run.steps[to].node.clone(), self.run.steps[to].from, self.run.steps[to].within.clone());
        self.follows(What::SentBack { to: node.clone() });
        self.enter(&node, from, within);
    }

    /// Gives up every open step.
    pub fn drop_all(&mut self) {
        let open: Vec<usize> = (0..self.run.steps.len()).filter(|n| self.run.steps[*n].state == StepState::Open).collect();
        open.into_iter().for_each(|step| self.drop_step(step));
    }

    /// Gives a step up, with whatever was left of it.
    pub fn drop_step(&mut self, step: usize) {
        self.drop_left(step);
        self.passed(step, StepState::Dropped);
    }

    fn drop_left(&mut self, step: usize) {
        let left: Vec<usize> = self.run.tasks_of(step).filter(|(_, task)| task.state.is_left()).map(|(n, _)| n).collect();
        left.into_iter().for_each(|task| self.follows(What::Dropped { task }));
    }

    fn passed(&mut self, step: usize, state: StepState) {
        self.follows(What::StepEnded { step, state });
    }

    fn fail(&mut self, code: &str) {
        self.end(Outcome::Failed { code: code.to_owned() });
    }
}
