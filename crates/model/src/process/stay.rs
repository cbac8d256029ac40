//! Stage stays: one visit of one opportunity to one stage, from entering to leaving (D68).

use serde::{Deserialize, Serialize};

use super::{MoveKind, Process};
use crate::{Id, Instant};

/// One visit. The stays of a deal follow each other without gap or overlap from its start to its close; reopening begins a
/// new run. A terminal stay has no duration: it is left at the instant it is entered, for nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    pub id: Id,
    pub opportunity: Id,
    pub process: Id,
    /// Version of the process under which it was entered.
    pub process_version: i64,
    pub stage: String,
    /// Counts from 1; a run begins at start, reopening or change of process.
    pub run: i64,
    pub entered_at: Instant,
    pub left_at: Option<Instant>,
    pub to_stage: Option<String>,
    pub entered_by: Id,
    pub left_by: Option<Id>,
    /// How the stage was entered; so are reason and skipped stages those of entering.
    pub how: How,
    pub reason: Option<String>,
    pub skipped: Vec<String>,
    /// Codes of what stood against the entering and was passed by.
    pub bypassed: Vec<String>,
}

/// How a stage was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// On creation.
    Start,
    /// Forward to the next stage.
    Advance,
    /// Forward over others.
    Skip,
    Back,
    Terminal,
    Reopen,
    ChangeProcess,
    /// Taken along by a new version of the process, which has given up the stage where the deal stood.
    Follow,
    /// As told by imported history.
    Import,
}

impl How {
    const ALL: [How; 9] =
        [How::Start, How::Advance, How::Skip, How::Back, How::Terminal, How::Reopen, How::ChangeProcess, How::Follow, How::Import];

    /// As stored and sent.
    pub fn key(self) -> &'static str {
        match self {
            How::Start => "start",
            How::Advance => "advance",
            How::Skip => "skip",
            How::Back => "back",
            How::Terminal => "terminal",
            How::Reopen => "reopen",
            How::ChangeProcess => "change_process",
            How::Follow => "follow",
            How::Import => "import",
        }
    }

    /// Reads what [`How::key`] wrote.
    pub fn from_key(key: &str) -> Option<How> {
        How::ALL.into_iter().find(|how| how.key() == key)
    }

    /// Of a move that was judged.
    pub fn of(kind: MoveKind, skipped: &[String]) -> How {
        match kind {
            MoveKind::Start => How::Start,
            MoveKind::Forward if skipped.is_empty() => How::Advance,
            MoveKind::Forward => How::Skip,
            MoveKind::Back => How::Back,
            MoveKind::Terminal => How::Terminal,
            MoveKind::Reopen => How::Reopen,
            MoveKind::ChangeProcess => How::ChangeProcess,
        }
    }
}

/// Entering a stage.
#[derive(Clone, Debug)]
pub struct Entering {
    /// Id of the new stay.
    pub id: Id,
    pub opportunity: Id,
    pub process: Id,
    pub process_version: i64,
    pub stage: String,
    /// Won, Lost or Invalid.
    pub terminal: bool,
    pub how: How,
    pub by: Id,
    pub reason: Option<String>,
    pub skipped: Vec<String>,
    /// Codes of what stands against it and is passed by.
    pub bypassed: Vec<String>,
    /// The clock; the stay itself is never earlier than what went before.
    pub at: Instant,
}

impl Stay {
    /// True for a visit to Won, Lost or Invalid.
    pub fn is_terminal(&self) -> bool {
        self.to_stage.is_none() && self.left_at == Some(self.entered_at)
    }

    /// True while the deal stands there.
    pub fn is_open(&self) -> bool {
        self.left_at.is_none()
    }

    /// Whole seconds spent, up to `now` while it is open.
    pub fn seconds(&self, now: Instant) -> i64 {
        self.left_at.unwrap_or(now).seconds_since(self.entered_at)
    }

    /// The last instant it knows of.
    fn last_instant(&self) -> Instant {
        self.left_at.unwrap_or(self.entered_at)
    }
}

/// Closes the latest stay, if it is open, and returns the one that follows. Its `entered_at` is the instant to use for
/// everything else that the move writes: the clock, or just after what went before where the clock has gone back.
pub fn advance(latest: Option<&mut Stay>, entering: Entering) -> Stay {
    let (mut at, mut run) = (entering.at, 1);
    if let Some(stay) = latest {
        at = at.after(stay.last_instant());
        run = stay.run + i64::from(matches!(entering.how, How::Reopen | How::ChangeProcess));
        if stay.is_open() {
            stay.left_at = Some(at);
            stay.to_stage = Some(entering.stage.clone());
            stay.left_by = Some(entering.by);
        }
    }
    Stay {
        id: entering.id,
        opportunity: entering.opportunity,
        process: entering.process,
        process_version: entering.process_version,
        stage: entering.stage,
        run,
        entered_at: at,
        left_at: entering.terminal.then_some(at),
        to_stage: None,
        entered_by: entering.by,
        left_by: entering.terminal.then_some(entering.by),
        how: entering.how,
        reason: entering.reason,
        skipped: entering.skipped,
        bypassed: entering.bypassed,
    }
}

/// A place where the stays of a deal do not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Index of the stay.
    pub at: usize,
    pub what: &'static str,
}

/// Proves that the stays of one deal, oldest first, begin when it began and leave neither gap nor overlap.
pub fn check(stays: &[Stay], created: Instant) -> Result<(), Fault> {
    let Some(first) = stays.first() else { return Ok(()) };
    let need = |holds: bool, at: usize, what: &'static str| if holds { Ok(()) } else { Err(Fault { at, what }) };
    need(first.entered_at == created, 0, "the first stay does not begin with the deal")?;
    need(first.run == 1, 0, "the first run is not number 1")?;
    for (at, stay) in stays.iter().enumerate() {
        if let Some(left) = stay.left_at {
            need(stay.is_terminal() || left > stay.entered_at, at, "left before it was entered")?;
            need(stay.is_terminal() || stay.to_stage.is_some(), at, "left for nowhere")?;
        } else {
            need(stay.to_stage.is_none() && stay.left_by.is_none(), at, "an open stay names where it was left for")?;
        }
        let Some(next) = stays.get(at + 1) else {
            return need(stay.is_open() || stay.is_terminal(), at, "the last stay is left, and nothing follows");
        };
        let begins_run = matches!(next.how, How::Reopen | How::ChangeProcess);
        need(!stay.is_open(), at, "open, and not the last")?;
        need(next.run == stay.run + i64::from(begins_run), at + 1, "the runs do not count on")?;
        if stay.is_terminal() {
            need(begins_run, at + 1, "follows a terminal stay without reopening")?;
            need(next.entered_at > stay.entered_at, at + 1, "begins before the deal was closed")?;
        } else {
            need(stay.left_at == Some(next.entered_at), at + 1, "does not begin when the one before was left")?;
            need(stay.to_stage.as_deref() == Some(next.stage.as_str()), at + 1, "is not where the one before was left for")?;
        }
    }
    Ok(())
}

/// The stays of the run that is on, in this process.
pub(super) fn run_of(stays: &[Stay], process: Id) -> impl Iterator<Item = &Stay> {
    let run = stays.last().map_or(0, |stay| stay.run);
    stays.iter().filter(move |stay| stay.process == process && stay.run == run)
}

/// True when the deal completed the stage in the run that is on.
pub(super) fn completed_in_run(stays: &[Stay], process: &Process, stage: &str) -> bool {
    let run = stays.last().map_or(0, |stay| stay.run);
    left_for(stays, process.id).any(|(stay, next)| stay.run == run && completes(stay, next, process, stage))
}

/// True when it did so in any run of this process.
pub(super) fn completed_ever(stays: &[Stay], process: &Process, stage: &str) -> bool {
    left_for(stays, process.id).any(|(stay, next)| completes(stay, next, process, stage))
}

/// Each stay in the process that was left, with the one it was left for.
fn left_for(stays: &[Stay], process: Id) -> impl Iterator<Item = (&Stay, &Stay)> {
    stays.windows(2).map(|pair| (&pair[0], &pair[1])).filter(move |(stay, _)| stay.process == process)
}

/// A stage is complete when it was left for a later one, by a move which its rules had to allow and that did not pass them by.
fn completes(stay: &Stay, next: &Stay, process: &Process, stage: &str) -> bool {
    let had_to_allow = matches!(next.how, How::Advance | How::Skip | How::Terminal | How::Import) && next.process == stay.process;
    let passed_by = || next.bypassed.iter().any(|code| matches!(code.as_str(), "stage.task_open" | "stage.completion_condition"));
    let later = || {
        let to = next.stage.as_str();
        Some(process.position(to)? > process.position(stage)? && !process.stage(to)?.ignore_normal)
    };
    stay.stage == stage && had_to_allow && later() == Some(true) && !passed_by()
}

/// The In Progress stage from which the deal was last closed in this process.
pub(super) fn left_for_terminal(stays: &[Stay], process: Id) -> Option<&str> {
    stays
        .windows(2)
        .rev()
        .find(|pair| pair[1].is_terminal() && pair[0].process == process && !pair[0].is_terminal())
        .map(|pair| pair[0].stage.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn entering(stage: &str, how: How, at: i64) -> Entering {
        Entering {
            id: Id(Uuid::from_u128(at.unsigned_abs().into())),
            opportunity: Id(Uuid::from_u128(1)),
            process: Id(Uuid::from_u128(2)),
            process_version: 1,
            stage: stage.to_owned(),
            terminal: how == How::Terminal,
            how,
            by: Id(Uuid::from_u128(3)),
            reason: None,
            skipped: Vec::new(),
            bypassed: Vec::new(),
            at: Instant(at),
        }
    }

    fn after(steps: &[(&str, How, i64)]) -> Vec<Stay> {
        let mut stays: Vec<Stay> = Vec::new();
        for (stage, how, at) in steps {
            let next = advance(stays.last_mut(), entering(stage, *how, *at));
            stays.push(next);
        }
        stays
    }

    #[test]
    fn one_stay_ends_where_the_next_begins() {
        let stays = after(&[("a", How::Start, 10), ("b", How::Advance, 20), ("won", How::Terminal, 30), ("b", How::Reopen, 50)]);
        let times: Vec<_> = stays.iter().map(|s| (s.entered_at.0, s.left_at.map(|at| at.0), s.to_stage.as_deref(), s.run)).collect();
        assert_eq!(times, [(10, Some(20), Some("b"), 1), (20, Some(30), Some("won"), 1), (30, Some(30), None, 1), (50, None, None, 2)]);
        assert_eq!(stays[2].seconds(Instant(99)), 0);
        assert_eq!(left_for_terminal(&stays, stays[0].process), Some("b"));
        assert_eq!(check(&stays, Instant(10)), Ok(()));
    }

    #[test]
    fn what_does_not_fit_is_found() {
        let good = after(&[("a", How::Start, 10), ("b", How::Advance, 20), ("won", How::Terminal, 30), ("a", How::Reopen, 40)]);
        let faults: [(&str, fn(&mut Vec<Stay>)); 11] = [
            ("begin", |s| s[0].entered_at = Instant(11)),
            ("number 1", |s| s[0].run = 2),
            ("entered", |s| s[1].left_at = Some(Instant(5))),
            ("nowhere", |s| s[0].to_stage = None),
            ("open stay", |s| s[3].to_stage = Some("b".into())),
            ("nothing follows", |s| s.truncate(2)),
            ("not the last", |s| {
                s[0].left_at = None;
                s[0].to_stage = None;
                s[0].left_by = None;
            }),
            ("count on", |s| s[3].run = 5),
            ("without reopening", |s| {
                s[3].how = How::Advance;
                s[3].run = 1;
            }),
            ("when the one before", |s| s[1].entered_at = Instant(21)),
            ("closed", |s| s[3].entered_at = Instant(30)),
        ];
        for (words, spoil) in faults {
            let mut stays = good.clone();
            spoil(&mut stays);
            let fault = check(&stays, Instant(10)).expect_err(words);
            assert!(fault.what.contains(words), "{words}: {fault:?}");
        }
        let mut elsewhere = good;
        elsewhere[0].to_stage = Some("c".into());
        assert_eq!(check(&elsewhere, Instant(10)).unwrap_err().at, 1);
    }

    #[test]
    fn how_reads_what_it_writes() {
        for how in How::ALL {
            assert_eq!(How::from_key(how.key()), Some(how));
            assert_eq!(serde_json::to_value(how).unwrap(), how.key());
        }
        assert_eq!(How::of(MoveKind::Forward, &["b".to_owned()]), How::Skip);
    }

    proptest! {
        #[test]
        fn no_gap_and_no_overlap_whatever_the_clock_does(steps in prop::collection::vec((0..6usize, -1000..1000i64), 1..40)) {
            let mut stays: Vec<Stay> = Vec::new();
            for (choice, at) in steps {
                let closed = stays.last().is_some_and(Stay::is_terminal);
                let (stage, how) = match (stays.is_empty(), closed, choice) {
                    (true, ..) => ("s0", How::Start),
                    (_, true, 0) => ("s0", How::ChangeProcess),
                    (_, true, _) => ("s1", How::Reopen),
                    (_, _, 0) => ("lost", How::Terminal),
                    (_, _, 1) => ("s0", How::Back),
                    (_, _, 2) => ("s2", How::Skip),
                    (_, _, 3) => ("s3", How::ChangeProcess),
                    (_, _, 4) => ("s4", How::Follow),
                    _ => ("s1", How::Advance),
                };
                let next = advance(stays.last_mut(), entering(stage, how, at));
                stays.push(next);
                prop_assert_eq!(check(&stays, stays[0].entered_at), Ok(()));
            }
        }
    }
}
