//! Bringing a backup back, into an empty place.

use db::carry::{Sum, Target};

use crate::open::Backup;
use crate::{Contents, Counter, Done, Error, Result, Tell};

/// Fills the empty place at `url` with what the backup holds, on whichever engine that is; reads every table back and compares it. All or
/// nothing: whatever goes wrong, the place is as empty as before.
///
/// The tables are those of the version that made the backup; whoever opens the database next brings them up to date.
pub fn restore(backup: &mut Backup, url: &str, contents: Option<&dyn Contents>, tell: &mut Tell<'_>) -> Result<Done> {
    let tables = backup.manifest().kept()?;
    let last_event = backup.manifest().last_event;
    let beside = backup.contents();
    if !beside.is_empty() && contents.is_none() {
        return Err(Error::Spoilt(format!(
            "the backup holds {} attachments that lay in a folder: name one for them with --files-dir. Nothing was written",
            beside.len()
        )));
    }
    let mut target = Target::make(url, &backup.manifest().applied())?;
    let mut counter = Counter::new(tell, tables.len());
    for kept in &tables {
        let told = counter.table(&kept.table.name);
        backup.rows(kept, told, |next| target.take(&kept.table, next))?;
    }
    target.settle(last_event)?;
    for kept in &tables {
        differs(&kept.table.name, (kept.rows, &kept.checksum), &target.sum(&kept.table)?)?;
    }
    // Before the database is there: what it names is there then.
    if let Some(contents) = contents {
        for (id, sha256) in &beside {
            let (id, content) = backup.content(id, sha256)?;
            contents.put(id, &content).map_err(Error::io(format!("the attachment {id} cannot be laid down")))?;
        }
    }
    target.finish()?;
    Ok(Done { tables: tables.len(), rows: backup.manifest().rows(), files: beside.len() as u64 })
}

/// What was read back is what was to be written. Error: it is not.
pub(crate) fn differs(table: &str, expected: (u64, &str), found: &Sum) -> Result<()> {
    if (found.rows, found.checksum().as_str()) == expected {
        return Ok(());
    }
    Err(Error::Spoilt(format!(
        "the table {table} did not arrive as it was ({} rows of {}); nothing was kept. Look for faults of the disk, then try again",
        found.rows, expected.0
    )))
}
