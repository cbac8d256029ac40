//! Accounts that belong together: a company and those below it.
//!
//! For a salesperson: what the whole group of companies has open, won and ordered, as far as he sees it. For a programmer: `parent` makes a tree;
//! [`circle`] keeps it one on every path, [`hierarchy`] reads it with its figures.

mod circle;
mod hierarchy;

pub(crate) use circle::judge;
pub use hierarchy::{HierarchyRequest, hierarchy};
