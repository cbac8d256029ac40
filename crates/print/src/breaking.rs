//! Text into lines of a width.

use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_normalization::UnicodeNormalization;

use crate::face::{self, Weight};

/// The lines of `text`, none wider than `width` at `size`. Latin breaks at blanks, Chinese between characters where its
/// punctuation allows, and a word that is wider than the line wherever it must.
pub fn lines(text: &str, weight: Weight, size: f32, width: f32) -> Vec<String> {
    let text = cleaned(text);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        fill(paragraph, weight, width / size, &mut lines);
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// As the fonts have it: accents joined with their letters, one kind of line end, no signs that only steer machines.
fn cleaned(text: &str) -> String {
    let text = text.trim().replace("\r\n", "\n");
    text.nfc()
        .filter_map(|letter| match letter {
            '\n' | '\u{2028}' | '\u{2029}' | '\r' => Some('\n'),
            '\t' => Some(' '),
            '\u{FEFF}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => None,
            letter if letter.is_control() => None,
            letter => Some(letter),
        })
        .collect()
}

/// Greedy: what follows the last place to break that still fits begins the next line. `width` is in parts of the size.
fn fill(paragraph: &str, weight: Weight, width: f32, lines: &mut Vec<String>) {
    let mut line = String::new();
    let mut wide = 0.0;
    let mut from = 0;
    for (to, kind) in linebreaks(paragraph) {
        let piece = &paragraph[from..to];
        from = to;
        let bare = face::width(piece.trim_end_matches(' '), weight);
        if !line.is_empty() && wide + bare > width {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            wide = 0.0;
        }
        if bare > width {
            wide = cut(piece, weight, width, &mut line, lines);
        } else {
            line.push_str(piece);
            wide += face::width(piece, weight);
        }
        if kind == BreakOpportunity::Mandatory && to < paragraph.len() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            wide = 0.0;
        }
    }
    lines.push(line.trim_end().to_owned());
}

/// Cuts a word that no line can hold between any two of its letters, and says how wide the rest is.
fn cut(word: &str, weight: Weight, width: f32, line: &mut String, lines: &mut Vec<String>) -> f32 {
    let mut wide = 0.0;
    for letter in word.chars() {
        let letter_width = face::width(letter.encode_utf8(&mut [0; 4]), weight);
        if !line.is_empty() && wide + letter_width > width {
            lines.push(std::mem::take(line));
            wide = 0.0;
        }
        line.push(letter);
        wide += letter_width;
    }
    wide
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, width: f32) -> Vec<String> {
        lines(text, Weight::Regular, 10.0, width)
    }

    #[test]
    fn latin_breaks_at_blanks_and_drops_them_at_the_end() {
        assert_eq!(at("Rotary pump for cold water", 75.0), ["Rotary pump", "for cold water"]);
        assert_eq!(at("one\r\ntwo\n\nthree\n", 100.0), ["one", "two", "", "three"]);
    }

    #[test]
    fn chinese_breaks_between_characters_but_no_line_begins_with_closing_punctuation() {
        // Seven would fit; the comma as the eighth takes the character before it along.
        assert_eq!(at("一二三四五六七，八九", 70.5), ["一二三四五六", "七，八九"]);
        assert_eq!(at("一二三四五六（七八）九", 70.5), ["一二三四五六", "（七八）九"]);
        for text in ["报价有效期为三十天，自报价之日起计算；逾期须重新报价。（含税）", "“测试”、《合同》：内容！"]
        {
            for width in [30.5, 40.5, 50.5, 60.5] {
                for line in at(text, width) {
                    assert!(!line.starts_with(['，', '。', '；', '：', '、', '！', '）', '》', '”']), "{line}");
                    assert!(!line.ends_with(['（', '《', '“']), "{line}");
                }
            }
        }
    }

    #[test]
    fn figures_with_their_units_stay_whole() {
        assert_eq!(at("总额为1,234.50元", 60.0), ["总额为", "1,234.50元"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_cut() {
        let lines = at("PART-0123456789012345678901234567890123456789", 60.0);
        assert!(lines.len() > 3);
        assert_eq!(lines.concat(), "PART-0123456789012345678901234567890123456789");
        for line in lines {
            assert!(face::width(&line, Weight::Regular) * 10.0 <= 60.0, "{line}");
        }
    }

    #[test]
    fn accents_are_joined_and_steering_signs_dropped() {
        assert_eq!(at("e\u{301}\u{202E}x\u{7}", 100.0), ["éx"]);
        assert_eq!(at("  ", 100.0), Vec::<String>::new());
    }
}
