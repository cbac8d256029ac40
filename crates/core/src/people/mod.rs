//! People: who stands in which department and group, and what follows from it.

mod departments;
mod judge;
pub mod leaving;
mod managers;
mod principals;

pub use departments::departments;
pub(crate) use judge::judge;
pub(crate) use managers::default as default_managers;
pub use principals::{Group, Tree, belongs_to, principals};
pub(crate) use principals::{assigners, named};
