//! What a period will bring, from the organisation's own stage history, with how earlier projections would have fallen.
//!
//! The method is `model::analysis::projection`. Deals and their courses are held in memory ([`Courses`]); learnt is from those that the caller
//! sees, so nothing is told of others.

mod about;
mod answers;
mod courses;
mod sheets;
mod tested;
mod worth;

pub use answers::{BackTestRequest, ProjectionDealsRequest, ProjectionRequest, projection, projection_back_test, projection_deals};
pub use courses::Courses;
pub use sheets::{projection_back_test_told, projection_told};
