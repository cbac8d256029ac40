//! What things cost: price books, the prices that lines take from them, and the deal's amount that follows its lines.
//!
//! Which book holds is decided by `model::pricing`; here the facts are read, once for all changes of a batch, and what was decided is put on
//! the records that are being saved. Prices are facts of the organisation: a line takes the price of a book that its writer may not see.

pub(crate) mod amount;
mod checking;
pub(crate) mod following;
mod offer;
mod positions;
mod read;
mod rules;
mod taking;

pub(crate) use checking::differing;
pub(crate) use offer::currency;
pub use offer::{PricesRequest, offer};

pub(crate) use positions::give as give_positions;
pub(crate) use rules::judge;
pub(crate) use taking::take;
