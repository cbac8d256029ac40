//! One import from its bytes to its result.

use std::collections::BTreeSet;
use std::time::{Duration, Instant as Moment};

use db::Limits;
use model::role::Act;
use model::{Id, Instant, Object, Via};
use serde_json::{Value as Json, json};

use super::columns::Columns;
use super::decode::decode;
use super::job::{Counts, Job, State, unfinished};
use super::lookup::{Found, Lookup};
use super::options::Options;
use super::problem::{Offers, Problem, is_notice};
use super::rows::{Prepared, Row};
use super::saving::{Outcome, save_rows};
use super::table::Table;
use crate::ctx::Who;
use crate::save::{Change, Deed, save_all};
use crate::{Credential, Error, House, Meta, Result};

/// How long one transaction may hold the writer (core rule 7).
const HOLD: Duration = Duration::from_millis(50);
/// Rows of a transaction: it begins small and grows while there is time.
const ROWS: std::ops::RangeInclusive<usize> = 50..=500;
/// An import that told of itself later than this may still be at work.
const QUIET: i64 = 60;

/// What the import knows of its caller and the product when it begins.
struct Opening {
    meta: std::sync::Arc<Meta>,
    object: Object,
    who: Who,
    at: Instant,
    columns: Columns,
    lookup: Lookup,
    resumed: Option<Job>,
}

/// Imports a file: decodes it, maps its columns, saves its rows in short transactions, and tells what it came to (an Import of the API).
///
/// The same file again changes nothing. An import that was broken off goes on where it stopped when the same person sends the same file
/// with the same options.
///
/// Errors: [`Error::Invalid`] for a file or options that cannot be used at all; what is wrong with single rows is in the answer.
pub fn run(house: &House, credential: &Credential, limits: Limits, options: &Options, file_name: &str, bytes: &[u8]) -> Result<Json> {
    let decoded = decode(bytes, options.encoding.as_deref())?;
    let table = Table::read(&decoded.text, options.delimiter)?;
    let digest = digest(options, file_name, bytes);
    let mut opening = open(house, credential, &limits, options, &table, &digest)?;
    if !options.create_missing.is_empty() && !options.dry_run {
        create_missing(house, credential, &limits, options, &table, &mut opening)?;
    }
    let Opening { meta, object, who, at, columns, lookup, resumed } = opening;
    let mut offers = Offers::new();
    let (rows, prepared) = {
        let prepared = Prepared::new(options, &meta, &object, &who, &table, &columns, &lookup, at)?;
        let rows = prepared.rows(&lookup, &mut offers);
        (rows, prepared)
    };
    let fresh = || Job {
        id: Id::from_parts(u64::try_from(at.0 / 1000).unwrap_or(0), rand::random()),
        object: object.key.clone(),
        file: file_name.chars().take(255).collect(),
        state: State::Running,
        by: who.id,
        started_at: at.0,
        ended_at: None,
        dry_run: options.dry_run,
        digest,
        rows: rows.len() as u64,
        done: 0,
        counts: Counts::default(),
        found: json!({"columns": columns.show(&table), "encoding": decoded.encoding, "delimiter": table.delimiter}),
        offers: Vec::new(),
        error: None,
    };
    let mut work = Work { house, credential, limits, prepared: &prepared, job: fresh.clone_or(resumed), offers };
    match work.all(&rows, &lookup) {
        Ok(()) => work.end(State::Done, None),
        Err(fault) => {
            tracing::error!(import = %work.job.id, "an import failed: {fault}");
            // What is in stays in; the same file goes on from there. The fault itself comes first, also where this cannot be written any more.
            let _ = work.end(State::Failed, Some(fault.to_string()));
            Err(fault)
        }
    }
}

/// A job that is taken up, or a new one.
trait CloneOr {
    fn clone_or(self, resumed: Option<Job>) -> Job;
}

impl<F: FnOnce() -> Job> CloneOr for F {
    fn clone_or(self, resumed: Option<Job>) -> Job {
        resumed.unwrap_or_else(self)
    }
}
