//! Every code has a text, wherever it is made.

use std::collections::BTreeSet;
use std::path::Path;

fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_in(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            // What tests make up comes after this line in every file.
            let text = text.split("#[cfg(test)]").next().unwrap();
            for made in ["Violation::new(", "Requirement::new(", "Error::invalid(", "refusal(", "self.requirement("] {
                for rest in text.split(made).skip(1) {
                    let code = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(code, _)| code);
                    found.extend(code.filter(|code| code.contains('.')).map(str::to_owned));
                }
            }
        }
    }
}

#[test]
fn whatever_the_core_refuses_has_its_message() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut made = BTreeSet::new();
    codes_in(&crates.join("core/src"), &mut made);
    codes_in(&crates.join("model/src"), &mut made);
    assert!(made.len() > 40, "{made:?}");
    let (_, told) = server::messages::codes();
    // Rows of an import are told of by the import itself.
    let rows = include_str!("../../../core/src/imports/problem.rs");
    let silent: Vec<&String> =
        made.iter().filter(|code| !told.contains(&code.as_str()) && !rows.contains(&format!("\"{code}\""))).collect();
    assert!(silent.is_empty(), "without a message: {silent:?}");
}

#[test]
fn every_code_of_the_contract_is_told_and_provoked() {
    let contract = include_str!("../../../../docs/api-design.md");
    let listed = contract.split("Violation codes: `").nth(1).and_then(|rest| rest.split('`').next()).expect("the list of codes");
    let (_, told) = server::messages::codes();
    let tests = [include_str!("refusals.rs"), include_str!("moves.rs"), include_str!("session.rs"), include_str!("conflicts.rs")].concat();
    // Only an office whose roles differ from the shipped ones meets it at the door; the model's own tests provoke it.
    let elsewhere = ["stage.not_permitted"];
    for code in listed.split_whitespace().filter(|word| word.contains('.')) {
        assert!(told.contains(&code), "{code} has no message");
        assert!(tests.contains(code) || elsewhere.contains(&code), "{code} is provoked by no test");
    }
}
