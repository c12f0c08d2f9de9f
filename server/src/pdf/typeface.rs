//! The font, as it lies in the program or in a file, and the part of it that one document uses.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use subsetter::GlyphRemapper;
use ttf_parser::{Face, Tag, name_id};

const BUILT_IN: &[u8] = include_bytes!("font/NotoSansSC-GB2312.ttf");
/// What Chinese printers set for a character that they have no type for.
const NO_TYPE: char = '〓';

#[derive(Debug, thiserror::Error)]
pub enum FontError {
    #[error("the font {0} can't be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    #[error("the font {0} is no TrueType font with outlines (glyf)")]
    NotTrueType(PathBuf),
    #[error("the font can't be cut to the document: {0}")]
    Uncut(String),
}

/// A TrueType font.
#[derive(Clone)]
pub struct Typeface {
    bytes: Cow<'static, [u8]>,
}

impl Default for Typeface {
    fn default() -> Self {
        Self { bytes: Cow::Borrowed(BUILT_IN) }
    }
}

impl Typeface {
    /// A font from a file, for the characters that ours lacks.
    pub fn load(path: &Path) -> Result<Self, FontError> {
        let bytes = std::fs::read(path).map_err(|error| FontError::Unreadable(path.to_owned(), error))?;
        let face = Face::parse(&bytes, 0).ok();
        // Outlines of the other kind (CFF) are embedded in another way.
        face.filter(|face| face.raw_face().table(Tag::from_bytes(b"glyf")).is_some())
            .ok_or_else(|| FontError::NotTrueType(path.to_owned()))?;
        Ok(Self { bytes: Cow::Owned(bytes) })
    }
}

/// The letters of one document, numbered in the order in which they are set: so what is set later changes nothing of what was.
pub struct Letters<'a> {
    bytes: &'a [u8],
    face: Face<'a>,
    remapper: GlyphRemapper,
    /// By the glyph's number in the document.
    used: BTreeMap<u16, (char, u16)>,
}

/// Measures of a font, in thousandths of its size.
pub struct Measures {
    pub ascent: f32,
    pub descent: f32,
    pub cap_height: f32,
    pub frame: [f32; 4],
}

impl<'a> Letters<'a> {
    pub fn new(typeface: &'a Typeface) -> Result<Self, FontError> {
        let face = Face::parse(&typeface.bytes, 0).map_err(|error| FontError::Uncut(error.to_string()))?;
        Ok(Self { bytes: &typeface.bytes, face, remapper: GlyphRemapper::new(), used: BTreeMap::new() })
    }

    /// The font's own name, in the letters that every reader takes.
    pub fn name(&self) -> String {
        let names = self.face.names().into_iter().filter(|name| name.name_id == name_id::POST_SCRIPT_NAME);
        let name = names.filter_map(|name| name.to_string()).next().unwrap_or_default();
        let plain: String = name.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
        if plain.is_empty() { "Font".to_owned() } else { plain }
    }

    fn glyph(&self, letter: char) -> (char, u16) {
        let find = |letter| self.face.glyph_index(letter).map(|glyph| (letter, glyph.0));
        find(letter).or_else(|| find(NO_TYPE)).unwrap_or((letter, 0))
    }

    fn thousandths(&self, units: f32) -> f32 {
        units * 1_000.0 / f32::from(self.face.units_per_em())
    }

    fn advance(&self, glyph: u16) -> f32 {
        self.thousandths(f32::from(self.face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0)))
    }

    /// Points that a letter is wide at a size in points.
    pub fn width(&self, letter: char, size: f32) -> f32 {
        self.advance(self.glyph(letter).1) * size / 1_000.0
    }

    /// A line as the document writes it: two bytes a letter.
    pub fn set(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len());
        for letter in text.chars() {
            let (shown, glyph) = self.glyph(letter);
            let number = self.remapper.remap(glyph);
            self.used.entry(number).or_insert((shown, glyph));
            bytes.extend(number.to_be_bytes());
        }
        bytes
    }

    /// Each letter's number, itself and its width in thousandths.
    pub fn used(&self) -> impl Iterator<Item = (u16, char, f32)> {
        self.used.iter().map(|(number, (letter, glyph))| (*number, *letter, self.advance(*glyph)))
    }

    pub fn measures(&self) -> Measures {
        let frame = self.face.global_bounding_box();
        let side = |units: i16| self.thousandths(f32::from(units));
        Measures {
            ascent: side(self.face.ascender()),
            descent: side(self.face.descender()),
            cap_height: side(self.face.capital_height().unwrap_or_else(|| self.face.ascender())),
            frame: [side(frame.x_min), side(frame.y_min), side(frame.x_max), side(frame.y_max)],
        }
    }

    /// The font with the letters of this document alone.
    pub fn cut(&self) -> Result<Vec<u8>, FontError> {
        subsetter::subset(self.bytes, 0, &self.remapper).map_err(|error| FontError::Uncut(error.to_string()))
    }
}
