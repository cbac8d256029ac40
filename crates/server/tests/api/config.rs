//! `stagecraft config` as it is typed, with its exit codes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

struct Terminal(tempfolder::Folder);

mod tempfolder {
    use std::path::PathBuf;

    pub struct Folder(pub PathBuf);

    impl Folder {
        pub fn new() -> Folder {
            let folder = std::env::temp_dir().join(format!("stagecraft-config-{}", std::process::id()));
            std::fs::remove_dir_all(&folder).ok();
            std::fs::create_dir_all(&folder).unwrap();
            Folder(folder)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).ok();
        }
    }
}

impl Terminal {
    fn runs(&self, words: &[&str]) -> (i32, String) {
        let data = self.path("data");
        let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_stagecraft"))
            .args(words)
            .env("STAGECRAFT_DATA_DIR", data)
            .env_remove("STAGECRAFT_DATABASE_URL")
            .output()
            .unwrap();
        let text = String::from_utf8(stdout).unwrap() + String::from_utf8(stderr).unwrap().as_str();
        (status.code().unwrap(), text)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.0.join(name)
    }
}

#[test]
fn a_folder_is_written_compared_applied_and_tried() {
    let terminal = Terminal(tempfolder::Folder::new());
    let folder = terminal.path("configuration");
    let dir = folder.to_str().unwrap();
    let (code, said) = terminal.runs(&["config", "export", dir]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(terminal.runs(&["config", "diff", dir, "--prune"]), (0, "Nothing differs.\n".to_owned()));

    std::fs::write(folder.join("roles/desk.yaml"), "key: desk\nname: {en: Bid desk}\n").unwrap();
    let (code, said) = terminal.runs(&["config", "diff", dir]);
    assert_eq!(code, 1, "{said}");
    assert!(said.starts_with("+ The role “desk” is added\n\n1 added, 0 changed, 0 removed; the installation is "), "{said}");
    let fingerprint = said.trim_end().trim_end_matches('.').rsplit(' ').next().unwrap().to_owned();

    let (code, said) = terminal.runs(&["config", "apply", dir, "--expect", "0123"]);
    assert_eq!(code, 1);
    assert!(said.contains("Somebody has changed a definition meanwhile") && said.contains("nothing was applied"), "{said}");
    let (code, said) = terminal.runs(&["config", "apply", dir, "--dry-run"]);
    assert_eq!((code, said.contains("1 added, 0 changed, 0 removed would be applied.")), (0, true), "{said}");
    let (code, said) = terminal.runs(&["config", "apply", dir, "--expect", &fingerprint]);
    assert_eq!((code, said.contains("1 added, 0 changed, 0 removed applied.")), (0, true), "{said}");
    assert_eq!(terminal.runs(&["config", "diff", dir, "--prune"]).0, 0);

    // Refused is what the screens refuse, in their words.
    std::fs::create_dir_all(folder.join("webhooks")).unwrap();
    let hook = "name: ERP\naddress: http://10.0.0.1/x\nsubscriptions: [{object: opportunity, acts: [move]}]\n";
    std::fs::write(folder.join("webhooks/erp.yaml"), hook).unwrap();
    let (code, said) = terminal.runs(&["config", "diff", dir]);
    assert_eq!(code, 2);
    assert!(said.starts_with("webhooks/erp.yaml: address: ") && said.contains("(webhook.address_not_public)"), "{said}");
    let (code, said) = terminal.runs(&["config", "diff", dir, "--webhook-allow", "10.0.0.0/8"]);
    assert_eq!(code, 1, "{said}");
}

#[test]
fn scenarios_are_tried_without_an_installation() {
    let terminal = Terminal(tempfolder::Folder(std::env::temp_dir().join(format!("stagecraft-config-test-{}", std::process::id()))));
    std::fs::create_dir_all(&terminal.0.0).unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples/configuration");
    let report = terminal.path("report.xml");
    let words = ["config", "test", example.to_str().unwrap(), "--junit", report.to_str().unwrap()];
    let (code, said) = terminal.runs(&words);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("holds  A public tender needs its number") && said.contains("0 do not hold."), "{said}");
    let report = std::fs::read_to_string(report).unwrap();
    assert!(report.contains("<testcase classname=\"tests/tenders.yaml\" name=\"A public tender needs its number\""), "{report}");
    assert!(!terminal.path("data").exists(), "no installation is looked at");
    let (code, said) = terminal.runs(&["config", "test", "/nowhere/at/all"]);
    assert_eq!((code, said.contains("cannot be read")), (2, true), "{said}");
}
