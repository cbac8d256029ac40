//! `stagecraft backup`.

use std::path::PathBuf;
use std::time::{Instant as Moment, SystemTime, UNIX_EPOCH};

use carry::Backup;
use clap::Args;
use db::carry::Source;
use model::{Instant, Via};
use serde_json::json;
use stagecraft_core::{Limits, watching};

use super::open::AT_THE_MACHINE;
use super::places::{self, Beside, Progress};
use super::{Outcome, open, say};
use crate::config::Store;

pub(super) const EXAMPLES: &str = "\
Examples:
  stagecraft backup --to /var/backups/stagecraft/          a file named by the time, in that folder
  stagecraft backup --to monday.zip --database-url postgres://stagecraft@db/stagecraft
  stagecraft backup --verify monday.zip                    reads all of it and compares; needs no database

Servers go on meanwhile: everything is as of one instant. A backup holds all there is, attachments, sign-ins and secrets too, and only its
owner may read it. It comes back on SQLite and on PostgreSQL alike: see `stagecraft restore --help`.";

/// `stagecraft backup`.
#[derive(Args, Debug)]
pub struct Making {
    /// File of the backup, or a folder in which it gets a name
    #[arg(long, value_name = "PATH", required_unless_present = "verify")]
    pub to: Option<PathBuf>,
    /// Read a backup instead, and say whether it is whole
    #[arg(long, value_name = "PATH", conflicts_with = "to")]
    pub verify: Option<PathBuf>,
}

/// Makes one, or looks at one.
pub fn run(store: &Store, how: &Making) -> Outcome {
    let began = Moment::now();
    let mut progress = Progress::new();
    if let Some(path) = &how.verify {
        let mut backup = Backup::open(path).map_err(|error| error.to_string())?;
        let done = carry::verify(&mut backup, &mut |far| progress.show(far)).map_err(|error| error.to_string())?;
        drop(progress);
        let made = backup.manifest();
        return say(&format!(
            "{} is whole: {} rows in {} tables and {} attachments beside them, made at {} from {} by Stagecraft {}.",
            path.display(),
            done.rows,
            done.tables,
            done.files,
            made.made_at,
            made.engine,
            made.program
        ));
    }
    let Some(to) = &how.to else { return Err("say where to: stagecraft backup --to PATH".into()) };
    let url = places::there(store)?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX)).to_string();
    let path = if to.is_dir() { to.join(format!("stagecraft-{}.zip", now.replace(':', "-"))) } else { to.clone() };
    let beside = Beside::of(store)?;
    let contents = beside.as_ref().map(|beside| beside as &dyn carry::Contents);
    let done = carry::back_up(&url, &path, &now, contents, &mut |far| progress.show(far)).map_err(|error| error.to_string())?;
    drop(progress);
    let size = std::fs::metadata(&path).map_or(0, |data| data.len());
    say(&format!(
        "{}: {} rows in {} tables and {} attachments beside them, {:.1} MB, in {:.1} s.",
        path.display(),
        done.rows,
        done.tables,
        done.files,
        size as f64 / 1e6,
        began.elapsed().as_secs_f64()
    ))?;
    // The backup is whole whether or not the database can be told of it.
    match noted(store, &url) {
        Ok(()) => Ok(()),
        Err(why) => say(&format!("That it was made could not be noted for the page of the system's health: {why}")),
    }
}

/// Notes that a backup was made: the page of the system's health tells of the last one. A database from before this version is left as it
/// is, since to open it would be to upgrade it.
fn noted(store: &Store, url: &str) -> Result<(), String> {
    if Source::open(url).map_err(|error| error.to_string())?.is_behind() {
        return Ok(());
    }
    let house = open::house(store, false)?;
    let mark = house.write(&AT_THE_MACHINE, Limits::default(), Via::CommandLine, |cx, tx| watching::mark(cx, tx, "backup", &json!({})));
    mark.map_err(|error| open::sentence(&house, error, "opportunity"))
}
