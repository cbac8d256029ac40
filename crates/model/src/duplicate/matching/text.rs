//! Texts by what they are: their normal forms.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::KeyKind;
use super::name::Name;
use super::nature::Nature;
use super::{email, phone, plain, url};

/// The form in which two texts of one nature are the same; blank where there is nothing to compare.
pub fn normal(nature: Nature, text: &str, country: &str) -> String {
    match nature {
        Nature::Text | Nature::Long => plain::normal(text),
        Nature::Company => name_again(nature, text, country).core.to_string(),
        Nature::Email => email::normal(text),
        Nature::Url => url::normal(text),
        Nature::Phone => match phone::read(text, country) {
            Some(phone) if phone.extension.is_empty() => phone.digits,
            Some(phone) => format!("{}x{}", phone.digits, phone.extension),
            None => plain::normal(text),
        },
    }
}

/// The name that a text is, or that its words are compared as.
pub fn name(nature: Nature, text: &str, country: &str) -> Name {
    match nature {
        Nature::Company => Name::of_company(text),
        Nature::Text => Name::of_text(text),
        _ => Name::of_text(&normal(nature, text, country)),
    }
}

/// Names that a thread keeps as it has read them, and keys as it has drawn them: a record that is saved is asked with, entered among those it
/// is saved with, and entered in the index.
const KEPT: usize = 1_024;
const KEPT_KEYS: usize = 2_048;

/// Whose keys: their kind, as what the text is read, and the text.
type Drawn = (KeyKind, Nature, String);

thread_local! {
    static DRAWN: RefCell<HashMap<Drawn, Arc<[i64]>>> = RefCell::default();
    /// Names that were read of late: the same ones are compared with one record after the other.
    static READ: RefCell<HashMap<(Nature, String), Arc<Name>>> = RefCell::default();
}

/// The same, read once where the same text comes again and again.
pub fn name_again(nature: Nature, text: &str, country: &str) -> Arc<Name> {
    if nature == Nature::Phone {
        // What it says depends on the country as well.
        return Arc::new(name(nature, text, country));
    }
    READ.with_borrow_mut(|read| {
        let at = (nature, text.to_owned());
        if let Some(name) = read.get(&at) {
            return Arc::clone(name);
        }
        let name = Arc::new(name(nature, text, country));
        if read.len() >= KEPT {
            read.clear();
        }
        read.insert(at, Arc::clone(&name));
        name
    })
}

/// Keys of a text that is compared as what it says alone, drawn once where the same comes again and again.
pub fn keys_again(kind: KeyKind, nature: Nature, text: &str, draw: impl FnOnce() -> Vec<i64>) -> Vec<i64> {
    // What the digits of a text are depends on the country as well.
    if !matches!((kind, nature), (KeyKind::Whole | KeyKind::Parts, Nature::Text | Nature::Company)) {
        return draw();
    }
    DRAWN.with_borrow_mut(|drawn| {
        let at = (kind, nature, text.to_owned());
        if let Some(keys) = drawn.get(&at) {
            return keys.to_vec();
        }
        let keys = draw();
        if drawn.len() >= KEPT_KEYS {
            drawn.clear();
        }
        drawn.insert(at, keys.as_slice().into());
        keys
    })
}

/// True where the normal forms of two texts are the same.
pub fn same(nature: Nature, a: &str, b: &str, country: &str) -> bool {
    match nature {
        Nature::Company => a == b || name_again(nature, a, country).core == name_again(nature, b, country).core,
        _ => normal(nature, a, country) == normal(nature, b, country),
    }
}

/// How much of the longer text the shorter is, in percent, where it stands in it as a whole. Less than two characters of Chinese or three
/// others stand in too much to tell anything.
pub fn contained(a: &str, b: &str) -> Option<u8> {
    let (long, short) = if a.chars().count() >= b.chars().count() { (a, b) } else { (b, a) };
    let telling = short.chars().count() >= if short.chars().any(plain::is_han) { 2 } else { 3 };
    let part = telling && long.contains(short);
    part.then(|| u8::try_from(short.chars().count() * 100 / long.chars().count()).unwrap_or(100).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_told_by_how_much_it_is() {
        assert_eq!(contained("acme", "acme tools"), Some(40));
        assert_eq!(contained("acme tools", "acme"), Some(40));
        assert_eq!(contained("acme", "acme"), Some(100));
        assert_eq!((contained("ac", "acme"), contained("acne", "acme tools")), (None, None));
        assert_eq!(contained("华星", "华星科技"), Some(50));
    }
}
