//! People: who stands in which department and group, and what follows from it.

mod judge;
mod managers;
mod principals;

pub(crate) use judge::judge;
pub(crate) use managers::default as default_managers;
pub use principals::{Group, Tree, principals};
