//! The file: pages, font and what readers want to know of them, in the form of ISO 32000.

use super::tags::Tags;
use super::typeface::{FontError, Letters};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, TabOrder, UnicodeCmap};
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
const TREE: Ref = Ref::new(9);
const METADATA: Ref = Ref::new(10);
const FIRST_PAGE: i32 = 11;
/// The numbers that we give to letters mean nothing outside the document.
const OWN_ORDER: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// What a reader shows beside the pages.
pub struct About<'a> {
    pub title: &'a str,
    /// What it is about, in a word.
    pub subject: &'a str,
    /// Who hands it out.
    pub author: &'a str,
    /// As in `zh-CN`.
    pub language: &'a str,
}

/// What stands on the pages: their size in points, what is drawn, and what it is.
pub struct Drawn {
    pub size: [f32; 2],
    pub pages: Vec<Buf>,
    pub tags: Tags,
}

/// The bytes of the file.
pub fn write(about: &About<'_>, letters: &Letters<'_>, drawn: Drawn) -> Result<Vec<u8>, FontError> {
    let Drawn { size, pages, tags } = drawn;
    let mut pdf = Pdf::new();
    let mut next = FIRST_PAGE;
    let mut free = || {
        next += 1;
        Ref::new(next - 1)
    };
    let ids: Vec<(Ref, Ref)> = pages.iter().map(|_| (free(), free())).collect();
    let page_ids: Vec<Ref> = ids.iter().map(|(page, _)| *page).collect();
    catalog(&mut pdf, about);
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(PAGES).kids(page_ids.iter().copied()).count(count);
    for (number, ((id, content), bytes)) in (0..).zip(ids.into_iter().zip(pages)) {
        let mut page = pdf.page(id);
        page.media_box(Rect::new(0.0, 0.0, size[0], size[1])).parent(PAGES).contents(content);
        page.resources().fonts().pair(FONT, TYPE0);
        page.struct_parents(number).tab_order(TabOrder::StructureOrder);
        page.finish();
        pdf.stream(content, &packed(&bytes)).filter(Filter::FlateDecode);
    }
    tags.write(&mut pdf, TREE, &mut free, &page_ids);
    font(&mut pdf, letters)?;
    Ok(pdf.finish())
}

/// What readers want to know before they show a page.
fn catalog(pdf: &mut Pdf, about: &About<'_>) {
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).lang(TextStr(about.language)).metadata(METADATA);
    catalog.viewer_preferences().display_doc_title(true);
    catalog.mark_info().marked(true);
    catalog.pair(Name(b"StructTreeRoot"), TREE);
    catalog.finish();
    let mut info = pdf.document_info(INFO);
    info.title(TextStr(about.title)).subject(TextStr(about.subject)).author(TextStr(about.author));
    info.finish();
    pdf.metadata(METADATA, metadata(about).as_bytes());
}

/// The same once more, as newer readers look for it.
fn metadata(about: &About<'_>) -> String {
    let text = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (title, subject, author, language) =
        (text(about.title), text(about.subject), text(about.author), text(about.language));
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <dc:format>application/pdf</dc:format>\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
         <dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{subject}</rdf:li></rdf:Alt></dc:description>\
         <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>\
         <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>\
         </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}

fn font(pdf: &mut Pdf, letters: &Letters<'_>) -> Result<(), FontError> {
    // Six letters before the name say that this is a part of the font.
    let name = format!("AAAAAA+{}", letters.name());
    let name = Name(name.as_bytes());
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
