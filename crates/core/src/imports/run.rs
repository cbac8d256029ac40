//! One import from its bytes to its result.

use std::collections::BTreeSet;
use std::time::{Duration, Instant as Moment};

use db::Limits;
use model::role::Act;
use model::{Id, Instant, Object, Via};
use serde_json::{Value as Json, json};

use super::cells::parts;
use super::columns::Columns;
use super::decode::decode;
use super::job::{Counts, Job, State, unfinished};
use super::lookup::{Found, Lookup};
use super::options::Options;
use super::problem::{Offers, Problem, is_notice};
use super::rows::{Prepared, Row};
use super::saving::{Outcome, save_rows};
use super::table::Table;
use crate::audit::{self, Note, Origin};
use crate::ctx::Who;
use crate::save::{Change, Deed, save_all};
use crate::{Credential, House, Meta, Result};

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

/// From so many rows on the engine looks anew at what is in its tables, or it would go on planning for empty ones.
const MANY: usize = 500;

/// Imports a file: decodes it, maps its columns, saves its rows in short transactions, and tells what it came to (an Import of the API).
///
/// The same file again changes nothing. An import that was broken off goes on where it stopped when the same person sends the same file
/// with the same options.
///
/// Errors: [`crate::Error::Invalid`] for a file or options that cannot be used at all; what is wrong with single rows is in the answer.
pub fn run(house: &House, credential: &Credential, limits: Limits, options: &Options, file_name: &str, bytes: &[u8]) -> Result<Json> {
    run_from(house, credential, &Via::Import.into(), limits, options, file_name, bytes)
}

/// As [`run`], telling from where the file came.
pub fn run_from(
    house: &House,
    credential: &Credential,
    origin: &Origin,
    limits: Limits,
    options: &Options,
    file_name: &str,
    bytes: &[u8],
) -> Result<Json> {
    let origin = origin.by(Via::Import);
    let decoded = decode(bytes, options.encoding.as_deref())?;
    let table = Table::read(&decoded.text, options.delimiter)?;
    let digest = digest(options, file_name, bytes);
    let mut opening = open(house, credential, &origin, &limits, options, &table, &digest)?;
    if !options.create_missing.is_empty() && !options.dry_run {
        create_missing(house, credential, &origin, &limits, options, &table, &mut opening)?;
    }
    let Opening { meta, object, who, at, columns, lookup, resumed } = opening;
    let prepared = Prepared::new(options, &meta, &object, &who, &table, &columns, &lookup, at)?;
    let mut offers = Offers::new();
    let rows = prepared.rows(&lookup, &mut offers);
    let job = resumed.unwrap_or_else(|| Job {
        id: Id::from_parts(u64::try_from(at.0 / 1000).unwrap_or(0), rand::random()),
        object: object.key.clone(),
        file: file_name.chars().take(255).collect(),
        state: State::Running,
        by: who.id,
        started_at: at.0,
        moved_at: at.0,
        ended_at: None,
        dry_run: options.dry_run,
        digest,
        rows: rows.len() as u64,
        done: 0,
        counts: Counts::default(),
        found: json!({"columns": columns.show(&table), "encoding": decoded.encoding, "delimiter": table.delimiter}),
        offers: Vec::new(),
        error: None,
    });
    let mut work = Work { house, credential, origin, limits, prepared: &prepared, job, offers };
    match work.all(&rows) {
        Ok(()) => {
            let ended = work.end(State::Done, None)?;
            if !options.dry_run && rows.len() >= MANY {
                house.db().analyse()?;
            }
            Ok(ended)
        }
        Err(fault) => {
            tracing::error!(import = %work.job.id, "an import failed: {fault}");
            // What is in stays in, and the same file goes on from there. The fault itself is told, also where this cannot be written.
            if let Err(second) = work.end(State::Failed, Some(fault.to_string())) {
                tracing::error!(import = %work.job.id, "its end could not be written: {second}");
            }
            Err(fault)
        }
    }
}

/// The same file, options and person have the same digest.
fn digest(options: &Options, file_name: &str, bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let hash = Sha256::new().chain_update(format!("{options:?}\0{file_name}\0")).chain_update(bytes).finalize();
    hash.iter().map(|b| format!("{b:02x}")).collect()
}

/// Everything that is read before the first row is saved, in one snapshot.
fn open(
    house: &House,
    credential: &Credential,
    origin: &Origin,
    limits: &Limits,
    options: &Options,
    table: &Table,
    digest: &str,
) -> Result<Opening> {
    house.read_from(credential, limits.clone(), origin, |cx, tx| {
        let object = cx.object(&options.object)?.clone();
        cx.must_be_allowed(Act::Import, &object.key)?;
        if options.history {
            cx.must_be_allowed(Act::ImportHistory, &object.key)?;
        }
        let columns = Columns::settle(table, &object, &cx.who, options)?;
        let mut wanted = Prepared::references(options, table, &columns);
        for (key, text) in &options.constants {
            let Some(field) = object.field(key) else { continue };
            if let Some(target) = field.kind.target() {
                wanted.entry(target.to_owned()).or_default().insert(text.clone());
            } else if let Some(listed) = field.kind.listed() {
                wanted.entry(listed.to_owned()).or_default().extend(parts(text).map(str::to_owned));
            }
        }
        let source = options.keys.as_ref().and_then(|keys| keys.external_source.as_deref());
        let lookup = Lookup::load(cx, tx, &wanted, source)?;
        let resumed = if options.dry_run { None } else { unfinished(cx, tx, digest, QUIET)? };
        Ok(Opening { meta: cx.meta.clone(), who: cx.who.clone(), at: cx.at, object, columns, lookup, resumed })
    })
}

/// Makes records of the names that are missing, for the columns that ask for it.
fn create_missing(
    house: &House,
    credential: &Credential,
    origin: &Origin,
    limits: &Limits,
    options: &Options,
    table: &Table,
    opening: &mut Opening,
) -> Result<()> {
    let all = Prepared::references(options, table, &opening.columns);
    let targets: BTreeSet<&str> = opening
        .columns
        .mapped
        .iter()
        .filter(|column| options.create_missing.contains(&column.name))
        .filter_map(|column| column.field.kind.leads_to())
        .filter(|target| *target != opening.object.key)
        .collect();
    for target in targets {
        let Some(texts) = all.get(target) else { continue };
        let missing: Vec<&String> = texts.iter().filter(|text| opening.lookup.get(target, text) == Found::Nothing).collect();
        for part in missing.chunks(*ROWS.start()) {
            let made = house.write(credential, limits.clone(), origin, |cx, tx| {
                let changes = part.iter().map(|name| {
                    let mut change = Change::new(target, Deed::Create);
                    change.patch.insert("name".to_owned(), name.as_str().into());
                    change
                });
                save_all(cx, tx, target, changes.collect())
            })?;
            // A name that cannot be made stays missing and is told with its rows.
            for (name, saved) in part.iter().zip(made) {
                if let Ok(saved) = saved {
                    opening.lookup.learn(target, name, saved.record.id);
                }
            }
        }
    }
    Ok(())
}

/// An import under way.
struct Work<'a> {
    house: &'a House,
    credential: &'a Credential,
    origin: Origin,
    limits: Limits,
    prepared: &'a Prepared<'a>,
    job: Job,
    offers: Offers,
}

impl Work<'_> {
    fn all(&mut self, rows: &[Row]) -> Result<()> {
        self.job.state = State::Running;
        self.job.error = None;
        let (first, job) = (self.job.done == 0, self.job.clone());
        self.write(|cx, tx| {
            if !first {
                return job.update(tx);
            }
            if !job.dry_run {
                let told = Note::new("import", "record").of(&job.object).subject(job.file.as_str());
                audit::note(cx, tx, told.detail(json!({"import": job.id.to_string(), "rows": job.rows})))?;
            }
            job.insert(tx)
        })?;
        let mut size = *ROWS.start() * 2;
        while (self.job.done as usize) < rows.len() {
            let done = self.job.done as usize;
            let chunk = &rows[done..rows.len().min(done + size)];
            let began = Moment::now();
            self.chunk(chunk, false)?;
            let took = began.elapsed();
            if took > HOLD {
                size = (size / 2).max(*ROWS.start());
            } else if took * 2 < HOLD {
                size = (size * 2).min(*ROWS.end());
            }
            // The writer is free here; whoever waits for it comes first.
            std::thread::yield_now();
        }
        self.waiting(rows)
    }

    /// References to records of the same object, which may have been later rows.
    fn waiting(&mut self, rows: &[Row]) -> Result<()> {
        let waiting: Vec<usize> = rows.iter().filter(|row| row.waits && !row.refused).map(|row| row.index).collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let prepared = self.prepared;
        let key = prepared.object.key.clone();
        let source = super::saving::source(prepared);
        let wanted = Prepared::references(prepared.options, prepared.table, prepared.columns)
            .into_iter()
            .filter(|(target, _)| *target == key)
            .collect();
        let mut lookup = self.house.read(self.credential, self.limits.clone(), |cx, tx| Lookup::load(cx, tx, &wanted, source))?;
        if prepared.options.dry_run {
            // Nothing was stored, so the rows themselves tell what would be there.
            for row in rows.iter().filter(|row| !row.refused) {
                let names = row.external.iter().map(String::as_str).chain(row.patch.get("name").and_then(|name| name.as_text()));
                names.for_each(|name| lookup.learn(&key, name, Id::SYSTEM));
            }
        }
        let mut again = prepared.second_look(&waiting, &lookup, &mut self.offers);
        if prepared.options.dry_run {
            again.iter_mut().for_each(|row| row.patch.clear());
        }
        for chunk in again.chunks(*ROWS.start() * 2) {
            self.chunk(chunk, true)?;
        }
        Ok(())
    }

    /// Saves rows and how far the import is, in one transaction. Rows looked at again are not counted again.
    fn chunk(&mut self, rows: &[Row], again: bool) -> Result<()> {
        let prepared = self.prepared;
        let goes_in = |row: &Row| !(row.refused || again && row.patch.is_empty());
        let sound: Vec<&Row> = rows.iter().filter(|row| goes_in(row)).collect();
        let before = &self.job;
        let after = self.house.write(self.credential, self.limits.clone(), &self.origin, |cx, tx| {
            let mut job = before.clone();
            let mut problems: Vec<Problem> = Vec::new();
            let mut outcomes = save_rows(cx, tx, prepared, &sound)?.into_iter();
            for row in rows {
                problems.extend(row.problems.iter().cloned());
                let outcome = if goes_in(row) { outcomes.next() } else { None };
                if let Some(Outcome::Refused(found)) = &outcome {
                    problems.extend(found.iter().cloned());
                }
                if again {
                    continue;
                }
                match outcome {
                    Some(Outcome::Created) => job.counts.created += 1,
                    Some(Outcome::Updated) => job.counts.updated += 1,
                    Some(Outcome::Unchanged) => job.counts.unchanged += 1,
                    Some(Outcome::Refused(_)) | None => job.counts.failed += 1,
                }
            }
            let first = job.counts.problems + job.counts.notices;
            let notices = problems.iter().filter(|problem| is_notice(&problem.code)).count() as u64;
            job.counts.notices += notices;
            job.counts.problems += problems.len() as u64 - notices;
            if !again {
                job.done += rows.len() as u64;
            }
            job.moved_at = cx.at.0;
            if job.dry_run {
                // The rows are tried and left out; what was found is stored by a transaction of its own.
                tx.abandon();
            } else {
                job.add_problems(tx, first, &problems)?;
                job.update(tx)?;
            }
            Ok((job, first, problems))
        })?;
        let (job, first, problems) = after;
        self.job = job;
        if self.job.dry_run {
            let job = &self.job;
            self.write(|_, tx| {
                job.add_problems(tx, first, &problems)?;
                job.update(tx)
            })?;
        }
        Ok(())
    }

    fn end(&mut self, state: State, error: Option<String>) -> Result<Json> {
        self.job.state = state;
        self.job.error = error;
        self.job.offers = self.offers.iter().map(|((column, from, to), rows)| (column.clone(), from.clone(), to.clone(), *rows)).collect();
        self.job.offers.sort_by(|a, b| b.3.cmp(&a.3).then_with(|| a.cmp(b)));
        let mut job = self.job.clone();
        self.write(|cx, tx| {
            job.ended_at = Some(cx.at.0);
            job.update(tx)?;
            job.show(tx)
        })
    }

    fn write<T>(&self, f: impl FnMut(&crate::Ctx, &mut db::Write) -> Result<T>) -> Result<T> {
        self.house.write(self.credential, self.limits.clone(), &self.origin, f)
    }
}
