//! Whether webhooks keep up: for whoever watches over the installation.

use db::Read;
use model::Instant;

use super::{show, store};
use crate::{Result, events};

/// How webhooks stand, all together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pulse {
    /// Those that are switched on.
    pub count: u64,
    /// Names of those that were switched off because nothing went through.
    pub off: Vec<String>,
    /// Deliveries that wait, and that failed; of each webhook at most as many as are counted on its page.
    pub waiting: i64,
    pub failed: i64,
    /// Since when the oldest change waits that one of them has not gone through yet.
    pub unread_since: Option<Instant>,
}

/// How webhooks stand.
pub(crate) fn pulse(tx: &mut Read) -> Result<Pulse> {
    let mut pulse = Pulse::default();
    for hook in store::all(tx)?.iter().filter(|hook| hook.active) {
        pulse.count += 1;
        pulse.waiting += show::count(tx, hook.id, "waiting")?;
        pulse.failed += show::count(tx, hook.id, "failed")?;
        if hook.paused.is_some() {
            pulse.off.push(hook.document.name.clone());
            continue;
        }
        let (next, _) = events::after(tx, &hook.position, 1)?;
        let since = next.first().map(|(_, event)| event.at);
        pulse.unread_since = [pulse.unread_since, since].into_iter().flatten().min();
    }
    Ok(pulse)
}
