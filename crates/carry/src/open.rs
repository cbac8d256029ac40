//! A backup that is there: opened, read, and held against what it says of itself.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use db::carry::{Next, Sum};
use model::Id;
use zip::ZipArchive;

use crate::backup::hash;
use crate::manifest::{self, Kept, Manifest};
use crate::{Counter, Done, Error, Result, Tell, lines};

/// A backup whose manifest was read.
pub struct Backup {
    zip: ZipArchive<BufReader<File>>,
    manifest: Manifest,
}

impl Backup {
    /// Opens it. Errors: it is no backup, or was cut short.
    pub fn open(path: &Path) -> Result<Backup> {
        let file = File::open(path).map_err(Error::io(format!("{} cannot be read", path.display())))?;
        let spoilt = |why: &str| {
            Error::Spoilt(format!("{} is not a whole backup ({why}): it was cut short or damaged; use another one", path.display()))
        };
        let mut zip = ZipArchive::new(BufReader::with_capacity(1 << 18, file)).map_err(|error| spoilt(&error.to_string()))?;
        let mut text = String::new();
        match zip.by_name(manifest::NAME) {
            Ok(mut entry) => entry.read_to_string(&mut text).map_err(|error| spoilt(&error.to_string()))?,
            Err(_) => return Err(spoilt("it has no manifest")),
        };
        Ok(Backup { zip, manifest: Manifest::read(&text)? })
    }

    /// What it says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Gives `f` the rows of a table, and tells whether all were those that were backed up.
    pub(crate) fn rows<T>(
        &mut self,
        kept: &Kept,
        mut told: impl FnMut(),
        f: impl FnOnce(&mut Next<'_>) -> std::result::Result<T, db::Error>,
    ) -> Result<T> {
        let name = format!("tables/{}.jsonl", kept.table.name);
        let Ok(entry) = self.zip.by_name(&name) else {
            return Err(Error::Spoilt(format!("the backup lacks the table {}: it was damaged; use another one", kept.table.name)));
        };
        let mut lines = BufReader::with_capacity(1 << 16, entry);
        let (mut sum, mut line, mut fault) = (Sum::default(), String::new(), None);
        let done = f(&mut || match lines::read(&mut lines, &kept.table, &mut line) {
            Ok(row) => {
                if let Some(row) = &row {
                    told();
                    sum.add(row);
                }
                Ok(row)
            }
            Err(error) => {
                let told = db::Error::Engine(error.to_string());
                fault = Some(error);
                Err(told)
            }
        });
        match (fault, done) {
            (Some(fault), _) => Err(fault),
            (None, Err(error)) => Err(error.into()),
            (None, Ok(_)) if (sum.rows, sum.checksum()) != (kept.rows, kept.checksum.clone()) => Err(Error::Spoilt(format!(
                "the table {} of the backup is not what its manifest says ({} rows where {} are named): it was changed or damaged; use another backup",
                kept.table.name, sum.rows, kept.rows
            ))),
            (None, Ok(done)) => Ok(done),
        }
    }

    /// The ids of the contents that lay beside the database.
    pub(crate) fn contents(&self) -> Vec<(String, String)> {
        self.manifest.files.iter().map(|one| (one.id.clone(), one.sha256.clone())).collect()
    }

    /// One of them.
    pub(crate) fn content(&mut self, id: &str, sha256: &str) -> Result<(Id, Vec<u8>)> {
        let spoilt = |why: &str| Error::Spoilt(format!("the attachment {id} of the backup {why}: it was damaged; use another one"));
        let parsed: Id = id.parse().map_err(|_| spoilt("has no id"))?;
        let mut content = Vec::new();
        let mut entry = self.zip.by_name(&format!("files/{id}")).map_err(|_| spoilt("is missing"))?;
        entry.read_to_end(&mut content).map_err(|_| spoilt("cannot be read"))?;
        if hash(&content) != sha256 {
            return Err(spoilt("is not what was backed up"));
        }
        Ok((parsed, content))
    }
}

/// Reads all of a backup and holds it against its manifest.
pub fn verify(backup: &mut Backup, tell: &mut Tell<'_>) -> Result<Done> {
    let tables = backup.manifest.kept()?;
    let mut counter = Counter::new(tell, tables.len());
    for kept in &tables {
        let told = counter.table(&kept.table.name);
        backup.rows(kept, told, |next| {
            while next()?.is_some() {}
            Ok(())
        })?;
    }
    let contents = backup.contents();
    for (id, sha256) in &contents {
        backup.content(id, sha256)?;
    }
    Ok(Done { tables: tables.len(), rows: backup.manifest.rows(), files: contents.len() as u64 })
}
