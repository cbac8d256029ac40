//! What administrators are told of webhooks.

use db::Write;
use model::Instant;

use super::store::Hook;
use crate::{Ctx, Result};

/// It has been failing for some time.
pub(super) fn failing(_cx: &Ctx, _tx: &mut Write, hook: &Hook, since: Instant) -> Result<()> {
    tracing::warn!(webhook = %hook.id, %since, "a webhook is failing");
    Ok(())
}

/// Nothing is sent any more.
pub(super) fn stopped(_cx: &Ctx, _tx: &mut Write, hook: &Hook, why: &str) -> Result<()> {
    tracing::warn!(webhook = %hook.id, why, "a webhook is paused");
    Ok(())
}
