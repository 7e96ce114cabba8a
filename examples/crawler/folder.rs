//! A folder of files as a site: `index.html` for a folder, else a list of what is in it, and nothing from outside it.
//! The list can be had of any folder, as `folder/?list`; it leads to the lists of the folders in it.

use super::answer::{self, Answer};
use super::server::Site;
use hyper::body::Incoming;
use hyper::header::{ALLOW, HeaderValue};
use hyper::{Method, Request, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::fmt::Write;
use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

/// What is escaped in the links of a list of files, so that every name is one segment of a path.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The query that asks for a list of files.
const LIST: &str = "list";

/// A folder of files.
pub(crate) struct Folder {
    /// The folder itself, without symbolic links.
    root: PathBuf,
}

impl Folder {
    /// The folder at `path`.
    ///
    /// # Errors
    ///
    /// If it isn't there, isn't a folder, or can't be read.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let root = path.canonicalize()?;
        fs::read_dir(&root)?;
        Ok(Self { root })
    }

    fn get(&self, path: &str, query: Option<&str>) -> io::Result<Answer> {
        let Some(named) = self.locate(path) else { return Ok(answer::plain(StatusCode::NOT_FOUND)) };
        let Some(file) = self.inside(&named) else { return Ok(answer::plain(StatusCode::NOT_FOUND)) };
        let is_folder = file.is_dir();
        if path.ends_with('/') && !is_folder {
            return Ok(answer::plain(StatusCode::NOT_FOUND));
        }
        // Each file has one address, or a symbolic link to a folder above it would make endlessly many.
        if file != named || path.contains("//") || (is_folder && !path.ends_with('/')) {
            return Ok(self.redirect(&file, is_folder, query));
        }
        if !is_folder {
            return send(&file);
        }
        match self.inside(&file.join("index.html")) {
            _ if query == Some(LIST) => list(&file),
            Some(index) if index.is_file() => send(&index),
            _ => list(&file),
        }
    }

    /// The path of `path`'s address on the disk, if it names one that isn't hidden.
    fn locate(&self, path: &str) -> Option<PathBuf> {
        let mut file = self.root.clone();
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            let name = percent_decode_str(segment).decode_utf8().ok()?;
            if name.starts_with('.') || name.contains('\0') {
                return None;
            }
            let mut components = Path::new(name.as_ref()).components();
            match (components.next(), components.next()) {
                (Some(Component::Normal(component)), None) if component == name.as_ref() => {
                    file.push(component)
                }
                _ => return None,
            }
        }
        Some(file)
    }

    /// Sends the client to the one address of `file`.
    fn redirect(&self, file: &Path, is_folder: bool, query: Option<&str>) -> Answer {
        let mut location = String::new();
        for name in file.strip_prefix(&self.root).unwrap_or(Path::new("")) {
            let _ = write!(location, "/{}", utf8_percent_encode(&name.to_string_lossy(), NAME));
        }
        if is_folder || location.is_empty() {
            location.push('/');
        }
        if let Some(query) = query {
            let _ = write!(location, "?{query}");
        }
        answer::redirect(StatusCode::MOVED_PERMANENTLY, &location)
    }

    /// Where `file` really is, if that is in this folder.
    fn inside(&self, file: &Path) -> Option<PathBuf> {
        file.canonicalize().ok().filter(|file| file.starts_with(&self.root))
    }
}

impl Site for Folder {
    fn answer(&self, request: &Request<Incoming>) -> io::Result<Answer> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut answer = answer::plain(StatusCode::METHOD_NOT_ALLOWED);
            answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return Ok(answer);
        }
        let answer = self.get(request.uri().path(), request.uri().query());
        Ok(answer.unwrap_or_else(|error| answer::plain(status_of(&error))))
    }
}

fn status_of(error: &io::Error) -> StatusCode {
    match error.kind() {
        io::ErrorKind::NotFound => StatusCode::NOT_FOUND,
        io::ErrorKind::PermissionDenied => StatusCode::FORBIDDEN,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn send(path: &Path) -> io::Result<Answer> {
    let about = fs::metadata(path)?;
    if !about.is_file() {
        return Ok(answer::plain(StatusCode::NOT_FOUND));
    }
    Ok(answer::file(media_type(path), File::open(path)?, about.len()))
}

/// A page with a link to each file of a folder, in order, and to the list of each folder in it; hidden ones are left
/// out.
fn list(folder: &Path) -> io::Result<Answer> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string()
            && !name.starts_with('.')
        {
            names.push(if entry.path().is_dir() { name + "/" } else { name });
        }
    }
    names.sort();
    let mut page = String::from("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>Files</title>\n<ul>\n");
    for name in names {
        let (bare, rest) = name.strip_suffix('/').map_or((name.as_str(), ""), |bare| (bare, "/?list"));
        let link = utf8_percent_encode(bare, NAME);
        let text = bare.replace('&', "&amp;").replace('<', "&lt;");
        let _ = writeln!(page, "<li><a href=\"{link}{rest}\">{text}</a>");
    }
    page.push_str("</ul>\n");
    Ok(answer::whole(StatusCode::OK, "text/html; charset=utf-8", page))
}

/// The media type of a file, by the end of its name.
fn media_type(path: &Path) -> &'static str {
    let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default().to_ascii_lowercase();
    match end.as_str() {
        // Without a charset: the page says itself.
        "html" | "htm" => "text/html",
        "xhtml" => "application/xhtml+xml",
        "css" => "text/css",
        "js" | "mjs" => "text/javascript",
        "json" => "application/json",
        "xml" => "application/xml",
        "txt" | "md" | "rs" | "toml" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        "wasm" => "application/wasm",
        "mp4" => "video/mp4",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// A folder of the test's own, taken away at its end.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("segue-crawler-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(path.join("site/sub")).unwrap();
            fs::write(path.join("site/a b.txt"), "a").unwrap();
            fs::write(path.join("site/.hidden"), "h").unwrap();
            fs::write(path.join("secret.txt"), "s").unwrap();
            Self(path)
        }

        fn folder(&self) -> Folder {
            Folder::open(&self.0.join("site")).unwrap()
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn status(folder: &Folder, path: &str) -> u16 {
        folder.get(path, None).unwrap().status().as_u16()
    }

    #[test]
    fn files_folders_and_redirects() {
        let scratch = Scratch::new("files");
        let folder = scratch.folder();
        for (path, code) in [
            ("/", 200),
            ("/a%20b.txt", 200),
            ("/a%20b.txt/", 404),
            ("/sub", 301),
            ("/sub/", 200),
            ("/no", 404),
        ] {
            assert_eq!(status(&folder, path), code, "{path}");
        }
        let answer = folder.get("//sub", Some("x=1")).unwrap();
        assert_eq!(answer.headers()["location"], "/sub/?x=1");
        assert_eq!(status(&folder, "//a%20b.txt"), 301);
    }

    #[test]
    fn nothing_from_outside_and_nothing_hidden() {
        let scratch = Scratch::new("outside");
        let folder = scratch.folder();
        let outside = [
            "/../secret.txt",
            "/%2e%2e/secret.txt",
            "/..%2fsecret.txt",
            "/sub/..%5c..%5csecret.txt",
            "/.hidden",
            "/%00",
            "/sub/../../secret.txt",
            "/%ff",
        ];
        for path in outside {
            assert_eq!(status(&folder, path), 404, "{path}");
        }
        let absolute =
            format!("/{}", utf8_percent_encode(scratch.0.join("secret.txt").to_str().unwrap(), NAME));
        assert_eq!(status(&folder, &absolute), 404);
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_leads_only_inside() {
        let scratch = Scratch::new("symlink");
        let folder = scratch.folder();
        std::os::unix::fs::symlink("../secret.txt", scratch.0.join("site/out.txt")).unwrap();
        std::os::unix::fs::symlink("..", scratch.0.join("site/sub/up")).unwrap();
        std::os::unix::fs::symlink("../../secret.txt", scratch.0.join("site/sub/index.html")).unwrap();
        assert_eq!(status(&folder, "/out.txt"), 404);
        assert_eq!(folder.get("/sub/up/a%20b.txt", None).unwrap().headers()["location"], "/a%20b.txt");
        assert_eq!(folder.get("/sub/up/", None).unwrap().headers()["location"], "/");
        assert_eq!(folder.get("/sub/", None).unwrap().headers()["content-type"], "text/html; charset=utf-8");
    }
}
