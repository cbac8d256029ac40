//! Several saves that are one act inside a greater one: all of them, or none.

use db::Write;

use crate::{Error, Result};

/// Does it whole or leaves nothing of it behind; the inner error says what stands against it. A fault of the database ends everything.
pub(crate) fn whole<T>(tx: &mut Write, act: impl FnOnce(&mut Write) -> Result<T>) -> Result<Result<T>> {
    let mut refused = None;
    let done = tx.attempt(|tx| {
        act(tx).map_err(|error| match error {
            Error::Db(fault) => fault,
            other => {
                refused = Some(other);
                db::Error::Poisoned
            }
        })
    })?;
    match (done, refused) {
        (Ok(value), _) => Ok(Ok(value)),
        (Err(_), Some(refused)) => Ok(Err(refused)),
        (Err(fault), None) => Err(fault.into()),
    }
}

/// What would come of it; nothing stays of it either way.
pub(crate) fn tried<T>(tx: &mut Write, act: impl FnOnce(&mut Write) -> Result<T>) -> Result<Result<T>> {
    let mut found = None;
    let undone = whole(tx, |tx| {
        found = Some(act(tx)?);
        Err::<(), Error>(Error::NotFound)
    })?;
    Ok(match (found, undone) {
        (Some(found), _) => Ok(found),
        (None, Err(refused)) => Err(refused),
        (None, Ok(())) => Err(Error::Internal("what was tried came to nothing".into())),
    })
}
