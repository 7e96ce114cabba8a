//! The crawler against servers of its own, against none, and against bad ones; and its exit status each time.

#[allow(dead_code, reason = "each test uses its own part")]
mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Output;
use std::thread;
use support::{complaint, pages, run};

/// A server that is no HTTP server: `answer` gets each connection and the path that it asks for. Gives its address.
fn raw_server(answer: impl Fn(&mut TcpStream, &str) + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = answer.clone();
            thread::spawn(move || {
                while let Some(path) = asked_for(&mut stream) {
                    answer(&mut stream, &path);
                    let _ = stream.flush();
                }
            });
        }
    });
    format!("http://{address}/")
}

/// Reads a request and gives its path, or none if there is no request any more.
fn asked_for(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    Some(String::from_utf8_lossy(&head).split(' ').nth(1)?.to_owned())
}

fn close(stream: &TcpStream) {
    let _ = stream.shutdown(std::net::Shutdown::Both);
}

fn failed(output: &Output, status: i32, words: &str) {
    let complaint = complaint(output);
    assert_eq!(output.status.code(), Some(status), "{complaint}");
    assert!(complaint.contains(words), "{words:?} is missing in {complaint:?}");
    assert!(output.stdout.is_empty(), "no report");
}

#[test]
fn a_root_that_cannot_be_reached() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    failed(&run(&[&format!("http://{free}/")]), 1, "can't be reached: no connection: connection refused");
    failed(&run(&["http://no-such-host.invalid/"]), 1, "can't be reached");
}

#[test]
fn bad_options() {
    failed(&run(&["--no-such-option"]), 2, "--no-such-option");
    failed(&run(&["--concurrency", "none"]), 2, "--concurrency none");
    failed(&run(&["https://here.test/"]), 2, "only http://");
    failed(&run(&["--serve", "no/such/folder"]), 1, "no/such/folder");
    failed(&run(&["--listen", "192.0.2.1:9"]), 1, "can't listen");
}

#[test]
fn help() {
    let output = run(&["--help"]);
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("Crawls a web site"));
}

#[test]
fn a_folder_is_served_and_crawled() {
    let folder = std::env::temp_dir().join(format!("segue-crawler-serve-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("sub/deep")).unwrap();
    fs::write(
        folder.join("index.html"),
        "<a href=sub>1</a> <a href=../../etc/passwd>2</a> <a href=.git/x>3</a>",
    )
    .unwrap();
    fs::write(folder.join("sub/a b.txt"), "text").unwrap();
    fs::write(folder.join("sub/deep/page.html"), "<a href='../a b.txt'>up</a>").unwrap();
    let crawl = |options: &[&str]| {
        let output = run(&[&["--json", "--serve", folder.to_str().unwrap()], options].concat());
        pages(&output)
            .into_iter()
            .map(|(path, page)| format!("{path} {}", page.status.unwrap()))
            .collect::<Vec<_>>()
    };
    let (linked, listed) = (crawl(&[]), crawl(&["--from", "/?list"]));
    fs::remove_dir_all(&folder).unwrap();
    let reached = [
        "/ 200",
        "/.git/x 404",
        "/etc/passwd 404",
        "/sub 301",
        "/sub/ 200",
        "/sub/a%20b.txt 200",
        "/sub/deep/?list 200",
        "/sub/deep/page.html 200",
    ];
    assert_eq!(linked, reached);
    let all = ["/.git/x 404", "/?list 200", "/etc/passwd 404", "/index.html 200"];
    let more = [
        "/sub 301",
        "/sub/ 200",
        "/sub/?list 200",
        "/sub/a%20b.txt 200",
        "/sub/deep/?list 200",
        "/sub/deep/page.html 200",
    ];
    assert_eq!(listed, [&all[..], &more[..]].concat());
}

/// Answers that no server should give.
fn malformed(stream: &mut TcpStream, path: &str) {
    let ok = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
    let links =
        "garbage headers many-headers chunk endless early nothing short old status tail packed missing";
    let _ = match path {
        "/" => {
            let page: String = links.split(' ').map(|link| format!("<a href={link}>")).collect();
            write!(stream, "{ok}Content-Length: {}\r\n\r\n{page}", page.len())
        }
        "/garbage" => stream.write_all(&[0xff; 4096]),
        "/headers" => write!(stream, "{ok}X: {}\r\n\r\n", "x".repeat(2 << 20)),
        "/many-headers" => write!(stream, "{ok}{}\r\n", "X: y\r\n".repeat(10_000)),
        "/chunk" => write!(stream, "{ok}Transfer-Encoding: chunked\r\n\r\nnumber\r\nbody\r\n"),
        "/endless" => endless(stream, ok),
        "/early" => write!(stream, "HTTP/1.1 200 O"),
        "/nothing" => Ok(()),
        "/short" => write!(stream, "{ok}Content-Length: 18446744073709551615\r\n\r\nshort"),
        "/old" => write!(stream, "<p>What was HTTP 0.9"),
        "/status" => write!(stream, "HTTP/1.1 20 Hm\r\n\r\n"),
        "/packed" => write!(stream, "{ok}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\u{8}"),
        "/tail" => {
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 Unasked for\r\n\r\n")
        }
        _ => write!(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
    };
    if path != "/" {
        close(stream);
    }
}

/// A body without an end.
fn endless(stream: &mut TcpStream, head: &str) -> std::io::Result<()> {
    write!(stream, "{head}Transfer-Encoding: chunked\r\n\r\n")?;
    let chunk = [b"1000\r\n".as_slice(), &[b'x'; 4096], b"\r\n"].concat();
    loop {
        stream.write_all(&chunk)?;
    }
}

#[test]
fn malformed_answers_are_reported_and_survived() {
    let root = raw_server(malformed);
    let output = run(&["--json", "--retries", "0", "--max-size", "1000000", "--timeout", "20", &root]);
    assert!(output.status.success(), "{output:?}");
    let mut pages = pages(&output);
    let mut failure = |path: &str| pages.remove(path).and_then(|page| page.failure).unwrap_or_default();
    for (path, words) in [
        ("/garbage", "not HTTP: "),
        ("/headers", "not HTTP: "),
        ("/many-headers", "not HTTP: "),
        ("/chunk", "not HTTP: "),
        ("/endless", "larger than 1000000 bytes"),
        ("/early", "connection closed without an answer"),
        ("/nothing", "connection closed without an answer"),
        ("/short", "not HTTP: "),
        ("/old", "not HTTP: "),
        ("/status", "not HTTP: "),
        ("/packed", "compressed by gzip"),
        ("/missing", "404 Not Found"),
        ("/tail", ""),
    ] {
        let failure = failure(path);
        assert!(failure.starts_with(words), "{path}: {failure}");
    }
    assert_eq!(pages.keys().collect::<Vec<_>>(), ["/"]);
}

#[test]
fn a_kept_connection_that_the_server_closed_is_no_failure() {
    let root = raw_server(|stream, path| {
        let page = if path == "/" { "<a href=1><a href=2><a href=3><a href=4>" } else { "" };
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
        let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{page}", page.len());
        // It had promised to stay.
        close(stream);
    });
    let pages = pages(&run(&["--json", "--retries", "0", "--concurrency", "1", &root]));
    assert_eq!(pages.len(), 5);
    assert!(pages.values().all(|page| page.status == Some(200) && page.failure.is_none()), "{pages:?}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_in_order_and_still_reports() {
    use std::process::{Command, Stdio};
    use std::sync::mpsc;

    let (asked, is_asked) = mpsc::channel();
    let root = raw_server(move |stream, path| {
        if path == "/" {
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 16\r\n\r\n<a href=/silent>"
            );
        } else {
            asked.send(()).unwrap();
            thread::park();
        }
    });
    let crawler =
        support::crawler().args([&root, "--timeout", "600"]).stdout(Stdio::piped()).spawn().unwrap();
    is_asked.recv().unwrap();
    assert!(Command::new("kill").args(["-INT", &crawler.id().to_string()]).status().unwrap().success());
    let output = crawler.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("1 pages, ") && text.contains("Ended by Ctrl-C: 1 more pages were known of."),
        "{text}"
    );
}
