//! Quotes and orders on paper: the letterhead that they are printed under, and what of a record the paper says.
//!
//! A paper is read in one snapshot and set afterwards, with no transaction held: [`Paper::set`] is pure.

mod letterhead;
mod paper;

pub use letterhead::{Texts, Wanted, read, sample, save};
pub use paper::{Paper, note, paper};

use model::Violation;

use crate::{Ctx, Error, Result};

/// The language of a paper: the one asked for, or the caller's own.
fn language(cx: &Ctx, asked: Option<&str>) -> Result<print::Language> {
    match asked.unwrap_or(&cx.who.language) {
        "en" => Ok(print::Language::English),
        "zh-CN" => Ok(print::Language::Chinese),
        _ if asked.is_none() => Ok(print::Language::English),
        _ => Err(Violation::new("field.not_an_option", "language").with("options", model::organisation::LANGUAGES.to_vec()).into()),
    }
}

fn fault(fault: print::Fault) -> Error {
    match fault {
        print::Fault::Logo => Error::invalid("letterhead.logo", "logo"),
        print::Fault::Unwritten => Error::Internal(fault.to_string()),
    }
}
