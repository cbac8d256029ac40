//! Text, as comparisons see it.

use crate::text::fold;

/// Folded (NFKC, lower case) and without punctuation, words apart by single spaces, but not between characters of Chinese. Where nothing
/// would remain the folded text stands as it is.
pub fn normal(text: &str) -> String {
    joined(&parts(text).split(' ').collect::<Vec<_>>())
}

/// Words behind one another.
pub fn joined(words: &[&str]) -> String {
    let mut normal = String::with_capacity(words.iter().map(|word| word.len() + 1).sum());
    for word in words {
        let beside = normal.chars().next_back().is_some_and(is_han) && word.starts_with(is_han);
        if !normal.is_empty() && !beside {
            normal.push(' ');
        }
        normal.push_str(word);
    }
    normal
}

/// The same with what stood between characters of Chinese as spaces.
pub fn parts(text: &str) -> String {
    let folded = fold(text);
    let mut normal = String::with_capacity(folded.len());
    let mut gap = false;
    for c in folded.chars() {
        match c {
            // What joins letters of one word: O'Neill is ONeill.
            '\'' | '’' | '‘' | '`' | '´' | '\u{200b}' | '\u{feff}' | '\u{ad}' => {}
            c if c.is_alphanumeric() => {
                if gap && !normal.is_empty() {
                    normal.push(' ');
                }
                gap = false;
                normal.push(c);
            }
            // Marks over letters that have no form of their own with them, as in Hindi.
            c if !c.is_ascii() && !c.is_whitespace() && !punctuation(c) => {
                normal.push(c);
            }
            _ => gap = true,
        }
    }
    if normal.is_empty() { folded } else { normal }
}

/// Punctuation and symbols outside ASCII.
fn punctuation(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{bf}' | '×' | '÷' | '\u{2000}'..='\u{206f}' | '\u{20a0}'..='\u{20cf}' | '\u{2100}'..='\u{2bff}' | '\u{2e00}'..='\u{2e7f}'
        | '\u{3000}'..='\u{3020}' | '\u{3030}' | '\u{30fb}' | '\u{fe10}'..='\u{fe6f}' | '\u{ff00}'..='\u{ffef}' | '\u{e000}'..='\u{f8ff}'
        | '\u{1f000}'..='\u{1faff}')
}

/// True for the characters of Chinese, which are written without spaces.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇' | '々')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_space_and_punctuation_do_not_count() {
        for text in ["ＡＣＭＥ  Tools", "acme-tools", "Acme, Tools!", "«Acme» (Tools)"] {
            assert_eq!(normal(text), "acme tools", "{text}");
        }
        assert_eq!(normal("O’Neill & Söhne"), "oneill söhne");
        assert_eq!(normal("华星（上海）科技"), "华星上海科技");
        assert_eq!(normal("हिन्दी"), "हिन्दी");
    }

    #[test]
    fn what_is_punctuation_alone_stands() {
        assert_eq!(normal(" ??? "), "???");
        assert_ne!(normal("???"), normal("!!!"));
    }
}
