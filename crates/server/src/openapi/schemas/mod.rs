//! The shapes of bodies, for the description. The core makes the real ones; tests hold real answers against these.

mod audit;
mod definitions;
mod imports;
mod live;
mod objects;
mod opportunities;
mod people;
mod queries;
mod records;
mod refusals;
mod roles;
mod seeing;
mod session;
mod shaping;
mod sharing;
mod sign_in;
mod values;
mod views;

pub use audit::*;
pub use definitions::*;
pub use imports::*;
pub use live::*;
pub use objects::*;
pub use opportunities::*;
pub use people::*;
pub use queries::*;
pub use records::*;
pub use refusals::*;
pub use roles::*;
pub use seeing::*;
pub use session::*;
pub use shaping::*;
pub use sharing::*;
pub use sign_in::*;
pub use values::*;
pub use views::*;
