//! Pools.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::{Condition, Recipient, Ref};

/// A pool. Who is no administrator is told `id`, `object`, `name`, `active`, `mode`, `hidden`, what limits claims, and the last four.
#[derive(ToSchema)]
pub struct Pool {
    pub id: String,
    #[schema(example = "lead")]
    pub object: String,
    pub name: String,
    /// Into one that is not nothing comes any more, and nothing is claimed from it.
    pub active: bool,
    /// Records that come into it by themselves; none when null.
    pub condition: Option<Condition>,
    /// Who see all in it, give it out and move it.
    pub administrators: Option<Vec<Recipient>>,
    /// Who see what lies in it, its hidden fields covered, and may claim.
    pub members: Option<Vec<Recipient>>,
    /// `claimable` or `assigned_only`.
    #[schema(example = "claimable")]
    pub mode: String,
    /// Fields that are blank to members until they have claimed.
    pub hidden: Vec<String>,
    /// Claims of one member in one day of the organisation.
    pub claims_per_day: Option<u32>,
    /// Days for which nobody claims again what he has given back or lost to the pool.
    pub not_again_for_days: Option<u32>,
    pub reclaim: Option<Vec<Reclaim>>,
    pub clears: Option<Clears>,
    pub version: i64,
    /// What the caller may do with what lies in it: `claim`, `assign`, `move`, `administer`.
    pub can: Vec<String>,
    /// How many more the caller may claim today; null where nothing limits it.
    pub left_today: Option<i64>,
    /// Records that lie in it, as far as the caller sees them.
    pub records: Option<i64>,
    pub refs: Option<BTreeMap<String, Ref>>,
}

/// When a record is taken back from its owner into the pool from which he has it.
#[derive(ToSchema)]
pub struct Reclaim {
    /// One in the pool.
    #[schema(example = "idle")]
    pub key: String,
    /// `follow_up`, `stage_progress` or `win`.
    #[schema(example = "follow_up")]
    pub without: String,
    pub days: u32,
    /// Days before, at each of which its owner is warned once.
    pub warn_days_before: Option<Vec<u32>>,
}

/// What a record loses when it is given back.
#[derive(ToSchema)]
pub struct Clears {
    pub team: Option<bool>,
    pub fields: Option<Vec<String>>,
}

#[derive(ToSchema)]
pub struct Pools {
    pub items: Vec<Pool>,
    pub refs: BTreeMap<String, Ref>,
}

/// A pool as it shall be. The product's own (`id`, `version`, `can`, `left_today`, `records`) may stand in it and changes nothing.
#[derive(ToSchema)]
pub struct SavePool {
    #[schema(example = "lead")]
    pub object: String,
    /// At most 100 characters.
    pub name: String,
    pub active: Option<bool>,
    /// Over the record's own stored fields.
    pub condition: Option<Condition>,
    pub administrators: Option<Vec<Recipient>>,
    pub members: Option<Vec<Recipient>>,
    /// `claimable` or `assigned_only`.
    #[schema(example = "claimable")]
    pub mode: String,
    pub hidden: Option<Vec<String>>,
    pub claims_per_day: Option<u32>,
    pub not_again_for_days: Option<u32>,
    pub reclaim: Option<Vec<Reclaim>>,
    pub clears: Option<Clears>,
}

#[derive(ToSchema)]
pub struct Claim {
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Return {
    pub pool: Option<String>,
    pub reason: String,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct MovePool {
    pub pool: String,
    pub reason: Option<String>,
    pub dry_run: Option<bool>,
}

/// What was done with a record in a pool.
#[derive(ToSchema)]
pub struct PoolEntry {
    pub id: String,
    /// `put`, `claim`, `assign`, `return`, `move`, `reclaim`, `warn`.
    #[schema(example = "claim")]
    pub act: String,
    pub at: String,
    pub by: String,
    pub object: String,
    pub record: String,
    pub pool: String,
    /// In which it lay, or from which its owner had it, where that is another.
    pub from_pool: Option<String>,
    pub from_owner: Option<String>,
    pub to_owner: Option<String>,
    pub reason: Option<String>,
    /// Which of the pool's rules took it back, or warned.
    pub rule: Option<String>,
}

#[derive(ToSchema)]
pub struct PoolLog {
    pub items: Vec<PoolEntry>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}
