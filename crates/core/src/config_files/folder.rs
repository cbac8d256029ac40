//! A folder of files on a disk.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::export::MARK;
use super::kinds::Kind;

/// Files and bytes that are read at most: a folder that was named by mistake is not read to its end.
const MOST_FILES: usize = 10_000;
const MOST_BYTES: u64 = 64 << 20;

/// A file of a folder: its path within it, with `/`, and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    pub path: String,
    pub text: String,
}

/// Reads every YAML file of a folder and those below it, by their paths. What begins with a dot is left out.
pub fn read_folder(folder: &Path) -> io::Result<Vec<SourceFile>> {
    let mut paths = Vec::new();
    walk(folder, &mut paths)?;
    paths.sort();
    let mut files = Vec::with_capacity(paths.len());
    let mut bytes = 0;
    for path in paths {
        bytes += fs::metadata(&path)?.len();
        if files.len() >= MOST_FILES || bytes > MOST_BYTES {
            return Err(io::Error::other("there are more files than a configuration has"));
        }
        let told = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        files.push(SourceFile { path: within(folder, &path), text: fs::read_to_string(&path).map_err(told)? });
    }
    Ok(files)
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&path, into)?;
        } else if kind.is_file() && path.extension().is_some_and(|end| end == "yaml" || end == "yml") {
            into.push(path);
        }
    }
    Ok(())
}

fn within(folder: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(folder).unwrap_or(path);
    inner.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
}

/// Writes files into a folder, which is made where it is not there, and removes those of definitions that there are no more; scenarios and
/// whatever else lies there stay. With how many were written and removed. Error: it has files and is no folder of a configuration.
pub fn write_folder(folder: &Path, files: &[SourceFile]) -> io::Result<(usize, usize)> {
    fs::create_dir_all(folder)?;
    if !folder.join(MARK).exists()
        && fs::read_dir(folder)?.filter_map(Result::ok).any(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
    {
        return Err(io::Error::other(format!("it is not empty and has no {MARK}, so it is no folder of a configuration")));
    }
    let (mut written, mut removed) = (0, 0);
    let kept: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let mut present = Vec::new();
    walk(folder, &mut present)?;
    for path in present {
        let inner = within(folder, &path);
        if Kind::of_path(&inner).is_some() && !kept.contains(inner.as_str()) {
            fs::remove_file(&path)?;
            removed += 1;
        }
    }
    for file in files {
        let path = folder.join(&file.path);
        if fs::read_to_string(&path).is_ok_and(|text| text == file.text) {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, &file.text)?;
        written += 1;
    }
    Ok((written, removed))
}
