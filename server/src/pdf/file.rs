//! The file: pages, font and what readers want to know of them, in the form of ISO 32000.

use super::typeface::{FontError, Letters};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Buf, Filter, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};
use std::io::Write as _;

pub const FONT: Name<'static> = Name(b"F");
const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const TYPE0: Ref = Ref::new(4);
const CID: Ref = Ref::new(5);
const DESCRIPTOR: Ref = Ref::new(6);
const FONT_FILE: Ref = Ref::new(7);
const UNICODE: Ref = Ref::new(8);
const FIRST_PAGE: i32 = 9;
/// The numbers that we give to letters mean nothing outside the document.
const OWN_ORDER: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// What a reader shows beside the pages.
pub struct About<'a> {
    pub title: &'a str,
    /// What it is about, in a word.
    pub subject: &'a str,
    /// As in `zh-CN`.
    pub language: &'a str,
}

/// The bytes of the file; `size` is the pages' in points.
pub fn write(about: &About<'_>, letters: &Letters<'_>, size: [f32; 2], pages: Vec<Buf>) -> Result<Vec<u8>, FontError> {
    let mut pdf = Pdf::new();
    let ids: Vec<(Ref, Ref)> =
        (FIRST_PAGE..).step_by(2).map(|id| (Ref::new(id), Ref::new(id + 1))).take(pages.len()).collect();
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).lang(TextStr(about.language));
    catalog.viewer_preferences().display_doc_title(true);
    catalog.finish();
    pdf.document_info(INFO).title(TextStr(about.title)).subject(TextStr(about.subject));
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(PAGES).kids(ids.iter().map(|(page, _)| *page)).count(count);
    for ((id, content), bytes) in ids.into_iter().zip(pages) {
        let mut page = pdf.page(id);
        page.media_box(Rect::new(0.0, 0.0, size[0], size[1])).parent(PAGES).contents(content);
        page.resources().fonts().pair(FONT, TYPE0);
        page.finish();
        pdf.stream(content, &packed(&bytes)).filter(Filter::FlateDecode);
    }
    font(&mut pdf, letters)?;
    Ok(pdf.finish())
}

fn font(pdf: &mut Pdf, letters: &Letters<'_>) -> Result<(), FontError> {
    // Six letters before the name say that this is a part of the font.
    let name = Name(b"AAAAAA+NotoSansSC");
    pdf.type0_font(TYPE0)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(CID)
        .to_unicode(UNICODE);
    let mut cid = pdf.cid_font(CID);
    cid.subtype(CidFontType::Type2).base_font(name).system_info(OWN_ORDER).font_descriptor(DESCRIPTOR);
    cid.cid_to_gid_map_predefined(Name(b"Identity")).default_width(1_000.0);
    let mut widths = cid.widths();
    let mut unicode = UnicodeCmap::new(Name(b"Custom"), OWN_ORDER);
    for (number, letter, width) in letters.used() {
        widths.consecutive(number, [width]);
        unicode.pair(number, letter);
    }
    widths.finish();
    cid.finish();
    let measures = letters.measures();
    let [left, bottom, right, top] = measures.frame;
    pdf.font_descriptor(DESCRIPTOR)
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(left, bottom, right, top))
        .italic_angle(0.0)
        .ascent(measures.ascent)
        .descent(measures.descent)
        .cap_height(measures.cap_height)
        .stem_v(80.0)
        .font_file2(FONT_FILE);
    let cut = letters.cut()?;
    let length = i32::try_from(cut.len()).unwrap_or(i32::MAX);
    pdf.stream(FONT_FILE, &packed(&cut)).filter(Filter::FlateDecode).pair(Name(b"Length1"), length);
    pdf.stream(UNICODE, &packed(&unicode.finish())).filter(Filter::FlateDecode);
    Ok(())
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
