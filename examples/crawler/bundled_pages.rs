//! The bundled site's pages: a small museum of lighthouses, with everything that goes wrong on the web.

use encoding_rs::{EUC_KR, Encoding, UTF_8, WINDOWS_1252};

/// What a page is, or does.
pub(crate) enum What {
    /// A page in UTF-8 whose server says so. `{host}` in it is the server's name.
    Html(&'static str),
    /// A page in this encoding, with this `Content-Type`, which need not agree.
    In(&'static Encoding, &'static str, &'static str),
    /// A page in UTF-16, little end first.
    Utf16(&'static str, &'static str),
    /// Something that isn't HTML.
    File(&'static str, &'static [u8]),
    /// A redirect.
    Redirect(u16, &'static str),
    /// A redirect without an address.
    Nowhere,
    /// An error.
    Error(u16),
    /// A page that takes its time.
    Slow(&'static str),
    /// A page that never comes.
    Silent,
    /// A page that ends in the middle, of an announced length or chunked.
    CutOff(&'static str, Option<u64>),
    /// The first time the connection is closed without an answer.
    HangsUpFirst(&'static str),
    /// The first time the server is too busy.
    BusyFirst(&'static str),
    /// A page of so many lines.
    Large(usize),
}

use What::{
    BusyFirst, CutOff, Error, File, HangsUpFirst, Html, In, Large, Nowhere, Redirect, Silent, Slow, Utf16,
};

/// All pages: path, with the query if there is one, and what is there.
pub(crate) const PAGES: &[(&str, What)] = &[
    // ---- the front, and links in all spellings ----
    (
        "/",
        Html(
            "<!DOCTYPE html><html lang=en><title>The Museum of Lighthouses</title>\
             <link rel=stylesheet href=/style.css><script src=/script.js></script>\
             <img src=/files/lamp.png alt='A lamp'>\
             <p><a href=about.html>About</a> <a href='/towers/'>Towers</a> <a href=\"/visit\">Visit</a>\
             <a href=./odd.html#links>Odd</a> <a href=http://{host}/files/>Files</a> <a href=//{host}/lang/>Languages</a>\
             <a href=trouble/>Trouble</a> <a href=moved/>Moved</a>\
             <p id=top><a href=#top>Top</a> <a href=''>Here</a> <a href=/#top>Again</a> <a name=anchor>Anchor</a>\
             <p><a href=http://lighthouses.invalid/>Friends</a> <a href=https://{host}/>Safe</a>\
             <a href=mailto:keeper@lighthouses.invalid>Write</a> <a href=tel:+100>Call</a>\
             <a href='javascript:alert(1)'>Press</a> <a href='data:text/html,<a href=never>'>Data</a>",
        ),
    ),
    ("/about.html", Html("<title>About</title><a href=/>Home</a> <a href=about.html#history>History</a>")),
    ("/visit", Redirect(301, "/visit/")),
    ("/visit/", Html("<a href=..>Up</a> <a href=hours.html>Hours</a> <a href=map.html?zoom=2>Map</a>")),
    ("/visit/hours.html", Html("<a href=./>Back</a> <area href=map.html?zoom=1>")),
    ("/visit/map.html?zoom=1", Html("<a href=?zoom=2>In</a>")),
    ("/visit/map.html?zoom=2", Html("<a href='?zoom=1'>Out</a> <a href='?zoom=2#here'>Here</a>")),
    // ---- a base, and a frame ----
    (
        "/towers/",
        Html(
            "<a href=catalogue.html>Catalogue</a><base href=/towers/north/><base href=/never/>\
             <a href=skerry.html>Skerry</a> <a href=../south/cape.html>Cape</a> <iframe src=/towers/frame.html></iframe>",
        ),
    ),
    ("/towers/catalogue.html", Large(5000)),
    ("/towers/north/skerry.html", Html("<a href=../south/cape.html>South</a>")),
    (
        "/towers/south/cape.html",
        Html("<a href=../../about.html>About</a> <a href=/../../towers/../towers/>Up</a>"),
    ),
    ("/towers/frame.html", Html("<p>No links here.")),
    // ---- odd markup ----
    (
        "/odd.html",
        Html(
            "<!-- <a href=/never/in-a-comment> --><script>let s = '<a href=/never/in-a-script>';</script>\
             <style>a { background: url(/never/in-a-style) } </style><textarea><a href=/never/typed></textarea>\
             <A HREF = '/odd/entities.html?a=1&amp;b=2'>1</A> <a href='\n /odd/white\tspace.html '>2</a>\
             <a href='/odd/%7Etilde.html'>3</a> <a href=/odd/caf&eacute;.html>4</a> <a href='/odd/caf\u{e9}.html'>5</a>\
             <a href='\\odd\\backslash.html'>6</a> <a href=/odd/first.html href=/never/second>7</a>\
             <a href='http://[never'>8</a> <a href=/odd/no-end.html>9</a <a href=/never/swallowed>10</a>\
             <a href=/odd/empty.html>11</a>             <noscript><img src=/odd/untyped></noscript><a href='/odd/two words.html'>12</a>",
        ),
    ),
    ("/odd/entities.html?a=1&b=2", Html("<p>Two parameters.")),
    ("/odd/whitespace.html", Html("<p>A tab and a line's end in an address count for nothing.")),
    ("/odd/%7Etilde.html", Html("<p>Escaped, and left so.")),
    (
        "/odd/caf%C3%A9.html",
        Html("<p>Spelt in three ways, one page. <a href='/odd/caf%C3%A9.html'>Itself</a>"),
    ),
    ("/odd/backslash.html", Html("<p>As browsers have it.")),
    ("/odd/first.html", Html("<p>The first of two attributes counts.")),
    ("/odd/no-end.html", Html("<p>The tag after had no end.")),
    ("/odd/empty.html", Html("")),
    ("/odd/untyped", File("", b"<a href=/never/untyped>A page that says nothing of itself isn't read.</a>")),
    ("/odd/two%20words.html", Html("<p>A space.")),
    // ---- encodings ----
    (
        "/lang/",
        Html(
            "<a href=latin1.html>1</a> <a href=meta.html>2</a> <a href=utf16.html>3</a> <a href=bom.html>4</a>\
             <a href=wrong.html>5</a> <a href=none.html>6</a> <a href='/lang/등대.html'>7</a>\
             <a href=/lang/%EB%93%B1%EB%8C%80.html>8</a>",
        ),
    ),
    (
        "/lang/latin1.html",
        In(
            WINDOWS_1252,
            "text/html; charset=ISO-8859-1",
            "<a href='m\u{e9}moire.html?ann\u{e9}e=1900'>M\u{e9}moire</a>",
        ),
    ),
    ("/lang/m%C3%A9moire.html?ann%E9e=1900", Html("<p>The path in UTF-8, the query as the page was.")),
    ("/lang/meta.html", In(EUC_KR, "text/html", "<meta charset=euc-kr><a href=등대.html>등대</a>")),
    ("/lang/%EB%93%B1%EB%8C%80.html", Html("<p>등대")),
    ("/lang/utf16.html", Utf16("text/html; charset=utf-16le", "<a href=섬.html>섬</a>")),
    ("/lang/%EC%84%AC.html", Html("<p>섬")),
    (
        "/lang/bom.html",
        Utf16("text/html; charset=iso-8859-1", "\u{feff}<a href=바다.html>The mark counts</a>"),
    ),
    ("/lang/%EB%B0%94%EB%8B%A4.html", Html("<p>바다")),
    (
        "/lang/wrong.html",
        In(WINDOWS_1252, "text/html; charset=utf-8", "<a href=/lang/\u{e9}.html>Not what it says</a>"),
    ),
    ("/lang/none.html", In(UTF_8, "text/html", "<a href=/lang/바다.html>Nobody said</a>")),
    // ---- things that aren't HTML ----
    (
        "/files/",
        Html(
            "<a href=plan.pdf>Plan</a> <a href=lights.json>Lights</a> <a href=notes.txt>Notes</a>\
             <a href=feed.xml>Feed</a> <a href=nothing>Nothing</a> <video src=/files/beam.webm></video>",
        ),
    ),
    ("/files/plan.pdf", File("application/pdf", b"%PDF-1.4\n%%EOF\n")),
    ("/files/lights.json", File("application/json", b"{\"next\": \"/never/in-json\"}\n")),
    (
        "/files/notes.txt",
        File("text/plain; charset=utf-8", b"<a href=/never/in-text>Text is only text.</a>\n"),
    ),
    ("/files/feed.xml", File("application/xml", b"<link href='/never/in-xml'/>\n")),
    ("/files/lamp.png", File("image/png", b"\x89PNG\r\n\x1a\n")),
    ("/files/beam.webm", File("video/webm", &[0x1a, 0x45, 0xdf, 0xa3])),
    ("/files/nothing", Error(204)),
    ("/style.css", File("text/css", b"body { background: url(/never/in-css.png) }\n")),
    ("/script.js", File("text/javascript", b"location = '/never/in-js';\n")),
    // ---- redirects ----
    (
        "/moved/",
        Html(
            "<a href=once>1</a> <a href=thrice>2</a> <a href=/circle/a>3</a> <a href=/self>4</a> <a href=/stairs/1>5</a>\
             <a href=away>6</a> <a href=nowhere>7</a> <a href=home>8</a> <a href=unreadable>9</a>",
        ),
    ),
    ("/moved/once", Redirect(301, "/moved/here.html#fragment")),
    ("/moved/thrice", Redirect(302, "again")),
    ("/moved/again", Redirect(307, "/moved/./once")),
    ("/moved/here.html", Html("<p>Arrived.")),
    ("/circle/a", Redirect(302, "b")),
    ("/circle/b", Redirect(303, "c")),
    ("/circle/c", Redirect(308, "a")),
    ("/self", Redirect(302, "/self")),
    ("/moved/away", Redirect(301, "https://lighthouses.invalid/")),
    ("/moved/nowhere", Nowhere),
    ("/moved/home", Redirect(302, "/")),
    ("/moved/unreadable", Redirect(302, "http://[")),
    // ---- trouble ----
    (
        "/trouble/",
        Html(
            "<a href=missing.html>1</a> <a href=gone.html>2</a> <a href=closed.html>3</a> <a href=broken.html>4</a>\
             <a href=busy.html>5</a> <a href=busy-at-first.html>6</a> <a href=slow.html>7</a> <a href=silent.html>8</a>\
             <a href=cut.html>9</a> <a href=cut-chunked.html>10</a> <a href=shy.html>11</a>",
        ),
    ),
    ("/trouble/gone.html", Error(410)),
    ("/trouble/closed.html", Error(403)),
    ("/trouble/broken.html", Error(500)),
    ("/trouble/busy.html", Error(503)),
    ("/trouble/busy-at-first.html", BusyFirst("<p>There was a queue.")),
    ("/trouble/slow.html", Slow("<p>One moment. <a href=after-all.html>After all</a>")),
    ("/trouble/after-all.html", Html("<p>Found on a slow page.")),
    ("/trouble/silent.html", Silent),
    ("/trouble/cut.html", CutOff("<p>It was a dark and <a href=torn.html>stormy</a> ni", Some(1000))),
    ("/trouble/torn.html", Html("<p>Found on a page that was cut off.")),
    ("/trouble/cut-chunked.html", CutOff("<p>And then there", None)),
    ("/trouble/shy.html", HangsUpFirst("<p>Answers when asked twice.")),
];
