//! The migrations are embedded: a new one must rebuild the server.
fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}
