//! Where data is and goes, for commands that carry all of it.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use model::Id;
use stagecraft_core::files::Directory;

use crate::config::Store;

/// The address of a database that is there. Error: it is not.
pub fn there(store: &Store) -> Result<String, String> {
    let url = store.url()?;
    match url.strip_prefix("sqlite:") {
        Some(file) if !Path::new(file).exists() => {
            Err(format!("there is no database at {file}: name its folder with --data-dir, or --database-url"))
        }
        _ => Ok(url),
    }
}

/// An address that may be shown: without a password.
pub fn shown(url: &str) -> String {
    let plain = url.strip_prefix("sqlite:").unwrap_or(url);
    let Some((scheme, rest)) = plain.split_once("://") else { return plain.to_owned() };
    let rest = rest.split_once('?').map_or(rest, |(rest, _)| rest);
    match rest.rsplit_once('@') {
        Some((who, place)) => format!("{scheme}://{}@{place}", who.split(':').next().unwrap_or("")),
        None => format!("{scheme}://{rest}"),
    }
}

/// The folder of attachments.
pub struct Beside(Directory);

impl Beside {
    /// The one that the settings name.
    pub fn of(store: &Store) -> Result<Option<Beside>, String> {
        let Some(folder) = &store.files_dir else { return Ok(None) };
        let unusable = |error: io::Error| format!("the folder {} for files cannot be used: {error}", folder.display());
        Directory::open(folder).map(|directory| Some(Beside(directory))).map_err(unusable)
    }
}

impl carry::Contents for Beside {
    fn get(&self, id: Id) -> io::Result<Vec<u8>> {
        self.0.get(id)
    }

    fn put(&self, id: Id, content: &[u8]) -> io::Result<()> {
        self.0.put(id, content)
    }
}

/// A line that tells how far it is, on a terminal; elsewhere nothing.
pub struct Progress {
    terminal: bool,
    began: std::time::Instant,
}

impl Progress {
    pub fn new() -> Progress {
        Progress { terminal: io::stderr().is_terminal(), began: std::time::Instant::now() }
    }

    pub fn show(&mut self, far: carry::Progress<'_>) {
        if !self.terminal {
            return;
        }
        let seconds = self.began.elapsed().as_secs_f64().max(0.001);
        let speed = far.all_rows as f64 / seconds;
        let _ =
            write!(io::stderr(), "\r{:79}\rtable {} of {}, {}: {} rows, {speed:.0} rows/s", "", far.number, far.of, far.table, far.rows);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.terminal {
            let _ = write!(io::stderr(), "\r{:79}\r", "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(shown("postgres://me:secret@db:5432/sales?sslmode=require"), "postgres://me@db:5432/sales");
        assert_eq!(shown("postgres://db/sales?password=secret"), "postgres://db/sales");
        assert_eq!(shown("postgres://me:p@ss@db/sales"), "postgres://me@db/sales");
        assert_eq!(shown("sqlite:/var/lib/stagecraft.sqlite"), "/var/lib/stagecraft.sqlite");
    }
}
