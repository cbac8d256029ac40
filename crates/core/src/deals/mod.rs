//! Who decides in a deal, who else is after it, and why it ended as it did.
//!
//! Contact roles are drawn as a map of the decision ([`decision_map`]); competitors in a deal say who won it instead ([`rivals`]); a review tells
//! how it ended ([`reviews`]). All are records like any other: what stands against their changes is asked on every path, in `save`.

mod decision_map;
mod people;
mod reviews;
mod rivals;

use db::{Read, Write};
use model::{Object, Patch, Record};

use crate::save::Working;
use crate::{Ctx, Result};

pub use decision_map::decision_map;
pub(crate) use rivals::{Turn, follow};

/// Puts on new records what follows from their deals.
pub(crate) fn begin(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    if object.key == reviews::KEY { reviews::begin(cx, tx, object, work) } else { Ok(()) }
}

/// What the form of a record begins with that is asked for along with a deal's move.
pub(crate) fn prefilled(cx: &Ctx, tx: &mut Read, deal: &Record, object: &Object) -> Result<Patch> {
    if object.key == reviews::KEY { reviews::prefilled(cx, tx, deal, object) } else { Ok(Patch::new()) }
}

/// Collects what stands against changes of contact roles, competitors and reviews.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    match object.key.as_str() {
        people::KEY => people::judge(cx, tx, object, work),
        rivals::KEY => rivals::judge(cx, tx, object, work),
        reviews::KEY => reviews::judge(cx, tx, work),
        _ => Ok(()),
    }
}
