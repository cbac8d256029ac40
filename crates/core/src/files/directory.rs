//! The directory beside the database in which the contents of files may lie: one file each, named by its id.
//!
//! A content is written, and on the disk, before the row that names it is stored; it is removed when no row has named it for a day. So
//! whatever a committed transaction names is there, also in a copy of the directory that was made after one of the database.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use model::Id;

/// A directory of contents, shared by all servers of one database.
#[derive(Clone, Debug)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// Makes the directory where it is not there, and tries that it can be written.
    pub fn open(root: &Path) -> io::Result<Directory> {
        fs::create_dir_all(root)?;
        let trial = root.join(format!(".trial-{}", std::process::id()));
        fs::write(&trial, b"stagecraft")?;
        fs::remove_file(&trial)?;
        Ok(Directory { root: root.to_owned() })
    }

    /// Lays a content down for good.
    pub fn put(&self, id: Id, content: &[u8]) -> io::Result<()> {
        let path = self.path(id);
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder)?;
        let half = path.with_extension("half");
        let mut file = File::create(&half)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&half, &path)?;
        // The name must be on the disk, too.
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        Ok(())
    }

    /// Where it lies.
    pub fn path_of_all(&self) -> &Path {
        &self.root
    }

    /// A content.
    pub fn get(&self, id: Id) -> io::Result<Vec<u8>> {
        fs::read(self.path(id))
    }

    /// How large a content is; none where it is not there.
    pub(crate) fn size(&self, id: Id) -> Option<u64> {
        fs::metadata(self.path(id)).ok().map(|found| found.len())
    }

    /// What has lain here for longer than that.
    pub(super) fn older_than(&self, age: Duration) -> io::Result<Vec<Id>> {
        let before = SystemTime::now().checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
        let mut found = Vec::new();
        for folder in fs::read_dir(&self.root)? {
            let folder = folder?;
            if !folder.file_type()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder.path())? {
                let file = file?;
                let name = file.file_name();
                let id: Option<Id> = name.to_str().map(|name| name.trim_end_matches(".half")).and_then(|name| name.parse().ok());
                if let Some(id) = id
                    && file.metadata().and_then(|data| data.modified()).is_ok_and(|at| at < before)
                {
                    found.push(id);
                }
            }
        }
        Ok(found)
    }

    pub(super) fn remove(&self, id: Id) -> io::Result<()> {
        let path = self.path(id);
        for one in [path.with_extension("half"), path] {
            match fs::remove_file(one) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The last two signs of an id are dice; the first ones count time and would fill one folder after the other.
    fn path(&self, id: Id) -> PathBuf {
        let name = id.to_string();
        self.root.join(&name[name.len() - 2..]).join(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_laid_down_is_there_until_it_is_removed() {
        let root = std::env::temp_dir().join(format!("stagecraft-files-{}", std::process::id()));
        let directory = Directory::open(&root).unwrap();
        let (one, other) = (Id::from_parts(1, [1; 10]), Id::from_parts(2, [2; 10]));
        directory.put(one, b"content").unwrap();
        assert_eq!((directory.get(one).unwrap(), directory.size(one), directory.size(other)), (b"content".to_vec(), Some(7), None));
        assert_eq!(directory.older_than(Duration::from_secs(3_600)).unwrap(), []);
        assert_eq!(directory.older_than(Duration::ZERO).unwrap(), [one]);
        directory.remove(one).unwrap();
        directory.remove(one).unwrap();
        assert!(directory.get(one).is_err());
        fs::remove_dir_all(&root).unwrap();
    }
}
