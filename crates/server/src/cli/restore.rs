//! `stagecraft restore`.

use std::path::PathBuf;
use std::time::Instant as Moment;

use carry::Backup;
use clap::Args;

use super::check::{self, Check};
use super::places::{Beside, Progress};
use super::{Outcome, say};
use crate::config::Store;

pub(super) const EXAMPLES: &str = "\
Examples:
  stagecraft restore --from monday.zip --data-dir /var/lib/stagecraft
  stagecraft restore --from monday.zip --database-url postgres://stagecraft@db/empty

The place has to be empty, and nothing is left in it unless all of the backup has arrived: every table is read back and compared. Then the
database is brought up to this version and checked like by `stagecraft check`. It does not matter on which engine the backup was made.";

/// `stagecraft restore`.
#[derive(Args, Debug)]
pub struct Restoring {
    /// The backup
    #[arg(long, value_name = "PATH")]
    pub from: PathBuf,
}

/// Brings a backup back.
pub fn run(store: &Store, how: &Restoring) -> Outcome {
    let began = Moment::now();
    let mut progress = Progress::new();
    let mut backup = Backup::open(&how.from).map_err(|error| error.to_string())?;
    let beside = Beside::of(store)?;
    let contents = beside.as_ref().map(|beside| beside as &dyn carry::Contents);
    let url = store.url()?;
    let done = carry::restore(&mut backup, &url, contents, &mut |far| progress.show(far)).map_err(|error| error.to_string())?;
    drop(progress);
    say(&format!(
        "Everything of {} is back: {} rows in {} tables and {} attachments beside them, in {:.1} s, every table compared.",
        backup.manifest().made_at,
        done.rows,
        done.tables,
        done.files,
        began.elapsed().as_secs_f64()
    ))?;
    check::run(store, &Check::everything()).map_err(|why| {
        format!("all that the backup held is there, and was so before: {why}; see `stagecraft check --help` for what can be put right")
    })
}
