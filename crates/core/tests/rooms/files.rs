//! Contents of files that lie in a directory beside the database.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use db::Limits;
use model::{Id, Via};
use serde_json::json;
use stagecraft_core::files::{self, Directory};
use stagecraft_core::{Credential, House, check, housekeeping};

use testkit::both;

use crate::office::Office;

const SYSTEM: Credential = Credential::System("a test");

/// A directory of one's own that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static UNLIKE: AtomicU32 = AtomicU32::new(0);
        let unlike = format!("{}-{}", std::process::id(), UNLIKE.fetch_add(1, Ordering::Relaxed));
        Folder(std::env::temp_dir().join(format!("stagecraft-files-{unlike}")))
    }

    fn content(&self, id: &str) -> PathBuf {
        self.0.join(&id[id.len() - 2..]).join(id)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn sends(house: &House, name: &str, content: &[u8]) -> String {
    let arrived = files::arrive(house, content).unwrap();
    let kept = house.write(&SYSTEM, Limits::default(), Via::Api, |cx, tx| files::keep_arrived(cx, tx, name, &arrived)).unwrap();
    kept["id"].as_str().unwrap().to_owned()
}

fn reads(house: &House, id: &str) -> stagecraft_core::Result<Vec<u8>> {
    house.read(&SYSTEM, Limits::default(), |cx, tx| files::read(cx, tx, id.parse().unwrap()))?.content(house)
}

#[test]
fn they_are_there_as_they_were_sent_and_what_is_not_is_found() {
    both(|database| {
        let office = Office::new(database);
        let (house, folder) = (&office.house, Folder::new());
        let before = sends(house, "before.txt", b"in the database");
        assert!(!house.needs_directory().unwrap());
        house.keep_files_in(Directory::open(&folder.0).unwrap());
        let beside = sends(house, "beside.txt", b"beside it");
        assert!(house.needs_directory().unwrap(), "whoever serves without the directory is told");
        assert_eq!((reads(house, &before).unwrap(), reads(house, &beside).unwrap()), (b"in the database".to_vec(), b"beside it".to_vec()));
        assert_eq!(std::fs::read(folder.content(&beside)).unwrap(), b"beside it");
        assert_eq!(check::files(house).unwrap(), json!({"ok": true, "checked": {"files_in_directory": 1}, "faults": []}));

        // Another content of the same size is not taken for what was sent.
        std::fs::write(folder.content(&beside), b"be$ide it").unwrap();
        assert!(reads(house, &beside).is_err());
        std::fs::remove_file(folder.content(&beside)).unwrap();
        assert!(reads(house, &beside).is_err());
        assert_eq!(check::files(house).unwrap()["faults"][0]["check"], "file_content");
    });
}

#[test]
fn what_nobody_names_any_more_goes_and_only_that() {
    both(|database| {
        let office = Office::new(database);
        let (house, folder) = (&office.house, Folder::new());
        house.keep_files_in(Directory::open(&folder.0).unwrap());
        let (named, fresh) = (sends(house, "named.txt", b"named"), Id::from_parts(7, [7; 10]).to_string());
        // The transaction that was to name these two has failed: one two days ago, one a moment ago.
        let old = Id::from_parts(8, [8; 10]).to_string();
        for one in [&fresh, &old] {
            std::fs::create_dir_all(folder.content(one).parent().unwrap()).unwrap();
            std::fs::write(folder.content(one), b"lost").unwrap();
        }
        let two_days_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 86_400);
        for one in [&named, &old] {
            std::fs::File::options().write(true).open(folder.content(one)).unwrap().set_modified(two_days_ago).unwrap();
        }
        housekeeping::round(house).unwrap();
        let there = |id: &str| folder.content(id).exists();
        assert_eq!((there(&named), there(&fresh), there(&old)), (true, true, false));
    });
}
