//! Pools: where records lie that nobody has, for members to claim or for others to give out (spec/05).

mod reclaim;

use serde::{Deserialize, Serialize};

use crate::sharing::Recipient;
use crate::{Condition, Id};

pub use reclaim::{Step, earliest, step};

/// The field that says in which pool a record lies; while it has an owner, from which it came.
pub const FIELD: &str = "pool";

/// A pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    pub id: Id,
    pub object: String,
    pub name: String,
    /// Into one that is not nothing comes any more, and nothing is claimed from it.
    pub active: bool,
    /// Records that come into it by themselves when they lose their owner or come in without one; none when absent: they are put there by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Who see all in it without veil, give it out and move it.
    pub administrators: Vec<Recipient>,
    /// Who see it, its hidden fields veiled, and may claim.
    pub members: Vec<Recipient>,
    pub mode: Mode,
    /// Fields that members are not shown until they have claimed.
    #[serde(default)]
    pub hidden: Vec<String>,
    /// Claims of one member in one day of the organisation; no limit when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims_per_day: Option<u32>,
    /// Days for which nobody claims again what he has given back or lost to the pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_again_for_days: Option<u32>,
    #[serde(default)]
    pub reclaim: Vec<Reclaim>,
    #[serde(default)]
    pub clears: Clears,
    /// Counts its changes.
    pub version: i64,
}

/// How records leave a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Members claim; administrators give out too.
    Claimable,
    /// Administrators give out.
    AssignedOnly,
}

/// When a record is taken back from its owner into the pool from which he has it, or whose condition it meets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reclaim {
    /// One in the pool.
    pub key: String,
    pub without: Without,
    pub days: u32,
    /// Days before, at each of which its owner is warned once.
    #[serde(default)]
    pub warn_days_before: Vec<u32>,
}

/// What has not come to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Without {
    /// Nobody has followed it up.
    FollowUp,
    /// It has not moved on in its process.
    StageProgress,
    /// It is not won: of an account, no deal with it is; of a lead, it is not converted.
    Win,
}

/// What a record loses when it comes into the pool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clears {
    #[serde(default)]
    pub team: bool,
    #[serde(default)]
    pub fields: Vec<String>,
}
