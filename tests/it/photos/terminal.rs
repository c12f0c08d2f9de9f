//! The phone for the terminal, as the program that it is: it keeps a photo until the server has signed for it, and may be killed meanwhile.

use super::bytes_of;
use image::codecs::jpeg::JpegEncoder;
use schema::binary::Hash;
use schema::people::Role;
use schema::photo::PhotoSize;
use server::db;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use tests::{PASSWORD, TestServer, program};

/// A picture that does not pack: some hundred kilobytes.
fn noise() -> Vec<u8> {
    let mut state = 7u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let picture = image::RgbImage::from_fn(700, 700, |_, _| image::Rgb([next(), next(), next()]));
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)).unwrap();
    bytes
}

/// Who dies once so many more bytes have gone to the server.
struct Doom {
    bytes_left: usize,
    child: Receiver<Child>,
    dead: Sender<()>,
}

/// A way to the server, on which doom may strike.
struct Line {
    url: String,
    doom: Arc<Mutex<Option<Doom>>>,
}

impl Line {
    fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (server, doom) = (server.trim_start_matches("http://").to_owned(), Arc::default());
        let line = Self { url, doom: Arc::clone(&doom) };
        // It ends with the test's process: nobody connects any more.
        std::thread::spawn(move || {
            for phone in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(&server) else { continue };
                let (from, to) = (server.try_clone().unwrap(), phone.try_clone().unwrap());
                std::thread::spawn(move || pass_on(from, to, None));
                let doom = Arc::clone(&doom);
                std::thread::spawn(move || pass_on(phone, server, Some(&doom)));
            }
        });
        line
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, doom: Option<&Mutex<Option<Doom>>>) {
    let mut piece = [0; 8192];
    while let Ok(length @ 1..) = from.read(&mut piece) {
        if doom.is_some_and(|doom| strikes(doom, length)) || to.write_all(&piece[..length]).is_err() {
            break;
        }
    }
    drop((from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both)));
}

fn strikes(doom: &Mutex<Option<Doom>>, length: usize) -> bool {
    let mut doom = doom.lock().unwrap();
    let Some(waiting) = doom.as_mut() else { return false };
    waiting.bytes_left = waiting.bytes_left.saturating_sub(length);
    if waiting.bytes_left > 0 {
        return false;
    }
    let Doom { child, dead, .. } = doom.take().unwrap();
    let mut child = child.recv().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    dead.send(()).unwrap();
    true
}

fn phone(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(program("phone"));
    command.env_clear().env("PHONE_PASSWORD", PASSWORD).env("PHONE_LANG", "en").arg("--folder").arg(folder).args(words);
    command.stdin(Stdio::null());
    command
}

/// Off this thread, on which the server's answers may wait.
async fn run(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

async fn say(folder: &Path, words: &[&str]) -> String {
    let output = run(phone(folder, words)).await;
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn a_phone_that_is_killed_in_mid_upload_loses_nothing_and_sends_the_rest() {
    let server = TestServer::start().await;
    let (dispatcher, technician) = (server.person(Role::Dispatcher).await, server.person(Role::Technician).await);
    let job = server.job(&dispatcher).await;
    server.assign(job, &dispatcher, &technician).await;
    let home = tempfile::tempdir().unwrap();
    let (folder, file, photo) = (home.path().join("phone"), home.path().join("photo.jpg"), noise());
    assert!(photo.len() > 300_000, "{}", photo.len());
    std::fs::write(&file, &photo).unwrap();
    let line = Line::to(&server.url);
    say(&folder, &["login", &line.url, &technician.login]).await;
    say(&folder, &["sync"]).await;
    let number = server.state.db.read(move |conn| Ok(db::jobs::find_job(conn, job)?.unwrap().number)).await.unwrap();
    say(&folder, &["photo", &number, "diagnose", &file.to_string_lossy()]).await;
    // The user's own copy is theirs to delete.
    std::fs::remove_file(&file).unwrap();
    assert!(say(&folder, &["status"]).await.contains("Photos to be sent: 1"));

    // One piece of 256 KiB is acknowledged, and in the middle of the next the phone dies.
    let ((hand_in, child), (dead, died)) = (channel(), channel());
    *line.doom.lock().unwrap() = Some(Doom { bytes_left: 290_000, child, dead });
    let victim = phone(&folder, &["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    hand_in.send(victim).unwrap();
    tokio::task::spawn_blocking(move || died.recv().unwrap()).await.unwrap();
    let sha256 = Hash::of(&photo);
    let stored = folder.join(format!("photo-{sha256}"));
    assert_eq!(std::fs::read(&stored).unwrap(), photo, "the phone's copy is whole");
    let (person, now) = (technician.id, server.clock.now());
    let open = move |conn: &mut db::Conn| Ok(db::uploads::list_open_of(conn, person, now)?);
    assert_eq!(server.state.db.read(open).await.unwrap().len(), 1);

    let told = say(&folder, &["sync"]).await;
    assert!(told.contains("1 photos are sent"), "{told}");
    assert!(!stored.exists(), "the server has signed for it");
    assert_eq!(bytes_of(technician.photo(job, sha256)).await, photo);
    assert!(say(&folder, &["status"]).await.contains("Photos to be sent: 0"));

    // The store burns down; the technician still has the file.
    let name = server::photos::object(sha256, PhotoSize::Original);
    server.state.photos.store.delete(&name).await.unwrap();
    server::photos::check::check(&server.state).await.unwrap();
    say(&folder, &["sync"]).await;
    assert!(say(&folder, &["status"]).await.contains("misses 1 photos"));
    std::fs::write(&file, &photo).unwrap();
    let again = say(&folder, &["photo", &number, "diagnose", &file.to_string_lossy()]).await;
    assert!(again.contains("names this photo already"), "{again}");
    assert!(say(&folder, &["sync"]).await.contains("1 photos are sent"));
    assert_eq!(bytes_of(technician.photo(job, sha256)).await, photo);
}
