//! Inputs that are kept in the repository: one file a target, `tests/fuzz/kept/TARGET`, with an input in base64 on each line. Behind a
//! blank and `#` stands what it once found; those without were kept because they reach what no other does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;

/// The inputs, in their order; a line that is none fails.
pub fn read(text: &str) -> Vec<Vec<u8>> {
    let inputs =
        text.lines().map(|line| line.split(" #").next().unwrap_or_default().trim()).filter(|line| !line.is_empty());
    inputs.map(|input| STANDARD.decode(input).expect("a line is base64")).collect()
}

/// The file's text with `inputs` in the place of all that found nothing.
pub fn write(text: &str, mut inputs: Vec<Vec<u8>>) -> String {
    let findings: Vec<&str> = text.lines().filter(|line| line.contains(" #")).collect();
    let mut written = findings.iter().fold(String::new(), |written, line| written + line + "\n");
    let known = read(&written);
    inputs.retain(|input| !known.contains(input));
    inputs.sort_by_key(|input| (input.len(), input.clone()));
    for input in inputs {
        // Writing to a String can't fail.
        let _ = writeln!(written, "{}", STANDARD.encode(input));
    }
    written
}
