//! What a process on trial would have done.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::{Money, Process, Ref, Requirement};

#[derive(ToSchema)]
pub struct TryProcess {
    /// The document to try; absent: the draft, else what is published.
    pub process: Option<Process>,
    /// How far back, 1 to 24; 6 when nothing is said.
    #[schema(example = 6)]
    pub months: Option<i64>,
    /// Rows of each list, at most 1,000; 200 when nothing is said.
    pub limit: Option<i64>,
    /// Only the rows of this list: `held_back`, `overdue` or `stuck`.
    #[schema(example = "held_back")]
    pub list: Option<String>,
    /// Only moves that this gate, by its key, would have held back.
    pub gate: Option<String>,
    /// `next_cursor` of the list's page before.
    pub cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct TriedProcess {
    pub id: String,
    pub name: String,
    pub version: i64,
    /// `given`, `draft` or `published`.
    #[schema(example = "draft")]
    pub source: String,
}

/// How far the time sufficed; the deals moved last come first.
#[derive(ToSchema)]
pub struct TriedSoFar {
    pub moves: u64,
    pub of_moves: u64,
    pub deals: u64,
    pub of_deals: u64,
}

/// Moves that nobody made by the gates.
#[derive(ToSchema)]
pub struct TryLeftOut {
    /// Made past the gates, with a reason.
    pub bypassed: u64,
    /// Told by imported history.
    pub imported: u64,
    /// Made when a version was published.
    pub mapped: u64,
}

#[derive(ToSchema)]
pub struct TriedMoves {
    pub judged: u64,
    pub held_back: u64,
    pub passed: u64,
    /// Of those held back: by nothing but what the dialog of the move asks for.
    pub only_asked: u64,
    /// Of those held back: by nothing but tasks that the deals never had.
    pub only_new_tasks: u64,
    pub left_out: TryLeftOut,
}

#[derive(ToSchema)]
pub struct TriedDeals {
    pub judged: u64,
    pub held_back: u64,
}

/// One thing that the process asks for, and what it came to.
#[derive(ToSchema)]
pub struct TriedGate {
    #[schema(example = "qualification:completion_condition")]
    pub key: String,
    /// A code of requirements.
    #[schema(example = "stage.completion_condition")]
    pub code: String,
    /// Whose gate it is: the stage entered, left, or not jumped over.
    pub stage: String,
    pub path: Option<String>,
    pub params: BTreeMap<String, Value>,
    pub message: String,
    pub moves: u64,
    /// Moves against which nothing else stood.
    pub alone: u64,
    pub deals: u64,
    /// The dialog of the move asks for it there and then.
    pub asked: bool,
    /// A task that these deals never had.
    pub new_task: bool,
}

#[derive(ToSchema)]
pub struct HeldBackMove {
    pub opportunity: String,
    pub owner: Option<String>,
    /// As it is today.
    pub amount: Option<Money>,
    /// None: the deal was created.
    pub from: Option<String>,
    pub to: String,
    pub at: String,
    pub by: String,
    /// As in the stage history.
    #[schema(example = "advance")]
    pub how: String,
    /// Keys of gates.
    pub gates: Vec<String>,
}

#[derive(ToSchema)]
pub struct BecomesOverdue {
    pub opportunity: String,
    pub owner: Option<String>,
    pub amount: Option<Money>,
    pub stage: String,
    pub entered_at: String,
    pub due_at: String,
    /// By the rules under which it entered its stage.
    pub due_before: Option<String>,
}

#[derive(ToSchema)]
pub struct BecomesStuck {
    pub opportunity: String,
    pub owner: Option<String>,
    pub amount: Option<Money>,
    pub stage: String,
    /// `stage_missing`: the process does not have its stage; `nothing_ahead`: neither a later stage nor Won can be reached.
    #[schema(example = "nothing_ahead")]
    pub why: String,
    /// What stands before the nearest stage ahead.
    pub requirements: Vec<Requirement>,
}

#[derive(ToSchema)]
pub struct HeldBackMoves {
    pub items: Vec<HeldBackMove>,
    pub count: u64,
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct BecomeOverdue {
    pub items: Vec<BecomesOverdue>,
    pub count: u64,
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct BecomeStuck {
    pub items: Vec<BecomesStuck>,
    pub count: u64,
    pub next_cursor: Option<String>,
}

/// Open deals by the rules in force and by those on trial.
#[derive(ToSchema)]
pub struct NowAndThen {
    pub now: u64,
    pub then: u64,
}

#[derive(ToSchema)]
pub struct TriedOpenDeals {
    pub judged: u64,
    pub overdue: NowAndThen,
    pub stuck: NowAndThen,
}

#[derive(ToSchema)]
pub struct Tryout {
    pub process: TriedProcess,
    pub months: i64,
    pub from: String,
    pub at: String,
    /// False: the time did not suffice for all of it.
    pub complete: bool,
    pub reached: TriedSoFar,
    pub moves: TriedMoves,
    pub deals: TriedDeals,
    pub gates: Vec<TriedGate>,
    pub held_back: HeldBackMoves,
    pub open: TriedOpenDeals,
    /// Open deals that become overdue.
    pub overdue: BecomeOverdue,
    /// Open deals that could go on today and can no more.
    pub stuck: BecomeStuck,
    pub refs: BTreeMap<String, Ref>,
}
