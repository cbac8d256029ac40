//! From text to rhai's syntax tree, within limits, with refusals in our words.

use std::sync::OnceLock;

use rhai::{AST, Engine, LexError, ParseErrorType, Position};

use crate::Violation;

/// Longest formula, in characters.
pub const MAX_LENGTH: usize = 5_000;
/// Deepest nesting. Operators in a row count too: rhai builds them one into the other.
pub const MAX_DEPTH: usize = 100;

/// The reader of formulas. It knows no function and runs nothing: only its grammar is used.
fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let mut engine = Engine::new_raw();
        engine.set_max_expr_depths(MAX_DEPTH);
        engine.set_max_string_size(MAX_LENGTH * 4);
        engine
    })
}

/// The syntax tree of a formula.
pub fn parsed(source: &str) -> Result<AST, Violation> {
    if source.chars().nth(MAX_LENGTH).is_some() {
        return Err(Violation::new("formula.too_long", "formula").with("max", MAX_LENGTH));
    }
    if !crate::text::storable(source) {
        return Err(syntax("the character U+0000 is not allowed"));
    }
    if source.trim().is_empty() {
        return Err(syntax("the formula is empty"));
    }
    // rhai counts lines by \r in some places and not in others; without it, places are as one sees them.
    let plain = source.replace("\r\n", " \n").replace('\r', "\n");
    engine().compile_expression(&plain).map_err(|error| {
        let at = Places::new(source).at(error.position());
        refused(error.err_type()).with("from", at.0).with("to", at.1)
    })
}

/// A refusal of how the formula is written.
pub fn syntax(reason: &str) -> Violation {
    Violation::new("formula.syntax", "formula").with("reason", reason)
}

fn refused(error: &ParseErrorType) -> Violation {
    match error {
        ParseErrorType::ExprTooDeep => Violation::new("formula.too_deep", "formula").with("max", MAX_DEPTH),
        ParseErrorType::UnexpectedEOF => syntax("the formula ends too early"),
        ParseErrorType::MissingToken(token, _) => syntax(&format!("“{token}” is missing")),
        ParseErrorType::ExprExpected(_) => syntax("a value is missing"),
        ParseErrorType::MismatchedType(..) => {
            Violation::new("formula.type", "formula").with("expected", "true or false").with("found", "another value")
        }
        ParseErrorType::UnknownOperator(word)
        | ParseErrorType::Reserved(word)
        | ParseErrorType::BadInput(LexError::UnexpectedInput(word)) => syntax(&format!("“{word}” has no place here")),
        ParseErrorType::BadInput(LexError::UnterminatedString) => syntax("a text is not closed"),
        ParseErrorType::BadInput(LexError::MalformedNumber(_)) => syntax("a number cannot be read"),
        ParseErrorType::BadInput(LexError::MalformedEscapeSequence(_)) => syntax("a text has a backslash that means nothing"),
        ParseErrorType::BadInput(LexError::MalformedChar(_)) => syntax("text stands between double quotes"),
        _ => syntax("this has no place in a formula"),
    }
}

/// Where things are in a formula, counted in characters from 0.
pub struct Places {
    lines: Vec<usize>,
    characters: Vec<char>,
}

impl Places {
    pub fn new(source: &str) -> Places {
        let characters: Vec<char> = source.chars().collect();
        let breaks = characters
            .iter()
            .enumerate()
            .filter(|(at, c)| **c == '\n' || (**c == '\r' && characters.get(at + 1) != Some(&'\n')))
            .map(|(at, _)| at + 1);
        Places { lines: std::iter::once(0).chain(breaks).collect(), characters }
    }

    /// From where to where the word, number, text or sign at a position goes.
    pub fn at(&self, position: Position) -> (usize, usize) {
        let end = self.characters.len();
        let Some(line) = position.line() else { return (end, end) };
        let start = self.lines.get(line - 1).copied().unwrap_or(end);
        let from = (start + position.position().unwrap_or(1).saturating_sub(1)).min(end);
        (from, self.word_end(from))
    }

    fn word_end(&self, from: usize) -> usize {
        let rest = &self.characters[from..];
        let run = |fits: fn(&char) -> bool| rest.iter().take_while(|c| fits(c)).count();
        let length = match rest.first() {
            None => 0,
            Some('"' | '`' | '\'') => {
                let mut escaped = false;
                let close = rest.iter().skip(1).position(|c| {
                    let closes = !escaped && *c == rest[0];
                    escaped = !escaped && *c == '\\';
                    closes
                });
                close.map_or(rest.len(), |at| at + 2)
            }
            Some(c) if c.is_alphanumeric() || *c == '_' => run(|c| c.is_alphanumeric() || matches!(c, '_' | '.')),
            Some('=' | '!' | '<' | '>' | '&' | '|' | '?') => run(|c| matches!(c, '=' | '!' | '<' | '>' | '&' | '|' | '?')),
            Some('(') if rest.get(1) == Some(&')') => 2,
            Some(_) => 1,
        };
        from + length
    }
}
