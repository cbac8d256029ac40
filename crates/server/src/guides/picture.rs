//! Which files are pictures, and how large each is, so that a page keeps its place while pictures come in.

/// What a picture of this name is sent as; none of what is none.
pub fn kind(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "webp" => Some("image/webp"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

/// Width and height of a WebP picture, or of an SVG that names them first; none of what is something else.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.starts_with(b"<svg ") {
        let head = std::str::from_utf8(bytes.split(|byte| *byte == b'>').next()?).ok()?;
        let named = |name: &str| head.split_once(name)?.1.split_once('"')?.0.parse().ok();
        return Some((named(" width=\"")?, named(" height=\"")?));
    }
    if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WEBP" {
        return None;
    }
    let at = |index: usize| bytes.get(index).map(|byte| u32::from(*byte));
    match bytes.get(12..16)? {
        b"VP8 " => Some(((at(26)? | at(27)? << 8) & 0x3fff, (at(28)? | at(29)? << 8) & 0x3fff)),
        b"VP8L" => {
            let bits = at(21)? | at(22)? << 8 | at(23)? << 16 | at(24)? << 24;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some(((at(24)? | at(25)? << 8 | at(26)? << 16) + 1, (at(27)? | at(28)? << 8 | at(29)? << 16) + 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_tells_its_size_at_its_beginning() {
        let drawn = br#"<svg width="960" height="480" viewBox="0 0 960 480"><rect width="1" height="2"/></svg>"#;
        assert_eq!((size(drawn), kind("growth/people.svg")), (Some((960, 480)), Some("image/svg+xml")));
        assert_eq!(
            (size(b"<svg viewBox=\"0 0 1 1\"><rect width=\"1\" height=\"2\"/></svg>"), size(b""), kind("index.md")),
            (None, None, None)
        );
    }
}
