//! What managers open every morning: how deals go through their stages.
//!
//! The figures are reckoned from [`Memory`], which holds all deals with their stays folded, and takes in what was written before every
//! answer; the definitions are `model::analysis`. Which deals count, a condition says, as everywhere; what of it the memory knows is
//! asked there, the rest of the database.

mod asked;
mod behind;
mod check;
mod conversion;
mod memory;
mod sight;

pub use asked::ConversionRequest;
pub use behind::{BehindRequest, behind};
pub use check::against_plain;
pub use conversion::conversion;
pub use memory::{Memory, prepare};

pub(crate) use check::differing;
pub(crate) use memory::revalued;
