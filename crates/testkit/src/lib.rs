//! For tests only: a database per test on either engine, a clock that is moved by hand, ids that count, dice that fall the same way
//! each time, labelled names of companies.

pub mod companies;
mod database;
mod ids;

pub use database::{Database, Nothing, both};
pub use ids::Ids;
pub use rand;

use rand::SeedableRng;
use rand::rngs::StdRng;

/// Dice that fall the same way for the same seed.
pub fn random(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// How many cases a property test tries: `usual`, or what `PROPERTY_CASES` says.
pub fn cases(usual: u32) -> u32 {
    std::env::var("PROPERTY_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}
