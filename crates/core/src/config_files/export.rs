//! All definitions of an installation, as they are written.

use db::Read;
use model::Id;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::folder::SourceFile;
use super::kinds::Kind;
use super::names::Names;
use super::text;
use crate::{Ctx, Result};

/// The form of the files that this version writes and reads.
pub(super) const FORMAT: i64 = 1;
/// The file that says so.
pub(super) const MARK: &str = "stagecraft.yaml";
/// Characters of a file's name.
const LONGEST_NAME: usize = 80;

/// A definition as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    pub kind: Kind,
    /// What it is known by among those of its kind.
    pub key: String,
    /// In this database.
    pub id: Option<Id>,
    /// With names in the place of ids.
    pub document: Json,
}

/// The definitions of an installation at one moment.
#[derive(Clone, Debug)]
pub struct Present {
    /// By kind and key.
    pub definitions: Vec<Definition>,
    /// Another one for every other state.
    pub fingerprint: String,
}

/// Tells every definition; administrators only.
pub fn export(cx: &Ctx, tx: &mut Read) -> Result<Present> {
    cx.administrators_only("export", "configuration")?;
    let mut names = Names::load(cx, tx)?;
    let mut found = Vec::new();
    for kind in Kind::ALL {
        found.extend(listed(kind, cx, tx)?.into_iter().map(|(key, id, document)| (kind, key, id, document)));
    }
    names.learn_records(cx, tx, &found.iter().map(|(.., document)| document).collect::<Vec<_>>())?;
    let written = found.into_iter().map(|(kind, key, id, document)| Definition { kind, key, id, document: names.written(&document) });
    let mut definitions: Vec<Definition> = written.collect();
    for calendar in definitions.iter_mut().filter(|one| one.kind == Kind::Calendar) {
        // They have no order; by their ids it would be another one in every database.
        if let Some(departments) = calendar.document.get_mut("departments").and_then(Json::as_array_mut) {
            departments.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
        }
    }
    definitions.sort_by(|a, b| (a.kind, &a.key).cmp(&(b.kind, &b.key)));
    let fingerprint = fingerprint(&definitions);
    Ok(Present { definitions, fingerprint })
}

/// The definitions of a kind with what each is known by, and with ids. Those that are called alike are told apart by a number, the one that was
/// there first having none.
pub(super) fn listed(kind: Kind, cx: &Ctx, tx: &mut Read) -> Result<Vec<(String, Option<Id>, Json)>> {
    let all = kind.present(cx, tx)?;
    let mut first: Vec<usize> = (0..all.len()).collect();
    first.sort_by_key(|at| all[*at].0);
    let mut keys: Vec<Option<String>> = vec![None; all.len()];
    for at in first {
        let Some(bare) = kind.key_of(&all[at].1) else { continue };
        let taken = |key: &String| keys.iter().flatten().any(|known| known == key);
        keys[at] = (1..).map(|n| if n == 1 { bare.clone() } else { format!("{bare} #{n}") }).find(|key| !taken(key));
    }
    Ok(all.into_iter().zip(keys).filter_map(|((id, document), key)| Some((key?, id, document))).collect())
}

/// Another one for every other state.
pub(super) fn fingerprint(definitions: &[Definition]) -> String {
    let mut hash = Sha256::new();
    for one in definitions {
        hash.update(json!([one.kind.place(), one.key, one.document]).to_string());
        hash.update("\n");
    }
    hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

impl Present {
    /// One file a definition, in folders by kind.
    pub fn files(&self) -> Result<Vec<SourceFile>> {
        let mut files = vec![SourceFile { path: MARK.to_owned(), text: text::write(&json!({"format": FORMAT, "whole": true}))? }];
        for one in &self.definitions {
            let bare = path_of(one.kind, &one.key);
            let taken = |path: &str| files.iter().any(|file| file.path == path);
            let numbered = (1..).map(|n| if n == 1 { format!("{bare}.yaml") } else { format!("{bare}-{n}.yaml") });
            let path = numbered.into_iter().find(|path| !taken(path)).unwrap_or_default();
            files.push(SourceFile { path, text: text::write(&one.document)? });
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }
}

fn path_of(kind: Kind, key: &str) -> String {
    if kind.is_single() {
        return kind.place().to_owned();
    }
    match key.split_once('/').filter(|_| kind.speaks_of_its_folder()) {
        Some((object, name)) => format!("{}/{}/{}", kind.place(), file_name(object), file_name(name)),
        None => format!("{}/{}", kind.place(), file_name(key)),
    }
}

/// Letters and digits of a name, in small letters: `Large deals (EU)` → `large-deals-eu`.
fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '-' };
    let text: String = name.to_lowercase().chars().map(plain).take(LONGEST_NAME).collect();
    let parts: Vec<&str> = text.split('-').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "unnamed".to_owned() } else { parts.join("-") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_called_as_what_is_in_them() {
        assert_eq!(path_of(Kind::View, "opportunity/Large deals (EU)"), "views/opportunity/large-deals-eu");
        assert_eq!(path_of(Kind::Process, "Mid/high-end"), "processes/mid-high-end");
        assert_eq!(path_of(Kind::Organisation, "organisation"), "organisation");
        assert_eq!(path_of(Kind::WebForm, "../../etc/passwd"), "web-forms/etc-passwd");
        assert_eq!(path_of(Kind::Process, "标准流程"), "processes/标准流程");
        assert_eq!(path_of(Kind::Process, "..."), "processes/unnamed");
    }
}
