//! `stagecraft migrate`.

use std::collections::BTreeSet;

use carry::Table;
use clap::Args;
use db::carry::{Source, Trial};
use db::{Db, MigrationStep, Options};
use stagecraft_core::House;

use super::check::{self, Check};
use super::places::{self, there};
use super::{Outcome, say};
use crate::config::Store;

pub(super) const EXAMPLES: &str = "\
Examples:
  stagecraft migrate --check      tries an upgrade on a copy and says what it would change; the database stays as it is
  stagecraft migrate              brings the database up to this version, all or nothing

`stagecraft serve` does the same when it starts. Servers of the version before end by themselves once the database is newer than they are.
--check copies the database (beside its file, or into a schema of its own on PostgreSQL, for which the role needs the right to create one)
and removes the copy. Both end with 1, and say why, where something is wrong.";

/// `stagecraft migrate`.
#[derive(Args, Debug)]
pub struct Migrating {
    /// Try it on a copy, check what comes of it, and leave the database as it is
    #[arg(long)]
    pub check: bool,
}

/// Brings the database up to date, or tries it.
pub fn run(store: &Store, how: &Migrating) -> Outcome {
    let url = there(store)?;
    let fault = |error: db::Error| error.to_string();
    // Looks at the tables before anything is touched.
    let before = Source::open(&url).map_err(fault)?.tables().to_vec();
    if !how.check {
        let steps = apply(&url)?;
        return say(&format!("The database is up to date; {} migrations were applied.", steps.len()));
    }
    let trial = Trial::of(&url).map_err(|error| format!("the database cannot be copied: {error}"))?;
    let steps = apply(trial.url())?;
    House::open(open(trial.url())?).map_err(|error| format!("the copy cannot be opened: {error}"))?;
    let after = Source::open(trial.url()).map_err(fault)?.tables().to_vec();
    changes(&before, &after).iter().try_for_each(|line| say(line))?;
    let copy = Store { data_dir: None, database_url: Some(trial.url().to_owned()), ..store.clone() };
    check::run(&copy, &Check::everything())
        .map_err(|why| format!("on the copy {why}: they may have stood so before; see `stagecraft check`"))?;
    say(&format!("{} migrations went well on a copy of {}, which was left as it is.", steps.len(), places::shown(&url)))
}

fn open(url: &str) -> Result<Db, String> {
    Db::open(url, Options { read_connections: 2, write_connections: 2, though_moved: true, ..Options::default() })
        .map_err(|error| error.to_string())
}

fn apply(url: &str) -> Result<Vec<MigrationStep>, String> {
    let mut told = Ok(());
    let steps = open(url)?
        .migrate_telling(&mut |step| {
            let millis = step.took.unwrap_or_default().as_millis();
            let line = say(&format!("{:04} {}: {millis} ms", step.number, step.name));
            told = std::mem::replace(&mut told, Ok(())).and(line);
        })
        .map_err(|error| error.to_string())?;
    told.map(|()| steps)
}

/// What became of the tables.
fn changes(before: &[Table], after: &[Table]) -> Vec<String> {
    let columns = |table: &Table| table.columns.iter().map(|(name, _)| name.clone()).collect::<BTreeSet<String>>();
    let mut lines = Vec::new();
    for table in after {
        match before.iter().find(|old| old.name == table.name) {
            None => lines.push(format!("table {}: made", table.name)),
            Some(old) => {
                let (old, new) = (columns(old), columns(table));
                lines.extend(new.difference(&old).map(|column| format!("table {}: column {column} added", table.name)));
                lines.extend(old.difference(&new).map(|column| format!("table {}: column {column} dropped", table.name)));
            }
        }
    }
    let gone = before.iter().filter(|old| after.iter().all(|table| table.name != old.name));
    lines.extend(gone.map(|table| format!("table {}: dropped", table.name)));
    lines
}
