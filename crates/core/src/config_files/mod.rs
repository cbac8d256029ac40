//! Configuration as files: the definitions of an installation as readable text, compared with another installation and applied to it.
//!
//! A definition is a document of the API, as `GET` gives it and `PUT` takes it, without what belongs to one database: ids, versions, counts.
//! People, departments, groups, processes and other definitions stand in it by their names ([`names`]), so a file says the same wherever it is.
//! Applying is no way of its own: every difference goes through the act of the room that the screen uses ([`kinds`], [`objects`]), is judged
//! there and refused there with the same codes. What a folder would make of an installation is found out on a scratch copy first
//! ([`rehearsal`]), so that everything that stands against any file is told at once, and so that what is compared are two states as the
//! product itself tells them, and never the way in which somebody has written a file.

mod apply;
mod carry;
mod difference;
mod export;
mod folder;
mod kinds;
mod names;
mod objects;
mod plan;
mod rehearsal;
mod scenarios;
mod text;

pub use apply::{Applied, How, apply};
pub use difference::{Change, Sort};
pub use export::{Definition, Present, export};
pub use folder::{SourceFile, read_folder, write_folder};
pub use kinds::Kind;
pub use plan::{Fault, Plan, plan};
pub use scenarios::{Failure, Tests, Tried, test};
