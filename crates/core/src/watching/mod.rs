//! How the installation is: what waits, what failed, who serves, and whether any of it asks for somebody.
//!
//! For an administrator: the page that says whether all is well, and what to do where it is not. For a programmer: [`facts`] reads, in one
//! snapshot, what the database knows; what only a server knows of itself is [`Here`]; [`judge`] is pure and says what is to be thought
//! of it.

mod facts;
mod judge;
mod marks;
mod servers;
mod show;

pub use facts::{Facts, Figures, facts, figures};
pub use judge::{Part, Standing, judge};
pub use marks::{Mark, mark};
pub(crate) use servers::sweep;
pub use servers::{Server, beat, leave};
pub use show::show;

use model::{Id, Instant};

/// What a server knows of itself.
#[derive(Clone, Debug, Default)]
pub struct Here {
    /// Its own id among the servers.
    pub server: Option<Id>,
    /// The program's version.
    pub version: &'static str,
    pub started: Option<Instant>,
    /// Bytes that the process holds in memory.
    pub memory: Option<u64>,
    /// Bytes of memory that the machine has, and that it could still give.
    pub machine: Option<(u64, u64)>,
    /// Bytes free where the data lies, and all of them.
    pub disk: Option<(u64, u64)>,
    /// Live streams that are open.
    pub streams: u64,
    /// Who waits for a turn to write.
    pub writers_waiting: u64,
    /// Statements that took long in the last hour, and from when on one does.
    pub slow: u64,
    pub slow_after_ms: u64,
    /// What was refused or failed in the last hour: status, code, how often.
    pub errors: Vec<(u16, &'static str, u64)>,
}
