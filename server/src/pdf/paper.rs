//! Sheets of A4, filled from the top: rows of cells that wrap, rules, drawings. What does not fit goes on to the next page, line by line, so
//! that no text is too long.

mod lines;

use super::file::{self, About, Drawn, FONT};
use super::tags::{Picture, Tag, Tags};
use super::typeface::{FontError, Letters, Typeface};
use pdf_writer::types::{ArtifactSubtype, ArtifactType, LineCapStyle, LineJoinStyle, StructRole, TextRenderingMode};
use pdf_writer::{Content, Finish as _, Name, Str};

/// Points.
const SIZE: [f32; 2] = [595.28, 841.89];
const MARGIN: f32 = 51.0;
/// Room below for the page's number.
const FOOT: f32 = 68.0;
const LINE_HEIGHT: f32 = 1.55;
/// What is decoration, and what is a piece of the document: the tree knows which.
const ARTIFACT: Name<'static> = Name(b"Artifact");
const PIECE: Name<'static> = Name(b"Span");

/// How letters look.
#[derive(Debug, Clone, Copy)]
pub struct Ink {
    /// Points.
    pub size: f32,
    /// 0 is black.
    pub gray: f32,
    pub is_bold: bool,
}

impl Ink {
    pub const fn new(size: f32) -> Self {
        Self { size, gray: 0.0, is_bold: false }
    }

    pub const fn soft(self) -> Self {
        Self { gray: 0.35, ..self }
    }

    pub const fn bold(self) -> Self {
        Self { is_bold: true, ..self }
    }
}

/// A piece of a row.
pub struct Cell<'t> {
    /// Points from the left margin.
    pub at: f32,
    pub width: f32,
    pub is_right: bool,
    pub ink: Ink,
    pub text: &'t str,
}

/// A document in the making.
pub struct Paper<'a> {
    letters: Letters<'a>,
    pages: Vec<Content>,
    /// The height above the paper's lower edge that is still free.
    free: f32,
    /// Pages that have their numbers.
    numbered: usize,
    tags: Tags,
    /// The table that the next row goes on with, and its columns.
    table: Option<(Tag, usize)>,
}

impl<'a> Paper<'a> {
    /// Points between the margins.
    pub const WIDTH: f32 = SIZE[0] - 2.0 * MARGIN;

    pub fn new(typeface: &'a Typeface) -> Result<Self, FontError> {
        Ok(Self {
            letters: Letters::new(typeface)?,
            pages: Vec::new(),
            free: 0.0,
            numbered: 0,
            tags: Tags::new(),
            table: None,
        })
    }

    /// Goes on to the next page where less than this is left: for a line, or for what must not be torn apart.
    pub fn keep(&mut self, height: f32) {
        if self.pages.len() == self.numbered || self.free - height < FOOT {
            self.pages.push(Content::new());
            self.free = SIZE[1] - MARGIN;
        }
    }

    pub fn space(&mut self, height: f32) {
        self.free -= height;
    }

    /// A line across.
    pub fn rule(&mut self, gray: f32) {
        self.keep(6.0);
        self.free -= 6.0;
        let at = self.free + 3.0;
        if let Some(page) = self.pages.last_mut() {
            page.begin_marked_content(ARTIFACT);
            page.save_state().set_stroke_gray(gray).set_line_width(0.6);
            page.move_to(MARGIN, at).line_to(SIZE[0] - MARGIN, at).stroke().restore_state();
            page.end_marked_content();
        }
    }

    pub fn paragraph(&mut self, ink: Ink, text: &str) {
        self.write_out(StructRole::P, &[whole(ink, text)]);
    }

    pub fn heading(&mut self, ink: Ink, text: &str) {
        self.write_out(StructRole::H2, &[whole(ink, text)]);
    }

    /// The document's own name, and what stands beside it.
    pub fn title(&mut self, cells: &[Cell<'_>]) {
        self.write_out(StructRole::H1, cells);
    }

    /// Texts beside each other.
    pub fn texts(&mut self, cells: &[Cell<'_>]) {
        self.write_out(StructRole::P, cells);
    }

    fn write_out(&mut self, first: StructRole, cells: &[Cell<'_>]) {
        self.table = None;
        let roles = std::iter::once(first).chain(std::iter::repeat(StructRole::P));
        let tags: Vec<Tag> = cells.iter().zip(roles).map(|(_, role)| self.tags.add(Tag::DOCUMENT, role)).collect();
        self.lay(cells, &tags);
    }

    /// Cells beside each other, each wrapped in its width: a row of a table, whose first cell names it.
    pub fn row(&mut self, cells: &[Cell<'_>]) {
        let table = match self.table.filter(|(_, columns)| *columns == cells.len()) {
            Some((table, _)) => table,
            None => self.tags.add(Tag::DOCUMENT, StructRole::Table),
        };
        self.table = Some((table, cells.len()));
        let row = self.tags.add(table, StructRole::TR);
        let roles = std::iter::once(StructRole::TH).chain(std::iter::repeat(StructRole::TD));
        let tags: Vec<Tag> = cells.iter().zip(roles).map(|(_, role)| self.tags.add(row, role)).collect();
        self.lay(cells, &tags);
    }

    fn lay(&mut self, cells: &[Cell<'_>], tags: &[Tag]) {
        let wrap =
            |cell: &Cell<'_>| lines::wrap(cell.text, cell.width, |letter| self.letters.width(letter, cell.ink.size));
        let wrapped: Vec<Vec<String>> = cells.iter().map(wrap).collect();
        let height = cells.iter().map(|cell| cell.ink.size * LINE_HEIGHT).fold(0.0, f32::max);
        for number in 0..wrapped.iter().map(Vec::len).max().unwrap_or(0) {
            self.keep(height);
            self.free -= height;
            for ((cell, lines), tag) in cells.iter().zip(&wrapped).zip(tags) {
                let Some(line) = lines.get(number) else { continue };
                let used: f32 = line.chars().map(|letter| self.letters.width(letter, cell.ink.size)).sum();
                let indent = if cell.is_right { cell.width - used } else { 0.0 };
                self.write(*tag, (MARGIN + cell.at + indent, self.free + height * 0.28), cell.ink, line);
            }
        }
    }

    fn write(&mut self, tag: Tag, (x, y): (f32, f32), ink: Ink, line: &str) {
        let bytes = self.letters.set(line);
        let number = self.tags.piece(tag, self.pages.len().saturating_sub(1));
        if let Some(page) = self.pages.last_mut() {
            page.begin_marked_content_with_properties(PIECE).properties().identify(number);
            set(page, (x, y), ink, &bytes);
            page.end_marked_content();
        }
    }

    /// A line to write on by hand, with room above it.
    pub fn room(&mut self, width: f32, height: f32) {
        self.keep(height);
        self.free -= height;
        let (left, bottom) = (MARGIN, self.free);
        let Some(page) = self.pages.last_mut() else { return };
        page.begin_marked_content(ARTIFACT);
        page.save_state().set_stroke_gray(0.4).set_line_width(0.6);
        page.move_to(left, bottom).line_to(left + width, bottom).stroke().restore_state();
        page.end_marked_content();
    }

    /// A drawing of strokes, scaled into a box at the left, with a line under it; `alt` says what it is to who does not see it.
    pub fn strokes(&mut self, strokes: &[Vec<[i64; 3]>], (width, height): (f32, f32), alt: String) {
        self.room(width, height);
        self.table = None;
        let (left, bottom) = (MARGIN, self.free);
        let figure = self.tags.add(Tag::DOCUMENT, StructRole::Figure);
        self.tags.describe(figure, Picture { alt, frame: [left, bottom, left + width, bottom + height] });
        let number = self.tags.piece(figure, self.pages.len().saturating_sub(1));
        let Some(page) = self.pages.last_mut() else { return };
        page.begin_marked_content_with_properties(PIECE).properties().identify(number);
        draw(page, strokes, [left, bottom, width, height]);
        page.end_marked_content();
    }

    /// Numbers the pages since the last part, each with what `foot` says of its number and their count, and begins a new page.
    pub fn end_part(&mut self, foot: impl Fn(usize, usize) -> String) {
        let count = self.pages.len() - self.numbered;
        let ink = Ink::new(8.0).soft();
        for number in 0..count {
            let text = foot(number + 1, count);
            let used: f32 = text.chars().map(|letter| self.letters.width(letter, ink.size)).sum();
            let bytes = self.letters.set(&text);
            if let Some(page) = self.pages.get_mut(self.numbered + number) {
                let mut foot = page.begin_marked_content_with_properties(ARTIFACT);
                foot.properties().artifact().kind(ArtifactType::Pagination).subtype(ArtifactSubtype::Footer);
                foot.finish();
                set(page, ((SIZE[0] - used) / 2.0, MARGIN - 12.0), ink, &bytes);
                page.end_marked_content();
            }
        }
        self.numbered = self.pages.len();
        self.table = None;
    }

    pub fn finish(self, about: &About<'_>) -> Result<Vec<u8>, FontError> {
        let pages = self.pages.into_iter().map(Content::finish).collect();
        file::write(about, &self.letters, Drawn { size: SIZE, pages, tags: self.tags })
    }
}

/// A cell across the paper.
fn whole(ink: Ink, text: &str) -> Cell<'_> {
    Cell { at: 0.0, width: Paper::WIDTH, is_right: false, ink, text }
}

/// Strokes, scaled into a box: left, bottom, width and height.
fn draw(page: &mut Content, strokes: &[Vec<[i64; 3]>], [left, bottom, width, height]: [f32; 4]) {
    let points = || strokes.iter().flatten();
    let (Some(min_x), Some(max_x)) = (points().map(|p| p[0]).min(), points().map(|p| p[0]).max()) else { return };
    let (Some(min_y), Some(max_y)) = (points().map(|p| p[1]).min(), points().map(|p| p[1]).max()) else { return };
    let extent = |low: i64, high: i64| high.saturating_sub(low).max(1) as f32;
    let scale = ((width - 8.0) / extent(min_x, max_x)).min((height - 8.0) / extent(min_y, max_y)).min(1.0);
    let place = |point: &[i64; 3]| {
        let across = point[0].saturating_sub(min_x) as f32 * scale;
        let up = max_y.saturating_sub(point[1]) as f32 * scale;
        (left + 4.0 + across, bottom + 5.0 + up)
    };
    page.save_state().set_line_width(1.3).set_line_cap(LineCapStyle::RoundCap);
    page.set_line_join(LineJoinStyle::RoundJoin).set_stroke_gray(0.0);
    for stroke in strokes {
        let Some(first) = stroke.first() else { continue };
        let (x, y) = place(first);
        page.move_to(x, y);
        // A tap is a dot: a line of no length with round ends.
        for point in stroke.iter().skip(1).chain(stroke.first().filter(|_| stroke.len() == 1)) {
            let (x, y) = place(point);
            page.line_to(x, y);
        }
        page.stroke();
    }
    page.restore_state();
}

/// There is one weight: a bold letter has its outline drawn too.
fn set(page: &mut Content, (x, y): (f32, f32), ink: Ink, bytes: &[u8]) {
    page.save_state().set_fill_gray(ink.gray).begin_text().set_font(FONT, ink.size);
    if ink.is_bold {
        page.set_text_rendering_mode(TextRenderingMode::FillStroke);
        page.set_stroke_gray(ink.gray).set_line_width(ink.size / 34.0);
    }
    page.next_line(x, y).show(Str(bytes)).end_text().restore_state();
}
