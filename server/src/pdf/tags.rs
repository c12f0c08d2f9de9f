//! What the pieces of a document are, for readers that read it aloud: a tree of headings, paragraphs and tables beside the pages. Each piece
//! of a page says by a number which leaf of the tree it belongs to; what belongs to none is decoration.

use pdf_writer::types::{StructRole, TableHeaderScope};
use pdf_writer::writers::StructTreeRoot;
use pdf_writer::{Finish as _, Pdf, Rect, Ref, TextStr};

/// A place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag(usize);

impl Tag {
    pub const DOCUMENT: Self = Self(0);
}

enum Child {
    Tag(Tag),
    Piece { page: usize, number: i32 },
}

/// What is drawn rather than written.
pub struct Picture {
    /// In words.
    pub alt: String,
    /// Points from the page's lower left corner.
    pub frame: [f32; 4],
}

struct Node {
    role: StructRole,
    parent: Tag,
    children: Vec<Child>,
    picture: Option<Picture>,
}

/// The tree of one document.
pub struct Tags {
    nodes: Vec<Node>,
    /// For each page the leaf that each of its pieces belongs to.
    pages: Vec<Vec<Tag>>,
}

impl Tags {
    pub fn new() -> Self {
        let document = Node { role: StructRole::Document, parent: Tag::DOCUMENT, children: Vec::new(), picture: None };
        Self { nodes: vec![document], pages: Vec::new() }
    }

    pub fn add(&mut self, parent: Tag, role: StructRole) -> Tag {
        let tag = Tag(self.nodes.len());
        self.nodes.push(Node { role, parent, children: Vec::new(), picture: None });
        self.adopt(parent, Child::Tag(tag));
        tag
    }

    pub fn describe(&mut self, tag: Tag, picture: Picture) {
        if let Some(node) = self.nodes.get_mut(tag.0) {
            node.picture = Some(picture);
        }
    }

    /// The number of a new piece of a page.
    pub fn piece(&mut self, tag: Tag, page: usize) -> i32 {
        if self.pages.len() <= page {
            self.pages.resize_with(page + 1, Vec::new);
        }
        let Some(pieces) = self.pages.get_mut(page) else { return 0 };
        let number = i32::try_from(pieces.len()).unwrap_or(i32::MAX);
        pieces.push(tag);
        self.adopt(tag, Child::Piece { page, number });
        number
    }

    fn adopt(&mut self, parent: Tag, child: Child) {
        if let Some(node) = self.nodes.get_mut(parent.0) {
            node.children.push(child);
        }
    }

    /// Writes the tree; `ids` gives the numbers that are free, `pages` are the pages'.
    pub fn write(&self, pdf: &mut Pdf, root: Ref, ids: &mut impl FnMut() -> Ref, pages: &[Ref]) {
        let nodes: Vec<Ref> = self.nodes.iter().map(|_| ids()).collect();
        let lists: Vec<Ref> = self.pages.iter().map(|_| ids()).collect();
        let id = |tag: Tag| nodes.get(tag.0).copied().unwrap_or(root);
        let mut tree = pdf.indirect(root).start::<StructTreeRoot<'_>>();
        tree.child(id(Tag::DOCUMENT));
        let mut by_page = tree.parent_tree();
        let mut numbers = by_page.nums();
        for (page, list) in (0..).zip(&lists) {
            numbers.insert(page, *list);
        }
        numbers.finish();
        by_page.finish();
        tree.parent_tree_next_key(i32::try_from(lists.len()).unwrap_or(i32::MAX));
        tree.finish();
        for (pieces, list) in self.pages.iter().zip(lists) {
            pdf.indirect(list).array().items(pieces.iter().map(|tag| id(*tag)));
        }
        for (node, own) in self.nodes.iter().zip(&nodes) {
            let is_document = *own == id(Tag::DOCUMENT);
            node.write(pdf, *own, if is_document { root } else { id(node.parent) }, (&id, pages));
        }
    }
}

impl Node {
    fn write(&self, pdf: &mut Pdf, own: Ref, parent: Ref, (id, pages): (&impl Fn(Tag) -> Ref, &[Ref])) {
        let mut element = pdf.struct_element(own);
        element.kind(self.role).parent(parent);
        if let Some(Picture { alt, frame: [left, bottom, right, top] }) = &self.picture {
            element.alt(TextStr(alt));
            element.attributes().push().layout().bbox(Rect::new(*left, *bottom, *right, *top));
        }
        if self.role == StructRole::TH {
            element.attributes().push().table().scope(TableHeaderScope::Row);
        }
        let mut children = element.children();
        for child in &self.children {
            match child {
                Child::Tag(tag) => {
                    children.struct_element(id(*tag));
                }
                Child::Piece { page, number } => {
                    let Some(page) = pages.get(*page) else { continue };
                    children.marked_content_ref().page(*page).marked_content_id(*number);
                }
            }
        }
    }
}
