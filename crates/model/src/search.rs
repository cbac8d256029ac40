//! The words by which records are found: which fields have them, how a text is cut into them, and how a question is.
//!
//! Letters and digits between blanks and marks are a word, and so is where the script changes: `二期Pro` has 二期 and pro. In scripts
//! without spaces a word may begin anywhere, so a run of Han, Kana or Hangul stands in the index with each of its ends, four characters
//! of it: 深圳腾讯 as 深圳腾讯, 圳腾讯, 腾讯, 讯. A record is found when each word of the question begins one of its words.

use std::collections::BTreeSet;

use crate::field::{FieldType, Kind};
use crate::text::fold;
use crate::{Field, Object, Value};

/// Characters of a run without spaces that are kept from each of its places on.
const PART: usize = 4;
/// Characters of a word that count.
const LONGEST: usize = 40;
/// Words of one field that are kept: of a name there are fewer, of a long text the first ones do.
const MOST: usize = 300;
/// Words of a question that count.
const ASKED: usize = 16;
/// Before a name as a whole; no word begins with it.
const WHOLE: char = '^';

/// The field by which people call a record: `name`, else the first text or number given by the product.
pub fn name_field(object: &Object) -> Option<&Field> {
    let named = object.field("name").filter(|field| matches!(field.kind.kind(), Kind::Text | Kind::Key));
    let first = || object.columns().find(|field| !field.system && (field.kind.kind() == Kind::Text || field.kind.name() == "auto_number"));
    named.or_else(first)
}

/// The fields in which words are looked for: the name, numbers given by the product, texts that are unique or fast, phones and e-mails.
pub fn searched(object: &Object) -> impl Iterator<Item = &Field> {
    let name = name_field(object).map(|field| field.key.as_str());
    object.columns().filter(move |field| match field.kind {
        _ if name == Some(field.key.as_str()) => true,
        FieldType::AutoNumber { .. } | FieldType::Phone | FieldType::Email => true,
        FieldType::Text { .. } => field.unique || field.fast,
        _ => false,
    })
}

/// The words of a field's value; of a name also the whole.
pub fn words(object: &Object, field: &Field, value: &Value) -> BTreeSet<String> {
    let Some(text) = value.as_text() else { return BTreeSet::new() };
    let mut words = match field.kind {
        FieldType::Phone => of_phone(text),
        _ => of_text(text),
    };
    if name_field(object).is_some_and(|name| name.key == field.key) {
        words.extend(whole(text));
    }
    words
}

/// A text as a whole, as names are kept: what begins with it comes right behind it.
pub fn whole(text: &str) -> Option<String> {
    let folded = fold(text);
    (!folded.is_empty()).then(|| std::iter::once(WHOLE).chain(folded.chars().take(LONGEST)).collect())
}

/// The words that each must begin a word of what is looked for. Empty where the question has none: then nothing meets it.
pub fn asked(question: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for run in runs(&fold(question)) {
        match run {
            Run::Word(word) => words.push(word.into_iter().take(LONGEST).collect()),
            Run::Dense(chars) if chars.len() <= PART => words.push(chars.into_iter().collect()),
            // Overlapping parts, all of which must be there.
            Run::Dense(chars) => {
                let last = chars.len() - PART;
                words.extend((0..last).step_by(PART / 2).chain([last]).map(|at| chars[at..at + PART].iter().collect::<String>()));
            }
        }
    }
    let mut seen = BTreeSet::new();
    words.retain(|word| seen.insert(word.clone()));
    // One that another begins with says nothing more.
    let all = words.clone();
    words.retain(|word| !all.iter().any(|other| other != word && other.starts_with(word.as_str())));
    words.truncate(ASKED);
    words
}

fn of_text(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for run in runs(&fold(text)) {
        match run {
            Run::Word(word) => {
                words.insert(word.into_iter().take(LONGEST).collect());
            }
            Run::Dense(chars) => {
                for at in 0..chars.len() {
                    words.insert(chars[at..chars.len().min(at + PART)].iter().collect());
                }
            }
        }
        if words.len() >= MOST {
            break;
        }
    }
    words
}

/// A number is found from each of its groups on, however it is divided, and by its last four digits.
fn of_phone(text: &str) -> BTreeSet<String> {
    let folded = fold(text);
    let groups: Vec<String> = folded
        .split(|c: char| !c.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .map(|group| group.chars().take(LONGEST).collect())
        .collect();
    let mut words = BTreeSet::new();
    for at in 0..groups.len() {
        words.insert(groups[at..].concat().chars().take(LONGEST).collect::<String>());
    }
    let all = groups.concat();
    if all.len() > 4 {
        words.insert(all[all.len() - 4..].to_owned());
    }
    words
}

enum Run {
    /// Letters and digits of scripts with spaces.
    Word(Vec<char>),
    /// Of scripts without.
    Dense(Vec<char>),
}

fn runs(folded: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for c in folded.chars() {
        if is_dense(c) {
            match runs.last_mut() {
                Some(Run::Dense(run)) if open => run.push(c),
                _ => runs.push(Run::Dense(vec![c])),
            }
            open = true;
        } else if c.is_alphanumeric() {
            match runs.last_mut() {
                Some(Run::Word(run)) if open => run.push(c),
                _ => runs.push(Run::Word(vec![c])),
            }
            open = true;
        } else {
            open = false;
        }
    }
    runs
}

/// Han, Kana, Hangul, and the marks that are read with them.
fn is_dense(c: char) -> bool {
    matches!(c as u32,
        0x3005..=0x3007 | 0x3021..=0x3029 | 0x3041..=0x3096 | 0x309D..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x30FF | 0x3105..=0x312F
        | 0x31A0..=0x31BF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0x1100..=0x11FF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF
        | 0x1B000..=0x1B16F | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, question: &str) -> bool {
        let words = of_text(text);
        let asked = asked(question);
        !asked.is_empty() && asked.iter().all(|word| words.iter().any(|known| known.starts_with(word.as_str())))
    }

    #[test]
    fn words_are_found_by_their_beginnings() {
        for question in ["roc", "ACME", "rockets acme", "ＡＣＭＥ", "acme-rock", "2026", "opp-2026-0042", "opp 0042"] {
            assert!(found("Acme Rockets (OPP-2026-0042)", question), "{question}");
        }
        for question in ["ockets", "rockett", "acme rail", "", "%", "--"] {
            assert!(!found("Acme Rockets (OPP-2026-0042)", question), "{question}");
        }
    }

    #[test]
    fn any_part_of_a_run_without_spaces_is_found_and_the_script_divides() {
        let name = "深圳腾讯科技二期Pro升级";
        for question in ["深", "腾讯", "讯科技二", "圳腾讯科技", "深圳腾讯科技二期", "二期", "pro", "PRO升级", "级", "科技 深圳"]
        {
            assert!(found(name, question), "{question}");
        }
        for question in ["讯腾", "深圳科技", "深圳腾讯二期科技", "ro"] {
            assert!(!found(name, question), "{question}");
        }
        assert!(found("東京タワー計画", "ワー計") && found("서울시청 본관", "시청") && found("ｶﾀｶﾅ", "タカ"));
    }

    #[test]
    fn phones_are_found_by_their_groups_and_their_end() {
        let words = of_phone("+49 (421) 555-1234");
        for begun in ["49421", "421555", "5551", "1234"] {
            assert!(words.iter().any(|word| word.starts_with(begun)), "{begun}");
        }
        assert!(of_phone("13812345678").contains("5678"));
    }

    #[test]
    fn a_question_says_nothing_twice_and_has_an_end() {
        assert_eq!(asked("ac acme ac"), ["acme"]);
        assert_eq!(asked(&(0..100).map(|n| format!("w{n:03} ")).collect::<String>()).len(), ASKED);
        assert_eq!(asked(&"x".repeat(500))[0].len(), LONGEST);
        assert_eq!(whole("  Acme  Rockets"), Some("^acme rockets".to_owned()));
        assert!(of_text(&"字".repeat(1000)).len() < 10 && of_text(&"a1 b2 ".repeat(1000)).len() == 2);
    }

    #[test]
    fn names_numbers_phones_and_unique_texts_are_searched() {
        let keys = |object: &str| {
            let object = crate::objects::preset().into_iter().find(|known| known.key == object).unwrap();
            searched(&object).map(|field| field.key.clone()).collect::<Vec<_>>()
        };
        assert_eq!(keys("account"), ["name", "phone"]);
        assert!(keys("contact").contains(&"email".to_owned()));
        assert!(keys("opportunity").contains(&"name".to_owned()));
    }
}
