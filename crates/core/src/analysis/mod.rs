//! What managers open every morning: how deals go through their stages.
//!
//! The figures are reckoned from [`Memory`], which holds all deals with their stays folded, and takes in what was written before every
//! answer; the definitions are `model::analysis`. Which deals count, a condition says, as everywhere; what of it the memory knows is
//! asked there, the rest of the database. Every figure tells where the records behind it are ([`behind`]).

mod asked;
pub(crate) mod behind;
mod check;
mod conversion;
mod conversion_deals;
pub(crate) mod export;
mod figures;
mod labels;
mod memory;
mod past;
mod pipeline;
pub mod preset;
mod projection;
mod sight;

pub use asked::ConversionRequest;
pub use check::against_plain;
pub use conversion::{conversion, conversion_told};
pub use conversion_deals::{BehindRequest, conversion_deals};
pub use export::{Told, note_export};
pub use figures::{FiguresRequest, RecordsRequest, figures, records};
pub use memory::{Memory, prepare};
pub use past::{
    AsOfDealsRequest, AsOfRequest, Past, WaterfallDealsRequest, WaterfallRequest, as_of, as_of_deals, as_of_told, waterfall,
    waterfall_deals, waterfall_told,
};
pub use pipeline::{PipelineDealsRequest, PipelineRequest, Worth, pipeline, pipeline_deals, pipeline_told};
pub use projection::{
    BackTestRequest, Courses, ProjectionDealsRequest, ProjectionRequest, projection, projection_back_test, projection_back_test_told,
    projection_deals, projection_told,
};

pub(crate) use asked::filter as filter_of;
pub(crate) use check::differing;
pub(crate) use conversion::types as stage_types;
pub(crate) use memory::revalued;
pub(crate) use past::{bury, rate};
