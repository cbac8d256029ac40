//! People: who stands in which department and group, and what follows from it.

mod principals;

pub use principals::{Group, Tree, principals};
