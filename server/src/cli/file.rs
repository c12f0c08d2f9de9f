//! Files that are there whole or not at all, and that nobody else reads.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Writes a file beside its place and moves it there once it is durable. Mode 0600.
pub fn write_whole(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let unfinished = beside(path)?;
    let written = write_new(&unfinished, write).and_then(|()| std::fs::rename(&unfinished, path));
    if written.is_err() {
        // The reason stands in `written`; that the rest could not be removed adds nothing to it.
        drop(std::fs::remove_file(&unfinished));
        return written;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn write_new(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let mut output = BufWriter::with_capacity(1 << 16, file);
    write(&mut output)?;
    output.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::other("this is no file's name"))?;
    let random = u64::from_be_bytes(crate::state::random());
    Ok(path.with_file_name(format!(".{}.{random:016x}", name.to_string_lossy())))
}
