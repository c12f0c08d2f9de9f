//! The sheet for readers that read it aloud: what is a heading, a table, a picture; and everything that is written belongs to something.

use super::{sheet_of, sign, tested};
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string};
use schema::people::Role;
use std::collections::BTreeMap;
use tests::TestServer;

/// A leaf or a branch of the tree, as a reader meets it.
struct Node {
    role: String,
    alt: Option<String>,
    /// Pieces of pages: the page's number from 1, and the piece's.
    pieces: Vec<(u32, i64)>,
    children: Vec<Node>,
}

impl Node {
    fn all(&self) -> Vec<&Node> {
        std::iter::once(self).chain(self.children.iter().flat_map(Node::all)).collect()
    }

    fn of(&self, role: &str) -> Vec<&Node> {
        self.all().into_iter().filter(|node| node.role == role).collect()
    }
}

fn read(document: &Document, id: ObjectId, pages: &BTreeMap<ObjectId, u32>) -> Node {
    let element = document.get_dictionary(id).unwrap();
    let role = String::from_utf8(element.get(b"S").unwrap().as_name().unwrap().to_vec()).unwrap();
    let alt = element.get(b"Alt").ok().map(|alt| decode_text_string(alt).unwrap());
    let mut node = Node { role, alt, pieces: Vec::new(), children: Vec::new() };
    for child in element.get(b"K").unwrap().as_array().unwrap() {
        match child {
            Object::Reference(child) => {
                assert_eq!(document.get_dictionary(*child).unwrap().get(b"P").unwrap().as_reference().unwrap(), id);
                node.children.push(read(document, *child, pages));
            }
            Object::Dictionary(piece) => {
                let page = piece.get(b"Pg").unwrap().as_reference().unwrap();
                node.pieces.push((pages[&page], piece.get(b"MCID").unwrap().as_i64().unwrap()));
            }
            other => panic!("{other:?}"),
        }
    }
    node
}

fn root(document: &Document) -> (&Dictionary, Node) {
    let catalog = document.catalog().unwrap();
    let tree = catalog.get(b"StructTreeRoot").unwrap().as_reference().unwrap();
    let tree = document.get_dictionary(tree).unwrap();
    let pages = document.get_pages().into_iter().map(|(number, id)| (id, number)).collect();
    (tree, read(document, tree.get(b"K").unwrap().as_reference().unwrap(), &pages))
}

/// The pieces of a page in their order; whatever is drawn outside of one must be decoration.
fn pieces_drawn(document: &Document, page: ObjectId) -> Vec<i64> {
    let content = Content::decode(&document.get_page_content(page)).unwrap();
    let (mut pieces, mut inside) = (Vec::new(), false);
    for operation in content.operations {
        match operation.operator.as_str() {
            "BDC" | "BMC" => {
                assert!(!inside, "pieces do not lie in each other");
                inside = true;
                let number =
                    operation.operands.get(1).and_then(|said| said.as_dict().ok()?.get(b"MCID").ok()?.as_i64().ok());
                let is_decoration = operation.operands[0].as_name().unwrap() == b"Artifact";
                assert_eq!(is_decoration, number.is_none());
                pieces.extend(number);
            }
            "EMC" => inside = false,
            "Tj" | "TJ" | "S" => assert!(inside, "{} belongs to nothing", operation.operator),
            _ => {}
        }
    }
    pieces
}

#[tokio::test]
async fn a_reader_hears_headings_tables_and_whose_signature_it_is() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let (_, token) = tested(&server, &agent).await;
    let (unsigned, _) = sheet_of(&server, &token, "en").await;
    sign(&server, &token).await;
    let (bytes, texts) = sheet_of(&server, &token, "zh-CN").await;
    let document = Document::load_mem(&bytes).unwrap();
    let catalog = document.catalog().unwrap();
    assert_eq!(decode_text_string(catalog.get(b"Lang").unwrap()).unwrap(), "zh-CN");
    assert!(catalog.get(b"MarkInfo").unwrap().as_dict().unwrap().get(b"Marked").unwrap().as_bool().unwrap());
    let (_, tree) = root(&document);
    let count = |role: &str| tree.of(role).len();
    assert_eq!((tree.role.as_str(), count("H1"), count("Figure")), ("Document", 1, 1));
    assert!(count("H2") >= 5 && count("Table") >= 5, "{} headings, {} tables", count("H2"), count("Table"));
    for table in tree.of("Table") {
        let rows: Vec<Vec<&str>> =
            table.children.iter().map(|row| row.children.iter().map(|cell| cell.role.as_str()).collect()).collect();
        assert!(table.children.iter().all(|row| row.role == "TR") && !rows.is_empty());
        assert!(rows.iter().all(|row| row[0] == "TH" && row[1..].iter().all(|cell| *cell == "TD")), "{rows:?}");
        assert!(rows.windows(2).all(|two| two[0].len() == two[1].len()), "{rows:?}");
    }
    let alt = tree.of("Figure")[0].alt.clone().unwrap();
    assert!(alt.starts_with("客户手写签名：王女士"), "{alt}");
    assert!(texts.concat().contains("签字人"));
    let unsigned = Document::load_mem(&unsigned).unwrap();
    assert_eq!(decode_text_string(unsigned.catalog().unwrap().get(b"Lang").unwrap()).unwrap(), "en");
    assert!(root(&unsigned).1.of("Figure").is_empty(), "nobody signed");
}

#[tokio::test]
async fn everything_that_is_written_belongs_to_one_place_of_the_tree() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let (_, token) = tested(&server, &agent).await;
    sign(&server, &token).await;
    let (bytes, _) = sheet_of(&server, &token, "zh-CN").await;
    let document = Document::load_mem(&bytes).unwrap();
    let (root, tree) = root(&document);
    let by_page = root.get(b"ParentTree").unwrap().as_dict().unwrap().get(b"Nums").unwrap().as_array().unwrap();
    let mut told: Vec<(u32, i64)> = tree.all().into_iter().flat_map(|node| node.pieces.clone()).collect();
    told.sort_unstable();
    let mut drawn = Vec::new();
    for (number, page) in document.get_pages() {
        let pieces = pieces_drawn(&document, page);
        assert_eq!(pieces, Vec::from_iter(0..pieces.len() as i64));
        let key = document.get_dictionary(page).unwrap().get(b"StructParents").unwrap().as_i64().unwrap();
        let place = by_page.iter().step_by(2).position(|number| number.as_i64().unwrap() == key).unwrap();
        let owners = document.get_object(by_page[place * 2 + 1].as_reference().unwrap()).unwrap();
        assert_eq!(owners.as_array().unwrap().len(), pieces.len());
        drawn.extend(pieces.into_iter().map(|piece| (number, piece)));
    }
    assert_eq!(told, drawn);
}

#[tokio::test]
async fn the_file_says_what_it_is() {
    let server = TestServer::start().await;
    let agent = server.person(Role::DeskAgent).await;
    let (_, token) = tested(&server, &agent).await;
    let (bytes, _) = sheet_of(&server, &token, "zh-CN").await;
    let document = Document::load_mem(&bytes).unwrap();
    let info = document.trailer.get(b"Info").unwrap().as_reference().unwrap();
    let said = |key: &[u8]| decode_text_string(document.get_dictionary(info).unwrap().get(key).unwrap()).unwrap();
    assert!(said(b"Title").starts_with("维修服务任务单 ") && !said(b"Author").is_empty());
    let metadata = document.catalog().unwrap().get(b"Metadata").unwrap().as_reference().unwrap();
    let metadata = document.get_object(metadata).unwrap().as_stream().unwrap();
    let text = String::from_utf8(metadata.content.clone()).unwrap();
    assert!(text.contains(&said(b"Title")) && text.contains("<rdf:li>zh-CN</rdf:li>"), "{text}");
}
