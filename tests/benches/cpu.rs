//! CPU time in seconds, from the kernel's own accounting.

use std::fs;

/// Of the thread that asks.
pub fn thread() -> f64 {
    nanoseconds("/proc/thread-self/schedstat") / 1e9
}

/// Of all living threads of this process.
pub fn process() -> f64 {
    let threads = fs::read_dir("/proc/self/task").unwrap();
    threads.map(|thread| nanoseconds(&format!("{}/schedstat", thread.unwrap().path().display()))).sum::<f64>() / 1e9
}

/// Of everything but the thread that asks: the server's, where the client runs on this one.
pub fn others() -> f64 {
    process() - thread()
}

fn nanoseconds(path: &str) -> f64 {
    // A thread may end between being listed and being read.
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace().next().and_then(|first| first.parse().ok()).unwrap_or(0.0)
}
