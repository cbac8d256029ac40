//! Texts by what they are: their normal forms.

use std::cell::RefCell;
use std::rc::Rc;

use super::name::Name;
use super::nature::Nature;
use super::{email, phone, plain, url};

/// The form in which two texts of one nature are the same; blank where there is nothing to compare.
pub fn normal(nature: Nature, text: &str, country: &str) -> String {
    match nature {
        Nature::Text | Nature::Long => plain::normal(text),
        Nature::Company => Name::of_company(text).core,
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

thread_local! {
    /// The name that was read last as the one that others are compared with: it is so many times in a row.
    static LAST: RefCell<Option<(Nature, String, Rc<Name>)>> = const { RefCell::new(None) };
}

/// The same for the text that many others are compared with, read once.
pub fn name_of_many(nature: Nature, text: &str, country: &str) -> Rc<Name> {
    if nature == Nature::Phone {
        // What it says depends on the country as well.
        return Rc::new(name(nature, text, country));
    }
    LAST.with_borrow_mut(|last| match last {
        Some((of, from, name)) if *of == nature && from == text => Rc::clone(name),
        _ => {
            let read = Rc::new(name(nature, text, country));
            *last = Some((nature, text.to_owned(), Rc::clone(&read)));
            read
        }
    })
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
