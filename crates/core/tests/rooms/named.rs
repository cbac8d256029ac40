//! What the documentation names as proof.

use std::path::Path;

/// All that stands in files of one ending below a folder.
fn read_all(folder: &Path, ending: &str, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() && !entry.ends_with("node_modules") {
            read_all(&entry, ending, text);
        } else if entry.to_string_lossy().ends_with(ending) {
            text.push_str(&std::fs::read_to_string(&entry).unwrap());
        }
    }
}

#[test]
fn what_the_documentation_names_as_proof_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut tests, mut stories) = (String::new(), String::new());
    read_all(&root.join("crates"), ".rs", &mut tests);
    read_all(&root.join("e2e/stories"), ".mjs", &mut stories);
    for page in ["docs/duplicates.md", "docs/approvals.md"] {
        let told = std::fs::read_to_string(root.join(page)).unwrap();
        let (mut named, mut missing) = (0, Vec::new());
        for name in told.split('`').skip(1).step_by(2).filter_map(|name| name.rsplit_once("::")) {
            named += 1;
            if !tests.contains(&format!("fn {}(", name.1)) {
                missing.push(name.1);
            }
        }
        for title in told.split('“').skip(1).filter_map(|rest| rest.split_once('”')) {
            named += 1;
            if !stories.contains(title.0) {
                missing.push(title.0);
            }
        }
        assert!(missing.is_empty() && named > 40, "{page}: {named} named, not there: {missing:#?}");
    }
}
