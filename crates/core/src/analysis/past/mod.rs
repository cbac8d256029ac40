//! How deals stood on a past day: what nobody has written down, reckoned back from the history of every deal.
//!
//! [`Past`] keeps the days that were asked for lately; the definitions are `model::analysis::past`. What a day was does not change any
//! more, so what is kept of it holds for good. Whose deals one sees is what it is today.

mod as_of;
mod asked;
mod keeping;
mod reading;
mod sheets;
mod show;
mod waterfall;

pub use as_of::{AsOfDealsRequest, AsOfRequest, as_of, as_of_deals};
pub use reading::Past;
pub use sheets::{as_of_told, waterfall_told};
pub use waterfall::{WaterfallDealsRequest, WaterfallRequest, waterfall, waterfall_deals};

pub(crate) use keeping::{bury, rate};
pub(crate) use reading::rates;
pub(crate) use sheets::rows;
pub(crate) use show::{Beside, in_order, page};
