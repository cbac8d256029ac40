//! Imports: a file from another system becomes records, and every row or value that could not be placed is named with its reason.
//!
//! A salesperson's administrator sends a CSV file in whatever encoding, delimiter, number and date style it has; all of that is found out
//! and shown. Nothing is guessed silently: an unknown product name is told and a near one is offered, to be applied when somebody says so.
//! The same file again changes nothing.
//!
//! `decode` and `table` read the file, `columns` maps it, `lookup` finds what its texts refer to, `cells` and `rows` make changes of it,
//! all outside any transaction; `saving` puts them through [`crate::save`] in short ones, and `job` remembers how far it is. A `plan`
//! names the files of a whole system with their mapping, so that they come in by one command.

mod cells;
mod columns;
mod decode;
mod job;
mod lookup;
mod nearness;
mod options;
mod past;
mod plan;
mod problem;
mod rows;
mod run;
mod saving;
mod spelling;
mod table;

pub use job::{list, one, problems_csv, problems_csv_of};
pub use options::{Keys, Options, Target};
pub use plan::{Plan, import_ids, run_plan};
pub use run::{run, run_from};
pub use spelling::DateOrder;
