//! Sheets with marks on them, in points from the upper left corner.

use crate::document::Paper;
use crate::face::{self, Weight};

/// A grey or the accent that marks are made with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ink {
    /// What is read first.
    Black,
    /// Labels and what accompanies.
    Grey,
    /// Lines between rows.
    Hair,
    /// The ground of the table's head.
    Wash,
}

/// How letters look.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    pub size: f32,
    pub weight: Weight,
    pub ink: Ink,
}

impl Type {
    /// Black letters of ordinary weight.
    pub const fn of(size: f32) -> Type {
        Type { size, weight: Weight::Regular, ink: Ink::Black }
    }

    /// The same in bold.
    pub const fn bold(self) -> Type {
        Type { weight: Weight::Bold, ..self }
    }

    /// The same in grey.
    pub const fn grey(self) -> Type {
        Type { ink: Ink::Grey, ..self }
    }

    /// From one line's base to the next.
    pub fn leading(self) -> f32 {
        (self.size * 1.4).ceil()
    }

    /// From the top of a line to the base of its letters.
    pub fn rise(self) -> f32 {
        self.size * 1.06
    }

    /// How wide `text` is.
    pub fn width(self, text: &str) -> f32 {
        face::width(text, self.weight) * self.size
    }
}

/// Where a line of text stands against its `x`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    Left,
    Right,
}

/// One thing on a sheet.
#[derive(Clone, Debug)]
pub enum Mark {
    Text { x: f32, base: f32, text: String, kind: Type },
    Box { x: f32, y: f32, width: f32, height: f32, ink: Ink },
    Logo { x: f32, y: f32, width: f32, height: f32 },
}

/// The measures of the paper.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    pub width: f32,
    pub height: f32,
    pub margin: f32,
    pub top: f32,
    /// Where the foot of the sheet begins.
    pub bottom: f32,
}

impl Measure {
    /// Those of `paper`, with `foot` left for what stands at the foot of every sheet.
    pub fn of(paper: Paper, foot: f32) -> Measure {
        let (width, height) = match paper {
            Paper::A4 => (595.28, 841.89),
            Paper::Letter => (612.0, 792.0),
        };
        Measure { width, height, margin: 54.0, top: 46.0, bottom: height - 34.0 - foot }
    }

    /// The right edge of what is printed.
    pub fn right(&self) -> f32 {
        self.width - self.margin
    }

    /// The width of what is printed.
    pub fn inner(&self) -> f32 {
        self.width - 2.0 * self.margin
    }
}

/// Sheets as they fill, and how far down the last one is full.
pub struct Pile {
    pub measure: Measure,
    pub sheets: Vec<Vec<Mark>>,
    pub y: f32,
    /// Where the text begins on every sheet but the first.
    later_top: f32,
}

impl Pile {
    /// One empty sheet.
    pub fn new(measure: Measure, later_top: f32) -> Pile {
        Pile { measure, sheets: vec![Vec::new()], y: measure.top, later_top }
    }

    /// What is left on this sheet.
    pub fn room(&self) -> f32 {
        self.measure.bottom - self.y
    }

    /// What an empty sheet, not the first, has room for.
    pub fn whole(&self) -> f32 {
        self.measure.bottom - self.later_top
    }

    /// Begins a new sheet where `height` has no room on this one; true when it did.
    pub fn need(&mut self, height: f32) -> bool {
        let turns = height > self.room() && self.y > self.later_top;
        if turns {
            self.turn();
        }
        turns
    }

    /// Begins a new sheet.
    pub fn turn(&mut self) {
        self.sheets.push(Vec::new());
        self.y = self.later_top;
    }

    /// Puts a mark on the last sheet.
    pub fn put(&mut self, mark: Mark) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.push(mark);
        }
    }

    /// Writes one line with its top at `y`.
    pub fn write(&mut self, x: f32, y: f32, side: Side, kind: Type, text: &str) {
        if let Some(mark) = line(x, y, side, kind, text) {
            self.put(mark);
        }
    }

    /// A line across what is printed.
    pub fn rule(&mut self, y: f32, thick: f32, ink: Ink) {
        let (x, width) = (self.measure.margin, self.measure.inner());
        self.put(Mark::Box { x, y: y - thick / 2.0, width, height: thick, ink });
    }
}

/// One line of text with its top at `y`; `None` for an empty one.
pub fn line(x: f32, y: f32, side: Side, kind: Type, text: &str) -> Option<Mark> {
    let x = if side == Side::Right { x - kind.width(text) } else { x };
    (!text.is_empty()).then(|| Mark::Text { x, base: y + kind.rise(), text: text.to_owned(), kind })
}
