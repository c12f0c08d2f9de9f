//! The corpora: what a fuzzer begins with, and what of its finds is kept. `tests/fuzz/run seed` and `tests/fuzz/run keep TARGET` use it.

// The fuzzer's library counts the coverage that everything here is built with.
use libfuzzer_sys as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => fuzz::seeds().into_iter().try_for_each(|(target, seeds)| lay_out(target, seeds)),
        ["keep", target, folder] => keep(target, Path::new(folder)),
        _ => Err(io::Error::other("seed, or seed keep TARGET FOLDER")),
    }
}

/// Real data and what was kept, as files in `corpus/TARGET`.
fn lay_out(target: &str, mut inputs: Vec<Vec<u8>>) -> io::Result<()> {
    inputs.extend(fuzz::kept::read(&fs::read_to_string(Path::new("kept").join(target)).unwrap_or_default()));
    let folder = Path::new("corpus").join(target);
    fs::create_dir_all(&folder)?;
    for input in &inputs {
        fs::write(folder.join(schema::binary::Hash::of(input).to_string()), input)?;
    }
    println!("{target}: {} inputs", inputs.len());
    Ok(())
}

/// The files of a folder into `kept/TARGET`, whose findings stay.
fn keep(target: &str, folder: &Path) -> io::Result<()> {
    let file = Path::new("kept").join(target);
    let inputs = fs::read_dir(folder)?.map(|entry| fs::read(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    let text = fuzz::kept::write(&fs::read_to_string(&file).unwrap_or_default(), inputs);
    println!("{target}: {} inputs, {} bytes", text.lines().count(), text.len());
    fs::write(file, text)
}
