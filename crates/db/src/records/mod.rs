//! Records, read and written by their object's definition. What may be seen is an argument: a read without it does not compile.

mod about;
mod approach;
mod beside;
mod bound;
mod figures;
mod groups;
mod kept;
mod list;
mod load;
mod lookup;
mod reckoned;
mod rollup;
mod seen;
mod sight;
mod standing;
mod totals;
mod waiting;
mod write;

use model::Id;

pub use crate::page::{Cursor, Sort};
pub use about::{About, about};
pub use approach::Seen;
pub use beside::{TasksOf, count_waiting_tasks, waiting_tasks};
pub use bound::Bound;
pub use figures::{Dimension, Figure, Figures, figures, figures_plan};
pub use groups::{Group, Grouping, groups};
pub(crate) use kept::Pending;
pub use kept::{differing, rebuild};
pub(crate) use list::ROOT;
pub use list::{Bin, Firsts, Page, Query, all_ids, count, firsts, ids, list, list_of_seen, plan};
pub use load::{add_long_texts, children, hold, load, load_fields, names, referring, referring_to_both};
pub(crate) use lookup::find_within;
pub use lookup::{
    AmountOf, all_in_bin, all_references, all_with_key, amounts_in, amounts_of, choices_made, doubles, find_by, holding, holds_any,
    holds_value, ids_after, latest_ids, references_of,
};
pub use reckoned::{depending, set_reckoned, size};
pub use rollup::{Reckoned, Rollup, greatest_of_all, latest, latest_of_all, rollup};
pub use seen::about_seen;
pub use sight::owners_and_given;
pub use standing::{Standing, standing};
pub use totals::{Total, totals};
pub use waiting::{After, Due, Waiting, count_waiting, newest, waiting};
pub use write::{delete, insert, set_mains, take_over, update};

/// Whose eyes a read has.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// The product's own, with the reason.
    All(&'static str),
    /// A person's.
    Of(&'a Viewer),
}

/// A person who looks.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub id: Id,
    /// To whom records are given that he then sees: himself, his department and those above it, his groups.
    pub principals: Vec<Id>,
    /// A role of his sees all records.
    pub sees_all: bool,
    /// How many people's records he sees, himself included: tells how to look for them, not whether.
    pub people: u32,
    /// What is blank to him while it lies in a pool.
    pub veils: std::sync::Arc<crate::veil::Veils>,
}
