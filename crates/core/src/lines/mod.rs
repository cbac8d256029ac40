//! Lines of a deal, a quote, an order: what each comes to, and saving many of them together. Their sum on what they live in is a statistical
//! field like any other; what they cost is told in `prices`.

mod grid;
mod rows;

use model::Object;
use model::objects::lines::reckon;

use crate::save::Working;

pub use grid::{PutLines, Row, put};
pub use rows::RowChange;
pub(crate) use rows::{Placed, save_rows, under};

/// True for sub-objects with a quantity, a price and an amount.
pub(crate) fn concerns(object: &Object) -> bool {
    object.master().is_some() && ["quantity", "price", "amount"].iter().all(|field| object.field(field).is_some())
}

/// The amount of a line (see `model::objects::lines`).
pub(crate) fn derive(object: &Object, item: &mut Working) {
    if concerns(object)
        && let Err(violation) = reckon(&mut item.after)
    {
        item.findings.push(violation);
    }
}
