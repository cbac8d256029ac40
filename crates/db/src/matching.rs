//! The index by which alike records are found (`match_entry`): kept with every write of a record.

use model::{Object, Record};

use crate::followed::Followed;
use crate::{Error, Write};

/// Enters what changes of records give them, and takes out what they take.
pub(crate) fn changed(
    tx: &mut Write,
    followed: &Followed,
    object: &Object,
    changes: &[(Option<&Record>, Option<&Record>)],
) -> Result<(), Error> {
    let _ = (tx, followed, object, changes);
    Ok(())
}
