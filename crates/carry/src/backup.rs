//! Making a backup.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use db::Cell;
use db::carry::{Cells, Source, Table};
use model::Id;
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::manifest::{self, Content, Manifest};
use crate::{Contents, Counter, Done, Error, Result, Tell, lines};

/// Compression at its quickest: lines of JSON of the demo company shrink to a fifth by it.
const QUICK: i64 = 1;

/// Writes all of the database at `url` into the file `path`, as of one instant, while servers write on.
///
/// The file gets its name once it is whole and on the disk; nothing is ever overwritten. It holds secrets, so only its owner may read it.
pub fn back_up(url: &str, path: &Path, made_at: &str, contents: Option<&dyn Contents>, tell: &mut Tell<'_>) -> Result<Done> {
    if path.exists() {
        return Err(Error::Spoilt(format!("{} is there already, and a backup is never overwritten: choose another name", path.display())));
    }
    let mut source = Source::open(url)?;
    let half = half_of(path);
    let done = write(&mut source, &half, made_at, contents, tell).inspect_err(|_| drop(fs::remove_file(&half)))?;
    let named = || -> std::io::Result<()> {
        fs::rename(&half, path)?;
        match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
            _ => Ok(()),
        }
    };
    named().map_err(Error::io(format!("{} cannot be written", path.display())))?;
    Ok(done)
}

fn half_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".half");
    path.with_file_name(name)
}

fn write(source: &mut Source, half: &Path, made_at: &str, contents: Option<&dyn Contents>, tell: &mut Tell<'_>) -> Result<Done> {
    let cannot = |error| Error::Io { what: format!("{} cannot be written", half.display()), error };
    let zip_cannot = |error: zip::result::ZipError| cannot(error.into());
    let mut how = OpenOptions::new();
    how.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
    let mut zip = ZipWriter::new(BufWriter::with_capacity(1 << 20, how.open(half).map_err(cannot)?));
    let entry = SimpleFileOptions::default().compression_level(Some(QUICK)).large_file(true).unix_permissions(0o600);

    let last_event = source.last_event()?;
    let mut manifest = Manifest::new(env!("CARGO_PKG_VERSION"), made_at, source.engine(), source.applied(), last_event);
    let tables = source.tables().to_vec();
    let mut counter = Counter::new(tell, tables.len());
    let mut beside: Vec<(Id, String)> = Vec::new();
    for table in &tables {
        zip.start_file(format!("tables/{}.jsonl", table.name), entry).map_err(zip_cannot)?;
        let mut told = counter.table(&table.name);
        let named = named_beside(table);
        let mut failed = None;
        // The zip's own writer takes many small pieces badly.
        let mut out = BufWriter::with_capacity(1 << 16, &mut zip);
        let (_, sum) = source.rows(table, |next| {
            while let Some(row) = next()? {
                told();
                if let Some(content) = named.as_ref().and_then(|of| of(&row)) {
                    beside.push(content);
                }
                if let Err(error) = lines::write(&mut out, &row) {
                    failed = Some(error);
                    break;
                }
            }
            Ok(())
        })?;
        let flushed = out.flush();
        drop(out);
        match failed.map_or(flushed, Err) {
            Err(error) => return Err(cannot(error)),
            Ok(()) => manifest.keep(table, &sum),
        }
    }
    drop(tables);
    for (id, sha256) in beside {
        let unread = |why: String| Error::Spoilt(format!("the content of the attachment {id} {why}; `stagecraft check` tells of all such"));
        let Some(contents) = contents else {
            return Err(unread("lies in a folder: name it with --files-dir".into()));
        };
        let content = contents.get(id).map_err(|error| unread(format!("cannot be read: {error}")))?;
        if hash(&content) != sha256 {
            return Err(unread("is not what was sent".into()));
        }
        zip.start_file(format!("files/{id}"), entry).map_err(zip_cannot)?;
        zip.write_all(&content).map_err(cannot)?;
        manifest.files.push(Content { id: id.to_string(), sha256 });
    }
    // Last: a backup that was cut short has none.
    zip.start_file(manifest::NAME, entry).map_err(zip_cannot)?;
    let text = serde_json::to_vec_pretty(&manifest).map_err(|error| Error::Spoilt(error.to_string()))?;
    zip.write_all(&text).map_err(cannot)?;
    let file = zip.finish().map_err(zip_cannot)?.into_inner().map_err(|error| cannot(error.into_error()))?;
    file.sync_all().map_err(cannot)?;
    let (tables, files) = manifest.counts();
    Ok(Done { tables, rows: manifest.rows(), files: files as u64 })
}

pub(crate) fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An attachment that lies beside the database, with what its content comes to.
type Beside = Option<(Id, String)>;

/// Of a row of attachments whose content lies beside the database: its id, and what its content comes to. None for any other table.
fn named_beside(table: &Table) -> Option<impl Fn(&Cells) -> Beside + use<>> {
    let place = |name: &str| table.columns.iter().position(|(column, _)| column == name);
    if table.name != "file" {
        return None;
    }
    let (id, sha256, beside) = (place("id")?, place("sha256")?, place("place")?);
    Some(move |row: &Cells| match (row.get(id), row.get(sha256), row.get(beside)) {
        (Some(Cell::Id(id)), Some(Cell::Text(sha256)), Some(Cell::Text(_))) => Some((*id, sha256.clone())),
        _ => None,
    })
}
