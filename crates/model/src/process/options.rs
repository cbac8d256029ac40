//! Changing the options of a select field, the Opportunity Stages above all (D61).

use std::collections::BTreeSet;

use crate::field::Choice;
use crate::text::is_key;
use crate::{Violation, Violations};

/// What stands against replacing the options `old` by `new`. `used` are the keys that any record, stay or process uses,
/// voided records included. `typed`: each option must say what it means, as a stage does.
///
/// Errors: `field.option_in_use` (taken out), `field.option_type_in_use`, `field.required` (key, name or type missing),
/// `field.invalid` (not a key), `field.not_unique` (a key twice).
pub fn check_options(old: &[Choice], new: &[Choice], used: &BTreeSet<String>, typed: bool) -> Violations {
    let mut found = Violations::new();
    for option in old.iter().filter(|option| used.contains(&option.key)) {
        match new.iter().position(|other| other.key == option.key) {
            None => found.push(Violation::new("field.option_in_use", "options").with("value", option.key.as_str())),
            Some(at) if new[at].stage_type != option.stage_type => {
                found.push(
                    Violation::new("field.option_type_in_use", format!("options/{at}/stage_type")).with("value", option.key.as_str()),
                );
            }
            Some(_) => {}
        }
    }
    let mut seen = BTreeSet::new();
    for (at, option) in new.iter().enumerate() {
        let place = |part: &str| format!("options/{at}/{part}");
        // Keys that are there already stay as they are; only new ones are held to the form.
        if !old.iter().any(|other| other.key == option.key) && !is_key(&option.key) {
            found.push(Violation::new("field.invalid", place("key")).with("expected", "a key: small letters, digits and underscores"));
        }
        if !seen.insert(option.key.as_str()) {
            found.push(Violation::new("field.not_unique", place("key")).with("value", option.key.as_str()));
        }
        if option.label.in_language("en").trim().is_empty() {
            found.push(Violation::new("field.required", place("label")));
        }
        if typed && option.stage_type.is_none() {
            found.push(Violation::new("field.required", place("stage_type")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Label;
    use crate::field::StageType::{self, InProgress, Lost, Won};

    fn stage(key: &str, stage_type: StageType) -> Choice {
        Choice::stage(key, Label::en(key), stage_type)
    }

    #[test]
    fn a_used_option_keeps_its_place_and_its_meaning() {
        let old = [stage("a", InProgress), stage("b", InProgress), stage("won", Won)];
        let used = BTreeSet::from(["a".to_owned(), "won".to_owned()]);
        let codes = |new: &[Choice]| -> Vec<(&str, String)> {
            check_options(&old, new, &used, true).into_iter().map(|v| (v.code, v.path)).collect()
        };
        assert_eq!(codes(&[stage("won", Won), stage("a", InProgress)]), []);
        assert_eq!(codes(&[stage("a", InProgress)]), [("field.option_in_use", "options".into())]);
        assert_eq!(codes(&[stage("a", InProgress), stage("won", Lost)]), [("field.option_type_in_use", "options/1/stage_type".into())]);
    }

    #[test]
    fn options_are_well_formed() {
        let new = [stage("Über", Won), stage("a", Won), stage("a", Won), Choice::new("b", Label::default())];
        let codes: Vec<_> = check_options(&[], &new, &BTreeSet::new(), true).into_iter().map(|v| (v.code, v.path)).collect();
        assert_eq!(
            codes,
            [
                ("field.invalid", "options/0/key".into()),
                ("field.not_unique", "options/2/key".to_owned()),
                ("field.required", "options/3/label".into()),
                ("field.required", "options/3/stage_type".into()),
            ]
        );
        let plain = [Choice::new("zh", Label::en("Chinese"))];
        assert!(check_options(&[], &plain, &BTreeSet::new(), false).is_empty());
    }
}
