//! `stagecraft move-database`.

use std::path::Path;
use std::time::Instant as Moment;

use clap::Args;
use db::carry::Source;

use super::check::{self, Check};
use super::places::{Progress, shown, there};
use super::{Outcome, say};
use crate::config::Store;

pub(super) const EXAMPLES: &str = "\
Examples:
  stagecraft move-database --data-dir /var/lib/stagecraft --to postgres://stagecraft@db/stagecraft
  stagecraft move-database --database-url postgres://stagecraft@db/stagecraft --to /var/lib/stagecraft

Stop the servers first: while one has the database open, nothing is moved. The new place has to be empty. Everything is carried and every
table compared; the old database keeps its data, is marked, and is not served any more (`stagecraft serve --though-moved` does all the same).
If it is ended in between, the new place is as empty as before: begin again. Attachments in a folder stay there: name the same --files-dir.";

/// `stagecraft move-database`.
#[derive(Args, Debug)]
pub struct Moving {
    /// Where to: the address of a PostgreSQL database, or a folder for the embedded one
    #[arg(long, value_name = "URL|DIR")]
    pub to: String,
}

/// Moves everything.
pub fn run(store: &Store, how: &Moving) -> Outcome {
    let began = Moment::now();
    let url = there(store)?;
    let to = if how.to.starts_with("postgres://") || how.to.starts_with("postgresql://") {
        Store { data_dir: None, database_url: Some(how.to.clone()), ..store.clone() }
    } else {
        Store { data_dir: Some(Path::new(&how.to).to_owned()), database_url: None, ..store.clone() }
    };
    let target = to.url()?;
    let mut source = Source::alone(&url).map_err(|error| match error {
        db::Error::Busy => "a server or another command has the database open: stop it, then move".to_owned(),
        other => other.to_string(),
    })?;
    if source.is_behind() {
        return Err("the database is of an older version: run `stagecraft migrate` first".into());
    }
    let mut progress = Progress::new();
    let done = carry::move_to(&mut source, &target, &mut |far| progress.show(far)).map_err(|error| error.to_string())?;
    drop(progress);
    source.mark_moved(&shown(&target)).map_err(|error| {
        format!("everything is in {}, but the old database could not be marked ({error}): do not serve it any more", shown(&target))
    })?;
    say(&format!(
        "{} rows in {} tables are in {} now, every table compared, in {:.1} s. {} keeps its data and is not served any more.",
        done.rows,
        done.tables,
        shown(&target),
        began.elapsed().as_secs_f64(),
        shown(&url)
    ))?;
    check::run(&to, &Check::everything())
}
