//! Patterns of texts, as regular expressions whose time is linear in the text.

use std::cell::RefCell;
use std::collections::HashMap;

use regex_lite::{Regex, RegexBuilder};

/// Characters of a pattern.
const LONGEST: usize = 500;
/// Bytes that a compiled pattern may take.
const SIZE: usize = 1 << 18;
/// Patterns kept compiled on a thread.
const KEPT: usize = 64;

thread_local! {
    static COMPILED: RefCell<HashMap<String, Option<Regex>>> = RefCell::new(HashMap::new());
}

/// Refuses what is not a pattern, with the reason.
pub fn check_pattern(pattern: &str) -> Result<(), String> {
    if pattern.chars().count() > LONGEST {
        return Err(format!("longer than {LONGEST} characters"));
    }
    compile(pattern).map(|_| ())
}

/// True when the whole text is as the pattern says; a pattern that is none is met by everything.
pub fn meets(pattern: &str, text: &str) -> bool {
    COMPILED.with_borrow_mut(|compiled| {
        if compiled.len() >= KEPT && !compiled.contains_key(pattern) {
            compiled.clear();
        }
        let regex = compiled.entry(pattern.to_owned()).or_insert_with(|| compile(pattern).ok());
        regex.as_ref().is_none_or(|regex| regex.is_match(text))
    })
}

fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(SIZE).nest_limit(50).build().map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_text_meets_the_pattern() {
        assert!(meets("[A-Z]{2}-[0-9]+", "SV-12"));
        assert!(!meets("[A-Z]{2}-[0-9]+", "SV-12 and more"));
        assert!(!meets("a|b", "ab"));
        assert!(meets("客户[0-9]", "客户1"));
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        assert!(check_pattern("[").is_err());
        assert!(check_pattern(&"(a{1000}){1000}".repeat(3)).is_err());
        assert!(check_pattern(&"(".repeat(200)).is_err());
        assert!(check_pattern("[0-9]{4}").is_ok());
    }
}
