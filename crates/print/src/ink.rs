//! Sheets into a PDF.

use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::Configuration;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

use crate::Fault;
use crate::face;
use crate::sheet::{Ink, Mark, Measure, Type};

/// How thick the stroke around a thickened letter is, in parts of its size.
const THICKENING: f32 = 0.015;

/// The bytes of a PDF with these sheets.
pub fn write(measure: Measure, sheets: &[Vec<Mark>], logo: Option<&Image>, metadata: Metadata) -> Result<Vec<u8>, Fault> {
    let settings = SerializeSettings { enable_tagging: false, configuration: Configuration::new(), ..SerializeSettings::default() };
    let mut pdf = krilla::Document::new_with(settings);
    pdf.set_metadata(metadata);
    for sheet in sheets {
        let size = PageSettings::from_wh(measure.width, measure.height).ok_or(Fault::Unwritten)?;
        let mut page = pdf.start_page_with(size);
        let mut surface = page.surface();
        for mark in sheet {
            draw(&mut surface, mark, logo);
        }
        surface.finish();
        page.finish();
    }
    pdf.finish().map_err(|_| Fault::Unwritten)
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, logo: Option<&Image>) {
    match mark {
        Mark::Text { x, base, text, kind } => letters(surface, *x, *base, text, *kind),
        Mark::Box { x, y, width, height, ink } => {
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.set_stroke(None);
                surface.set_fill(Some(fill(*ink)));
                surface.draw_path(&path);
            }
        }
        Mark::Logo { x, y, width, height } => {
            if let (Some(image), Some(size)) = (logo, Size::from_wh(*width, *height)) {
                surface.push_transform(&Transform::from_translate(*x, *y));
                surface.draw_image(image.clone(), size);
                surface.pop();
            }
        }
    }
}

fn letters(surface: &mut Surface<'_>, mut x: f32, base: f32, text: &str, kind: Type) {
    surface.set_fill(Some(fill(kind.ink)));
    for stretch in face::shape(text, kind.weight) {
        let stroke =
            stretch.thickened.then(|| Stroke { paint: colour(kind.ink).into(), width: kind.size * THICKENING, ..Stroke::default() });
        surface.set_stroke(stroke);
        surface.draw_glyphs(Point::from_xy(x, base), &stretch.glyphs, stretch.font, &stretch.text, kind.size, false);
        x += stretch.width * kind.size;
    }
    surface.set_stroke(None);
}

fn fill(ink: Ink) -> Fill {
    Fill { paint: colour(ink).into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

fn colour(ink: Ink) -> rgb::Color {
    match ink {
        Ink::Black => rgb::Color::new(0x1A, 0x1D, 0x21),
        Ink::Grey => rgb::Color::new(0x5B, 0x63, 0x6E),
        Ink::Hair => rgb::Color::new(0xD5, 0xD9, 0xDF),
        Ink::Wash => rgb::Color::new(0xF2, 0xF4, 0xF6),
    }
}
