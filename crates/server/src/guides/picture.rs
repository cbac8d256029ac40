//! How large a picture is, so that a page keeps its place while pictures come in.

/// Width and height of a WebP picture; none of what is something else.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
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
