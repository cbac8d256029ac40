//! A deal that comes to an end which ignores normal settings has no need of its stage's approval any more.

use db::Write;
use model::approval::{Act, By, FIELD, Outcome};
use model::{Id, Object, Record, Value};

use super::{act, store};
use crate::save::{Deed, Working};
use crate::{Ctx, Result};

/// Marks the deals that go on without the approval for which they wait, and gives which approvals those are.
pub(crate) fn supersede(work: &mut [Working]) {
    for item in work.iter_mut().filter(|item| item.is_sound() && item.caught.is_none() && item.change.under.is_none()) {
        if item.pending.is_some() && matches!(item.change.deed, Deed::Move { .. }) {
            item.after.set(FIELD, Value::Null);
            item.superseded = item.pending.take().map(|pending| pending.approval);
        }
    }
}

/// Ends the approvals that nobody needs any more. Their records are written already.
pub(crate) fn superseded(cx: &Ctx, tx: &mut Write, object: &Object, those: &[(Record, Id)]) -> Result<()> {
    let product = By { id: Id::SYSTEM, stands_in_for: [].into(), administrator: false, owner: false };
    for (record, approval) in those {
        let approval = store::load(tx, *approval)?;
        let act = Act::Close { outcome: Outcome::Superseded };
        act::perform(cx, tx, approval, &act::Doing { object, record, by: &product, act: &act, comment: None })?;
    }
    Ok(())
}
