//! The picture of the letterhead.

use krilla::image::Image;

use crate::Fault;

const PNG: &[u8] = &[0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF];

/// The most that a logo may have on either side, in pixels: a small file can be of a size that no memory holds.
pub const LARGEST_SIDE: u32 = 4000;

/// Reads a picture in PNG or JPEG.
pub fn read(bytes: &[u8]) -> Result<Image, Fault> {
    if size_told(bytes).is_none_or(|(width, height)| width == 0 || height == 0 || width.max(height) > LARGEST_SIDE) {
        return Err(Fault::Logo);
    }
    let image =
        if bytes.starts_with(PNG) { Image::from_png(bytes.to_vec().into(), true) } else { Image::from_jpeg(bytes.to_vec().into(), true) };
    image.map_err(|_| Fault::Logo)
}

/// The media type of a picture, by how it begins; `None` for anything but PNG and JPEG.
pub fn media_type(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(PNG) {
        Some("image/png")
    } else if bytes.starts_with(JPEG) {
        Some("image/jpeg")
    } else {
        None
    }
}

/// How large the picture says it is, read before it is unpacked.
fn size_told(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.starts_with(PNG) {
        let side = |at: usize| bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes);
        return Some((side(16)?, side(20)?));
    }
    if !bytes.starts_with(JPEG) {
        return None;
    }
    let two = |at: usize| bytes.get(at..at + 2).map(|two| u32::from(two[0]) << 8 | u32::from(two[1]));
    let mut at = 2;
    loop {
        // Segments follow each other; the one that begins a frame tells the sides.
        let kind = u8::try_from(two(at)? & 0xFF).ok()?;
        if two(at)? >> 8 != 0xFF {
            return None;
        }
        match kind {
            0xFF => at += 1,
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => return Some((two(at + 7)?, two(at + 5)?)),
            0x01 | 0xD0..=0xD8 => at += 2,
            _ => at += 2 + usize::try_from(two(at + 2)?).ok()?.max(2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_is_refused() {
        for bytes in [&b""[..], b"GIF89a", PNG, JPEG, b"\xFF\xD8\xFF\xE0\x00\x00", b"<svg/>"] {
            assert!(matches!(read(bytes), Err(Fault::Logo)));
        }
        // A head that tells of 50,000 by 50,000 pixels.
        let mut vast = PNG.to_vec();
        vast.extend([0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50, 8, 6, 0, 0, 0]);
        assert!(matches!(read(&vast), Err(Fault::Logo)));
    }
}
