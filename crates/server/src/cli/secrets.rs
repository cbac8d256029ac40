//! `stagecraft secrets`.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use db::carry::Source;

use super::places::there;
use super::{Outcome, open, say};
use crate::config::{self, Store};

/// Bytes of a key that is made.
const KEY: usize = 32;

pub(super) const EXAMPLES: &str = "\
Examples:
  stagecraft secrets rekey --data-dir /var/lib/stagecraft --to /var/lib/stagecraft/secret.key.new
  mv /var/lib/stagecraft/secret.key.new /var/lib/stagecraft/secret.key

Stop the servers first: while one has the database open, nothing is changed. The key of before is named as for `stagecraft serve` (secret.key in
the data folder, --secret-key-file or STAGECRAFT_SECRET_KEY). All secrets are sealed with the new one in one transaction: afterwards the old key
opens none of them, and until then it opens all. Backups from before still need the old key.";

/// Secrets in the database that are sealed with a key outside of it.
#[derive(Debug, Subcommand)]
pub enum Secrets {
    /// Seal all secrets with another key
    #[command(after_help = EXAMPLES)]
    Rekey(Rekeying),
}

/// `stagecraft secrets rekey`.
#[derive(Args, Debug)]
pub struct Rekeying {
    /// The file of the new key; it is made, readable for its owner alone, where it is not there
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
}

/// Runs `stagecraft secrets …`.
pub fn run(store: &Store, secrets: &Secrets) -> Outcome {
    let Secrets::Rekey(how) = secrets;
    let url = there(store)?;
    let alone = Source::alone(&url).map_err(|error| match error {
        db::Error::Busy => "a server or another command has the database open: stop it, then change the key".to_owned(),
        other => other.to_string(),
    })?;
    if alone.is_behind() {
        return Err("the database is of an older version: run `stagecraft migrate` first".into());
    }
    drop(alone);
    // With the key of before; where it is the wrong one, this says so.
    let house = open::house(store, false)?;
    let made = !how.to.exists();
    if made {
        make(&how.to).map_err(|error| format!("the key file {} cannot be made: {error}", how.to.display()))?;
    }
    let key = config::key_in(&how.to)?;
    if store.secret_key()?.as_deref() == Some(key.as_str()) {
        return Err(format!("the key in {} is the one of before", how.to.display()));
    }
    let many = house.seal_anew(&key).map_err(|error| error.to_string())?;
    say(&format!(
        "The key is the one in {}{}; secrets that are sealed with it now: {many}. Start the servers with it: the key of before opens none of them.",
        how.to.display(),
        if made { ", which was made" } else { "" }
    ))
}

/// Writes a new key, which is on the disk when this returns: once something is sealed with it, it must not be lost.
fn make(path: &Path) -> std::io::Result<()> {
    let key: [u8; KEY] = rand::random();
    let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(format!("{text}\n").as_bytes())?;
    file.sync_all()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder)?.sync_all()
}
