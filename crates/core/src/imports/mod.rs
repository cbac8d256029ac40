//! Imports: a file from another system becomes records, and every row or value that could not be placed is named with its reason.
//!
//! A file is sent first and waits; `files` keeps it in pieces and finds out what it is. `decode` and `table` read text, `sheets`
//! spreadsheets; both become the same rows (`chunks`), and `profile` says what their columns look like. `propose` guesses what they mean.
//!
//! `begin` judges what is asked and leaves the rest to a job: `work` takes a few rows at a time, `columns`, `lookup`, `cells` and `rows`
//! make changes of them outside any transaction that writes, and `saving` puts them through [`crate::save`] together with the place where
//! the import then stands. So any server goes on where another fell, no row comes twice and none is left out. `run` is what is stored of it,
//! `results` what it gives back as files, `undo` takes it back.
//!
//! Nothing is guessed silently: an unknown product name is told and a near one is offered, to be applied when somebody says so. The same
//! file again changes nothing. A `plan` names the files of a whole system with their mapping, so that they come in as one import.

mod advice;
mod alike;
mod begin;
mod called;
mod cells;
mod chunks;
mod columns;
mod decode;
mod files;
mod first;
mod found;
mod here;
mod lookup;
mod missing;
mod nearness;
mod options;
mod past;
mod plan;
mod problem;
mod profile;
mod propose;
mod results;
mod rows;
mod run;
mod saving;
mod sheets;
mod spelling;
mod subs;
mod table;
mod tell;
pub mod templates;
mod undo;
mod values;
mod work;

pub use advice::{AdviceRequest, advice};
pub use begin::{Begin, BeginStep, begin, cancel, prepare, resume};
pub use chunks::PIECE;
pub(crate) use files::sweep;
pub use files::{append, begin as begin_file, keep, let_go as let_go_of_file, list as files, one as file, read as read_file};
pub use found::Wanted as FileWanted;
pub use here::{carry_out, follow, run, run_from, work_on};
pub use options::{By, Format, Keys, Missing, Mode, OnBlank, Options, Reference, SubObject, Target};
pub use plan::{Plan, Prepare, run_plan};
pub use propose::{ProposeOne, ProposeSeveral, propose, propose_plan};
pub use results::{exists, failed_csv, problems_csv, problems_text, result_csv};
pub use run::{list, one};
pub use spelling::{DateOrder, DecimalMark};
pub use tell::{ProblemsRequest, RowsRequest, problems, rows};
pub use undo::undo;
pub use values::{ValuesRequest, values};
pub(crate) use work::step;
