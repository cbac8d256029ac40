//! How text is compared and searched.

use unicode_normalization::UnicodeNormalization;

/// Text as comparisons see it: NFKC (full-width letters become plain ones), lower case, white space squeezed and trimmed.
/// Stored beside each text column, since the two databases fold letters differently.
pub fn fold(text: &str) -> String {
    // Most text is, and has no other forms.
    if text.is_ascii() {
        squeezed(text.chars().map(|c| c.to_ascii_lowercase()), text.len())
    } else {
        squeezed(text.nfkc().flat_map(char::to_lowercase), text.len())
    }
}

fn squeezed(letters: impl Iterator<Item = char>, length: usize) -> String {
    let mut folded = String::with_capacity(length);
    let mut gap = false;
    for c in letters {
        if c.is_whitespace() {
            gap = !folded.is_empty();
        } else {
            if gap {
                folded.push(' ');
                gap = false;
            }
            folded.push(c);
        }
    }
    folded
}

/// True when both databases can keep `text`: PostgreSQL takes no U+0000.
pub fn storable(text: &str) -> bool {
    !text.contains('\0')
}

/// True for a key of an object, field or option: a letter, then letters, digits and underscores, all lower case, at most 50.
pub fn is_key(text: &str) -> bool {
    text.len() <= 50
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_case_width_and_spaces() {
        assert_eq!(fold("  ＡＣＭＥ\u{3000}\t Ärzte "), "acme ärzte");
        assert_eq!(fold("深圳 腾讯"), "深圳 腾讯");
        assert_eq!(fold(&fold("ﬁne İstanbul")), fold("ﬁne İstanbul"));
    }
}
