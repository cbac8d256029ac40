//! Signs of life, by which the servers of one database know of each other.

use db::Limits;
use stagecraft_core::watching;

use super::here;
use crate::app::App;

/// Gives a sign of life. Blocks.
pub fn beat(app: &App, listening: &str) -> stagecraft_core::Result<()> {
    let house = app.door.house();
    let ahead = db::state::state(house.db(), Limits::default())?.ahead;
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = format!("{} ({listening})", if host.trim().is_empty() { "server" } else { host.trim() });
    let id = watching::beat(house, &name, &here(app), ahead)?;
    let _ = app.watching.server.set(id);
    Ok(())
}

/// Takes leave. Blocks.
pub fn leave(app: &App) -> stagecraft_core::Result<()> {
    app.watching.server.get().map_or(Ok(()), |id| watching::leave(app.door.house(), *id))
}
