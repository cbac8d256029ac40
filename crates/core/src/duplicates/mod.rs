//! Duplicates: rules that tell or refuse a record that there is already (spec/04).
//!
//! [`document`] and [`define`] make rules, [`live`] keeps those in force with the metadata, [`shipped`] are those that the product comes with.

mod define;
mod document;
mod live;
mod shipped;

pub mod index;

use db::Write;
use model::Object;

use crate::save::Working;
use crate::{Ctx, Result};

pub use define::{delete, list, one, save};
pub use document::WantedRule;
pub(crate) use live::{Live, load, uses, uses_of_object};
pub(crate) use shipped::install;
pub use shipped::shipped;

/// Judges records that are new, or change in what a rule compares, against those that there are.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let _ = (cx, tx, object, work);
    Ok(())
}
