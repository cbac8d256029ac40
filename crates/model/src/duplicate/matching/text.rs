//! Texts against texts: their normal forms, how alike those are, and the keys under which they are found.

use super::nature::Nature;
use super::{email, phone, plain, url};

/// The form in which two texts of one nature are the same; blank where there is nothing to compare.
pub fn normal(nature: Nature, text: &str, country: &str) -> String {
    match nature {
        Nature::Text | Nature::Company | Nature::Long => plain::normal(text),
        Nature::Email => email::normal(text),
        Nature::Url => url::normal(text),
        Nature::Phone => match phone::read(text, country) {
            Some(phone) if phone.extension.is_empty() => phone.digits,
            Some(phone) => format!("{}x{}", phone.digits, phone.extension),
            None => plain::normal(text),
        },
    }
}

/// How alike two normal forms are, in percent: changes of letters against their number.
pub fn alike(a: &str, b: &str) -> u8 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let longest = a.len().max(b.len());
    let left = longest - super::edit::distance(&a, &b).min(longest);
    u8::try_from((left * 100).checked_div(longest).unwrap_or(0)).unwrap_or(100)
}

/// How much of the longer text the shorter is, in percent, where it stands in it as a whole. Less than two characters of Chinese or three
/// others stand in too much to tell anything.
pub fn contained(a: &str, b: &str) -> Option<u8> {
    let (long, short) = if a.chars().count() >= b.chars().count() { (a, b) } else { (b, a) };
    let telling = short.chars().count() >= if short.chars().any(plain::is_han) { 2 } else { 3 };
    let part = telling && long.contains(short);
    part.then(|| u8::try_from(short.chars().count() * 100 / long.chars().count()).unwrap_or(100).max(1))
}

/// Pieces of a normal form: pairs of characters of Chinese, threes of others.
pub fn grams(normal: &str) -> Vec<String> {
    let mut grams = Vec::new();
    for word in normal.split(' ').filter(|word| !word.is_empty()) {
        let letters: Vec<char> = word.chars().collect();
        let size = if letters.iter().any(|c| plain::is_han(*c)) { 2 } else { 3 };
        if letters.len() <= size {
            grams.push(word.to_owned());
        }
        grams.extend(letters.windows(size).map(|window| window.iter().collect::<String>()));
    }
    grams.sort();
    grams.dedup();
    grams
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
