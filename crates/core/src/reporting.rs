//! Views for programs that report, kept in step with the definitions: see [`db::reporting`].

use crate::jobs::WORKER;
use crate::{House, Limits, Result};

/// Makes the views anew where definitions have changed since; true where it did. Cheap where they have not, so it is asked again and again by
/// whoever serves. Any number of servers may do so.
pub fn keep_up(house: &House) -> Result<bool> {
    let meta = house.read(&WORKER, Limits::default(), |cx, _| Ok(cx.meta.clone()))?;
    // One that is put aside keeps its data and its view.
    let there: Vec<_> = meta.definitions.iter().filter(|object| object.state != model::field::State::Preparing).cloned().collect();
    Ok(db::reporting::keep_up(house.db(), &there, &meta.organisation.language)?)
}
