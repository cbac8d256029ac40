//! Which version of its process a deal obeys.
//!
//! A deal keeps the version under which it entered its stage. Whatever is published afterwards holds for it at once, as long as that has its
//! stage; only a version that was published for other deals (`apart`) leaves it where it is, and what was published later does not reach it
//! either: it is pinned until it moves. A deal in a stage that a newer version has given up obeys the last one that has it until it is taken
//! along.

use std::collections::BTreeSet;

use super::Process;

/// Versions of a process besides the newest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Earlier {
    /// Those that some deal still obeys.
    pub kept: Vec<Process>,
    /// Numbers of those that running deals were not to follow.
    pub apart: BTreeSet<i64>,
}

/// What holds for a deal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InForce<'a> {
    /// The newest version.
    Newest(&'a Process),
    /// An earlier one, until the deal moves.
    Pinned(&'a Process),
    /// An earlier one, until the deal is taken along: the newest does not have its stage.
    Behind(&'a Process),
}

impl<'a> InForce<'a> {
    /// The process of that version.
    pub fn process(self) -> &'a Process {
        match self {
            InForce::Newest(process) | InForce::Pinned(process) | InForce::Behind(process) => process,
        }
    }
}

impl Earlier {
    /// Nobody obeys any but the newest.
    pub const fn none() -> Earlier {
        Earlier { kept: Vec::new(), apart: BTreeSet::new() }
    }

    /// The version for a deal that entered `stage` under the version `since`. There is always one; it has the stage, unless somebody took
    /// that from under the deal.
    pub fn in_force<'a>(&'a self, newest: &'a Process, since: i64, stage: &str) -> InForce<'a> {
        let pinned = self.is_pinned(since);
        if !pinned && newest.position(stage).is_some() {
            return InForce::Newest(newest);
        }
        let end = self.apart.range(since + 1..).next().copied().unwrap_or(newest.version);
        let reach = || self.kept.iter().filter(|kept| (since..end).contains(&kept.version));
        let last = reach().filter(|kept| kept.position(stage).is_some()).max_by_key(|kept| kept.version);
        match last {
            Some(process) if pinned => InForce::Pinned(process),
            Some(process) => InForce::Behind(process),
            None => InForce::Newest(newest),
        }
    }

    /// True for deals that entered their stage before a version that they were not to follow.
    pub fn is_pinned(&self, since: i64) -> bool {
        self.apart.last().is_some_and(|last| *last > since)
    }
}

/// A version for a deal that has been left behind: it goes to no stage any more which the newest has given up.
pub fn without_given_up(behind: &Process, newest: &Process, stage: &str) -> Process {
    let mut process = behind.clone();
    process.stages.retain(|rules| rules.stage == stage || newest.position(&rules.stage).is_some());
    process
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::super::StageRules;
    use super::*;
    use crate::Id;

    fn version(number: i64, stages: &[&str]) -> Process {
        let rules = stages.iter().map(|stage| StageRules::new(stage)).collect();
        Process { version: number, ..Process::new(Id(Uuid::from_u128(1)), "P", rules) }
    }

    #[test]
    fn it_follows_what_is_published_for_it() {
        let newest = version(3, &["a", "b"]);
        let all = Earlier::default();
        assert_eq!(all.in_force(&newest, 1, "a"), InForce::Newest(&newest));
        // Nothing has the stage: the newest has to do.
        assert_eq!(all.in_force(&newest, 1, "x"), InForce::Newest(&newest));
    }

    #[test]
    fn it_is_pinned_by_what_was_published_for_others() {
        let newest = version(4, &["a", "b"]);
        let second = version(2, &["a"]);
        let earlier = Earlier { kept: vec![second.clone()], apart: BTreeSet::from([3]) };
        assert_eq!(earlier.in_force(&newest, 1, "a"), InForce::Pinned(&second));
        assert_eq!(earlier.in_force(&newest, 2, "a"), InForce::Pinned(&second));
        assert_eq!(earlier.in_force(&newest, 3, "a"), InForce::Newest(&newest));
    }

    #[test]
    fn it_is_behind_while_its_stage_is_given_up() {
        let newest = version(3, &["b"]);
        let second = version(2, &["a", "b"]);
        let earlier = Earlier { kept: vec![second.clone()], apart: BTreeSet::new() };
        assert_eq!(earlier.in_force(&newest, 1, "a"), InForce::Behind(&second));
        assert_eq!(earlier.in_force(&newest, 1, "b"), InForce::Newest(&newest));
        let old = version(2, &["a", "gone", "b"]);
        assert_eq!(without_given_up(&old, &newest, "a"), version(2, &["a", "b"]));
    }

    const STAGES: [&str; 5] = ["a", "b", "c", "d", "e"];

    /// A deal as the model of this test keeps it.
    #[derive(Clone, Copy, Debug)]
    struct Deal {
        since: i64,
        stage: usize,
    }

    #[derive(Clone, Debug)]
    enum Step {
        /// These stages, for running deals or not; deals in a stage that is gone are taken along at once, or only later.
        Publish {
            stages: BTreeSet<usize>,
            stay: bool,
            at_once: bool,
        },
        TakeAlong,
        Start,
        Move {
            deal: usize,
            to: usize,
        },
    }

    fn step() -> impl Strategy<Value = Step> {
        let stages = prop::collection::btree_set(0..STAGES.len(), 1..=STAGES.len());
        prop_oneof![
            (stages, any::<bool>(), any::<bool>()).prop_map(|(stages, stay, at_once)| Step::Publish { stages, stay, at_once }),
            Just(Step::TakeAlong),
            Just(Step::Start),
            (0..20usize, 0..STAGES.len()).prop_map(|(deal, to)| Step::Move { deal, to }),
        ]
    }

    fn take_along(newest: &Process, earlier: &mut Earlier, deals: &mut [Deal]) {
        for deal in deals.iter_mut() {
            if let InForce::Behind(_) = earlier.in_force(newest, deal.since, STAGES[deal.stage]) {
                let to = newest.stages[0].stage.as_str();
                *deal = Deal { since: newest.version, stage: STAGES.iter().position(|stage| *stage == to).unwrap() };
            }
        }
        forget(newest, earlier, deals);
    }

    /// Only what somebody obeys is kept.
    fn forget(newest: &Process, earlier: &mut Earlier, deals: &[Deal]) {
        let obeyed: BTreeSet<i64> =
            deals.iter().map(|deal| earlier.in_force(newest, deal.since, STAGES[deal.stage]).process().version).collect();
        earlier.kept.retain(|kept| obeyed.contains(&kept.version));
    }

    proptest! {
        #[test]
        fn every_deal_stands_in_a_stage_of_its_version(steps in prop::collection::vec(step(), 1..60)) {
            let mut newest = version(1, &STAGES);
            let mut earlier = Earlier::default();
            let mut deals: Vec<Deal> = Vec::new();
            for step in steps {
                match step {
                    Step::Publish { stages, stay, at_once } => {
                        let obeyed: Vec<(Deal, Process)> = deals
                            .iter()
                            .map(|deal| (*deal, earlier.in_force(&newest, deal.since, STAGES[deal.stage]).process().clone()))
                            .collect();
                        let keys: Vec<&str> = stages.iter().map(|at| STAGES[*at]).collect();
                        let next = version(newest.version + 1, &keys);
                        let before = std::mem::replace(&mut newest, next);
                        earlier.kept.push(before);
                        if stay {
                            earlier.apart.insert(newest.version);
                            // Nothing changes for anybody who was there.
                            for (deal, process) in obeyed {
                                prop_assert_eq!(earlier.in_force(&newest, deal.since, STAGES[deal.stage]).process(), &process);
                            }
                        }
                        if at_once {
                            take_along(&newest, &mut earlier, &mut deals);
                        } else {
                            forget(&newest, &mut earlier, &deals);
                        }
                    }
                    Step::TakeAlong => take_along(&newest, &mut earlier, &mut deals),
                    Step::Start => {
                        let first = newest.stages[0].stage.as_str();
                        let stage = STAGES.iter().position(|stage| *stage == first).unwrap();
                        deals.push(Deal { since: newest.version, stage });
                    }
                    Step::Move { deal, to } => {
                        let Some(deal) = deals.get_mut(deal) else { continue };
                        let here = STAGES[deal.stage];
                        let judged = match earlier.in_force(&newest, deal.since, here) {
                            InForce::Behind(process) => without_given_up(process, &newest, here),
                            other => other.process().clone(),
                        };
                        if judged.position(STAGES[to]).is_some() && to != deal.stage {
                            let since = if newest.position(STAGES[to]).is_some() { newest.version } else { judged.version };
                            *deal = Deal { since, stage: to };
                        }
                    }
                }
                for deal in &deals {
                    let process = earlier.in_force(&newest, deal.since, STAGES[deal.stage]).process();
                    prop_assert!(process.position(STAGES[deal.stage]).is_some(), "{:?} under {:?}", deal, process.version);
                }
            }
        }
    }
}
